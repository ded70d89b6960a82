//! What each instruction asks of its flags and arguments, in BuildKit's words.

use crate::source::Span;
use crate::syntax::SyntaxError;

use super::duration::duration;
use super::quote::quoted;
use super::{Arguments, Dialect, File, Flag, Instruction, Keyword, Word, heredoc, mount};

/// What a flag takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// `--link`, `--link=true`, `--link=false`.
    Bool,
    Text,
    /// May be given more than once.
    Texts,
}

/// All that is wrong with the instructions of a file, in their order. Of lines that are none and
/// follow one another only the first is told: what is wrong with that made them so.
pub(super) fn file(file: &File) -> Vec<SyntaxError> {
    let mut errors = Vec::new();
    let mut in_stage = false;
    let mut is_lost = false;
    for instruction in &file.instructions {
        let torn = instruction.torn.as_deref();
        let instruction = torn.map_or(instruction, |torn| &torn.head);
        let is_unknown = instruction.kind == Keyword::Unknown;
        let mut is_told = instruction.broken || is_unknown && is_lost;
        let mut is_wrong = false;
        if !is_told {
            let wrong = self::instruction(instruction, file.dialect);
            (is_told, is_wrong) = (wrong.is_some(), wrong.is_some());
            errors.extend(wrong);
        }
        is_lost = match instruction.kind {
            Keyword::Unknown => true,
            // Heredocs.
            Keyword::Add | Keyword::Copy | Keyword::Run => instruction.broken,
            // Further pairs.
            Keyword::Arg | Keyword::Env | Keyword::Label => is_wrong,
            _ => false,
        };
        // Nobody knows whether it was to be a `FROM`.
        in_stage |= is_unknown || instruction.kind == Keyword::From;
        if !in_stage && !instruction.broken && instruction.kind != Keyword::Arg {
            errors.push(error(instruction.keyword.span, "no build stage in current context"));
            // Once is enough.
            in_stage = true;
        }
        let torn = torn.filter(|_| !is_told);
        errors.extend(torn.map(|torn| unknown(&torn.word.value, torn.word.span)));
    }
    errors
}

/// What is wrong with an instruction: of several things the one that BuildKit meets first.
pub fn instruction(instruction: &Instruction, dialect: Dialect) -> Option<SyntaxError> {
    check(instruction, dialect).err()
}

fn unknown(word: &str, span: Span) -> SyntaxError {
    error(span, &format!("unknown instruction: {word}"))
}

type Checked = Result<(), SyntaxError>;

fn check(instruction: &Instruction, dialect: Dialect) -> Checked {
    use Takes::{Bool, Text, Texts};
    let keyword = instruction.keyword.span;
    let name = instruction.kind.name();
    let flags = |known: &[(&str, Takes)]| flags(instruction, known);
    match instruction.kind {
        Keyword::Unknown => Err(unknown(&instruction.keyword.value, keyword)),
        Keyword::From => {
            from(instruction)?;
            match dialect {
                Dialect::BuildKit => flags(&[("platform", Text)]),
                Dialect::Buildah => flags(&[("platform", Text), ("after", Texts)]),
            }
        }
        Keyword::Run => {
            flags(&[("mount", Texts), ("network", Text), ("security", Text), ("device", Texts)])?;
            run(instruction, dialect)
        }
        Keyword::Cmd | Keyword::Entrypoint => flags(&[]),
        Keyword::Shell => {
            flags(&[])?;
            let arguments = &instruction.arguments;
            if arguments.words().is_empty() {
                return Err(error(keyword, &format!("{name} requires at least one argument")));
            }
            if !arguments.is_json() {
                let message = format!("{name} requires the arguments to be in JSON form");
                return Err(error(span_of(arguments.words(), keyword), &message));
            }
            Ok(())
        }
        Keyword::Copy => {
            two(instruction)?;
            flags(&[
                ("chown", Text),
                ("from", Text),
                ("chmod", Text),
                ("link", Bool),
                ("parents", Bool),
                ("exclude", Texts),
            ])?;
            destination(instruction)
        }
        Keyword::Add => {
            two(instruction)?;
            flags(&[
                ("chown", Text),
                ("chmod", Text),
                ("link", Bool),
                ("keep-git-dir", Bool),
                ("checksum", Text),
                ("unpack", Bool),
                ("exclude", Texts),
            ])?;
            destination(instruction)
        }
        Keyword::Env | Keyword::Label => {
            flags(&[])?;
            at_least_one(instruction)?;
            names(instruction)
        }
        Keyword::Arg => {
            at_least_one(instruction)?;
            names(instruction)
        }
        Keyword::Expose => {
            at_least_one(instruction)?;
            flags(&[])
        }
        Keyword::Volume => {
            at_least_one(instruction)?;
            flags(&[])?;
            match instruction.arguments.words().iter().find(|word| word.value.trim().is_empty()) {
                Some(word) => Err(error(word.span, "VOLUME specified can not be an empty string")),
                None => Ok(()),
            }
        }
        Keyword::Maintainer | Keyword::User | Keyword::Workdir | Keyword::Stopsignal => {
            if instruction.arguments == Arguments::None {
                return Err(error(keyword, &format!("{name} requires exactly one argument")));
            }
            if instruction.kind == Keyword::Stopsignal { Ok(()) } else { flags(&[]) }
        }
        Keyword::Healthcheck => healthcheck(instruction),
        Keyword::Onbuild => {
            let Some(trigger) = instruction.trigger() else {
                return at_least_one(instruction);
            };
            flags(&[])?;
            let message = match trigger.kind {
                Keyword::Onbuild => "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed".into(),
                Keyword::From | Keyword::Maintainer => {
                    format!("{} isn't allowed as an ONBUILD trigger", trigger.kind.name())
                }
                _ => return Ok(()),
            };
            Err(error(trigger.keyword.span, &message))
        }
    }
}

fn flags(instruction: &Instruction, known: &[(&str, Takes)]) -> Checked {
    for (index, flag) in instruction.flags.iter().enumerate() {
        let name = &flag.name.value;
        let Some((_, takes)) = known.iter().find(|(known, _)| known == name) else {
            return Err(error(flag.name.span, &format!("unknown flag: --{name}")));
        };
        let first = instruction.flags[..index].iter().find(|other| other.name.value == *name);
        if let Some(first) = first.filter(|_| *takes != Takes::Texts) {
            let message = format!("duplicate flag specified: --{name}");
            let also = vec![(first.text.span, "first given here".to_owned())];
            return Err(SyntaxError { span: flag.text.span, message, also });
        }
        let missing = || error(flag.text.span, &format!("missing a value on flag: --{name}"));
        match (takes, &flag.value) {
            (Takes::Bool, Some(value)) if value.value.is_empty() => return Err(missing()),
            (Takes::Bool, Some(value)) => {
                if !matches!(value.value.to_lowercase().as_str(), "true" | "false") {
                    let message =
                        format!("expecting boolean value for flag --{name}, not: {}", value.value);
                    return Err(error(value.span, &message));
                }
            }
            (Takes::Text | Takes::Texts, None) => return Err(missing()),
            (Takes::Bool, None) | (Takes::Text | Takes::Texts, Some(_)) => {}
        }
    }
    Ok(())
}

fn from(instruction: &Instruction) -> Checked {
    match instruction.arguments.words() {
        [_] => Ok(()),
        [_, r#as, name] if r#as.value.eq_ignore_ascii_case("as") => {
            let lower = name.value.to_lowercase();
            let valid = lower.starts_with(|c: char| c.is_ascii_lowercase())
                && lower
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'));
            if valid {
                return Ok(());
            }
            let message = format!(
                "invalid name for build stage: {}, name can't start with a number or contain symbols",
                quoted(&name.value)
            );
            Err(error(name.span, &message))
        }
        words => {
            let span = span_of(words.get(1..).unwrap_or_default(), instruction.keyword.span);
            Err(error(span, "FROM requires either one or three arguments"))
        }
    }
}

fn run(instruction: &Instruction, dialect: Dialect) -> Checked {
    for flag in &instruction.flags {
        let Some(value) = &flag.value else { continue };
        let text = value.value.as_str();
        match flag.name.value.as_str() {
            "network" if !matches!(text, "default" | "none" | "host") => {
                return Err(error(value.span, &format!("invalid network mode {}", quoted(text))));
            }
            "security" if !matches!(text, "sandbox" | "insecure") => {
                return Err(error(value.span, &format!("security {} is not valid", quoted(text))));
            }
            // Buildah replaces variables first.
            "mount" if dialect == Dialect::BuildKit => {
                if let Some(problem) = mount::problem(text) {
                    return Err(error(flag.text.span, &problem));
                }
                let options = mount::options(&instruction.logical, value);
                let from = options.iter().find(|option| option.is("from"));
                if let Some(from) = from.and_then(|option| option.value.as_ref())
                    && from.value.contains('$')
                {
                    return Err(error(
                        from.span,
                        "'from' doesn't support variable expansion, define alias stage instead",
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn at_least_one(instruction: &Instruction) -> Checked {
    let arguments = &instruction.arguments;
    if !arguments.words().is_empty() || !arguments.pairs().is_empty() {
        return Ok(());
    }
    let message = format!("{} requires at least one argument", instruction.kind.name());
    Err(error(instruction.keyword.span, &message))
}

fn two(instruction: &Instruction) -> Checked {
    if instruction.arguments.words().len() >= 2 {
        return Ok(());
    }
    let message = format!(
        "{} requires at least two arguments, but only one was provided. \
         Destination could not be determined",
        instruction.kind.name()
    );
    Err(error(span_of(instruction.arguments.words(), instruction.keyword.span), &message))
}

fn destination(instruction: &Instruction) -> Checked {
    let Some(last) = instruction.arguments.words().last() else { return Ok(()) };
    if heredoc::marker(&last.value, 0..last.value.len()).is_none() {
        return Ok(());
    }
    let name = instruction.kind.name();
    Err(error(last.span, &format!("{name} cannot accept a heredoc as a destination")))
}

fn names(instruction: &Instruction) -> Checked {
    let blank = instruction.arguments.pairs().iter().find(|pair| pair.key.value.is_empty());
    let Some(blank) = blank else { return Ok(()) };
    let span = blank.value.as_ref().map_or(blank.key.span, |value| blank.key.span.to(value.span));
    Err(error(span, &format!("{} names can not be blank", instruction.kind.name())))
}

fn healthcheck(instruction: &Instruction) -> Checked {
    let Arguments::Health { kind, command } = &instruction.arguments else {
        return at_least_one(instruction);
    };
    let upper = kind.value.to_uppercase();
    if upper == "NONE" {
        return match command.words() {
            [] => Ok(()),
            words => {
                let span = span_of(words, kind.span);
                Err(error(span, "HEALTHCHECK NONE takes no arguments"))
            }
        };
    }
    let known = ["interval", "timeout", "start-period", "start-interval", "retries"];
    flags(instruction, &known.map(|name| (name, Takes::Text)))?;
    if upper != "CMD" {
        let message = format!("Unknown type {} in HEALTHCHECK (try CMD)", quoted(&upper));
        return Err(error(kind.span, &message));
    }
    if command.words().is_empty() {
        return Err(error(kind.span, "Missing command after HEALTHCHECK CMD"));
    }
    // BuildKit looks at them in this order, not in that of the file.
    for name in known {
        match instruction.flag(name) {
            Some(flag) if name == "retries" => retries(flag)?,
            Some(flag) => interval(flag)?,
            None => {}
        }
    }
    Ok(())
}

fn interval(flag: &Flag) -> Checked {
    let Some(value) = flag.value.as_ref().filter(|value| !value.value.is_empty()) else {
        return Ok(());
    };
    let nanoseconds = duration(&value.value).map_err(|message| error(value.span, &message))?;
    if nanoseconds != 0 && nanoseconds < 1_000_000 {
        let message = format!("Interval \"{}\" cannot be less than 1ms", flag.name.value);
        return Err(error(value.span, &message));
    }
    Ok(())
}

fn retries(flag: &Flag) -> Checked {
    let Some(value) = flag.value.as_ref().filter(|value| !value.value.is_empty()) else {
        return Ok(());
    };
    let digits = value.value.strip_prefix(['+', '-']).unwrap_or(&value.value);
    let problem = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        "invalid syntax"
    } else {
        match value.value.parse::<i32>() {
            Ok(number) if number < 0 => {
                let message = format!("--retries cannot be negative ({number})");
                return Err(error(value.span, &message));
            }
            Ok(_) => return Ok(()),
            Err(_) => "value out of range",
        }
    };
    let number = quoted(&value.value);
    Err(error(value.span, &format!("strconv.ParseInt: parsing {number}: {problem}")))
}

fn span_of(words: &[Word], otherwise: Span) -> Span {
    match words {
        [first, .., last] => first.span.to(last.span),
        [only] => only.span,
        [] => otherwise,
    }
}

fn error(span: Span, message: &str) -> SyntaxError {
    SyntaxError { span, message: message.to_owned(), also: Vec::new() }
}
