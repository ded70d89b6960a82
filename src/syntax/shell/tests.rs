use std::ops::Range;

use super::*;
use crate::source::FileId;

fn here(range: Range<usize>) -> Span {
    Span::new(FileId(0), range.start, range.end)
}

fn read(text: &str) -> Parsed<Script> {
    parse(text, Shell::default(), &here)
}

/// The words of every command, literal or as written.
fn commands(text: &str) -> Vec<String> {
    let parsed = read(text);
    let shown = |word: &Word| match word.literal() {
        Some(literal) => literal.into_owned(),
        None => text[word.span.range()].to_owned(),
    };
    let words = |site: Site| site.command.words.iter().map(shown).collect::<Vec<_>>().join(" ");
    parsed.tree.commands().map(words).collect()
}

fn error(text: &str) -> Option<(String, String)> {
    let error = read(text).errors.into_iter().next()?;
    Some((text[error.span.range()].to_owned(), error.message))
}

#[test]
fn commands_come_in_the_order_in_which_they_run() {
    assert_eq!(commands("a b && c; d | e & f || ! g\nh"), ["a b", "c", "d", "e", "f", "g", "h"]);
    assert_eq!(
        commands("x=$(a `b`) c \"$(d)\" <(e) > \"$(f)\""),
        ["b", "a `b`", "d", "e", "f", "c $(d) <(e)"].map(|it| it.replace("$(d)", "\"$(d)\""))
    );
}

#[test]
fn compound_commands_keep_their_lists() {
    let text = "if a; then b; elif c; then d; else e; fi; for x in 1 2; do f; done; \
                while g; do h; done; case $x in (1|2) i;; *) j; esac; { k; }; (l); m() { n; }; \
                function o { p; }; [[ a && b =~ (c d) ]] && ((1 + 2)); for ((;;)) { q; }";
    assert_eq!(error(text), None);
    assert_eq!(commands(text).concat(), "abcdefghijklnpq");
}

#[test]
fn a_word_says_what_the_shell_makes_of_it() {
    for (text, literal) in [
        ("plain", Some("plain")),
        ("a\\ b", Some("a b")),
        ("'a b'\"c\\\"d\\n\"", Some("a bc\"d\\n")),
        ("\"\"", Some("")),
        ("$'a\\tb'", Some("a\tb")),
        ("$'\\x41\\101\\u00e9\\U1F600\\e'", Some("AAé😀\u{1b}")),
        ("$'\\xff\\0\\q'", Some("\\xff\\0\\q")),
        ("--name=$NAME", None),
        ("$(a)", None),
        ("a\\\nb", Some("ab")),
        ("$", Some("$")),
        ("*.{a,b}", Some("*.{a,b}")),
        ("@(a|b c)", Some("@(a|b c)")),
    ] {
        let tree = read(text).tree;
        let sites: Vec<_> = tree.commands().collect();
        let word = &sites.last().unwrap().command.words[0];
        assert_eq!(word.literal().as_deref(), literal, "{text}");
        assert_eq!(&text[word.span.range()], text);
    }
}

#[test]
fn a_variable_has_its_operator_and_argument() {
    let tree = read("echo ${A:-\"b $C\"}${#D}${E##*/}$F${G}").tree;
    let variables: Vec<_> = tree.commands().next().unwrap().command.words[1]
        .variables()
        .map(|variable| (variable.name.clone(), variable.operator, variable.argument.len()))
        .collect();
    let expected = [("A", ":-", 2), ("D", "", 0), ("E", "##", 1), ("F", "", 0), ("G", "", 0)];
    assert_eq!(variables, expected.map(|(name, operator, n)| (name.into(), operator, n)));
}

#[test]
fn an_assignment_is_no_word() {
    let text = "A=1 B='x y'$C D= E+=(a 'b') run F=2";
    let tree = read(text).tree;
    let command = tree.commands().next().unwrap().command;
    let seen: Vec<_> = command
        .assignments
        .iter()
        .map(|it| (it.name.as_str(), &text[it.value.span.range()], it.value.parts.len()))
        .collect();
    assert_eq!(seen, [("A", "1", 1), ("B", "'x y'$C", 2), ("D", "", 0), ("E", "(a 'b')", 1)]);
    assert_eq!(command.words.len(), 2);
}

#[test]
fn redirections_are_no_words() {
    let text = "a 2>&1 >> log {fd}<in <<<str b &> all";
    let tree = read(text).tree;
    let command = tree.commands().next().unwrap().command;
    let seen: Vec<_> = command
        .redirections
        .iter()
        .map(|it| (it.descriptor.as_deref(), it.operator, &text[it.span.range()]))
        .collect();
    assert_eq!(
        seen,
        [
            (Some("2"), ">&", "2>&1"),
            (None, ">>", ">> log"),
            (Some("{fd}"), "<", "{fd}<in"),
            (None, "<<<", "<<<str"),
            (None, "&>", "&> all"),
        ]
    );
    assert_eq!(command.words.len(), 2);
}

#[test]
fn a_here_document_is_text_unless_a_shell_reads_it() {
    assert_eq!(commands("while a; do b; done <<A\n`c`\nA"), ["a", "b", "c"]);
    let text = "cat <<A <<-'B' && c\nrm $(x)\nA\n\trm $(y)\n\tB\nbash -e <<E\ncurl \\$z\nE\nlast";
    assert_eq!(commands(text), ["x", "cat", "c", "bash -e", "curl $z", "last"]);
    let tree = read(text).tree;
    let cat = tree.commands().nth(1).unwrap().command;
    let bodies: Vec<_> = cat.redirections.iter().filter_map(|it| it.heredoc()).collect();
    assert_eq!(&text[bodies[0].body.span.range()], "rm $(x)\n");
    assert_eq!(bodies[1].body.literal().as_deref(), Some("\trm $(y)\n"));
    assert!(tree.commands().nth(4).unwrap().context.shell.errexit);
}

#[test]
fn a_here_document_goes_to_a_shell_through_cat() {
    let text = "cat <<E | sudo bash -e\nrm \\$x\nE\nlast";
    assert_eq!(commands(text), ["cat", "rm $x", "sudo bash -e", "last"]);
    let tree = read(text).tree;
    let inside = tree.commands().nth(1).unwrap();
    assert!(inside.context.shell.errexit && inside.context.inner);
    assert_eq!(&text[inside.command.words[1].span.range()], "$x");
    for text in [
        "cat <<E | tee f\nrm x\nE",
        "cat > f <<E | sh\nrm x\nE",
        "cat <<E > f | sh\nrm x\nE",
        "cat <<E || sh\nrm x\nE",
        "cat <<E | sh f\nrm x\nE",
        "cat <<E\nrm x\nE\n sh",
    ] {
        assert!(!commands(text).contains(&"rm x".to_owned()), "{text}");
    }
}

#[test]
fn a_comment_reaches_to_the_end_of_its_line() {
    let text = "a # b; c\n# d\ne#f";
    let comments = read(text).comments;
    let seen: Vec<_> = comments.iter().map(|it| (&text[it.span.range()], it.own_line)).collect();
    assert_eq!(seen, [("# b; c", false), ("# d", true)]);
    assert_eq!(commands(text), ["a", "e#f"]);
}

#[test]
fn a_text_for_a_shell_is_opened() {
    for text in [
        "sh -c 'in side'",
        "/bin/bash -euo pipefail -c \"in side\"",
        "sudo -u me -- env A=1 bash -lc 'in side' name",
        "su - me -c 'in side'",
        "eval 'in side'",
        "busybox sh -c in\\ side",
        "sh -c \"sh -c 'in side'\"",
        "sh -c \"sh -c \\\"in side\\\"\"",
        "xargs -n 1 sh -c 'in side'",
    ] {
        assert_eq!(commands(text).last().map(String::as_str), Some("in side"), "{text}");
        let tree = read(text).tree;
        let inside = tree.commands().last().unwrap();
        assert!(inside.context.inner);
        assert_eq!(&text[inside.command.words[1].span.range()], "side", "{text}");
    }
    assert_eq!(commands("sh script -c a"), ["sh script -c a"]);
    assert_eq!(commands("sh -c \"$(curl x)\""), ["curl x", "sh -c \"$(curl x)\""]);
    assert_eq!(commands("bash -c \"a $B\"")[1], "a $B");
}

#[test]
fn a_shell_reads_what_it_is_given_as_input() {
    for text in [
        "bash <<< 'in side'",
        "sudo bash -e <<<\"in side\"",
        "sh -s a <<< in\\ side",
        "bash <<< 'sh -c \"in side\"'",
        "echo in side | sh",
        "echo 'in side' | sudo sh -s -- a",
        "printf '%s\\n' 'in side' |\n  bash",
        "printf 'in side' | sh",
    ] {
        let tree = read(text).tree;
        let inside = tree.commands().find(|site| site.command.words[0].bare() == Some("in"));
        let inside = inside.unwrap_or_else(|| panic!("{text}"));
        assert!(inside.context.inner, "{text}");
        assert_eq!(&text[inside.command.words[1].span.range()], "side", "{text}");
    }
    assert_eq!(commands("echo \"a $B\" | sh")[2], "a $B");
    for text in [
        "cat <<< 'in side'",
        "bash f <<< 'in side'",
        "echo 'in side' | tee f",
        "echo 'in side' | sh f",
        "echo 'in side' > f | sh",
        "echo 'in side' | sh < f",
        "echo 'in side' |& sh",
        "echo 'in\\tside' | sh",
        "echo \"in side $(x)\" | sh",
        "echo 'in side' | cat | sh",
        "echo 'in side'; cat f | sh",
        "printf 'in %s' side | sh",
    ] {
        assert!(!commands(text).contains(&"in side".to_owned()), "{text}");
    }
    assert_eq!(read("echo 'a (' | sh").errors.len(), 1);
    assert_eq!(read("echo \"a ( $B\" | sh").errors.len(), 0);
}

#[test]
fn backquotes_lose_one_level_of_escapes() {
    assert_eq!(
        commands("echo `a \\`b c\\` \\$d`"),
        ["b c", "a `b c\\` $d", "echo `a \\`b c\\` \\$d`"]
    );
}

#[test]
fn the_program_stands_behind_its_wrappers() {
    for (text, name, wrappers) in [
        ("curl x", "curl", ""),
        ("/usr/bin/curl x", "curl", ""),
        ("$HOME/bin/tool x", "tool", ""),
        ("sudo -E -u root curl x", "curl", "sudo"),
        ("exec gosu user:group \"$@\"", "", "exec gosu"),
        ("env -u A B=c nice -n5 timeout -k 5 10 curl", "curl", "env nice timeout"),
        ("command -v curl", "command", ""),
        ("exec", "exec", ""),
        ("time -p curl", "curl", ""),
        ("tini -g -- su-exec app node", "node", "tini su-exec"),
        ("xargs -r0 rm", "rm", "xargs"),
        ("setpriv --reuid=1 --regid 2 --clear-groups app", "app", "setpriv"),
    ] {
        let tree = read(text).tree;
        let sites: Vec<_> = tree.commands().collect();
        let program = sites[0].command.program();
        assert_eq!(program.as_ref().map_or("", |it| &it.name), name, "{text}");
        let seen: Vec<_> = sites[0].command.wrappers().iter().map(|it| it.name).collect();
        assert_eq!(seen.join(" "), wrappers, "{text}");
    }
}

#[test]
fn the_environment_of_a_command_is_what_stands_before_it() {
    let tree = read("A=1 env B=2 C=$x run D=4").tree;
    let sites: Vec<_> = tree.commands().collect();
    let seen: Vec<_> = sites[0].command.environment().collect();
    let shown: Vec<_> = seen.iter().map(|(name, value)| (&**name, value.as_deref())).collect();
    assert_eq!(shown, [("A", Some("1")), ("B", Some("2")), ("C", None)]);
}

#[test]
fn a_site_knows_what_surrounds_it() {
    let text = "a || b; if c; then d; fi; (e) | f $(g) & set -eo pipefail; h && i || j; set +e; k";
    let tree = read(text).tree;
    let site = |name: &str| {
        let sites: Vec<_> = tree.commands().collect();
        sites.into_iter().find(|it| it.command.words[0].literal().as_deref() == Some(name)).unwrap()
    };
    assert!(site("a").context.guarded && !site("a").context.fallback);
    assert!(site("b").context.fallback && !site("b").context.guarded);
    assert!(site("c").context.condition && site("d").context.branch);
    assert!(site("e").context.subshell && site("e").context.background);
    assert!(site("f").position == 1 && !site("f").context.subshell);
    assert!(site("g").context.substitution);
    assert!(!site("a").context.shell.errexit);
    assert!(site("h").context.guarded && site("i").context.guarded && !site("j").context.guarded);
    assert!(site("h").context.shell.errexit && site("h").context.shell.pipefail);
    assert!(!site("k").context.shell.errexit && site("k").context.shell.pipefail);
}

#[test]
fn an_error_costs_no_command_beside_it() {
    for (text, at, message) in [
        ("a; ) b; c", ")", "`)` is not expected here"),
        ("a; b; c; fi", "fi", "`fi` is not expected here"),
        ("a && b && c &&", "", "a command is missing before the end"),
        ("a; b | | c", "|", "`|` is not expected here"),
        ("a; b; c 'd", "'", "this quote is not closed"),
        ("a; b; echo \"$(c", "$(", "this substitution is not closed"),
        ("if a; b; then c", "", "`fi` is missing before this"),
        ("a; b; c $((1 + ", "$((", "this arithmetic is not closed"),
        ("a; b ${x; c }", "", ""),
    ] {
        let found = commands(text).join(" ");
        assert!(["a", "b", "c"].iter().all(|name| found.contains(name)), "{text}: {found}");
        if !message.is_empty() {
            assert_eq!(error(text), Some((at.to_owned(), message.to_owned())), "{text}");
        }
    }
}

#[test]
fn what_only_looks_like_arithmetic_is_a_subshell() {
    assert_eq!(commands("x $((a); (b)) ((c); (d))")[..2], ["a", "b"]);
    assert_eq!(commands("((a); b); c"), ["a", "b", "c"]);
    assert_eq!(commands("echo $((1 + $(a)))"), ["a", "echo $((1 + $(a)))"]);
}

#[test]
fn a_shell_is_known_by_its_words() {
    let bash = Shell { dialect: Dialect::Bash, errexit: true, pipefail: true };
    for words in [
        &["/bin/bash", "-eo", "pipefail", "-c"][..],
        &["bash", "-o", "errexit", "-o", "pipefail", "-c"],
        &["/usr/bin/env", "-S", "bash", "-euxo", "pipefail"],
    ] {
        assert_eq!(Shell::of(words), bash, "{words:?}");
    }
    assert_eq!(Shell::of(&["powershell.exe", "-Command"]).dialect, Dialect::PowerShell);
    assert_eq!(Shell::of(&["C:\\Windows\\System32\\cmd.exe", "/S", "/C"]).dialect, Dialect::Cmd);
    assert_eq!(Shell::of(&["/bin/sh", "-c"]), Shell::default());
    let python = Shell::of_shebang("#!/usr/bin/env python3");
    assert_eq!(python, Some(Shell::new(Dialect::Other)));
    assert_eq!(Shell::of_shebang("#!/bin/ash -e").map(|it| it.dialect), Some(Dialect::Ash));
    assert_eq!(Shell::of_shebang("echo"), None);
}

#[test]
fn a_foreign_shell_is_left_alone() {
    let parsed = parse("Get-Item 'x", Shell::new(Dialect::PowerShell), &here);
    assert!(!parsed.tree.is_readable() && parsed.tree.commands().next().is_none());
    assert!(parsed.errors.is_empty());
}

#[test]
fn exec_form_is_a_command_too() {
    let text = r#"["/bin/bash", "-ec", "a; b"]"#;
    let words = [1..12, 14..19, 21..27].map(|range: Range<usize>| {
        Spanned::new(text[range.start + 1..range.end - 1].to_owned(), here(range))
    });
    let place = |index: usize, range: Range<usize>| {
        let start = words[index].span.start as usize + 1;
        here(start + range.start..start + range.end)
    };
    let parsed = exec(&words, &place);
    let sites: Vec<_> = parsed.tree.commands().collect();
    assert_eq!(sites[0].command.program().unwrap().name, "bash");
    assert_eq!(&text[sites[2].command.words[0].span.range()], "b");
    assert!(sites[2].context.shell.errexit);
}

#[test]
fn arguments_are_options_and_operands() {
    let syntax = OptionSyntax { values: &["-o", "--out"], single_dash: false };
    let text = "x -abo out -ofile --out=$f --out z --flag w -- -y";
    let tree = read(text).tree;
    let sites: Vec<_> = tree.commands().collect();
    let seen: Vec<_> = arguments(&sites[0].command.words[1..], syntax)
        .map(|argument| match argument {
            Argument::Operand(word) => text[word.span.range()].to_owned(),
            Argument::Option { name, value: None, .. } => name,
            Argument::Option { name, value: Some(value), .. } => {
                format!("{name} = {:?} at {}", value.text, &text[value.span.range()])
            }
        })
        .collect();
    assert_eq!(
        seen,
        [
            "-a",
            "-b",
            "-o = Some(\"out\") at out",
            "-o = Some(\"file\") at file",
            "--out = None at $f",
            "--out = Some(\"z\") at z",
            "--flag",
            "w",
            "-y"
        ]
    );
}

/// Broken in every way that nests, `times` over.
fn hostile(times: usize) -> Vec<String> {
    let openers = [
        "$(",
        "(",
        "{ ",
        "if ",
        "`",
        "\"",
        "'",
        "$((",
        "${a:-",
        "${a[",
        "((",
        "[[ ",
        "case x in ",
        "a=(",
        "<(",
        "f() ",
        "\\`",
        "while ",
        "for x in ",
        "eval ",
        "sh -c '",
        "sh -c \"",
        "$(( (",
        "<<A ",
        "<<A\n",
        "@(",
        "$'",
        "! ",
        "time ",
        "function f ",
        "x | ",
        "x && ",
        "# $(\n",
        "sudo ",
        "$((a) ",
        "\"$(",
        "\"${a:-\"",
        "a=b ",
        ";;",
        "\\\n",
        "é\\é`",
        "echo $((x",
        "$(cat <<A\n",
        "bash <<A\n$(",
        "bash <<A\n",
        "`cat <<A\n",
        "a=$(",
    ];
    openers.iter().map(|opener| opener.repeat(times)).collect()
}

#[test]
fn no_text_is_too_hostile() {
    // What takes more than linear time or a stack as deep as the text does not end here.
    for text in hostile(100_000) {
        read(&text).tree.commands().for_each(drop);
    }
}

#[test]
fn mistaken_arithmetic_is_not_tried_forever() {
    let depth = 100;
    let text = format!("{}{}{}", "$((".repeat(depth), "a".repeat(100_000), ") )".repeat(depth));
    // Each try within another one would double the time: it would not end.
    read(&text);
}

#[test]
fn programs_are_seen_behind_what_runs_them() {
    for (text, programs) in [
        ("time -f %e make all", "make"),
        ("time -p make", "make"),
        ("time make", "make"),
        ("eval apt-get install 'curl && x'", "eval apt-get x"),
        ("eval \"$X\" y", "eval ?"),
        ("find . -name a -exec rm -rf {} \\; -exec sh -c 'curl x' {} +", "find rm sh curl"),
        ("find / -exec find", "find find"),
        ("ls | xargs -0 -n 1 rm", "ls rm"),
        ("apt-get update\r\nmake\r\n", "apt-get make"),
    ] {
        let parsed = read(text);
        let program = |site: Site| match site.command.program() {
            Some(program) => program.name.into_owned(),
            None => "?".to_owned(),
        };
        let found: Vec<_> = parsed.tree.commands().map(program).collect();
        assert_eq!(found.join(" "), programs, "{text}");
    }
}
