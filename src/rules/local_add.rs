use crate::model::Recipe;
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/local-add.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Add]) {
        let instruction = step.instruction(&recipe.tree);
        let Some((_, sources)) = step.words.split_last() else { continue };
        if !instruction.heredocs.is_empty() {
            continue;
        }
        let is_plain = |source: &Text| source.known().is_some_and(is_plain);
        if !sources.is_empty() && sources.iter().all(is_plain) {
            report
                .at(instruction.keyword.span, "`ADD` of plain files: nothing to unpack or to fetch")
                .help("use `COPY`");
        }
    }
}

fn is_plain(source: &str) -> bool {
    const ENDINGS: [&str; 9] =
        [".tar", ".tgz", ".gz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".lz4"];
    let is_remote = source.contains("://") || source.starts_with("git@");
    let is_archive = ENDINGS.iter().any(|ending| source.ends_with(ending));
    !is_remote && !is_archive && !source.contains(".tar.")
}
