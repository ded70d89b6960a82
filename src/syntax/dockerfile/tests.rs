use super::*;
use crate::source::Files;

fn parsed(text: &str) -> Parsed<File> {
    let mut files = Files::default();
    let id = files.add("Dockerfile", text);
    parse(files.get(id))
}

fn errors(text: &str) -> Vec<String> {
    parsed(text).errors.into_iter().map(|error| error.message).collect()
}

#[test]
fn a_continued_shell_text_leads_back_to_the_file() {
    let text = "FROM a\nRUN --mount=type=cache,target=/x apt-get \\\n  # why\n  upd\\\nate\n";
    let file = parsed(text).tree;
    let run = &file.instructions[1];
    let shell = run.shell_text().unwrap();
    assert_eq!(shell.text, "apt-get   update");
    let at = shell.text.find("update").unwrap();
    assert_eq!(&text[shell.span(at..at + 6).range()], "upd\\\nate");
    let pieces: Vec<_> = shell.pieces(at..at + 6).map(|(_, span)| &text[span.range()]).collect();
    assert_eq!(pieces, ["upd", "ate"]);
    assert_eq!(&text[run.flags[0].value.as_ref().unwrap().span.range()], "type=cache,target=/x");
    assert_eq!(run.lines, (1, 4));
}

#[test]
fn an_unterminated_heredoc_costs_its_instruction_only() {
    let text = "FROM a\nRUN <<A\necho\nUSER b\n";
    assert_eq!(errors(text)[0], "unterminated heredoc");
    let file = parsed(text).tree;
    let kinds: Vec<_> = file.instructions.iter().map(|instruction| instruction.kind).collect();
    assert_eq!(kinds, [Keyword::From, Keyword::Run, Keyword::Unknown, Keyword::User]);
}

#[test]
fn what_a_half_typed_line_cuts_off_still_belongs_to_its_instruction() {
    for (text, error) in [
        ("RUN a \\\n  b\n  # c\n  && d \\\n  && e\nUSER f\n", "unknown instruction: &&"),
        ("RUN a \\\r\n  b\r\n  && d\r\nUSER f\r\n", "unknown instruction: &&"),
        ("RUN a \\\n  echo \"b c\n  && d 'e'\nUSER f\n", "unknown instruction: &&"),
        ("RUN a\n&& d\nUSER f\n", "unknown instruction: &&"),
        (
            "LABEL a=b \\\n  c\n  d=e\nUSER f\n",
            "Syntax error - can't find = in \"c\". Must be of the form: name=value",
        ),
    ] {
        let text = format!("FROM x\n{text}");
        assert_eq!(errors(&text), [error], "{text}");
        let file = parsed(&text).tree;
        let kinds: Vec<_> = file.instructions.iter().map(|it| it.kind).collect();
        assert_eq!(kinds[2..], [Keyword::User], "{text}");
        assert!(file.instructions[1].text().contains("d"), "{text}");
    }
    let file = parsed("FROM x\nRUN a \\\n  b \"c\n  d\n").tree;
    assert_eq!(file.instructions[1].shell_text().unwrap().text, "a   b   d");
}

#[test]
fn lines_that_are_none_are_told_once() {
    assert_eq!(errors("FRO x\nUSER f\nRUN b\n"), ["unknown instruction: FRO"]);
    assert_eq!(errors("FROM x\nfoo\nbar\nUSER f\nbaz\n").len(), 2);
    assert_eq!(errors("FROM x\nRUN <<A\nfoo\nbar\nAA\n"), ["unterminated heredoc"]);
    assert_eq!(errors("FROM x\nLABEL a=\"b \\\n  c=\"d e f g\"\n").len(), 1);
}

#[test]
fn triggers_nest_without_end() {
    let text = format!("FROM a\n{}RUN x\n", "ONBUILD \\\n".repeat(20_000));
    assert_eq!(parsed(&text).tree.instructions.len(), 2);
}

#[test]
fn another_frontend_may_know_more() {
    let text = "# syntax=docker/dockerfile:1-labs\nFROM a\nWIBBLE x\nCOPY --wobble a b\nUSER\n";
    let parsed = parsed(text);
    assert_eq!(parsed.tree.unknown.len(), 2);
    assert_eq!(parsed.errors[0].message, "USER requires exactly one argument");
    for stable in ["docker/dockerfile:1", "docker.io/docker/dockerfile:1.7@sha256:0"] {
        assert_eq!(errors(&format!("# syntax={stable}\nFROM a\nWIBBLE x\n")).len(), 1);
    }
}

#[test]
fn a_file_of_json_is_its_frontends() {
    let json = parsed("{\"syntax\": \"example/bake\"}\n");
    assert!(json.tree.has_foreign_frontend() && json.errors.is_empty());
    assert_eq!(errors("{\"syntax\": \"docker/dockerfile:1\"}\n").len(), 1);
    let slashes = parsed("// syntax=example/bake\nFROM a\n");
    assert_eq!((slashes.errors.len(), slashes.tree.unknown.len()), (0, 1));
}

#[test]
fn a_containerfile_is_podmans() {
    for (name, dialect) in [
        ("Containerfile", Dialect::Buildah),
        ("Containerfile.dev", Dialect::Buildah),
        ("app.containerfile", Dialect::Buildah),
        ("Dockerfile", Dialect::BuildKit),
    ] {
        assert_eq!(Dialect::of(name), dialect, "{name}");
    }
}
