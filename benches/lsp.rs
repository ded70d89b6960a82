//! From a keystroke to its diagnostics, in a workspace of 2,000 files: `cargo bench --bench lsp`.
//! Talks to the server as an editor does, over pipes, and says what is slower than promised. An
//! argument leaves only the files whose paths it is part of: `cargo bench --bench lsp -- large`.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, PipeWriter, Read, Write, pipe};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FILES: usize = 2_000;
const MEGABYTE: usize = 1 << 20;

fn main() {
    let folder = workspace();
    let mut editor = Editor::start(&folder);
    let indexed = editor.indexed();
    println!("{FILES} files indexed in {indexed:.0?}, {} in memory", memory());
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for (path, text, promise) in [
        ("p0/Dockerfile", dockerfile(0), 5),
        ("p0/compose.yaml", compose(0), 5),
        ("p0/deployment.yaml", manifest(0), 5),
        ("large/Dockerfile", repeated("FROM alpine:3.21\n", |n| format!("RUN echo {n}\n")), 50),
        ("stages/Dockerfile", repeated("", stages), 50),
        ("large/compose.yaml", repeated("services:\n", service), 50),
        ("quiet/compose.yaml", repeated("services:\n", quiet_service), 50),
        ("large/pods.yaml", repeated("", manifest), 50),
        ("quiet/pods.yaml", repeated("", quiet_manifest), 50),
    ] {
        if filter.as_ref().is_some_and(|filter| !path.contains(filter)) {
            continue;
        }
        let Times { first, mut edits, findings, computing } = editor.type_in(path, &text);
        let computing = computing / edits.len() as u32;
        edits.sort();
        let median = edits[edits.len() / 2];
        let promise = Duration::from_millis(promise);
        let verdict = if median < promise { "ok" } else { "SLOW" };
        println!(
            "{path:20} {:>8} bytes {findings:>6} findings  first {first:>8.2?}  least {:>8.2?}  median \
             {median:>8.2?}  worst {:>8.2?}  computing {computing:>8.2?}  promised {promise:?} {verdict}",
            text.len(),
            edits[0],
            edits[edits.len() - 1],
        );
    }
}

/// What it takes to show the findings of one file.
struct Times {
    /// From opening to the first of them.
    first: Duration,
    /// From each edit to the new ones.
    edits: Vec<Duration>,
    /// How many there are.
    findings: usize,
    /// What all threads computed for all edits together, the editor's side included: also true on
    /// a machine that does other things. Zero where the system does not tell.
    computing: Duration,
}

/// What this process holds in memory, where the system tells.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or("unknown", str::trim).to_owned()
}

/// What all threads of this process have computed so far.
fn computed() -> Duration {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let times = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(times.sum())
}

struct Editor {
    input: PipeWriter,
    output: BufReader<std::io::PipeReader>,
    folder: PathBuf,
    started: Instant,
    /// When the last message was here, not yet parsed.
    arrived: Instant,
    requests: i64,
    /// Of the last message: an editor does not fetch fresh memory for each.
    text: Vec<u8>,
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
            arrived: Instant::now(),
            requests: 1,
            text: Vec::new(),
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

    /// Types and deletes a character again and again.
    fn type_in(&mut self, path: &str, text: &str) -> Times {
        let uri = format!("file://{}/{path}", self.folder.display());
        let document = json!({"uri": uri, "languageId": "", "version": 1, "text": text});
        let started = Instant::now();
        self.send(json!({"method": "textDocument/didOpen", "params": {"textDocument": document}}));
        let mut findings = self.diagnostics(&uri);
        let first = self.arrived - started;
        let line = text.lines().count() / 2;
        let at = |from, to| json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
        let mut edits = Vec::new();
        let before = computed();
        let rounds = if text.len() < MEGABYTE { 60 } else { 20 };
        for version in 2..2 + rounds {
            let change = match version % 2 {
                0 => json!({"range": at(0, 0), "text": "#"}),
                _ => json!({"range": at(0, 1), "text": ""}),
            };
            let document = json!({"uri": uri, "version": version});
            let params = json!({"textDocument": document, "contentChanges": [change]});
            let started = Instant::now();
            self.send(json!({"method": "textDocument/didChange", "params": params}));
            findings = self.diagnostics(&uri);
            edits.push(self.arrived - started);
        }
        let computing = computed() - before;
        let params = json!({"textDocument": {"uri": uri}});
        self.send(json!({"method": "textDocument/didClose", "params": params}));
        self.indexed();
        Times { first, edits, findings, computing }
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
            self.text.resize(2 + length.trim().parse::<usize>().unwrap(), 0);
            self.output.read_exact(&mut self.text).unwrap();
            self.arrived = Instant::now();
            let message: Value = serde_json::from_slice(&self.text[2..]).unwrap();
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

/// A program in two stages, as somebody would write it.
fn stages(number: usize) -> String {
    format!(
        "FROM golang:1.24.2 AS build{number}\nWORKDIR /src\nCOPY go.mod go.sum ./\n\
         RUN go mod download\nCOPY . .\n\
         RUN CGO_ENABLED=0 go build -trimpath -o /out/app{number} ./cmd/app{number}\n\n\
         FROM alpine:3.21 AS app{number}\n\
         RUN apk add --no-cache ca-certificates tzdata && \\\n    addgroup -S app && \\\n    \
         adduser -S -G app -u 10001 app\n\
         COPY --from=build{number} /out/app{number} /usr/local/bin/app{number}\n\
         ENV APP_MODE=server APP_LISTEN=:8080\nUSER 10001\nEXPOSE 8080\n\
         HEALTHCHECK CMD [\"/usr/local/bin/app{number}\", \"health\"]\n\
         ENTRYPOINT [\"/usr/local/bin/app{number}\"]\n\n"
    )
}

fn quiet_service(number: usize) -> String {
    format!(
        "  s{number}:\n    image: ghcr.io/example/app{number}:1.4.2\n    restart: unless-stopped\n    \
         user: \"10001\"\n    read_only: true\n    init: true\n    environment:\n      \
         LISTEN: \":8080\"\n      DATABASE: db{number}.internal\n    volumes:\n      \
         - ./data/s{number}:/var/lib/app\n    security_opt: [\"no-new-privileges:true\"]\n    \
         deploy:\n      resources:\n        limits:\n          memory: 256M\n    \
         healthcheck:\n      test: [\"CMD\", \"/app\", \"health\"]\n      interval: 30s\n"
    )
}

fn quiet_manifest(number: usize) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app{number}\n  \
         namespace: shop\nspec:\n  replicas: 2\n  selector:\n    matchLabels: {{app: app{number}}}\n  \
         template:\n    metadata:\n      labels: {{app: app{number}}}\n    spec:\n      \
         automountServiceAccountToken: false\n      securityContext:\n        \
         runAsNonRoot: true\n        runAsUser: 10001\n        seccompProfile: {{type: RuntimeDefault}}\n      \
         containers:\n        - name: app\n          image: ghcr.io/example/app{number}:1.2.3\n          \
         ports:\n            - containerPort: 8080\n          resources:\n            \
         requests: {{cpu: 100m, memory: 128Mi}}\n            limits: {{memory: 128Mi}}\n          \
         readinessProbe:\n            httpGet: {{path: /ready, port: 8080}}\n          \
         securityContext:\n            allowPrivilegeEscalation: false\n            \
         readOnlyRootFilesystem: true\n            capabilities: {{drop: [ALL]}}\n"
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
