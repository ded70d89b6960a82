//! How fast the shell parser is: over the `RUN` texts of the corpus, and as texts grow.

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use plimsoll::source::{FileId, Span};
use plimsoll::syntax::shell::{Shell, parse};

/// The binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let corpus = corpus();
    if corpus.is_empty() {
        println!("no corpus; only growth is measured");
    } else {
        let bytes: usize = corpus.iter().map(String::len).sum();
        let time = best(|| corpus.iter().for_each(|text| read(text)));
        report("corpus, parse and walk", bytes, time);
    }
    let chained = "apt-get install -y --no-install-recommends curl && ".repeat(20_000) + "true";
    let lines = "echo \"$HOME\" | tr a b > 'out file'\n".repeat(30_000);
    let heredocs = "cat <<EOF > file\nline $A\nEOF\n".repeat(35_000);
    for (name, text) in [
        ("20,000 chained commands", chained),
        ("1 MB of lines", lines),
        ("1 MB of heredocs", heredocs),
    ] {
        report(name, text.len(), best(|| read(&text)));
    }
    for opener in ["$(", "(", "{ ", "if ", "`", "\"", "'", "$((", "${a:-", "((", "$((a) ", "\"$("] {
        for times in [10_000, 100_000] {
            let text = opener.repeat(times);
            report(&format!("{times} of {opener}"), text.len(), best(|| read(&text)));
        }
    }
}

fn read(text: &str) {
    let place = |range: std::ops::Range<usize>| Span::new(FileId(0), range.start, range.end);
    let parsed = parse(black_box(text), Shell::default(), &place);
    black_box(parsed.tree.commands().count());
}

/// The shortest of several runs.
fn best(mut run: impl FnMut()) -> Duration {
    let mut time = || {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..5).map(|_| time()).min().unwrap_or_default()
}

fn report(name: &str, bytes: usize, time: Duration) {
    let rate = bytes as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{name:32} {:9.3} MB {:9.3} ms {rate:8.1} MB/s",
        bytes as f64 / 1e6,
        time.as_secs_f64() * 1e3
    );
}

/// The texts that the corpus gives to a shell, where there is a corpus.
fn corpus() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/oracle/corpus.jsonl");
    let Ok(file) = std::fs::File::open(path) else { return Vec::new() };
    let mut texts = Vec::new();
    for line in BufReader::new(file).lines().map_while(Result::ok) {
        let file: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let runs = file["nodes"].as_array().into_iter().flatten().map(|node| &node["typed"]);
        let shell = runs.filter(|run| run["t"] == "RUN" && run["shell"] == true);
        texts.extend(shell.filter_map(|run| Some(run["cmdline"][0].as_str()?.to_owned())));
    }
    texts
}
