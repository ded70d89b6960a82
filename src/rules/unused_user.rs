use crate::knowledge::accounts::syntax;
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::{Argument, arguments};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unused-user.md"), Check::Dockerfile(check));

const MAX_USERS: usize = 16;
const CHANGERS: [&str; 5] = [".sh", "entrypoint", "supervisor", "/init", "runsvdir"];

fn check(recipe: &Recipe, report: &mut Report) {
    let build = &recipe.build;
    let Some(target) = recipe.shipped() else { return };
    let settings = build.settings(target);
    let starts = settings.entrypoint.is_some() || settings.command.is_some();
    // A script or a supervisor may well change to the user that it needs.
    let may_change = || {
        recipe.tree.instructions.iter().any(|instruction| {
            matches!(instruction.kind, Keyword::Entrypoint | Keyword::Cmd)
                && CHANGERS.iter().any(|it| instruction.text().contains(it))
        })
    };
    let makers: Vec<&str> = recipe.programs().filter(|name| syntax(name).is_some()).collect();
    if settings.user.is_some() || !starts || makers.is_empty() || may_change() {
        return;
    }
    // Who makes many users makes no forgotten one.
    let mut made = 0;
    let calls = recipe.calls_of(&makers).filter(|call| recipe.ships(call.run.stage));
    for Call { run, program, .. } in calls {
        let Some(syntax) = syntax(&program.name) else { continue };
        // Who cannot log in is made for a server that changes to it by itself.
        if program.arguments.iter().any(|word| word.prefix().ends_with("nologin")) {
            continue;
        }
        let mut operands =
            arguments(program.arguments, syntax).filter_map(|argument| match argument {
                Argument::Operand(word) => Some(word),
                Argument::Option { .. } => None,
            });
        // `adduser app wheel` puts one that exists into a group.
        let (Some(name), None) = (operands.next(), operands.next()) else { continue };
        let Some(name) = name.literal() else { continue };
        made += 1;
        if made > MAX_USERS {
            return;
        }
        // Somebody else changes to it, or owns files as it.
        let is_used = recipe.commands().any(|(_, site)| {
            let program = site.command.program();
            let makes =
                program.is_some_and(|it| it.name.contains("user") || it.name.contains("group"));
            !makes && site.command.words.iter().any(|word| word.prefix().contains(&*name))
        }) || recipe.tree.instructions.iter().any(|instruction| {
            let names = ["COPY", "ADD", "ENTRYPOINT", "CMD"].contains(&instruction.kind.name());
            names && instruction.text().contains(&*name)
        });
        if !is_used && run.stage <= target {
            report
                .at(program.word.span, format!("`{}` makes a user that nothing uses", program.name))
                .help(format!("end the stage with `USER {name}`"));
        }
    }
}
