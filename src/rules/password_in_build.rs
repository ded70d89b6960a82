use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/password-in-build.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands() {
        let Some(program) = site.command.program() else { continue };
        let has =
            |names: &[&str]| program.arguments.iter().any(|word| names.contains(&&*word.prefix()));
        let sets = match &*program.name {
            "chpasswd" => true,
            "passwd" => has(&["--stdin"]),
            "useradd" | "usermod" => has(&["-p", "--password"]),
            _ => false,
        };
        if sets {
            report
                .at(program.word.span, format!("`{}` puts a password into the image", program.name))
                .help("leave the user without a password");
        }
    }
}
