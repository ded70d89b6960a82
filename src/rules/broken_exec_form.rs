use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/broken-exec-form.md"), Check::Dockerfile(check));

/// What takes a JSON array.
const FORMS: [Keyword; 7] = [
    Keyword::Add,
    Keyword::Cmd,
    Keyword::Copy,
    Keyword::Entrypoint,
    Keyword::Healthcheck,
    Keyword::Run,
    Keyword::Volume,
];

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&FORMS) {
        let instruction = step.instruction(&recipe.tree);
        let Some((text, span)) = text(instruction) else { continue };
        let is_start = matches!(instruction.kind, Keyword::Cmd | Keyword::Entrypoint);
        let is_meant = match text.trim().strip_prefix('[').map(|it| (it, it.strip_suffix(']'))) {
            Some((_, Some(inside))) => looks_so(inside, instruction.kind),
            // Nobody starts a test.
            Some((open, None)) => is_start && open.trim_start().starts_with(['"', '\'']),
            None => false,
        };
        if is_meant {
            report
                .at(span, message(instruction.kind))
                .help("write a list of strings in double quotes, without a comma at its end");
        }
    }
}

/// Whether what stands in brackets was meant as a list of words; `[ -f x ]` is a test.
fn looks_so(inside: &str, kind: Keyword) -> bool {
    const TESTS: [&str; 4] = [" -", " = ", " == ", " != "];
    let is_start = matches!(kind, Keyword::Cmd | Keyword::Entrypoint);
    let is_test = inside.starts_with([' ', '[']) && TESTS.iter().any(|it| inside.contains(it));
    let is_word = is_start && !inside.is_empty() && !inside.contains(char::is_whitespace);
    let is_list = inside.contains(',') && (is_start || !inside.contains(" -"));
    let is_quoted = inside.contains(['"', '\'', '\u{201c}']);
    !is_test
        && !inside.contains("&&")
        && (is_list || is_word || is_quoted && !inside.contains(" -"))
}

/// What may be meant as a JSON array and is none.
fn text(instruction: &Instruction) -> Option<(&str, Span)> {
    use Keyword::{Add, Cmd, Copy, Entrypoint, Run, Volume};
    match (instruction.kind, &instruction.arguments) {
        (Run | Cmd | Entrypoint, Arguments::Text(text)) => Some((&text.value, text.span)),
        (_, Arguments::Health { command, .. }) => match &**command {
            Arguments::Text(text) => Some((&text.value, text.span)),
            _ => None,
        },
        (Add | Copy | Volume, Arguments::Words(words)) => {
            let (first, last) = (words.first()?, words.last()?);
            let range = first.range.start..last.range.end;
            Some((&instruction.logical.text()[range], first.span.to(last.span)))
        }
        _ => None,
    }
}

fn message(kind: Keyword) -> &'static str {
    match kind {
        Keyword::Add | Keyword::Copy | Keyword::Volume => {
            "this is not a JSON array: each word is a path, brackets and all"
        }
        _ => "this is not a JSON array: a shell runs it, brackets and all",
    }
}
