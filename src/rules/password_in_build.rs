use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/password-in-build.md"), Check::Dockerfile(check))
        .with_credentials();

/// Among how many commands before it in a pipeline is looked for what it is given.
const MAX_FEEDING: usize = 8;

fn check(recipe: &Recipe, report: &mut Report) {
    for Call { site, program, .. } in recipe.calls_of(&["chpasswd", "passwd", "useradd", "usermod"])
    {
        let has =
            |names: &[&str]| program.arguments.iter().any(|word| names.contains(&&*word.prefix()));
        // A hash that begins so is none: nobody logs in with it.
        let is_locked = program.arguments.iter().any(|word| word.prefix().starts_with(['*', '!']));
        let sets = match &*program.name {
            "chpasswd" => true,
            "passwd" => has(&["--stdin"]),
            _ => has(&["-p", "--password"]) && !is_locked,
        };
        if sets {
            let finding = report
                .at(program.word.span, format!("`{}` puts a password into the image", program.name))
                .help("leave the user without a password");
            finding.hidden.extend(program.arguments.iter().map(|word| word.span));
            // What is piped into it.
            let feeding = site.pipeline.commands[..site.position].iter().rev().take(MAX_FEEDING);
            for other in feeding.filter_map(|node| node.simple()?.program()) {
                if matches!(&*other.name, "echo" | "printf") {
                    finding.hidden.extend(other.arguments.iter().map(|word| word.span));
                }
            }
        }
    }
}
