use std::collections::HashMap;
use std::path::Path;

use crate::model::Recipe;
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/discarded-write.md"), Check::Dockerfile(check));

/// What writes to its last argument.
const WRITERS: &[&str] =
    &["chmod", "chown", "cp", "install", "ln", "mkdir", "mv", "rsync", "tee", "touch"];

fn check(recipe: &Recipe, report: &mut Report) {
    let mut volumes: HashMap<(usize, &str), (usize, &Text)> = HashMap::new();
    for (step, stage) in recipe.steps_of(&[Keyword::Volume]) {
        for path in step.words.iter().filter(|word| word.known().is_some()) {
            let name = path.value().trim_end_matches('/');
            volumes.entry((stage, name)).or_insert((step.instruction, path));
        }
    }
    if volumes.is_empty() {
        return;
    }
    for run in recipe.runs_calling(WRITERS) {
        let found = run.script.commands().find_map(|site| {
            let program = site.command.program()?;
            let last = program.arguments.last().filter(|_| WRITERS.contains(&&*program.name))?;
            let path = last.prefix();
            let volume = Path::new(&*path).ancestors().find_map(|directory| {
                let (at, volume) = volumes.get(&(run.stage, directory.to_str()?))?;
                (*at < recipe.step(run).instruction).then_some(*volume)
            })?;
            Some((program.word.span, volume))
        });
        if let Some((span, volume)) = found {
            let path = volume.value();
            report
                .at(span, format!("`{path}` is a volume already: this may be thrown away"))
                .help("put `VOLUME` behind this step")
                .also(volume.span(), "declared here");
        }
    }
}
