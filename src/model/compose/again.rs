//! Reading again after an edit: services that it does not touch stay what they were, where the file
//! is all of its project, nothing in it stands for something else, and they look at no other file.

use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{Change, Placed, SourceFile, Span};
use crate::syntax::yaml;

use super::service::Service;
use super::template::{Use, Variables};
use super::{Compose, MANY, Problem};

/// What of an earlier reading an edit leaves as it was, where it stands now.
#[derive(Debug)]
pub struct Kept {
    /// In the order of the file.
    pub services: Vec<Arc<Service>>,
    /// What was said of them when they were read.
    pub problems: Vec<Problem>,
    /// The variables that they ask for.
    pub uses: Vec<Use>,
    /// How many values they have.
    pub values: usize,
    /// What they were interpolated with.
    pub variables: Variables,
    /// Where their names begin.
    starts: Vec<u32>,
}

impl Kept {
    /// Of the reading of an earlier text, which was plain as this one is; `None` if it takes all of
    /// the file to be read.
    pub fn of(
        mut before: Compose,
        text: &str,
        file: &SourceFile,
        tree: &yaml::Tree,
    ) -> Option<Self> {
        let change = Change::between(text, &file.text);
        let entries = tree.documents().next()?.root(tree).get("services")?.entries();
        let starts: Vec<usize> =
            entries.iter().map(|entry| entry.key.span().start as usize).collect();
        if !starts.is_sorted() {
            return None;
        }
        // With a neighbour on the side of the edit that it has not touched either.
        let front = starts.partition_point(|start| *start <= change.start).saturating_sub(1);
        let end = change.moved(change.end);
        let back = starts.partition_point(|start| *start < end) + 1;
        let by = change.growth as u32;
        let mut old = std::mem::take(&mut before.services).into_iter().peekable();
        let mut services = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let by = match at {
                at if at < front => 0,
                at if at >= back => by,
                _ => continue,
            };
            let (mut name, mut value) = (entry.key.span(), entry.value.span());
            name.shift(by.wrapping_neg());
            value.shift(by.wrapping_neg());
            while old.next_if(|old| old.name.span.start < name.start).is_some() {}
            let known = old.next_if(|old| old.name.span == name && old.value.span == value);
            services.extend(known.filter(|known| known.is_alone()).map(|known| (by, known)));
        }
        let places: Vec<(u32, Span)> =
            services.iter().map(|(by, it)| (*by, it.name.span.to(it.value.span))).collect();
        let moved = |span: Span| {
            let at = places.partition_point(|(_, place)| place.end < span.end);
            places.get(at).filter(|(_, place)| place.contains(span)).map(|(by, _)| *by)
        };
        let kept = |(by, mut service): (u32, Arc<Service>)| {
            if by != 0 {
                Arc::get_mut(&mut service)?.shift(by);
            }
            Some((service.value.count(), service))
        };
        // Whoever else holds one keeps it as it was.
        let services: Option<Vec<_>> =
            services.into_par_iter().with_min_len(MANY / 4).map(kept).collect();
        let services = services?;
        let kept = Self {
            starts: services.iter().map(|(_, service)| service.name.span.start).collect(),
            values: services.iter().map(|(values, _)| values).sum(),
            services: services.into_iter().map(|(_, service)| service).collect(),
            problems: all_moved(std::mem::take(&mut before.said), |it| moved(it.span)),
            uses: all_moved(std::mem::take(&mut before.uses), |asked| moved(asked.span)),
            variables: std::mem::take(&mut before.variables),
        };
        // To take the rest apart takes time, and nobody has to wait for it.
        rayon::spawn(move || drop(before));
        Some(kept)
    }

    /// Whether the service whose name begins at a place is one of them.
    pub fn has(&self, start: u32) -> bool {
        self.starts.binary_search(&start).is_ok()
    }
}

/// Those that are known to have moved by so much.
fn all_moved<T: Placed>(things: Vec<T>, moved: impl Fn(&T) -> Option<u32>) -> Vec<T> {
    let moved = |mut thing: T| {
        let by = moved(&thing)?;
        thing.shift(by);
        Some(thing)
    };
    things.into_iter().filter_map(moved).collect()
}

/// Whether every value of a file stands in one place and means the same wherever that is.
pub fn is_plain(tree: &yaml::Tree) -> bool {
    tree.documents().len() == 1 && tree.is_plain() && tree.duplicates().is_empty()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::Projects;
    use crate::model::Document;
    use crate::source::Files;

    use super::*;

    const SERVICES: &str = "
  first: {image: first}
  second: {image: second}
  one:
    image: ${REGISTRY:-docker.io}/one:${TAG}
    command: run 'a b' && c
    entrypoint: [\"/bin/sh\", -c]
    environment:
      A: ${A:?b}
      PASSWORD: hunter22
    ports: [\"127.0.0.1:80-81:80-81\", \"x:y\", {target: 1, published: \"2\", host_ip: 1.2.3.4}]
    depends_on: [two, web]
    user: \"0\"
    privileged: true
    colour: blue
  two:
    image: two
    labels: [\"a=b\", c]
    depends_on:
      one: {condition: service_completed_successfully, required: false}
    links: [\"four:x\"]
    network_mode: service:four
    volumes:
    - data:/data:ro,nope
    - ./a.conf:/etc/a.conf
    - {type: bind, source: /x, target: /y}
    tmpfs: /run
    secrets: [key, {source: other, target: /o}]
    configs: [conf]
    healthcheck: {test: [CMD, a], interval: 5s, retries: 3}
  three:
    networks:
      front: {aliases: [x]}
    stop_grace_period: 5s
    cap_add: [ALL]
    cap_drop: [NET_RAW]
    security_opt: [\"seccomp:unconfined\", \"no-new-privileges:true\"]
    mem_limit: 5m
    read_only: ${RO}
    stop_signal: SIGINT
    profiles: [debug]
  four:
    image: four:1
    build: .
    env_file: [a.env]
  'five':
    image: |+
      five

    devices: [\"/dev/x:/dev/y\"]
    cap_drop: ${ALL}
    stdin_open: true
  six:
    image: six
    healthcheck: {test: curl localhost, disable: \"${NO}\"}
    pid: host
    depends_on: {three: {condition: \"${WHEN}\"}}
  seven: {image: seven, deploy: {resources: {limits: {memory: 1g}}}}
  eight:
    image: eight
    extra_hosts: [a]
    cpus: many
";

    const SNIPPETS: [&str; 30] = [
        "#",
        "\"",
        "'",
        ":",
        "-",
        " ",
        "  ",
        "\n",
        "{",
        "}",
        "[",
        "a",
        "&a ",
        "*a",
        "!reset ",
        "!override ",
        "${A}",
        "$$",
        "\n---\n",
        "\n...\n",
        "\n  two: {image: x}",
        "\n  nine:\n    image: nine\n    depends_on: {two: {condition: service_completed_successfully}}",
        "\n    extends: one",
        "\n    extends: {file: other.yaml, service: o}",
        "\n    build: .",
        "\n    env_file: compose.yaml",
        "\n<<: {services: {}}",
        "\n  <<: {two: {image: y}}",
        "\ninclude: [other.yaml]",
        "\nx-a: &a {b: c}",
    ];

    fn text(services: &str) -> String {
        let around = "networks: {front: }\nvolumes:\n  data:\nsecrets: {key: {file: k}}\n";
        format!("# all\nname: x\nx-note: y\nservices:{services}{around}")
    }

    /// All that a project is, in an order that does not change.
    fn shown(projects: &Projects) -> String {
        let mut shown = String::new();
        for reading in &projects.0 {
            for project in [&reading.alone, &reading.settled] {
                let mut project = (**project).clone();
                let mut places: Vec<_> = project.places.drain().collect();
                let mut completing: Vec<_> = project.completing.drain().collect();
                places.sort();
                completing.sort();
                // What is kept comes first, and is put in order with the rest of the problems.
                project.said.sort_by_key(|problem| problem.span);
                shown += &format!("{project:#?}{places:?}{completing:?}");
            }
        }
        shown
    }

    fn documents(files: &Files) -> Vec<Arc<Document>> {
        files.iter().filter_map(|file| Document::parse(file, None)).map(Arc::new).collect()
    }

    /// `EDITS=10000 cargo test --release again` takes longer.
    #[test]
    fn what_is_kept_is_what_would_be_read() {
        check(text(SERVICES));
    }

    #[test]
    fn what_is_kept_is_not_read_beside_keys_that_are_read_side_by_side() {
        let notes: String = (0..MANY).map(|number| format!("x-{number}: y\n")).collect();
        check(text(SERVICES) + &notes);
    }

    /// Edits a file at random.
    fn check(whole: String) {
        let edits = std::env::var("EDITS").ok().and_then(|text| text.parse().ok()).unwrap_or(100);
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below.max(1) as u64) as usize
        };
        let mut files = Files::default();
        let id = files.add("p/compose.yaml", whole.clone());
        let other = files.add("p/other.yaml", "services: {o: {image: o:1}}\n");
        files.add_absent("p/Dockerfile");
        let mut kept = Projects::default();
        let all = HashSet::from([id, other]);
        kept.read(&files, &documents(&files), &all, |_| "".into());
        let mut stayed = 0;
        for edit in 0..edits {
            let before = Arc::clone(&files.get(id).text);
            // Half of them before everything else, which then moves.
            let behind = if random(2) == 0 { 80 } else { before.len() + 1 };
            let mut at = random(behind);
            at = at.min(before.len());
            while !before.is_char_boundary(at) {
                at -= 1;
            }
            let rest = &before[at..];
            let after = match random(8) {
                0..3 => whole.clone(),
                3 => {
                    format!("{}{}", &before[..at], rest.chars().skip(random(9)).collect::<String>())
                }
                4 => {
                    let lines = rest.split_inclusive('\n').skip(random(4));
                    format!("{}{}", &before[..at], lines.collect::<String>())
                }
                5 => {
                    let end = before[..at].rfind('\n').unwrap_or(0);
                    let snippet = SNIPPETS[random(SNIPPETS.len())];
                    format!("{}{snippet}{}", &before[..end], &before[end..])
                }
                _ => format!("{}{}{rest}", &before[..at], SNIPPETS[random(SNIPPETS.len())]),
            };
            let mut changed = HashSet::from([id]);
            if random(10) == 0 {
                let name = ["o", "one", "web"][random(3)];
                files.replace(other, format!("services: {{{name}: {{image: o:{edit}}}}}\n"));
                changed.insert(other);
            }
            files.replace(id, after.as_str());
            let documents = documents(&files);
            let were = pointers(&kept);
            kept.read(&files, &documents, &changed, |_| Arc::clone(&before));
            stayed += pointers(&kept).intersection(&were).count();
            let mut anew = Projects::default();
            anew.read(&files, &documents, &all, |_| "".into());
            let (kept, anew) = (shown(&kept), shown(&anew));
            let same = kept.lines().zip(anew.lines()).take_while(|(one, other)| one == other);
            let same = same.count();
            let around = |all: &str| {
                let lines = all.lines().skip(same.saturating_sub(20)).take(21);
                lines.collect::<Vec<_>>().join("\n")
            };
            assert!(
                kept == anew,
                "edit {edit}: kept\n{}\nanew\n{}\nfrom\n{before}\nto\n{after}",
                around(&kept),
                around(&anew),
            );
        }
        assert!(stayed > edits, "only {stayed} services stayed in {edits} edits");
    }

    fn pointers(projects: &Projects) -> HashSet<*const Service> {
        projects.0.iter().flat_map(|it| &it.alone.services).map(Arc::as_ptr).collect()
    }
}
