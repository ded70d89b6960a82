use crate::knowledge::processes;
use crate::model::command::Command;
use crate::model::container::Container;
use crate::model::run::Mark;
use crate::model::text::Text;
use crate::model::{Format, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;
use crate::syntax::dockerfile::Arguments;
use crate::syntax::shell::Dialect;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shell-syntax-in-exec-form.md"), Check::Workspace(check));

/// Words that mean something to a shell and nothing to a program.
const OPERATORS: &[&str] = &["&&", "||", "|", ";", "&", ">", ">>", "<"];

/// What only a shell can do, and no program is there for.
const BUILTINS: &[&str] = &[".", "eval", "exec", "export", "set", "source", "trap", "ulimit"];

/// What is wrong with a word, and what to do.
type Flaw = (String, &'static str);

fn check(workspace: &Workspace, report: &mut Report) {
    for container in &workspace.containers {
        of_container(container, report);
    }
    for recipe in workspace.recipes() {
        for run in recipe.runs_with(Mark::Exec) {
            let instruction = recipe.step(run).instruction(&recipe.tree);
            if let Arguments::Json { strings, .. } = &instruction.arguments {
                let text = |word: Spanned<String>| Text::written(word);
                let words = strings.iter().map(|it| text(it.spanned()));
                judge(&words.collect::<Vec<_>>(), Format::Dockerfile, true, report);
            }
        }
    }
}

fn of_container(container: &Container, report: &mut Report) {
    if let Some(entrypoint) = container.entrypoint.get() {
        judge(words(&entrypoint.value), container.format, true, report);
    }
    if let Some(command) = container.command.get().filter(|_| !is_for_script(container)) {
        let of_base = container.start().entrypoint.is_absent();
        let starts = of_base && container.base().is_some_and(|base| base.passes_on());
        // An entrypoint that is not in view may be a script that replaces variables.
        let words = words(&command.value);
        let is_open = |word: &Text| of_base && !starts && word.value().contains('$');
        let words: Vec<Text> = words.iter().filter(|word| !is_open(word)).cloned().collect();
        judge(&words, container.format, starts, report);
    }
    for (command, _) in container.questions() {
        judge(words(command), container.format, true, report);
    }
}

fn words(command: &Command) -> &[Text] {
    match command {
        Command::Exec(words) => words,
        Command::Shell { .. } => &[],
    }
}

/// Whether a script gets the command that is not known to run it as it stands.
fn is_for_script(container: &Container) -> bool {
    let image = container.built_from.as_deref().unwrap_or(container);
    if image.scripts.iter().any(|script| script.ending.passes_on()) {
        return false;
    }
    let entrypoint = container.start().entrypoint.get();
    let line = entrypoint.and_then(|entrypoint| entrypoint.value.line()).unwrap_or_default();
    line.split_whitespace().any(|word| word.ends_with("sh"))
}

/// Tells the first word of an exec form that wants a shell; `starts` says that the first is the
/// program.
fn judge(words: &[Text], format: Format, starts: bool, report: &mut Report) {
    let mut before = "";
    for (index, word) in words.iter().enumerate() {
        let Some(known) = word.known() else { continue };
        // A text for a shell or an interpreter may hold what it likes.
        let flaw = match index {
            _ if takes_text(before) => None,
            0 if starts => flaw_of_program(known).or_else(|| flaw_of_word(known, format)),
            _ => flaw_of_word(known, format),
        };
        if let Some((message, help)) = flaw {
            report.at(word.span(), message).help(help);
            return;
        }
        before = known;
    }
}

fn takes_text(option: &str) -> bool {
    let letters = option.strip_prefix('-').unwrap_or_default();
    letters.ends_with('e') && !letters.starts_with('-')
        || letters.contains('c') && letters.bytes().all(|it| it.is_ascii_lowercase())
        || matches!(option, "--eval" | "--command" | "-Command" | "-command")
}

/// What keeps the first word from being a program.
fn flaw_of_program(word: &str) -> Option<Flaw> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (first, rest) = word.split_once(char::is_whitespace).unwrap_or((word, ""));
    let is_program = || processes::kind(first).is_some() || Dialect::of_program(first).is_some();
    if BUILTINS.contains(&word) {
        let message = format!("`{word}` is a word of the shell's, and no program is called so");
        return Some((message, "leave it out, or give the whole line to `sh -c`"));
    }
    if first.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(is_name))
    {
        let message = format!("`{word}` is taken for the program: no shell reads it");
        return Some((message, "set the variable where the others are set"));
    }
    let is_line = rest.starts_with('-') || !rest.is_empty() && is_program();
    is_line.then(|| {
        let message = format!("`{word}` is one word, and no program is called so");
        (message, "write each word as a string of its own")
    })
}

/// What a shell would have read in a word.
fn flaw_of_word(word: &str, format: Format) -> Option<Flaw> {
    let quoted = |quote| word.len() > 1 && word.starts_with(quote) && word.ends_with(quote);
    let is_quoted = quoted('\'') || quoted('"') && !word.contains(['{', ':', ',']);
    let is_read = OPERATORS.contains(&word)
        || is_redirection(word)
        || has_variable(word)
        || has_substitution(word, format);
    let message = || format!("`{word}` goes to the program as it stands: no shell reads it");
    match is_quoted {
        true => Some((message(), "leave out the inner quotes")),
        false if is_read => Some((
            message(),
            "give the whole line to `sh -c`, or leave out what only a shell reads",
        )),
        false => None,
    }
}

/// `2>&1`, `>>/var/log/app.log`
fn is_redirection(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let to = rest.strip_prefix(">>").or(rest.strip_prefix('>')).or(rest.strip_prefix('<'));
    to.is_some_and(|to| to.starts_with(['/', '&']))
}

/// `$NAME` or `${NAME…}`: all of a word, or at a border within it in the capitals of the
/// environment. Spring reads `--name=${NAME}` itself.
fn has_variable(word: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if word.contains(char::is_whitespace) || word.starts_with('-') && word.contains("=${") {
        return false;
    }
    word.match_indices('$').any(|(at, _)| {
        let rest = &word[at + 1..];
        let (rest, is_braced) = rest.strip_prefix('{').map_or((rest, false), |rest| (rest, true));
        let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
        let behind = &rest[name.len()..];
        let is_whole = at == 0 && (behind.is_empty() || is_braced && behind.ends_with('}'));
        let is_capital = name.len() > 1 && !name.contains(|c: char| c.is_ascii_lowercase());
        let is_at_border = at == 0 || word[..at].ends_with([':', '=', '/', '@', ',']);
        let is_closed = !is_braced || behind.starts_with(['}', ':']);
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && is_closed
            && (is_whole || is_capital && is_at_border)
    })
}

/// `$(nproc)` or `` `nproc` ``; Kubernetes puts its variables in for `$(NAME)`.
fn has_substitution(word: &str, format: Format) -> bool {
    let is_command = |text: &str| text.starts_with(|c: char| c.is_ascii_lowercase());
    let opened = word.split_once("$(").and_then(|(_, rest)| rest.split_once(')'));
    opened.is_some_and(|(inner, _)| {
        is_command(inner) && (format != Format::Kubernetes || inner.contains(' '))
    }) || word.matches('`').count() == 2 && word.split('`').nth(1).is_some_and(is_command)
}
