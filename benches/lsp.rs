//! From a keystroke to its diagnostics, in a workspace of 2,000 files: `cargo bench --bench lsp`.
//! Talks to the server as an editor does, over pipes, and says what is slower than promised.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, PipeWriter, Read, Write, pipe};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const FILES: usize = 2_000;
const MEGABYTE: usize = 1 << 20;

fn main() {
    let folder = workspace();
    let mut editor = Editor::start(&folder);
    println!("{FILES} files indexed in {:.0?}", editor.indexed());
    for (path, text, promise) in [
        ("p0/Dockerfile", dockerfile(0), 5),
        ("p0/compose.yaml", compose(0), 5),
        ("p0/deployment.yaml", manifest(0), 5),
        ("large/Dockerfile", repeated("FROM alpine:3.21\n", |n| format!("RUN echo {n}\n")), 50),
        ("large/compose.yaml", repeated("services:\n", service), 50),
        ("large/pods.yaml", repeated("", manifest), 50),
    ] {
        let (median, worst, findings) = editor.type_in(path, &text);
        let promise = Duration::from_millis(promise);
        let verdict = if median < promise { "ok" } else { "SLOW" };
        println!(
            "{path:20} {:>8} bytes {findings:>6} findings  median {median:>8.2?}  worst {worst:>8.2?}  \
             promised {promise:?} {verdict}",
            text.len()
        );
    }
}

struct Editor {
    input: PipeWriter,
    output: BufReader<std::io::PipeReader>,
    folder: PathBuf,
    started: Instant,
    requests: i64,
}

impl Editor {
    fn start(folder: &Path) -> Self {
        let (to_server, input) = pipe().unwrap();
        let (output, from_server) = pipe().unwrap();
        let (input, output) = (input, output);
        let server = (to_server, from_server);
        let (reader, writer) = server;
        thread::spawn(move || plimsoll::lsp::serve(reader, writer));
        let mut editor = Self {
            input,
            output: BufReader::new(output),
            folder: folder.to_owned(),
            started: Instant::now(),
            requests: 1,
        };
        let folders = json!([{"uri": format!("file://{}", folder.display()), "name": "bench"}]);
        let capabilities = json!({
            "textDocument": {"diagnostic": {}},
            "workspace": {"diagnostics": {"refreshSupport": true}},
        });
        editor.send(json!({"id": 1, "method": "initialize",
            "params": {"workspaceFolders": folders, "capabilities": capabilities}}));
        editor.send(json!({"method": "initialized", "params": {}}));
        editor
    }

    /// How long it takes until all files are known.
    fn indexed(&mut self) -> Duration {
        self.wait(|message| message["method"] == "workspace/diagnostic/refresh");
        self.started.elapsed()
    }

    /// Types and deletes a character again and again; median and worst time, and how many
    /// findings there are.
    fn type_in(&mut self, path: &str, text: &str) -> (Duration, Duration, usize) {
        let uri = format!("file://{}/{path}", self.folder.display());
        let document = json!({"uri": uri, "languageId": "", "version": 1, "text": text});
        self.send(json!({"method": "textDocument/didOpen", "params": {"textDocument": document}}));
        let mut findings = self.diagnostics(&uri);
        let line = text.lines().count() / 2;
        let at = |from, to| json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
        let mut times = Vec::new();
        for version in 2..62 {
            let change = match version % 2 {
                0 => json!({"range": at(0, 0), "text": "#"}),
                _ => json!({"range": at(0, 1), "text": ""}),
            };
            let document = json!({"uri": uri, "version": version});
            let params = json!({"textDocument": document, "contentChanges": [change]});
            let started = Instant::now();
            self.send(json!({"method": "textDocument/didChange", "params": params}));
            findings = self.diagnostics(&uri);
            times.push(started.elapsed());
        }
        let params = json!({"textDocument": {"uri": uri}});
        self.send(json!({"method": "textDocument/didClose", "params": params}));
        self.indexed();
        times.sort();
        (times[times.len() / 2], times[times.len() - 1], findings)
    }

    /// How many diagnostics a file has now.
    fn diagnostics(&mut self, uri: &str) -> usize {
        self.requests += 1;
        let id = self.requests;
        let params = json!({"textDocument": {"uri": uri}});
        self.send(json!({"id": id, "method": "textDocument/diagnostic", "params": params}));
        let message = self.wait(|message| message["id"] == id && message.get("result").is_some());
        message["result"]["items"].as_array().unwrap().len()
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
    }

    fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut header = String::new();
            self.output.read_line(&mut header).unwrap();
            let length = header.strip_prefix("Content-Length: ").unwrap();
            let mut text = vec![0; 2 + length.trim().parse::<usize>().unwrap()];
            self.output.read_exact(&mut text).unwrap();
            let message: Value = serde_json::from_slice(&text[2..]).unwrap();
            if is_it(&message) {
                return message;
            }
        }
    }
}

/// A quarter Dockerfiles, a quarter Compose files, half manifests, in projects of four.
fn workspace() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-lsp");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join(".git")).unwrap();
    for number in 0..FILES / 4 {
        let project = folder.join(format!("p{number}"));
        fs::create_dir(&project).unwrap();
        fs::write(project.join("Dockerfile"), dockerfile(number)).unwrap();
        fs::write(project.join("compose.yaml"), compose(number)).unwrap();
        fs::write(project.join("deployment.yaml"), manifest(number)).unwrap();
        fs::write(project.join("service.yaml"), k8s_service(number)).unwrap();
    }
    folder
}

fn dockerfile(number: usize) -> String {
    format!(
        "# syntax=docker/dockerfile:1\n\
         ARG VERSION=22\n\
         FROM node:${{VERSION}} AS build\n\
         WORKDIR /app\n\
         COPY package.json package-lock.json ./\n\
         RUN --mount=type=cache,target=/root/.npm npm ci && \\\n    npm cache verify\n\
         COPY . .\n\
         ENV PROJECT=p{number}\n\
         RUN npm run build\n\n\
         FROM nginx:latest\n\
         RUN apt-get update && apt-get install -y curl\n\
         COPY --from=build /app/dist /usr/share/nginx/html\n\
         EXPOSE 80\n\
         CMD nginx -g 'daemon off;'\n"
    )
}

fn compose(number: usize) -> String {
    let mut text = "services:\n  web:\n    build: .\n    ports: [\"8080:80\"]\n".to_owned();
    (0..4).for_each(|index| text.push_str(&service(number * 10 + index)));
    text
}

fn service(number: usize) -> String {
    format!(
        "  s{number}:\n    image: postgres:16\n    restart: always\n    privileged: true\n    \
         environment:\n      POSTGRES_PASSWORD: ${{PASSWORD:-secret}}\n    volumes:\n      \
         - data{number}:/var/lib/postgresql/data\n    depends_on: [web]\n"
    )
}

fn manifest(number: usize) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app{number}\nspec:\n  \
         replicas: 1\n  selector:\n    matchLabels: {{app: app{number}}}\n  template:\n    \
         metadata:\n      labels: {{app: app{number}}}\n    spec:\n      containers:\n        \
         - name: app\n          image: ghcr.io/example/app{number}:1.2\n          ports:\n            \
         - containerPort: 8080\n          env:\n            - name: TOKEN\n              \
         valueFrom:\n                secretKeyRef: {{name: app{number}, key: token}}\n"
    )
}

fn k8s_service(number: usize) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: app{number}\nspec:\n  \
         selector: {{app: app{number}}}\n  ports:\n    - port: 80\n      targetPort: 8080\n"
    )
}

/// A megabyte of parts.
fn repeated(head: &str, part: impl Fn(usize) -> String) -> String {
    let mut text = head.to_owned();
    let mut number = 0;
    while text.len() < MEGABYTE {
        let _ = write!(text, "{}", part(number));
        number += 1;
    }
    text
}
