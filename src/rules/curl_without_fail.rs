use crate::knowledge::downloads::syntax;
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::{Argument, arguments};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/curl-without-fail.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands() {
        let Some(program) = site.command.program() else { continue };
        if program.name != "curl" {
            continue;
        }
        let Some(syntax) = syntax("curl") else { continue };
        let options: Vec<String> = arguments(program.arguments, syntax)
            .filter_map(|argument| match argument {
                Argument::Option { name, .. } => Some(name),
                Argument::Operand(_) => None,
            })
            .collect();
        let has = |names: &[&str]| options.iter().any(|name| names.contains(&name.as_str()));
        let fails = has(&["-f", "--fail", "--fail-with-body", "--fail-early"]);
        // What it writes out instead of the page is for a person, or for a script that looks.
        let asks = has(&["-w", "--write-out", "-I", "--head", "-V", "--version", "-K", "--config"]);
        let is_used = has(&["-o", "--output", "-O", "--remote-name", "--remote-name-all"])
            || site.pipeline.commands.len() > site.position + 1
            || site
                .command
                .redirections
                .iter()
                .any(|redirection| redirection.operator.starts_with('>'));
        if !fails && !asks && is_used && !program.arguments.is_empty() {
            report
                .at(program.word.span, "this `curl` takes an error page for the file")
                .help("add `--fail`");
        }
    }
}
