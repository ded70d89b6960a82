use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::Word;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/world-writable-file.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for Call { program, .. } in recipe.calls_of(&["chmod", "mkdir", "install"]) {
        let mode = match &*program.name {
            "chmod" => program.arguments.iter().find(|word| !word.prefix().starts_with('-')),
            _ => {
                let flag = |word: &Word| matches!(&*word.prefix(), "-m" | "--mode");
                let at = program.arguments.iter().position(flag);
                at.and_then(|at| program.arguments.get(at + 1))
            }
        };
        let Some(mode) = mode else { continue };
        if let Some(text) = mode.literal().filter(|text| is_open(text)) {
            say(report, mode.span, &text);
        }
    }
    for (step, _) in recipe.steps_of(&[Keyword::Copy, Keyword::Add]) {
        let instruction = step.instruction(&recipe.tree);
        let mode = instruction.flag("chmod").and_then(|flag| flag.value.as_ref());
        if let Some(mode) = mode.filter(|mode| is_open(&mode.value)) {
            say(report, mode.span, &mode.value);
        }
    }
}

fn say(report: &mut Report, span: Span, mode: &str) {
    report
        .at(span, format!("`{mode}` lets everybody in the container write"))
        .help("give it to the user who needs it: `chown`, or `COPY --chown`");
}

/// Whether others may write, and the sticky bit does not keep them from what is not theirs.
fn is_open(mode: &str) -> bool {
    if mode.bytes().all(|byte| byte.is_ascii_digit()) && (3..=5).contains(&mode.len()) {
        let digits = mode.as_bytes();
        let special = if digits.len() > 3 { digits[digits.len() - 4] - b'0' } else { 0 };
        return (digits[digits.len() - 1] - b'0') & 2 != 0 && special & 1 == 0;
    }
    let parts = || mode.split(',').filter_map(|part| part.split_once(['+', '=']));
    parts().any(|(who, what)| who.contains(['o', 'a']) && what.contains('w'))
        && !parts().any(|(_, what)| what.contains('t'))
}
