use crate::knowledge::downloads::{self, INSECURE_VARIABLES};
use crate::model::run::Mark;
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/tls-verification-disabled.md"), Check::Dockerfile(check));

const HELP: &str = "add the certificate authority to the image instead";

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands_with(Mark::Equals) {
        if let Some((name, value)) = site.command.environment().find_map(|(name, value)| {
            let value = value?;
            is_insecure(&name, &value).then(|| (name.into_owned(), value.into_owned()))
        }) && let Some(span) = site.command.span()
        {
            let message = format!("`{name}={value}` turns verification off");
            report.at(span, message).help(HELP);
        }
        let Some(program) = site.command.program() else { continue };
        for word in program.arguments.iter().filter(|_| program.name == "export") {
            let text = word.prefix();
            if text.split_once('=').is_some_and(|(name, value)| is_insecure(name, value)) {
                let message = format!("`{text}` turns verification off");
                report.at(word.span, message).help(HELP);
            }
        }
    }
    for Call { program, .. } in recipe.calls_of(&downloads::SWITCHED) {
        if let Some((span, switch)) = downloads::insecure_switch(&program) {
            let message = format!(
                "with `{switch}`, `{}` accepts whoever answers as the server",
                program.name
            );
            report.at(span, message).help(HELP);
        }
    }
    for (step, _) in recipe.steps_of(&[Keyword::Env, Keyword::Arg]) {
        for (name, value) in &step.pairs {
            let (Some(name), Some(text)) = (name.known(), value) else { continue };
            if text.known().is_some_and(|value| is_insecure(name, value)) {
                let message = format!("`{name}` turns verification off for all that runs");
                report.at(text.span(), message).help(HELP);
            }
        }
    }
}

fn is_insecure(name: &str, value: &str) -> bool {
    INSECURE_VARIABLES.iter().any(|(known, values)| {
        *known == name && (values.is_empty() || values.contains(&value)) && !value.is_empty()
    })
}
