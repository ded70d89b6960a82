use super::*;

/// The project of the first file; the others lie beside it, and nothing else does.
fn project(files: &[(&str, &str)]) -> (Files, Compose) {
    let mut all = Files::default();
    for (path, text) in files {
        all.add(path, *text);
    }
    let compose = of_first(&all);
    for path in &compose.wanted {
        all.add_absent(path);
    }
    let compose = of_first(&all);
    assert_eq!(compose.wanted, BTreeSet::new());
    (all, compose)
}

fn of_first(files: &Files) -> Compose {
    let context = Context {
        files,
        tree: &|file| yaml::parse(file).tree,
        variables: &Variables::default(),
        env_files: None,
        kept: &HashMap::new(),
    };
    let file = files.iter().next().unwrap_or_else(|| panic!("no file"));
    Compose::of_file(&context, file).unwrap_or_else(|| panic!("no project"))
}

/// The kinds of problems and what they underline.
fn problems<'a>(files: &'a Files, compose: &Compose) -> Vec<(ProblemKind, &'a str)> {
    compose.problems.iter().map(|problem| (problem.kind, files.text_at(problem.span))).collect()
}

/// A value of the effective tree as JSON would show it.
fn shown(value: &Value) -> String {
    match &value.data {
        Data::Null => "null".to_owned(),
        Data::Unknown => "?".to_owned(),
        Data::Scalar(_, text) => text.value().to_owned(),
        Data::List(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Data::Map(entries) => {
            let entry = |entry: &Entry| format!("{}: {}", entry.key.value, shown(&entry.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

#[track_caller]
fn assert_service(files: &[(&str, &str)], expected: &str) {
    let (all, compose) = project(files);
    assert_eq!(problems(&all, &compose), []);
    let service = compose.service("web").map(|service| shown(&service.value));
    assert_eq!(service.as_deref(), Some(expected));
}

#[test]
fn an_override_is_merged_as_the_specification_says() {
    assert_service(
        &[
            (
                "a/compose.override.yaml",
                "services:
  web:
    command: [b]
    environment: [B=2, C=3]
    ports: ['80:80', '90:90']
    volumes: ['./b:/x/', 'n:/y']
    build: {args: {V: 2}}
    depends_on: {db: {condition: service_healthy}}
    labels: !override {only: this}
    dns: !reset null
    logging: {driver: syslog}
  db:
    image: postgres
volumes: {n: }
",
            ),
            (
                "a/compose.yaml",
                "services:
  web:
    command: [a, a]
    environment: {A: 1, B: 1}
    ports: ['80:80']
    volumes: ['./a:/x', './z:/z']
    build: .
    depends_on: [db]
    labels: {gone: x}
    dns: 1.1.1.1
    logging: {driver: json-file, options: {max-size: 1m}}
  db: {build: ./db}
",
            ),
        ],
        "{command: [b], environment: {A: 1, B: 2, C: 3}, ports: [80:80, 90:90], \
         volumes: [./b:/x/, ./z:/z, n:/y], build: {context: ., args: {V: 2}}, \
         depends_on: {db: {condition: service_healthy}}, labels: {only: this}, \
         logging: {driver: syslog}}",
    );
}

#[test]
fn documents_of_one_file_are_merged() {
    assert_service(
        &[(
            "compose.yaml",
            "services: {web: {image: a, user: x}}\n---\nservices: {web: {image: b}}\n",
        )],
        "{image: b, user: x}",
    );
}

#[test]
fn anchors_and_merge_keys_are_followed() {
    assert_service(
        &[(
            "compose.yaml",
            "x-base: &base {restart: always, user: a}
x-more: &more {user: b}
services:
  web:
    <<: [*base, *more]
    image: nginx
",
        )],
        "{image: nginx, restart: always, user: a}",
    );
}

#[test]
fn a_service_is_laid_over_what_it_extends() {
    let base = "services:
  base:
    extends: root
    environment: {A: base}
    build: ./app
  root:
    environment: {A: root, B: root}
    command: [root]
";
    let (files, compose) = project(&[
        (
            "compose.yaml",
            "services: {web: {extends: {file: sub/common.yaml, service: base}, command: [web]}}",
        ),
        ("sub/common.yaml", base),
    ]);
    assert_eq!(problems(&files, &compose), []);
    let Some(web) = compose.service("web") else { panic!("no web") };
    let expected = "{environment: {A: base, B: root}, command: [web], build: ./app}";
    assert_eq!(shown(&web.value), expected);
    let directory = web.build.as_ref().and_then(|build| build.directory.clone());
    assert_eq!(directory.as_deref(), Some("sub/app"));
}

#[test]
fn included_projects_keep_their_directory() {
    let (files, compose) = project(&[
        (
            "compose.yaml",
            "include: [sub/compose.yaml, {path: other.yaml, project_directory: there}]\n\
             services: {web: {image: 'a:${TAG:-none}', depends_on: [app, there]}}\n",
        ),
        ("sub/compose.yaml", "services: {app: {build: ., image: 'app:${TAG}'}}\n"),
        ("sub/.env", "TAG=sub\n"),
        ("other.yaml", "services: {there: {build: {dockerfile: D}}}\n"),
    ]);
    assert_eq!(problems(&files, &compose), []);
    let directory = |name: &str| compose.service(name)?.build.as_ref()?.directory.clone();
    assert_eq!(directory("app").as_deref(), Some("sub"));
    assert_eq!(directory("there").as_deref(), Some("there"));
    let image = |name: &str| {
        compose.service(name)?.image.as_ref().map(|image| image.text.value().to_owned())
    };
    assert_eq!(image("app").as_deref(), Some("app:sub"));
    assert_eq!(image("web").as_deref(), Some("a:none"));
}

#[test]
fn variables_come_from_the_env_file_beside() {
    let (files, compose) = project(&[
        ("compose.yaml", "services: {web: {image: 'nginx:${TAG}', user: '${WHO}'}}\n"),
        (".env", "TAG=1.27\n"),
    ]);
    let Some(web) = compose.service("web") else { panic!("no web") };
    let Some(image) = &web.image else { panic!("no image") };
    assert_eq!(image.text.value(), "nginx:1.27");
    assert_eq!(image.tag().map(|tag| files.text_at(tag.span)), Some("${TAG}"));
    assert!(web.container.user.is_unresolved());
}

#[test]
fn circles_and_missing_files_are_problems() {
    use ProblemKind::{Cycle, File, Reference};
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [(ProblemKind, &'a str)]);
    let cases: [Case<'_>; 7] = [
        (
            &[("compose.yaml", "services: {a: {image: x, extends: b}, b: {extends: a}}")],
            &[(Cycle, "b"), (Cycle, "a")],
        ),
        (
            &[("compose.yaml", "services: {a: {image: x, extends: {file: no.yaml, service: b}}}")],
            &[(File, "no.yaml")],
        ),
        (&[("compose.yaml", "services: {a: {image: x, extends: b}}")], &[(Reference, "b")]),
        (
            &[("compose.yaml", "include: [b.yaml]"), ("b.yaml", "include: [compose.yaml]")],
            &[(Cycle, "compose.yaml")],
        ),
        (&[("compose.yaml", "include: [no.yaml]")], &[(File, "no.yaml")]),
        (
            &[(
                "compose.yaml",
                "services: {a: {image: x, depends_on: [b]}, b: {image: x, links: ['a:z']}}",
            )],
            &[(Cycle, "a")],
        ),
        (
            &[("compose.yaml", "services: {a: {image: x, network_mode: 'service:a'}}")],
            &[(Cycle, "a")],
        ),
    ];
    for (files, expected) in cases {
        let (all, compose) = project(files);
        assert_eq!(problems(&all, &compose), expected, "{files:?}");
    }
}

#[test]
fn what_is_out_of_sight_is_not_missing() {
    let mut files = Files::default();
    let text = "include: [x.yaml]\nservices: {web: {extends: {file: y.yaml, service: w}}}\n";
    files.add("compose.yaml", text);
    let compose = of_first(&files);
    assert_eq!(problems(&files, &compose), []);
    let wanted: Vec<&str> = compose.wanted.iter().map(String::as_str).collect();
    assert_eq!(wanted, [".env", "x.yaml", "y.yaml"]);
    let Some(web) = compose.service("web") else { panic!("no web") };
    assert!(web.is_partial && web.container.user.is_unresolved());
}

#[test]
fn what_lies_outside_the_project_is_unknown() {
    let (files, compose) = project(&[(
        "compose.yaml",
        "include: [/srv/x.yaml, 'https://example.com/y.git']
services:
  web: {build: ~/web, env_file: /etc/web.env}
  api: {build: /srv/api, extends: {file: ~/z.yaml, service: api}}
",
    )]);
    assert_eq!(problems(&files, &compose), []);
    for service in &compose.services {
        let Some(build) = &service.build else { panic!("no build") };
        assert!(!build.is_absent && build.dockerfile.is_none());
        assert!(service.env_files.iter().all(|file| !file.is_absent));
    }
}

#[test]
fn an_overlay_is_read_over_its_base() {
    let mut files = Files::default();
    let base = "services: {web: {image: a, networks: [n]}}\nnetworks: {n: }\n";
    let overlay = "services: {web: {networks: [n], restart: always}}\n";
    files.add("docker-compose.yml", base);
    files.add("docker-compose.prod.yml", overlay);
    files.add("docker-compose.other.yml", "services: {o: {image: b}}\n");
    let projects = crate::model::read(&files).projects;
    let groups: Vec<usize> = projects.iter().map(|project| project.group.len()).collect();
    assert_eq!(groups, [1, 2, 1]);
    assert!(projects.iter().all(|project| project.problems.is_empty()));
}

#[test]
fn a_command_line_is_split_and_keeps_its_places() {
    let (files, compose) = project(&[(
        "compose.yaml",
        "services:
  web:
    image: a
    command: >
      sh -c
      'a b' && x
",
    )]);
    let Some(web) = compose.service("web") else { panic!("no web") };
    let words = web.container.command.get().and_then(|command| command.value.known_words());
    let words: Vec<(&str, &str)> =
        words.iter().flatten().map(|word| (word.value, files.text_at(word.span))).collect();
    assert_eq!(words, [("sh", "sh"), ("-c", "-c"), ("a b", "'a b'")]);
    let dropped = web.lines[0].dropped.as_ref().map(|dropped| files.text_at(dropped.span));
    assert_eq!(dropped, Some("&& x"));
}

#[test]
fn hostile_files_end() {
    let bomb = "x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned()
        + &(0..12)
            .map(|level| {
                let name = |level: usize| char::from(b'a' + level as u8);
                let below = format!("*{}, ", name(level)).repeat(9);
                format!("x-{0}: &{0} [{below}]\n", name(level + 1))
            })
            .collect::<String>();
    let chain = "services:\n".to_owned()
        + &(0..5000).map(|n| format!("  s{n}: {{extends: s{}}}\n", n + 1)).collect::<String>();
    let circle = "services:\n".to_owned()
        + &(0..5000)
            .map(|n| format!("  s{n}: {{image: a, depends_on: [s{}]}}\n", (n + 1) % 5000))
            .collect::<String>();
    for text in [bomb, chain, circle, "a: &a [*a]".to_owned(), "&a {<<: *a}".to_owned()] {
        project(&[("compose.yaml", &text)]);
    }
}
