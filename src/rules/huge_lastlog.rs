use crate::knowledge::accounts::syntax;
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::{Argument, arguments};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/huge-lastlog.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for Call { program, .. } in recipe.calls_of(&["useradd"]) {
        let Some(syntax) = syntax(&program.name) else { continue };
        let options: Vec<_> = arguments(program.arguments, syntax).collect();
        let option = |names: [&str; 2]| {
            options.iter().find_map(|argument| match argument {
                Argument::Option { name, value, .. } if names.contains(&name.as_str()) => {
                    Some(value.as_ref())
                }
                _ => None,
            })
        };
        let Some(Some(id)) = option(["-u", "--uid"]) else { continue };
        let number = id.text.as_deref().and_then(|id| id.parse::<u64>().ok());
        if let Some(number) = number.filter(|number| *number > 99_999)
            && option(["-l", "--no-log-init"]).is_none()
        {
            report
                .at(id.span, format!("user {number} makes a log of hundreds of megabytes"))
                .help("add `--no-log-init`");
        }
    }
}
