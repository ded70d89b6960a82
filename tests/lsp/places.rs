//! Where things are that a place names, and what is said at a place.

use serde_json::{Value, json};

use super::editor::Editor;

/// What is asked at the first place in a file where some words stand, `inside` bytes within them.
fn asked(
    editor: &mut Editor,
    method: &str,
    file: (&str, &str),
    words: &str,
    inside: usize,
) -> Value {
    let (path, text) = file;
    let at = text.find(words).unwrap_or_else(|| panic!("{words} in {path}")) + inside;
    let line = text[..at].matches('\n').count();
    let character = at - text[..at].rfind('\n').map_or(0, |end| end + 1);
    let position = json!({"line": line, "character": character});
    let params = json!({"textDocument": {"uri": editor.uri(path)}, "position": position});
    editor.request(&format!("textDocument/{method}"), params)
}

/// Asserts of a list of files that a word of one leads to a place of another: file, words, how
/// far within them, file, the words there, or none for the beginning of the file.
fn assert_leads(name: &str, files: &[(&str, &str)], cases: &[(&str, &str, usize, &str, &str)]) {
    let mut editor = Editor::indexed(name, files);
    let text_of = |path: &str| files.iter().find(|file| file.0 == path).unwrap().1;
    for (path, words, inside, to, there) in cases {
        let file = (*path, text_of(path));
        let found = asked(&mut editor, "definition", file, words, *inside);
        let what = format!("{path}, {words}: {found}");
        assert!(found["uri"].as_str().is_some_and(|uri| uri.ends_with(to)), "{what}");
        let [start, end] = ["start", "end"].map(|end| found["range"][end].clone());
        let line = text_of(to).lines().nth(start["line"].as_u64().unwrap() as usize).unwrap();
        let [start, end] = [start, end].map(|it| it["character"].as_u64().unwrap() as usize);
        assert_eq!(&line[start..end], *there, "{what}");
    }
}

#[test]
fn variables_of_a_dockerfile_lead_to_what_sets_them() {
    let text = "ARG TAG=1\nARG N=3\nFROM alpine:$TAG AS base\nENV E=1 F=2\nARG ONLY=1\nFROM base\n\
        ARG N\nENV G=$E\nRUN echo ${N} \"$F\" $ONLY $G\n";
    let file = "Dockerfile";
    let cases = [
        (file, "$TAG", 2, file, "TAG"),
        (file, "ARG N\n", 4, file, "N"),
        (file, "$E", 0, file, "E"),
        (file, "${N}", 1, file, "N"),
        (file, "$F", 2, file, "F"),
        (file, "$G", 1, file, "G"),
    ];
    assert_leads("variables", &[(file, text)], &cases);
    let mut editor = Editor::indexed("variables", &[(file, text)]);
    let line = |found: Value| found["range"]["start"]["line"].as_u64();
    let mut of = |words, at| line(asked(&mut editor, "definition", (file, text), words, at));
    assert_eq!(of("ARG N\n", 4), Some(1), "what a stage takes over is said above all stages");
    assert_eq!(of("${N}", 2), Some(6));
    assert_eq!(of("$ONLY", 2), None, "an argument of another stage");
}

#[test]
fn names_in_a_compose_file_lead_to_what_has_them() {
    let compose = "x-a: &anchor {restart: always}\ninclude: [more/compose.yaml]\nservices:\n  web:\n    \
        <<: *anchor\n    image: a/b:${TAG}\n    env_file: [db.env]\n    volumes:\n      - data:/d\n      \
        - ./nginx.conf:/n\n    networks: [front]\n    secrets: [key]\nvolumes:\n  data: {}\nnetworks:\n  \
        front: {}\nsecrets:\n  key: {file: key.txt}\n";
    let more = "services:\n  db:\n    image: a/b:1.0.0\n";
    let path = "compose.yaml";
    let files = [
        (path, compose),
        ("more/compose.yaml", more),
        (".env", "A=b\nTAG=1.2.3\n"),
        ("db.env", "X=1\n"),
        ("nginx.conf", "events {}\n"),
        ("key.txt", "x\n"),
    ];
    let cases = [
        (path, "*anchor", 2, path, "&anchor"),
        (path, "more/compose.yaml", 3, "more/compose.yaml", ""),
        (path, "${TAG}", 3, ".env", "TAG"),
        (path, "db.env", 2, "db.env", ""),
        (path, "data:/d", 1, path, "data"),
        (path, "./nginx.conf", 4, "nginx.conf", ""),
        (path, "[front]", 2, path, "front"),
        (path, "[key]", 2, path, "key"),
        (path, "key.txt", 2, "key.txt", ""),
    ];
    assert_leads("names", &files, &cases);
}

#[test]
fn objects_lead_to_those_that_they_name_or_select() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  \
        selector: {matchLabels: {app: a}}\n  template:\n    metadata: {labels: {app: a}}\n    spec:\n      \
        serviceAccountName: who\n      containers:\n        - name: c\n          \
        image: nginx:1.27.3\n          env:\n            - name: A\n              \
        valueFrom: {configMapKeyRef: {name: conf, key: last}}\n";
    let others = "apiVersion: v1\nkind: Service\nmetadata: {name: front}\nspec:\n  selector: {app: a}\n  \
        ports: [{port: 80}]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\n\
        data: {first: x, last: y}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: who}\n---\n\
        apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec:\n  \
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n  maxReplicas: 3\n";
    let [web, rest, list] = ["deployment.yaml", "others.yaml", "kustomization.yaml"];
    let files =
        [(web, deployment), (rest, others), (list, "resources: [deployment.yaml, others.yaml]\n")];
    let cases = [
        (rest, "{app: a}", 3, web, "web"),
        (web, "conf,", 1, rest, "conf"),
        (web, "last", 1, rest, "last"),
        (web, "who", 1, rest, "who"),
        (rest, "name: web", 7, web, "web"),
        (list, "others.yaml", 3, rest, ""),
    ];
    assert_leads("objects", &files, &cases);
}

#[test]
fn a_reference_is_told_by_what_it_stands_for() {
    let digest = format!("a/b:1.2@sha256:{}", "3e2b4c3f6b6a9f5b".repeat(4));
    let everywhere = [
        ("nginx", "`docker.io/library/nginx`: no tag"),
        ("nginx:latest", "the tag `latest`"),
        ("nginx:1.27", "`docker.io/library/nginx:1.27`: a minor version"),
        ("quay.io:5000/a/b:1.27.3", "`quay.io:5000/a/b:1.27.3`: one version"),
        ("node:lts", "a channel"),
        ("ubuntu:noble", "a release of Ubuntu"),
        ("ghcr.io/a/b:main", "a branch"),
        ("scratch", "nothing at all"),
        ("X/Y:1", "not a reference to an image"),
        ("<IMAGE>", "for a person or a tool to fill in"),
        (&digest, "digest"),
    ];
    let dockerfile = [
        (
            "x/y:${UNDECLARED}",
            "`x/y:${UNDECLARED}`: `UNDECLARED` decides, and nothing here declares it",
        ),
        ("x/y:${TAG}", "`TAG` decides, and nothing in view sets it"),
        ("${REG}/x/y:1", "`${REG}/x/y:1`: a major version"),
        ("x/y:${TAG:-latest}", "`docker.io/x/y:latest`: the tag `latest`"),
        ("build", "`build`: the stage of line 3, from `alpine:3.20`"),
    ];
    let compose = [
        ("x/y:${TAG}", "`TAG` decides"),
        ("x/y:${TAG:-latest}", "`docker.io/x/y:latest`: the tag `latest`"),
        ("build", "no registry is known to have it"),
    ];
    let kubernetes = [("x/y:${TAG}", "for a person or a tool to fill in")];
    let stages = "ARG TAG\nARG REG\nFROM alpine:3.20 AS build\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n";
    let mut editor = Editor::indexed("references", &[]);
    let said = |editor: &mut Editor, file: (&str, &str), words: &str, inside: usize| {
        let hover = asked(editor, "hover", file, words, inside);
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    for (path, head, own) in [
        ("Dockerfile", stages, &dockerfile[..]),
        ("compose.yaml", "services:\n", &compose),
        ("pod.yaml", pod, &kubernetes),
    ] {
        let cases: Vec<_> = everywhere.iter().chain(own).collect();
        let line = |number: usize, image: &str| match path {
            "Dockerfile" => format!("FROM {image}\n"),
            "compose.yaml" => format!("  s{number}:\n    image: \"{image}\"\n"),
            _ => format!("  - name: s{number}\n    image: \"{image}\"\n"),
        };
        let lines: Vec<_> = cases.iter().enumerate().map(|(it, case)| line(it, case.0)).collect();
        let text = format!("{head}{}", lines.concat());
        editor.open(path, &text);
        for (line, (image, about)) in lines.iter().zip(cases) {
            let inside = line.find(image).unwrap() + 1;
            let hover = said(&mut editor, (path, &text), line, inside);
            let first = hover.lines().next().unwrap_or_default();
            assert!(first.contains(about), "{path}, {image}: {hover}");
        }
    }
    let copy = "FROM alpine:3.20 AS build\nFROM scratch\nCOPY --from=build /a /a\n";
    editor.open("a.Dockerfile", copy);
    let hover = said(&mut editor, ("a.Dockerfile", copy), "=build", 2);
    assert!(hover.starts_with("`build`: the stage of line 1"), "{hover}");
}
