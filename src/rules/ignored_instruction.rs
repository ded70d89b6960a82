use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::{Arguments, Keyword};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ignored-instruction.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for stage in &recipe.build.stages {
        let own = stage.steps.iter().filter(|step| !step.triggered);
        let mut seen = Vec::new();
        for step in own.rev() {
            let instruction = step.instruction(&recipe.tree);
            if !matches!(
                instruction.kind,
                Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck
            ) {
                continue;
            }
            match seen.iter().find(|(kind, _)| *kind == instruction.kind) {
                None => seen.push((instruction.kind, instruction.keyword.span)),
                // What the base says is taken back first, so that nothing of it is left.
                Some(_) if is_empty(&instruction.arguments) => {}
                Some((kind, last)) => {
                    let message = format!("this `{}` is ignored: a later one counts", kind.name());
                    report.at(instruction.keyword.span, message).also(*last, "this one counts");
                }
            }
        }
    }
}

fn is_empty(arguments: &Arguments) -> bool {
    matches!(arguments, Arguments::Json { strings, .. } if strings.is_empty())
}
