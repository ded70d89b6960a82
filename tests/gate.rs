//! The program as a team's gate: configuration, excludes, exit codes, each run in a scratch
//! directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory that is gone when the test is.
struct Scratch(PathBuf);

impl Scratch {
    /// A repository with these files.
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("plimsoll-gate-{}-{number}", std::process::id());
        let scratch = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(scratch.0.join(".git")).unwrap();
        for (path, text) in files {
            scratch.write(path, text);
        }
        scratch
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs the program here.
    fn run(&self, arguments: &[&str]) -> Run {
        self.run_in(Path::new("."), arguments)
    }

    fn run_in(&self, directory: &Path, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(arguments)
            .current_dir(self.0.join(directory))
            .env_remove("FORCE_COLOR")
            .output()
            .unwrap();
        Run::new(&output)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}

const CLEAN: &str = "FROM scratch\nUSER 10001\n";

/// Not a Dockerfile that anything can build: an error without any setting.
const BROKEN: &str = "FROM scratch\nRUN <<EOF\n";

#[test]
fn the_nearest_configuration_holds_up_to_the_root_of_the_repository() {
    let scratch = Scratch::new(&[
        ("plimsoll.toml", "fail-on = \"note\"\npedantic = true\n"),
        ("a/.plimsoll.toml", "fail-on = \"error\"\n"),
        ("a/b/Dockerfile", "FROM scratch\n"),
        ("c/Dockerfile", "FROM scratch\n"),
        ("inner/.git/HEAD", ""),
        ("inner/Dockerfile", "FROM scratch\n"),
    ]);
    let show = |path: &str| scratch.run(&["config", "show", path]).out;
    assert_eq!(show("a/b/Dockerfile"), "fail-on = \"error\"  # a/.plimsoll.toml:1\n");
    let root = "fail-on = \"note\"  # plimsoll.toml:1\npedantic = true  # plimsoll.toml:2\n";
    assert_eq!(show("c/Dockerfile"), root);
    assert!(show("inner/Dockerfile").starts_with("# no configuration"));
    let inside = scratch.run_in(Path::new("a/b"), &["config", "show", "Dockerfile"]).out;
    assert!(inside.contains("a/.plimsoll.toml:1"), "{inside}");
}

#[test]
fn a_configuration_builds_on_another_and_overrides_come_last() {
    let scratch = Scratch::new(&[
        ("base.toml", "fail-on = \"note\"\nrequire-reason = true\nexclude = [\"gone/\"]\n"),
        (
            "a/plimsoll.toml",
            "extend = \"../base.toml\"\nfail-on = \"error\"\nextend-exclude = [\"/old\"]\n\
             [[overrides]]\npaths = [\"legacy/\"]\nfail-on = \"never\"\n\
             [[environment]]\npaths = [\"sandbox/**\"]\nis = \"development\"\n",
        ),
        ("a/legacy/x/Dockerfile", BROKEN),
        ("a/sandbox/Dockerfile", BROKEN),
        ("a/old/Dockerfile", BROKEN),
        ("a/x/old/Dockerfile", BROKEN),
        ("a/gone/Dockerfile", BROKEN),
    ]);
    let legacy = scratch.run(&["config", "show", "a/legacy/x/Dockerfile"]).out;
    assert!(legacy.contains("fail-on = \"never\"  # a/plimsoll.toml:6"), "{legacy}");
    assert!(legacy.contains("require-reason = true  # base.toml:2"), "{legacy}");
    let files = scratch.run(&["files"]).out;
    let expected = "a/legacy/x/Dockerfile\tdockerfile\tproduction\n\
                    a/sandbox/Dockerfile\tdockerfile\tdevelopment\n\
                    a/x/old/Dockerfile\tdockerfile\tproduction\n";
    assert_eq!(files, expected);
    assert_eq!(scratch.run(&["check", "-q", "a/legacy"]).code, 0);
    assert_eq!(scratch.run(&["check", "-q", "a/sandbox"]).code, 1);
}

#[test]
fn a_wrong_configuration_stops_the_run_and_shows_the_place() {
    let scratch = Scratch::new(&[
        ("plimsoll.toml", "fail_on = \"error\"\nextend = \"none.toml\"\n"),
        ("Dockerfile", CLEAN),
    ]);
    let run = scratch.run(&["check"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("plimsoll.toml:1:1"), "{}", run.err);
    assert!(run.err.contains("did you mean `fail-on`?"), "{}", run.err);
    assert!(run.err.contains("`none.toml` cannot be read"), "{}", run.err);
    assert_eq!(scratch.run(&["check", "--config", "none"]).code, 0);
    assert_eq!(scratch.run(&["check", "--config", "absent.toml"]).code, 2);
}

#[test]
fn compose_files_of_a_group_are_judged_as_one_project() {
    let group = "[compose]\ngroups = [[\"compose.yaml\", \"compose.prod.yaml\"]]\n";
    let base = "services:\n  web: {image: 'nginx:latest'}\n  db: {image: 'redis:latest'}\n";
    let scratch = Scratch::new(&[
        ("plimsoll.toml", group),
        ("compose.yaml", base),
        ("compose.prod.yaml", "services:\n  web: {image: 'nginx:1.2.3'}\n"),
    ]);
    let check = ["check", "-q", "--format", "concise", "--select", "latest-tag"];
    let place = "compose.yaml:3:22: ";
    for arguments in [&check[..], &[&check[..], &["compose.yaml"]].concat()] {
        let run = scratch.run(arguments);
        assert!(run.out.starts_with(place) && run.out.lines().count() == 1, "{}", run.out);
    }
    let alone = scratch.run(&[&check[..], &["--config", "none"]].concat());
    assert_eq!(alone.out.lines().count(), 2, "{}", alone.out);
    scratch.write("plimsoll.toml", &group.replace("prod", "absent"));
    let run = scratch.run(&check);
    assert!(run.err.contains("plimsoll.toml:2:28"), "{}", run.err);
}

#[test]
fn build_arguments_of_the_configuration_go_before_defaults_and_behind_compose() {
    let scratch = Scratch::new(&[
        ("plimsoll.toml", "[build]\nargs = { TAG = \"latest\" }\n"),
        ("Dockerfile", "ARG TAG=1.2.3\nFROM nginx:${TAG}\nARG TAG\nRUN echo $TAG\n"),
        ("given/Dockerfile", "ARG TAG\nFROM nginx:${TAG}\n"),
        ("given/compose.yaml", "services: {a: {build: {context: ., args: {TAG: '1.2'}}}}\n"),
    ]);
    let check = ["check", "-q", "--format", "concise", "--select", "latest-tag,rolling-tag"];
    let run = scratch.run(&check);
    let told: Vec<_> = run.out.lines().map(|line| line.split('`').next().unwrap()).collect();
    let of_compose = "given/Dockerfile:2:12: warning[rolling-tag]: ";
    let latest = ["", "given/"].map(|at| format!("{at}Dockerfile:2:12: error[latest-tag]: "));
    assert_eq!(told, [&latest[0], &latest[1], of_compose], "{}", run.out);
    let without = scratch.run(&[&check[..], &["--config", "none"]].concat());
    assert_eq!(without.out.lines().count(), 1, "{}", without.out);
    scratch.write("plimsoll.toml", "[build]\nargs = { TAG = 1 }\narg = {}\n");
    let run = scratch.run(&check);
    assert!(run.err.contains("plimsoll.toml:2:16"), "{}", run.err);
    assert!(run.err.contains("did you mean `args`?"), "{}", run.err);
}

#[test]
fn configurations_that_build_on_each_other_end() {
    let scratch = Scratch::new(&[
        ("plimsoll.toml", "extend = \"other.toml\"\n"),
        ("other.toml", "extend = \"./x/../plimsoll.toml\"\n"),
        ("Dockerfile", CLEAN),
    ]);
    let run = scratch.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("builds on itself"), "{}", run.err);
}

#[test]
fn a_named_configuration_holds_for_all_files() {
    let scratch = Scratch::new(&[
        ("ci/policy.toml", "exclude = [\"old/\"]\nfail-on = \"never\"\n"),
        ("repo/.git/HEAD", ""),
        ("repo/plimsoll.toml", "fail-on = \"error\"\n"),
        ("repo/Dockerfile", BROKEN),
        ("repo/old/Dockerfile", BROKEN),
    ]);
    let repo = Path::new("repo");
    let files = scratch.run_in(repo, &["files", "--config", "../ci/policy.toml"]);
    assert_eq!(files.out, "Dockerfile\tdockerfile\tproduction\n", "{files:?}");
    assert_eq!(scratch.run_in(repo, &["check", "-q", "-c", "../ci/policy.toml"]).code, 0);
    assert_eq!(scratch.run_in(repo, &["check", "-q"]).code, 1);
}

#[test]
fn excludes_hold_for_named_files_only_when_forced() {
    let scratch = Scratch::new(&[
        ("plimsoll.toml", "exclude = [\"vendor/\", \"!vendor/keep\"]\n"),
        ("vendor/Dockerfile", BROKEN),
    ]);
    assert_eq!(scratch.run(&["check", "vendor/Dockerfile"]).code, 1);
    assert_eq!(scratch.run(&["check", "vendor"]).code, 1);
    assert_eq!(scratch.run(&["check"]).code, 0);
    assert_eq!(scratch.run(&["check", "--force-exclude", "vendor/Dockerfile"]).code, 0);
    let told = scratch.run(&["check", "--force-exclude", "-v", "vendor/Dockerfile"]).err;
    assert!(told.contains("vendor/Dockerfile: excluded"), "{told}");
}

#[test]
fn a_hook_may_name_files_of_others() {
    let scratch = Scratch::new(&[("a.yaml", "jobs: {}\n"), ("Dockerfile", BROKEN)]);
    assert_eq!(scratch.run(&["check", "a.yaml"]).code, 2);
    assert_eq!(scratch.run(&["check", "--skip-unknown", "a.yaml"]).code, 0);
    assert_eq!(scratch.run(&["check", "--skip-unknown", "a.yaml", "Dockerfile"]).code, 1);
}

#[test]
fn nothing_to_lint_is_told_and_a_path_that_is_not_there_is_an_error() {
    let scratch = Scratch::new(&[("readme.txt", "")]);
    let empty = scratch.run(&["check"]);
    assert_eq!(empty.code, 0);
    assert!(empty.err.contains("found no Dockerfile"), "{}", empty.err);
    let left_out = scratch.run(&["check", "--skip-unknown", "readme.txt"]);
    assert_eq!(left_out.code, 0);
    assert!(left_out.err.contains("nothing to lint"), "{}", left_out.err);
    scratch.write("a/Dockerfile", CLEAN);
    scratch.write("b/values.yaml", "a: 1\n");
    let half = scratch.run(&["check", "-v", "a", "b"]);
    assert_eq!(half.code, 0);
    assert!(half.err.contains("b: nothing to lint"), "{}", half.err);
    assert!(half.err.contains("b/values.yaml: neither Compose nor Kubernetes"), "{}", half.err);
    assert!(half.err.contains("read: a/Dockerfile (dockerfile, production)"), "{}", half.err);
    let missing = scratch.run(&["check", "nowhere"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("nowhere: no such file"), "{}", missing.err);
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let scratch = Scratch::new(&[("a/Dockerfile", CLEAN), ("b/x", "")]);
    // A link that goes nowhere fails for everyone, the superuser included.
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", scratch.0.join("b/Dockerfile")).unwrap();
    if cfg!(unix) {
        let walked = scratch.run(&["check"]);
        assert_eq!(walked.code, 0);
        assert!(walked.err.contains("b/Dockerfile: cannot be read"), "{}", walked.err);
        assert_eq!(scratch.run(&["check", "a/Dockerfile", "b/Dockerfile"]).code, 2);
    }
}

#[test]
fn output_that_nobody_reads_is_no_panic() {
    let text = "FROM node\n".repeat(5_000);
    let scratch = Scratch::new(&[("Dockerfile", &text)]);
    for format in ["text", "json", "junit"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["check", "--select", "latest-tag", "--format", format])
            .current_dir(&scratch.0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        assert!(output.status.code().is_some_and(|code| code <= 1), "{format}");
    }
}

#[test]
fn init_writes_a_configuration_once() {
    let scratch = Scratch::new(&[("Dockerfile", CLEAN)]);
    assert_eq!(scratch.run(&["init"]).code, 0);
    assert_eq!(scratch.run(&["check"]).code, 0);
    let again = scratch.run(&["init"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("there is already"), "{}", again.err);
}

const TWICE: &str = "duplicate-key";

/// A key that stands twice.
fn twice(name: &str) -> String {
    format!("services:\n  {name}:\n    image: a\n    image: b\n")
}

#[test]
fn only_findings_that_the_baseline_does_not_know_count() {
    let scratch = Scratch::new(&[("compose.yaml", &twice("web"))]);
    let baseline = ["check", "--select", TWICE, "--baseline", "known.json", "--format", "concise"];
    assert_eq!(scratch.run(&["check", "-q"]).code, 1);
    assert_eq!(
        scratch.run(&["check", "--select", TWICE, "--write-baseline", "known.json"]).code,
        0
    );
    assert_eq!(scratch.run(&baseline).code, 0);

    let moved = format!("# a line more\n\n{}", twice("web"));
    scratch.write("compose.yaml", &moved);
    assert_eq!(scratch.run(&baseline).code, 0, "moved lines");

    scratch.write("compose.yaml", &format!("{moved}    image: c\n"));
    let more = scratch.run(&baseline);
    assert_eq!((more.code, more.out.lines().count()), (1, 1), "{more:?}");
    scratch.write("compose.yaml", &twice("api"));
    let other = scratch.run(&baseline);
    assert_eq!((other.code, other.out.lines().count()), (1, 1), "{other:?}");
    assert!(other.err.contains("no longer found: compose.yaml: duplicate-key"), "{}", other.err);
}

#[test]
fn a_baseline_forgets_what_is_gone_and_never_grows() {
    let scratch = Scratch::new(&[
        ("compose.yaml", &twice("web")),
        ("gone/compose.yaml", &twice("web")),
        ("kept/compose.yaml", &twice("web")),
    ]);
    let known = || fs::read_to_string(scratch.0.join("known.json")).unwrap();
    scratch.run(&["check", "--select", TWICE, "--write-baseline", "known.json"]);
    let before = known();
    fs::remove_dir_all(scratch.0.join("gone")).unwrap();
    scratch.write("compose.yaml", &twice("api"));
    // A run over one file says nothing of those that are still there.
    let update = [
        "check",
        "--select",
        TWICE,
        "--baseline",
        "known.json",
        "--update-baseline",
        "compose.yaml",
    ];
    assert_eq!(scratch.run(&update).code, 1);
    let after = known();
    assert_eq!((before.lines().count(), after.lines().count()), (5, 3), "{after}");
    assert!(after.contains("kept/compose.yaml"), "{after}");
    scratch.write("known.json", "[]");
    assert_eq!(scratch.run(&["check", "--baseline", "known.json"]).code, 2);
    assert_eq!(scratch.run(&["check", "--baseline", "absent.json"]).code, 2);
}

#[test]
fn only_findings_on_changed_lines_count_since_a_revision() {
    let scratch = Scratch::new(&[("a/compose.yaml", &twice("web"))]);
    fs::remove_dir_all(scratch.0.join(".git")).unwrap();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let output = Command::new("git")
            .current_dir(&scratch.0)
            .args(identity)
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "old"]);
    let since = ["check", "--select", TWICE, "--diff-base", "main", "--format", "concise"];
    assert_eq!(scratch.run(&since).code, 0);

    scratch.write(
        "a/compose.yaml",
        &format!("{}  b:\n    init: true\n    init: true\n", twice("web")),
    );
    scratch.write("compose.yaml", &twice("web"));
    for directory in [".", "a"] {
        let run = scratch.run_in(Path::new(directory), &since);
        let found: Vec<&str> = run.out.lines().collect();
        let expected = if directory == "." { 2 } else { 1 };
        assert_eq!((run.code, found.len()), (1, expected), "{run:?}");
        assert!(found.iter().any(|line| line.contains("compose.yaml:7:")), "{run:?}");
    }
    git(&["checkout", "-qb", "topic"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "new"]);
    assert_eq!(scratch.run(&since).out.lines().count(), 2);
    let unknown = scratch.run(&["check", "--diff-base", "nowhere"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("nowhere"), "{}", unknown.err);
}

#[test]
fn formats_go_to_files_and_one_of_them_to_standard_output() {
    let scratch = Scratch::new(&[("compose.yaml", &twice("web"))]);
    let run =
        scratch.run(&["check", "--format", "json", "-f", "sarif=out.sarif", "-f", "text=a.txt"]);
    assert_eq!(run.code, 1);
    assert!(serde_json::from_str::<serde_json::Value>(&run.out).is_ok(), "{}", run.out);
    assert!(fs::read_to_string(scratch.0.join("out.sarif")).unwrap().contains("2.1.0"));
    let text = fs::read_to_string(scratch.0.join("a.txt")).unwrap();
    assert!(text.contains("duplicate-key") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(scratch.run(&["check", "-f", "json", "-f", "text"]).code, 2);
    let unknown = scratch.run(&["check", "-f", "sarf"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean `sarif`?"), "{}", unknown.err);
    assert_eq!(scratch.run(&["check", "-f", "json=no/such/directory/x"]).code, 2);
}
/// `UPDATE=1 cargo test` writes it anew.
#[test]
fn the_schema_of_the_configuration_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/plimsoll.schema.json");
    let schema = Scratch::new(&[]).run(&["config", "schema"]).out;
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &schema).unwrap();
    }
    assert!(fs::read_to_string(&path).is_ok_and(|kept| kept == schema), "run UPDATE=1 cargo test");
}

#[test]
fn what_init_writes_is_right_once_it_is_uncommented() {
    let template = include_str!("../src/cli/init.toml");
    let is_setting = |line: &str| line.starts_with(|c: char| c == '[' || c.is_ascii_lowercase());
    let lines = template.lines().filter_map(|line| line.strip_prefix("# "));
    let settings = lines.filter(|line| is_setting(line) && !line.starts_with("extend"));
    let text: Vec<&str> = settings.collect();
    assert!(text.len() > 15, "{text:?}");
    let scratch = Scratch::new(&[
        ("plimsoll.toml", &text.join("\n")),
        ("compose.yaml", ""),
        ("compose.prod.yaml", ""),
    ]);
    let shown = scratch.run(&["config", "show", "legacy/Dockerfile"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("fail-on = \"error\""), "{}", shown.out);
}
