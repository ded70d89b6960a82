//! What must hold of every token of every Dockerfile.

use plimsoll::model::dockerfile::{Inputs, build};
use plimsoll::model::text::{Origin, Text};
use plimsoll::source::{Files, SourceFile, Span};
use plimsoll::syntax::dockerfile::{Arguments, File, Instruction, Keyword, Word, parse};
use serde_json::Value;

/// All that must hold of any text.
pub fn check(text: &str) {
    let mut files = Files::default();
    let id = files.add("Dockerfile", text);
    let file = files.get(id);
    let parsed = parse(file);
    let checker = Checker { file };
    let tree = &parsed.tree;
    checker.in_order(tree.instructions.iter().map(|instruction| instruction.span));
    checker.in_order(parsed.comments.iter().map(|comment| comment.span));
    parsed
        .comments
        .iter()
        .for_each(|comment| assert!(checker.slice(comment.span).starts_with('#')));
    parsed.errors.iter().for_each(|error| checker.inside(error.span));
    for directive in &tree.directives {
        assert_eq!(checker.slice(directive.name.span).to_lowercase(), directive.name.value);
        assert_eq!(checker.slice(directive.value.span), directive.value.value);
    }
    for instruction in &tree.instructions {
        checker.instruction(instruction);
        let mut ends = instruction.heredocs.iter().map(|heredoc| heredoc.terminator);
        assert!(ends.all(|end| instruction.span.contains(end)), "{text:?}");
    }
    evaluate(&checker, tree);
}

/// The same of a file that expands a text wherever variables are replaced.
#[allow(dead_code, reason = "not every user of this module asks for it")]
pub fn check_expanded(text: &str) {
    let text = text.replace('\n', "\\\n");
    check(&format!(
        "ARG A=x/y/x B\nFROM scratch\nARG A\nARG B C=\nENV D=$A$C E=a.b.c\nENV F={text}\n\
         ENV G {text}\nEXPOSE {text}\nWORKDIR {text}\nCOPY --chown={text} [\"$A\", \"{text}\"]\n"
    ));
}

fn evaluate(checker: &Checker<'_>, tree: &File) {
    for closed in [false, true] {
        let build = build(tree, &Inputs { closed, ..Inputs::default() });
        for (index, stage) in build.stages.iter().enumerate() {
            build.image(index);
            for step in &stage.steps {
                step.words.iter().for_each(|word| checker.expanded(word));
                for (key, value) in &step.pairs {
                    checker.expanded(key);
                    value.iter().for_each(|value| checker.expanded(value));
                }
            }
        }
        let errors = build.errors.iter().chain(&build.latent);
        errors.for_each(|error| checker.inside(error.span));
    }
}

struct Checker<'a> {
    file: &'a SourceFile,
}

impl Checker<'_> {
    /// The text under a span, which must be of the file, on character boundaries.
    fn slice(&self, span: Span) -> &str {
        let text = &self.file.text;
        text.get(span.range()).unwrap_or_else(|| panic!("{span:?} is not of {text:?}"))
    }

    fn inside(&self, span: Span) {
        self.slice(span);
    }

    fn in_order(&self, spans: impl Iterator<Item = Span>) {
        let mut end = 0;
        for span in spans {
            self.inside(span);
            assert!(end <= span.start, "{:?}", self.file.text);
            end = span.end;
        }
    }

    fn instruction(&self, instruction: &Instruction) {
        let text = &self.file.text;
        self.word(instruction, &instruction.keyword, true);
        for flag in &instruction.flags {
            self.word(instruction, &flag.text, false);
            self.word(instruction, &flag.name, false);
            assert!(flag.text.span.contains(flag.name.span));
            if let Some(value) = &flag.value {
                self.word(instruction, value, false);
                assert!(flag.text.span.contains(value.span), "{text:?}");
                assert_eq!(flag.text.value, format!("--{}={}", flag.name.value, value.value));
            }
        }
        let flags = instruction.flags.iter().map(|flag| flag.text.span);
        let words = instruction.arguments.words().iter().map(|word| word.span);
        self.in_order([instruction.keyword.span].into_iter().chain(flags).chain(words));
        self.arguments(instruction, &instruction.arguments);
        for heredoc in &instruction.heredocs {
            self.word(instruction, &heredoc.marker, true);
            self.word(instruction, &heredoc.name, false);
            assert!(heredoc.marker.span.contains(heredoc.name.span));
            let content = &heredoc.text;
            let pieces = content.pieces(0, content.text().len());
            let pieces: String = pieces.map(|(_, span)| self.slice(span)).collect();
            assert_eq!(pieces, content.text());
            assert!(heredoc.chomp || content.text() == self.slice(heredoc.body));
            assert_eq!(self.slice(heredoc.terminator), heredoc.name.value);
        }
        let bodies = instruction.heredocs.iter().flat_map(|one| [one.body, one.terminator]);
        self.in_order(bodies);
        if let Some(shell) = instruction.shell_text() {
            let pieces: String =
                shell.pieces(0..shell.text.len()).map(|(_, span)| self.slice(span)).collect();
            assert_eq!(pieces, shell.text, "{text:?}");
        }
    }

    fn arguments(&self, instruction: &Instruction, arguments: &Arguments) {
        match arguments {
            Arguments::Json { span, strings } => {
                let whole = self.slice(*span);
                assert!(whole.starts_with('[') && whole.ends_with(']'));
                for string in strings {
                    let raw = self.word(instruction, string, false);
                    assert!(raw.starts_with('"') && raw.ends_with('"'));
                    let read: Value = serde_json::from_str(&raw).unwrap_or_default();
                    // Half a surrogate pair is nothing to that crate.
                    assert!(read.is_null() || read == string.value.as_str(), "{raw}");
                }
            }
            Arguments::Pairs(pairs) => {
                for pair in pairs {
                    self.word(instruction, &pair.key, true);
                    pair.value.iter().for_each(|value| drop(self.word(instruction, value, true)));
                }
            }
            Arguments::Health { kind, command } => {
                self.word(instruction, kind, true);
                self.arguments(instruction, command);
            }
            Arguments::Trigger(trigger) => self.instruction(trigger),
            Arguments::Text(_) | Arguments::Words(_) | Arguments::None => {
                for word in arguments.words() {
                    self.word(instruction, word, true);
                }
            }
        }
        if instruction.kind == Keyword::Unknown {
            assert_eq!(*arguments, Arguments::None);
        }
    }

    /// The word as its pieces say it, which is its value unless it was unquoted.
    fn word(&self, instruction: &Instruction, word: &Word, verbatim: bool) -> String {
        let logical = &instruction.logical;
        let pieces: Vec<Span> =
            logical.pieces(word.range.start, word.range.end).map(|(_, span)| span).collect();
        let raw: String = pieces.iter().map(|span| self.slice(*span)).collect();
        assert_eq!(raw, logical.text()[word.range.clone()]);
        self.inside(word.span);
        match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => assert_eq!(first.to(*last), word.span),
            _ => assert!(word.span.is_empty()),
        }
        assert!(!verbatim || raw == word.value, "{raw:?} {word:?}");
        raw
    }

    /// The parts of an expanded text cover it, and literal ones are what stands there.
    fn expanded(&self, text: &Text) {
        let mut end = 0;
        for part in text.parts() {
            assert_eq!(part.range.start, end);
            end = part.range.end;
            let source = self.slice(part.span);
            let value = &text.value()[part.range.clone()];
            let literal = matches!(part.origin, Origin::Written | Origin::Default { .. });
            if literal && source.len() == value.len() && !source.contains(['"', '\\']) {
                assert!(source == value || value.starts_with('/'), "{source:?} {value:?}");
            }
        }
        assert_eq!(end, text.value().len());
    }
}
