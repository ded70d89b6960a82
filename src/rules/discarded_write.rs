use crate::model::Recipe;
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::Word;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/discarded-write.md"), Check::Dockerfile(check));

/// What writes to its last argument.
const WRITERS: &[&str] =
    &["chmod", "chown", "cp", "install", "ln", "mkdir", "mv", "rsync", "tee", "touch"];

fn check(recipe: &Recipe, report: &mut Report) {
    for stage in &recipe.build.stages {
        let mut volumes: Vec<&Text> = Vec::new();
        for (at, step) in stage.steps.iter().enumerate() {
            let instruction = step.instruction(&recipe.tree);
            if instruction.kind == Keyword::Volume {
                volumes.extend(step.words.iter().filter(|word| word.known().is_some()));
            }
            let run = recipe
                .runs
                .iter()
                .find(|run| !volumes.is_empty() && run.step == at && run.span == instruction.span);
            let sites = run.map(|run| run.script.commands()).unwrap_or_default();
            let found = sites.iter().find_map(|site| {
                let program = site.command.program()?;
                let writes = WRITERS.contains(&&*program.name);
                let into = |volume: &&&Text| {
                    let below = |word: &Word| is_below(&word.prefix(), volume.value());
                    writes && program.arguments.last().is_some_and(below)
                };
                Some((program.word.span, *volumes.iter().find(into)?))
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
}

fn is_below(path: &str, volume: &str) -> bool {
    let rest = path.strip_prefix(volume.trim_end_matches('/'));
    volume.len() > 1 && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
