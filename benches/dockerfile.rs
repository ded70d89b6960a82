//! How fast Dockerfiles are parsed, evaluated, and read as shell: those of the corpus, and
//! hostile ones, each step also against what the same number of bytes of the corpus costs. An
//! argument leaves only the hostile ones whose names it is part of.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use plimsoll::model::dockerfile::{Inputs, build};
use plimsoll::model::run::script;
use plimsoll::source::{Files, SourceFile};
use plimsoll::syntax::dockerfile::{Instruction, Keyword, parse};
use plimsoll::syntax::shell::Shell;

/// The binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    println!("MB/s, and how often the time of as many bytes of the first line");
    println!("{:34}{:>8}{:>14}{:>14}{:>14}{:>14}", "", "MB", "parse", "evaluate", "shell", "all");
    let corpus = corpus();
    let (name, files) = match corpus.is_empty() {
        true => ("generated (there is no corpus)", typical()),
        false => ("corpus", corpus),
    };
    let usual = Costs::of(&files);
    usual.show(name, &usual);
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for (name, text) in hostile() {
        if filter.as_ref().is_some_and(|filter| !name.contains(filter)) {
            continue;
        }
        Costs::of(&[file(text)]).show(name, &usual);
    }
}

/// Nanoseconds per byte: of the shell, per byte that it is given, else of the file.
struct Costs {
    bytes: usize,
    parse: f64,
    evaluate: f64,
    shell: f64,
    all: f64,
}

impl Costs {
    fn of(files: &[SourceFile]) -> Self {
        let bytes = files.iter().map(|file| file.text.len()).sum();
        let parse_time = best(|| files.iter().for_each(|file| drop(black_box(parse(file)))));
        let trees: Vec<_> = files.iter().map(|file| parse(file).tree).collect();
        let inputs = Inputs::default();
        let evaluate_time = best(|| {
            for tree in &trees {
                let build = build(tree, &inputs);
                black_box(build.target.map(|target| build.image(target)));
            }
        });
        let instructions = trees.iter().flat_map(|tree| &tree.instructions);
        let runs: Vec<_> = instructions.filter(|it| it.kind == Keyword::Run).collect();
        let shell_time = best(|| {
            for run in &runs {
                let script = script(run, Shell::default()).tree;
                black_box(script.commands().count());
            }
        });
        let per = |time: Duration, bytes: usize| match bytes {
            0 => 0.0,
            bytes => time.as_secs_f64() * 1e9 / bytes as f64,
        };
        Self {
            bytes,
            parse: per(parse_time, bytes),
            evaluate: per(evaluate_time, bytes),
            shell: per(shell_time, runs.iter().copied().map(given).sum()),
            all: per(parse_time + evaluate_time + shell_time, bytes),
        }
    }

    fn show(&self, name: &str, usual: &Self) {
        print!("{name:34}{:8.3}", self.bytes as f64 / 1e6);
        for (cost, usual) in [
            (self.parse, usual.parse),
            (self.evaluate, usual.evaluate),
            (self.shell, usual.shell),
            (self.all, usual.all),
        ] {
            match cost > 0.1 {
                true => print!("{:8.1} {:4.1}x", 1e3 / cost, cost / usual),
                false => print!("{:>14}", "-"),
            }
        }
        println!();
    }
}

/// How many bytes a `RUN` gives to a shell.
fn given(run: &Instruction) -> usize {
    let bodies = run.heredocs.iter().map(|heredoc| heredoc.text.text().len());
    run.shell_text().map_or(0, |shell| shell.text.len()) + bodies.sum::<usize>()
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

/// Ordinary files, where there is no corpus.
fn typical() -> Vec<SourceFile> {
    let text = |n: usize| {
        format!(
            r#"# syntax=docker/dockerfile:1
ARG VERSION=3.{n}
FROM python:$VERSION-slim AS build
WORKDIR /srv/app{n}
ENV PIP_NO_CACHE_DIR=1 \
    PYTHONUNBUFFERED=1
# What the wheels are built with.
RUN apt-get update && apt-get install -y --no-install-recommends \
        build-essential \
        ca-certificates \
        libpq-dev=15.{n}* \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt ./
RUN pip wheel --wheel-dir /wheels -r requirements.txt
RUN set -eux; \
    curl -fsSLo /tmp/tool.tar.gz "https://example.com/tool/v{n}/tool.tar.gz"; \
    echo "$SUM  /tmp/tool.tar.gz" | sha256sum -c -; \
    if [ "$(uname -m)" = x86_64 ]; then tar -xzf /tmp/tool.tar.gz -C /usr/local; fi

FROM python:$VERSION-slim
COPY --from=build /wheels /wheels
RUN pip install /wheels/*.whl && useradd --system --uid 10001 app
COPY --chown=app:app . .
USER app
EXPOSE 8000/tcp
HEALTHCHECK --interval=30s CMD curl -fsS http://localhost:8000/health || exit 1
ENTRYPOINT ["python", "-m", "app{n}"]
"#
        )
    };
    (0..1_000).map(|n| file(text(n))).collect()
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
        ("10,000 stages without steps", each(10_000, &|n| format!("FROM a:{n} AS s{n}\n"))),
        (
            "20,000 continuation lines",
            format!(
                "FROM a\nRUN \\\n{}  true\n",
                format!("  echo {} && \\\n", &pad[..37]).repeat(20_000)
            ),
        ),
        (
            "20,000 short continuation lines",
            format!("FROM a\nRUN \\\n{}  true\n", "  echo a && \\\n".repeat(20_000)),
        ),
        (
            "20,000 comments in one RUN",
            format!("FROM a\nRUN \\\n{}  true\n", "  # why\n".repeat(20_000)),
        ),
        (
            "20,000 chained commands",
            format!(
                "FROM a\nRUN {}true\n",
                "apt-get install -y --no-install-recommends curl && \\\n".repeat(20_000)
            ),
        ),
        (
            "20,000 short chained commands",
            format!("FROM a\nRUN {}true\n", "echo aaaa && \\\n".repeat(20_000)),
        ),
        ("60,000 short RUNs", each(60_000, &|n| format!("RUN echo {n}\n"))),
        (
            "5,000 heredocs",
            each(5_000, &|n| format!("RUN <<E{n}\necho {pad}{pad}\necho {n}\nE{n}\n")),
        ),
        (
            "5,000 heredocs of one shell text",
            format!(
                "FROM a\nRUN <<E\n{}E\n",
                format!("cat <<EOF > file\nline $A {pad}\nEOF\n").repeat(10_000)
            ),
        ),
        (
            "35,000 short ones",
            format!("FROM a\nRUN <<E\n{}E\n", "cat <<EOF > file\nline $A\nEOF\n".repeat(35_000)),
        ),
        (
            "30,000 short lines in a heredoc",
            format!(
                "FROM a\nRUN <<E\n{}E\n",
                "echo \"$HOME\" | tr a b > 'out file'\n".repeat(30_000)
            ),
        ),
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
        ("20,000 short ENV", each(20_000, &|n| format!("ENV a{n}=b\n"))),
        ("20,000 ARG", each(20_000, &|n| format!("ARG a{n}=$a{}\n", n / 2))),
        ("one ARG of 20,000", format!("FROM a\nARG {}\n", "a=$b \\\n".repeat(20_000))),
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
