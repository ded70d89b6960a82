//! What the image that ships copies from other stages, to ask of many places whether they are
//! among it.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::Recipe;
use crate::model::text::Text;
use crate::source::normalise;
use crate::syntax::dockerfile::Keyword;

pub(super) struct Shipped<'a> {
    recipe: &'a Recipe,
    /// The stages in an order in which those that are built on one follow it at once: for each
    /// where it stands, up to where the last of these stands.
    order: Vec<Range<usize>>,
    /// Paths that the stages that ship copy, without a `/` at the end, and where the stages stand
    /// in that order that they copy them from, rising.
    copied: HashMap<String, Vec<usize>>,
}

impl<'a> Shipped<'a> {
    pub fn of(recipe: &'a Recipe) -> Self {
        let order = order(recipe);
        let mut copied: HashMap<String, Vec<usize>> = HashMap::new();
        for (step, _) in recipe
            .steps_of(&[Keyword::Copy, Keyword::Add])
            .filter(|(_, stage)| recipe.ships(*stage))
        {
            let Some(from) = step.from_stage else { continue };
            let sources = step.words.split_last().map_or(&[][..], |it| it.1);
            for source in sources.iter().filter_map(Text::known) {
                let source = normalise(&format!("/{source}"));
                let source = source.trim_end_matches('/').to_owned();
                copied.entry(source).or_default().push(order[from].start);
            }
        }
        copied.values_mut().for_each(|places| places.sort_unstable());
        Self { recipe, order, copied }
    }

    /// Whether what a stage has at a place is in the image that ships: the stage is of its line,
    /// or a stage of its line copies the place, or a directory above it, from this stage or one
    /// that is built on it.
    pub fn has(&self, stage: usize, place: Option<&str>) -> bool {
        let built_on = &self.order[stage];
        let is_copied = |path: &str| {
            self.copied.get(path).is_some_and(|places| {
                let first = places.partition_point(|place| *place < built_on.start);
                places.get(first).is_some_and(|place| built_on.contains(place))
            })
        };
        self.recipe.ships(stage)
            || place.is_some_and(|place| {
                let mut above = place.match_indices('/').map(|(at, _)| &place[..at]);
                is_copied(place) || above.any(is_copied)
            })
    }
}

/// See [`Shipped::order`].
fn order(recipe: &Recipe) -> Vec<Range<usize>> {
    let build = &recipe.build;
    let mut sizes = vec![1; build.stages.len()];
    // A stage stands behind the one that it is built on.
    for stage in (0..sizes.len()).rev() {
        if let Some(below) = build.below(stage) {
            sizes[below] += sizes[stage];
        }
    }
    let mut order: Vec<Range<usize>> = Vec::with_capacity(sizes.len());
    // Where there is room for the next one that is built on a stage, or on none.
    let mut free = vec![0; sizes.len()];
    let mut free_below = 0;
    for (stage, size) in sizes.into_iter().enumerate() {
        let room = match build.below(stage) {
            Some(below) => &mut free[below],
            None => &mut free_below,
        };
        let start = *room;
        *room += size;
        free[stage] = start + 1;
        order.push(start..start + size);
    }
    order
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::source::Files;
    use crate::syntax::dockerfile::parse;

    fn recipe(text: &str) -> Recipe {
        let mut files = Files::default();
        let file = files.add("Dockerfile", text);
        Recipe::new(parse(files.get(file)).tree, files.get(file))
    }

    #[test]
    fn a_place_ships_with_what_is_built_on_it() {
        let recipe = recipe(
            "FROM a AS base\nFROM base AS one\nFROM one AS two\nFROM base AS three\n\
             FROM x AS top\nFROM top\nCOPY --from=two /out/ /\nCOPY --from=three bin/app /bin/\n",
        );
        let shipped = Shipped::of(&recipe);
        for (stage, place, expected) in [
            (0, Some("/out"), true),
            (0, Some("/out/a/b"), true),
            (0, Some("/outer"), false),
            (0, None, false),
            (1, Some("/out"), true),
            (2, Some("/out/x"), true),
            (3, Some("/out/x"), false),
            (3, Some("/bin/app"), true),
            (2, Some("/bin/app"), false),
            (3, Some("/bin"), false),
            (4, Some("/anything"), true),
            (5, None, true),
        ] {
            assert_eq!(shipped.has(stage, place), expected, "{stage} {place:?}");
        }
    }

    #[test]
    fn all_of_a_stage_ships_when_it_is_copied_whole() {
        let recipe = recipe("FROM a AS one\nFROM b AS two\nFROM scratch\nCOPY --from=one / /\n");
        let shipped = Shipped::of(&recipe);
        assert!(shipped.has(0, Some("/x/y")) && shipped.has(0, Some("/")));
        assert!(!shipped.has(1, Some("/x/y")));
    }

    #[test]
    fn many_places_of_many_stages_that_are_built_on_one_another_are_all_found() {
        let mut text = String::from("FROM a AS s0\n");
        for n in 1..10_000 {
            writeln!(text, "FROM s{} AS s{n}\nCOPY f{n} /d{n}/", n - 1).unwrap();
        }
        text += "FROM scratch\n";
        for n in 0..10_000 {
            writeln!(text, "COPY --from=s{n} /d{}/x /", n / 2).unwrap();
        }
        let recipe = recipe(&text);
        let shipped = Shipped::of(&recipe);
        let count = |place: &dyn Fn(usize) -> String| {
            (0..10_000).filter(|stage| shipped.has(*stage, Some(&place(*stage)))).count()
        };
        // Each `/dN/x` is copied from the stages `2 * N` and `2 * N + 1`.
        assert_eq!(count(&|n| format!("/d{}/x/y", n / 2)), 10_000);
        assert_eq!(count(&|n| format!("/d{}/x", n + 1)), 4_999);
        assert_eq!(count(&|n| format!("/d{n}")), 0);
    }
}
