//! How fast Dockerfiles are parsed and evaluated: those of the corpus, and hostile ones.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use plimsoll::model::dockerfile::{Inputs, build};
use plimsoll::source::{Files, SourceFile};
use plimsoll::syntax::dockerfile::parse;

fn main() {
    let corpus = corpus();
    if corpus.is_empty() {
        println!("no corpus; only growth is measured");
    } else {
        measure("corpus", &corpus);
    }
    for (name, text) in hostile() {
        measure(name, &[file(text)]);
    }
}

fn measure(name: &str, files: &[SourceFile]) {
    let bytes: usize = files.iter().map(|file| file.text.len()).sum();
    let parsing = best(|| files.iter().for_each(|file| drop(black_box(parse(file)))));
    let trees: Vec<_> = files.iter().map(|file| parse(file).tree).collect();
    let inputs = Inputs::default();
    let evaluating = best(|| {
        for tree in &trees {
            let build = build(tree, &inputs);
            black_box(build.target.map(|target| build.image(target)));
        }
    });
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{name:32} {:7.3} MB   parse {:7.1} MB/s   evaluate {:7.1} MB/s   both {:7.1} MB/s",
        bytes as f64 / 1e6,
        rate(parsing),
        rate(evaluating),
        rate(parsing + evaluating),
    );
}

/// The shortest of as many runs as half a second has room for, but five.
fn best(mut run: impl FnMut()) -> Duration {
    let begin = Instant::now();
    let mut time = || {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    let mut best = (0..5).map(|_| time()).min().unwrap_or_default();
    while begin.elapsed() < Duration::from_millis(500) {
        best = best.min(time());
    }
    best
}

fn file(text: String) -> SourceFile {
    let mut files = Files::default();
    let id = files.add("Dockerfile", text);
    files.get(id).clone()
}

fn corpus() -> Vec<SourceFile> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let list = std::fs::read_to_string(shared.join("oracle/corpus.jsonl")).unwrap_or_default();
    let path = |line: &str| {
        let case: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(shared.join("corpus").join(case["path"].as_str()?))
    };
    let bytes = list.lines().filter_map(|line| std::fs::read(path(line)?).ok());
    bytes.map(|bytes| file(String::from_utf8_lossy(&bytes).into_owned())).collect()
}

/// Texts on which something that is not linear shows.
fn hostile() -> Vec<(&'static str, String)> {
    let each = |count: usize, text: &dyn Fn(usize) -> String| {
        "FROM scratch\n".to_owned() + &(0..count).map(text).collect::<String>()
    };
    let pad = "x".repeat(70);
    vec![
        ("10,000 stages", each(10_000, &|n| format!("FROM a:{n} AS s{n}\nRUN echo {pad}\n"))),
        (
            "10,000 stages, each on the last",
            each(10_000, &|n| {
                let base = if n == 0 { "scratch".into() } else { format!("s{}", n - 1) };
                format!("FROM {base} AS s{n}\nENV V{n}=$V{} P={pad}\n", n / 2)
            }),
        ),
        (
            "10,000 stages that copy",
            each(10_000, &|n| format!("FROM scratch AS s{n}\nCOPY --from=s{} {pad} /\n", n / 2)),
        ),
        (
            "20,000 continuation lines",
            format!("FROM a\nRUN \\\n{}  true\n", "  echo a && \\\n".repeat(20_000)),
        ),
        (
            "20,000 comments in one RUN",
            format!("FROM a\nRUN \\\n{}  true\n", "  # why\n".repeat(20_000)),
        ),
        (
            "20,000 chained commands",
            format!("FROM a\nRUN {}true\n", "echo aaaa && \\\n".repeat(20_000)),
        ),
        ("5,000 heredocs", each(5_000, &|n| format!("RUN <<E{n}\necho {pad}\nE{n}\n"))),
        ("5,000 heredocs of one RUN", {
            let names: String = (0..5_000).map(|n| format!("<<E{n} \\\n")).collect();
            let bodies: String = (0..5_000).map(|n| format!("{pad}\nE{n}\n")).collect();
            format!("FROM a\nRUN cat {names} x\n{bodies}")
        }),
        ("5,000 heredocs without an end", each(5_000, &|n| format!("RUN <<E{n}\necho {pad}\n"))),
        ("5,000 ends before their heredocs", {
            let ends: String = (0..5_000).map(|n| format!("E{n}\n")).collect();
            ends + &each(5_000, &|n| format!("RUN <<E{n}\necho {pad}\n"))
        }),
        ("ENV that doubles", each(20_000, &|_| "ENV A=$A$A$A$A b$A\n".to_owned())),
        ("one ENV with 20,000 pairs", format!("FROM a\nENV {}\n", "a=$b \\\n".repeat(20_000))),
        ("20,000 replacements", each(20_000, &|_| format!("ENV A=${{A//x*x/{pad}}}{pad}\n"))),
        ("nested substitutions", each(20_000, &|_| format!("ENV A={}\n", "${A:-".repeat(20)))),
        (
            "JSON of 100,000 strings",
            format!("FROM a\nCMD [{}\"\"]\n", "\"a\", \\\n".repeat(100_000)),
        ),
        ("JSON of brackets", format!("FROM a\nCMD {}\n", "[[[[[[[[\\\n".repeat(50_000))),
        ("nested ONBUILD", format!("FROM a\n{}RUN x\n", "ONBUILD \\\n".repeat(20_000))),
        ("100,000 flags", format!("FROM a\nCOPY {} a b\n", "--link \\\n".repeat(100_000))),
    ]
}
