//! `testdata/kubernetes/<claim>/`: files, and in `expected.txt` what the model makes of them, each
//! value with its place. `UPDATE=1` writes what is expected anew.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll::model::kubernetes::{self, Lookup, Member, Source};
use plimsoll::model::setting::Setting;
use plimsoll::model::{Workspace, read};
use plimsoll::source::{Encoding, Files, Span};

#[test]
fn manifests_are_read_as_recorded() {
    let mut wrong = Vec::new();
    let mut cases: Vec<PathBuf> =
        fs::read_dir("testdata/kubernetes").unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for case in cases {
        let files = load(&case);
        let shown = show(&files, &read(&files));
        let expected = case.join("expected.txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &shown).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong.push(format!("{}:\n{shown}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "not as in expected.txt:\n{}", wrong.join("\n"));
}

/// The real manifests beside the repository: nothing panics, every span is in its file.
#[test]
fn real_manifests_are_read() {
    let corpus = Path::new("../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: {} is not here", corpus.display());
        return;
    }
    let files = load(corpus);
    let workspace = read(&files);
    let workloads = || workspace.objects().flat_map(|object| &object.workloads);
    let containers = workloads().map(|workload| workload.pod.containers.len()).sum();
    let counts: (usize, usize, usize) =
        (workspace.objects().count(), workloads().count(), containers);
    println!("{} objects, {} workloads, {} containers", counts.0, counts.1, counts.2);
    let shown = show(&files, &workspace);
    assert!(shown.lines().count() > counts.0);
    if let Some(path) = std::env::var_os("SHOW") {
        fs::write(path, shown).unwrap();
    }
}

/// All files below a directory.
fn load(directory: &Path) -> Files {
    let mut paths = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false if path.file_name().is_some_and(|name| name != "expected.txt") => {
                    paths.push(path);
                }
                false => {}
            }
        }
    }
    paths.sort();
    let mut files = Files::default();
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        files.add(path.strip_prefix(directory).unwrap().to_str().unwrap(), text);
    }
    files
}

/// What the model says, with places; what is absent is left out.
fn show(files: &Files, workspace: &Workspace) -> String {
    let mut out = Writer { files, out: String::new() };
    for path in workspace.wanted.iter().filter(|path| !path.contains("ustomization")) {
        writeln!(out.out, "wants {path}").unwrap();
    }
    let mut objects = Vec::new();
    for part in &workspace.parts {
        let mut members = part.cluster.workloads().peekable();
        for object in part.cluster.objects() {
            let mut own = Vec::new();
            while let Some(it) = members.next_if(|member| std::ptr::eq(member.object, object)) {
                own.push(it);
            }
            objects.push((&part.cluster, object, own));
        }
    }
    objects.sort_by_key(|(_, object, _)| (object.file, object.kind.span.start));
    for (cluster, object, members) in objects {
        writeln!(out.out, "{} {} {}", object.kind.value, object.title(), out.at(object.blame()))
            .unwrap();
        out.setting("  namespace", &object.namespace);
        for label in object.labels.iter() {
            out.setting(&format!("  label {}", label.key.value), &label.value);
        }
        if let Some(selector) = &object.selects {
            let pods = match cluster.pods(object, selector) {
                Lookup::Found(pods) => {
                    pods.iter().map(|pod| pod.object.title()).collect::<Vec<_>>().join(", ")
                }
                Lookup::Missing => "nothing".to_owned(),
                Lookup::OutOfSight => "what is out of sight".to_owned(),
            };
            writeln!(out.out, "  selects {pods} {}", out.at(selector.span)).unwrap();
        }
        members.into_iter().for_each(|member| out.workload(cluster, member));
    }
    out.out
}

struct Writer<'a> {
    files: &'a Files,
    out: String,
}

impl Writer<'_> {
    fn workload(&mut self, cluster: &kubernetes::Cluster, member: Member) {
        let workload = member.workload;
        writeln!(self.out, "  {:?}", workload.controller).unwrap();
        self.setting("    replicas", &workload.replicas);
        if let Some(selector) = &workload.selector {
            let own = selector.matches(&workload.pod.labels);
            writeln!(self.out, "    selects its own pods: {own:?} {}", self.at(selector.span))
                .unwrap();
        }
        let pod = &workload.pod;
        for label in pod.labels.iter() {
            self.setting(&format!("    label {}", label.key.value), &label.value);
        }
        self.setting("    host network", &pod.host_network);
        self.setting("    host process", &pod.host_process);
        self.setting("    host ipc", &pod.host_ipc);
        self.setting("    restart", &pod.restart_policy);
        self.setting("    service account", &pod.service_account);
        self.setting("    automount", &pod.automount_token);
        self.setting("    grace", &pod.termination_grace);
        self.setting("    fs group", &pod.fs_group);
        if pod.is_windows {
            self.out.push_str("    windows\n");
        }
        for volume in &pod.volumes {
            self.setting("    volume", &volume.name);
            writeln!(self.out, "      {:?}", kind_of(&volume.source)).unwrap();
        }
        for reference in &pod.references {
            self.setting(&format!("    needs {:?}", reference.to), &reference.name);
            self.setting("      key", &reference.key);
            let found = match cluster.reference(member.object, reference) {
                Lookup::Found(Source::Object(object)) => self.at(object.blame()),
                Lookup::Found(Source::Generated(entry)) => self.at(entry.name.span),
                Lookup::Missing => "missing".to_owned(),
                Lookup::OutOfSight => "out of sight".to_owned(),
            };
            writeln!(self.out, "      {found}").unwrap();
        }
        for object in ["Service", "PodDisruptionBudget", "NetworkPolicy"] {
            for object in cluster.selecting(member, object) {
                writeln!(self.out, "    selected by {}", object.title()).unwrap();
            }
        }
        for container in &pod.containers {
            self.container(container);
        }
    }

    fn container(&mut self, container: &kubernetes::PodContainer) {
        let view = &container.view;
        writeln!(self.out, "    {:?} {} {}", view.part, view.name.value, self.at(view.name.span))
            .unwrap();
        if let Some(image) = &container.view.image {
            writeln!(self.out, "      image {} {}", image.text.value(), self.at(image.span()))
                .unwrap();
            for part in [image.tag(), image.digest()].into_iter().flatten() {
                writeln!(self.out, "        pinned {}", self.at(part.span)).unwrap();
            }
        }
        self.setting("      user", &view.user.clone().map(|user| user.name));
        self.setting("      non-root", &view.non_root);
        self.setting("      init", &view.init);
        let words = |command: plimsoll::model::command::Command| {
            let words = command.known_words().unwrap_or_default();
            words.iter().map(|word| word.value.to_owned()).collect::<Vec<_>>().join("|")
        };
        self.setting("      entrypoint", &view.entrypoint.clone().map(words));
        self.setting("      command", &view.command.clone().map(words));
        self.setting("      privileged", &view.privileged);
        self.setting("      read-only root", &view.read_only_root);
        self.setting("      escalation", &view.privilege_escalation);
        for capability in &view.capabilities.add {
            writeln!(self.out, "      adds {} {}", capability.value, self.at(capability.span))
                .unwrap();
        }
        self.setting("      drops all", &view.capabilities.drops_all);
        for guard in &view.unguarded {
            writeln!(self.out, "      without {:?} {}", guard.value, self.at(guard.span)).unwrap();
        }
        self.setting("      group", &container.security.run_as_group);
        self.setting("      seccomp", &container.security.seccomp);
        self.setting("      memory limit", &view.memory_limit);
        self.setting("      memory request", &container.resources.requested("memory"));
        self.setting("      cpu request", &container.resources.requested("cpu"));
        for variable in &view.environment {
            let value = variable.value.as_ref().map_or("?", |value| value.value());
            writeln!(self.out, "      env {}={value}", variable.name.value).unwrap();
        }
        for port in &container.ports {
            self.setting("      port", &port.number);
            self.setting("        host", &port.host_port);
        }
        for mount in &view.mounts {
            let source = mount.source.as_ref().map_or("", |source| source.value());
            let (host, writable) = (mount.from_host, mount.writable);
            let target = mount.target.value();
            writeln!(
                self.out,
                "      mount {source} at {target}, host {host}, writable {writable}"
            )
            .unwrap();
        }
        for probe in &container.probes {
            let at = self.at(probe.span);
            writeln!(self.out, "      {:?} {:?} {at}", probe.kind, port_of(&probe.handler))
                .unwrap();
        }
    }

    fn setting<T: std::fmt::Display>(&mut self, name: &str, setting: &Setting<T>) {
        let value = match setting {
            Setting::Set(value) => value.value.to_string(),
            Setting::Unresolved(_) => "?".to_owned(),
            Setting::Absent | Setting::NotApplicable => return,
        };
        let at = setting.span().map_or(String::new(), |span| self.at(span));
        writeln!(self.out, "{name} {value} {at}").unwrap();
    }

    /// `@file:line:column`, or the text, if the place is one line.
    fn at(&self, span: Span) -> String {
        let file = self.files.get(span.file);
        let text = file.text.get(span.range()).expect("the span is in the file");
        let start = file.position(span.start, Encoding::Utf32);
        let first = text.lines().next().unwrap_or_default();
        format!("@{}:{}:{} `{first}`", file.path, start.line + 1, start.column + 1)
    }
}

fn kind_of(source: &kubernetes::VolumeSource) -> String {
    use kubernetes::VolumeSource::{Claim, EmptyDir, HostPath, Other};
    match source {
        HostPath { path } => {
            format!("host path {}", path.get().map_or("?", |path| path.value.as_str()))
        }
        EmptyDir { medium, .. } => {
            format!("empty directory in {}", medium.get().map_or("?", |it| it.value.as_str()))
        }
        Claim { name } => format!("claim {}", name.get().map_or("?", |name| name.value.as_str())),
        Other(kind) => kind.value.clone(),
        other => format!("{other:?}"),
    }
}

fn port_of(handler: &kubernetes::Handler) -> String {
    match handler.port() {
        Some(kubernetes::PortRef::Number(number)) => number.value.to_string(),
        Some(kubernetes::PortRef::Name(name)) => name.value.clone(),
        Some(kubernetes::PortRef::Unknown) => "?".to_owned(),
        None => "none".to_owned(),
    }
}
