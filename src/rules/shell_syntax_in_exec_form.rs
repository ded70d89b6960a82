use crate::model::command::Command;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shell-syntax-in-exec-form.md"), Check::Container(check));

/// Words that mean something to a shell and nothing to a program.
const OPERATORS: &[&str] = &["&&", "||", "|", ";", "&", ">", ">>", "2>&1", "<"];

fn check(container: &Container, report: &mut Report) {
    let settings = [&container.entrypoint, &container.command];
    for command in settings.into_iter().filter_map(|setting| setting.get()) {
        let Command::Exec(words) = &command.value else { continue };
        // A text for a shell or an interpreter may hold what it likes.
        let mut text_follows = false;
        for word in words {
            let Some(known) = word.known() else { continue };
            let quoted = known.len() > 1 && known.starts_with('\'') && known.ends_with('\'');
            if !text_follows && (OPERATORS.contains(&known) || quoted || is_variable(known)) {
                report
                    .at(
                        word.span(),
                        format!("`{known}` goes to the program as it stands: no shell reads it"),
                    )
                    .help(if quoted {
                        "leave out the inner quotes"
                    } else {
                        "give the whole line to `sh -c`, or leave out what only a shell reads"
                    });
                break;
            }
            let letters = known.strip_prefix('-').unwrap_or_default();
            text_follows = !letters.starts_with('-') && letters.ends_with(['c', 'e'])
                || matches!(known, "--eval" | "--command" | "-Command" | "-command");
        }
    }
}

/// `$NAME` or `${NAME…}`, all of the word or of what stands behind its `=`.
fn is_variable(word: &str) -> bool {
    let value = word.split_once('=').map_or(word, |(_, value)| value);
    let Some(name) = value.strip_prefix('$') else { return false };
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.split(':').next().is_some_and(|name| name.chars().all(is_word))
        && (value.ends_with('}') || name.chars().all(is_word))
}
