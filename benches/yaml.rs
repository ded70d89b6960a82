//! How fast YAML is read, and in how much memory: large files, real ones, hostile ones.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use plimsoll::source::{Files, SourceFile};
use plimsoll::syntax::yaml::{self, Kind, Node};
use plimsoll::syntax::{Comment, helm};

const MANIFEST: &str = "\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # the front
  labels: {app: web, tier: \"front\"}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.2.3
          args: [\"--port\", \"8080\"]
          command:
            - sh
            - -c
            - |
              echo starting
              exec /web --verbose
";

fn main() {
    // First, for the peak of a process only ever grows.
    let large = file(MANIFEST.repeat(10_000_000 / MANIFEST.len()));
    let before = memory("VmRSS:");
    let parsed = yaml::parse(&large);
    let bytes = (memory("VmHWM:") - before) as f64 / large.text.len() as f64;
    println!("memory: {bytes:.1} bytes at most for each byte of 10 MB, beside the text itself");
    black_box(parsed);

    for times in [1, 2, 5, 10] {
        let documents = file(MANIFEST.repeat(times * 1_000_000 / MANIFEST.len()));
        report(&format!("{times} MB of documents"), &documents);
    }
    let broken = MANIFEST.replace("image: ", "image: \"");
    let services = |i: usize| format!("  s{i}:\n    image: nginx:1.{i}\n    ports: [\"80:80\"]\n");
    let one_document = "services:\n".to_owned() + &(0..200_000).map(services).collect::<String>();
    let one_error = one_document.replace("s100000:", "s100000: \"");
    let letters: Vec<char> = ('a'..='k').collect();
    let bomb = letters.windows(2).map(|pair| {
        format!("{}: &{} [{}]\n", pair[1], pair[1], format!("*{},", pair[0]).repeat(9))
    });
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned() + &bomb.collect::<String>();
    let merges = (1..1000).map(|i| format!("x{i}: &m{i} {{<<: [*m{0}, *m{0}], k: v}}\n", i - 1));
    let merges = "x0: &m0 {k0: v}\n".to_owned() + &merges.collect::<String>();
    for (name, text) in [
        ("one document", one_document),
        ("one document, one error", one_error),
        ("1 MB of broken documents", broken.repeat(1_000_000 / broken.len())),
        ("1 MB of tabs", "a:\n\tb: c\n".repeat(120_000)),
        ("1 MB of binary", (0..=255u8).map(char::from).collect::<String>().repeat(3000)),
        ("1 MB on one line, plain", "a: ".to_owned() + &"b".repeat(1_000_000)),
        ("1 MB on one line, flow", "[".to_owned() + &"{a: b}, ".repeat(125_000) + "]"),
        ("1 MB on one line, escapes", "a: \"".to_owned() + &"\\n".repeat(500_000) + "\""),
        ("1 MB block scalar", "a: |\n".to_owned() + &"  echo one\n".repeat(90_000)),
        ("1 MB folded scalar", "a: >\n".to_owned() + &"  echo one\n".repeat(90_000)),
        ("1 MB of comments", "# a comment\n".repeat(85_000) + "a: 1\n"),
        ("1 MB of keys", (0..90_000).map(|i| format!("key{i}: 1\n")).collect()),
        ("1 MB of one key", "key: value\n".repeat(90_000)),
        ("1 MB of `[`", "[".repeat(1_000_000)),
        ("1 MB of `- `", "- ".repeat(500_000)),
        ("1 MB of `? `", "? ".repeat(500_000)),
        ("1 MB of quotes", "'".repeat(1_000_001)),
        ("alias bomb", bomb),
        ("merge bomb", merges),
    ] {
        report(name, &file(text));
    }
    corpus();
}

fn corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let mut texts = Vec::new();
    let mut open = vec![corpus];
    while let Some(path) = open.pop() {
        if let Ok(entries) = fs::read_dir(&path) {
            open.extend(entries.flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            texts.extend(fs::read_to_string(&path).ok().map(file));
        }
    }
    if texts.is_empty() {
        println!("no corpus; no real files measured");
        return;
    }
    let bytes = texts.iter().map(|file| file.text.len()).sum();
    let time = best(|| texts.iter().for_each(|file| drop(black_box(yaml::parse(file)))));
    line(&format!("{} real files", texts.len()), bytes, time, "");
    let time = best(|| texts.iter().for_each(|file| drop(black_box(helm::parse(file)))));
    line("the same as templates", bytes, time, "");
}

fn file(text: String) -> SourceFile {
    let mut files = Files::default();
    let id = files.add("bench.yaml", text);
    files.get(id).clone()
}

fn report(name: &str, file: &SourceFile) {
    let mut found = String::new();
    let time = best(|| {
        let parsed = yaml::parse(black_box(file));
        let values: usize =
            parsed.tree.documents().map(|document| walk(document.root(&parsed.tree))).sum();
        let comments: &[Comment] = &parsed.comments;
        found =
            format!("{values} values, {} comments, {} errors", comments.len(), parsed.errors.len());
    });
    line(name, file.text.len(), time, &found);
}

/// Looks at every value as a model would, through aliases and merge keys.
fn walk(node: Node<'_>) -> usize {
    black_box(node.text());
    match node.kind() {
        Kind::Null | Kind::Scalar => 1,
        Kind::Sequence => 1 + node.items().map(walk).sum::<usize>(),
        Kind::Mapping => 1 + node.entries().iter().map(|entry| walk(entry.value)).sum::<usize>(),
    }
}

/// The shortest of several runs.
fn best(mut run: impl FnMut()) -> Duration {
    let mut time = || {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..3).map(|_| time()).min().unwrap_or_default()
}

fn line(name: &str, bytes: usize, time: Duration, found: &str) {
    let rate = bytes as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{name:28} {:8.3} MB {:9.3} ms {rate:7.1} MB/s  {found}",
        bytes as f64 / 1e6,
        time.as_secs_f64() * 1e3
    );
}

/// The memory that this process has (`VmRSS:`) or has had at most (`VmHWM:`), in bytes; 0 where
/// Linux does not say.
fn memory(what: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kilobytes.map_or(0, |kilobytes: usize| kilobytes * 1024)
}
