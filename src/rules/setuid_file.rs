use crate::knowledge::capabilities::{dangerous, plain};
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/setuid-file.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let mut say = |span: Span, what: &str| {
        report
            .at(span, format!("`{what}` gives whoever runs it the rights of root"))
            .help("run the container as who needs the right, or give it in the manifest");
    };
    let calls = recipe.calls_of(&["chmod", "setcap"]);
    for Call { program, .. } in calls.filter(|call| recipe.ships(call.run.stage)) {
        let gives: fn(&str) -> bool =
            if program.name == "chmod" { is_setuid } else { is_dangerous };
        let mut words = program.arguments.iter().filter(|word| !word.prefix().starts_with('-'));
        if let Some(word) = words.next()
            && let Some(text) = word.literal().filter(|text| gives(text))
        {
            say(word.span, &text);
        }
    }
    for (step, _) in
        recipe.steps_of(&[Keyword::Copy, Keyword::Add]).filter(|(_, stage)| recipe.ships(*stage))
    {
        let instruction = step.instruction(&recipe.tree);
        let mode = instruction.flag("chmod").and_then(|flag| flag.value.as_ref());
        if let Some(mode) = mode.filter(|mode| is_setuid(&mode.value)) {
            say(mode.span, &mode.value);
        }
    }
}

/// `4755`, `u+s`, `+s`; the bit of the group is for directories.
fn is_setuid(mode: &str) -> bool {
    if mode.bytes().all(|byte| byte.is_ascii_digit()) {
        let special = mode.len().checked_sub(4).map(|at| mode.as_bytes()[at] - b'0');
        return special.is_some_and(|special| special & 4 != 0);
    }
    mode.split(',').any(|part| {
        let Some((who, what)) = part.split_once(['+', '=']) else { return false };
        (who.is_empty() || who.contains(['u', 'a'])) && what.contains('s')
    })
}

/// `cap_sys_admin+ep`
fn is_dangerous(text: &str) -> bool {
    let names = text.split(['+', '=', ' ']).next().unwrap_or_default();
    names.split(',').any(|name| dangerous(&plain(name)).is_some())
}
