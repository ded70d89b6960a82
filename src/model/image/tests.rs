use super::*;
use crate::model::text::Origin;
use crate::source::FileId;

fn span(start: usize, end: usize) -> Span {
    Span::new(FileId(0), start, end)
}

fn image(text: &str) -> ImageRef {
    let text = Text::written(Spanned::new(text.to_owned(), span(0, text.len())));
    ImageRef::new(text, Role::Run)
}

fn value(part: Option<Spanned<&str>>) -> Option<&str> {
    part.map(|part| part.value)
}

#[test]
fn a_port_is_not_a_tag() {
    let image = image("localhost:5000/team/app");
    assert_eq!(value(image.registry()), Some("localhost:5000"));
    assert_eq!(image.repository().value, "team/app");
    assert_eq!(image.name().value, "app");
    assert_eq!(image.tag(), None);
    assert!(image.is_untagged());
}

#[test]
fn without_a_slash_there_is_no_registry() {
    let image = image("localhost:5000");
    assert_eq!(image.registry(), None);
    assert_eq!(value(image.tag()), Some("5000"));
}

#[test]
fn every_part_has_its_exact_place() {
    let text = "ghcr.io/acme/web:1.2@sha256:4355a46b";
    let image = image(text);
    for part in [
        image.registry(),
        Some(image.repository()),
        Some(image.name()),
        image.tag(),
        image.digest(),
    ] {
        let part = part.expect("this reference has every part");
        assert_eq!(&text[part.span.range()], part.value);
    }
    assert_eq!(value(image.digest()), Some("sha256:4355a46b"));
    assert_eq!(value(image.tag()), Some("1.2"));
}

#[test]
fn docker_hub_has_many_names() {
    for text in ["node", "library/node", "docker.io/node", "index.docker.io/library/node:22"] {
        assert_eq!(image(text).familiar(), "node", "{text}");
        assert_eq!(image(text).canonical(), "docker.io/library/node", "{text}");
    }
    assert_eq!(image("docker.io/grafana/grafana:1").familiar(), "grafana/grafana");
    assert_eq!(image("grafana/grafana").canonical(), "docker.io/grafana/grafana");
    assert_eq!(image("quay.io/library/node").familiar(), "quay.io/library/node");
}

#[test]
fn a_default_is_underlined_alone() {
    let mut text = Text::empty(span(0, 18));
    text.push("app:", span(0, 4), Origin::Written);
    text.push("latest", span(11, 17), Origin::Default { name: "TAG".into() });
    let image = ImageRef::new(text, Role::Run);
    assert_eq!(image.tag(), Some(Spanned::new("latest", span(11, 17))));
    assert_eq!(image.repository().span, span(0, 3));
}

#[test]
fn what_is_known_beside_a_variable_stays_known() {
    let hole = HOLE.to_string();
    let with = |before: &str, after: &str| {
        let mut text = Text::empty(span(0, before.len() + 4 + after.len()));
        text.push(before, span(0, before.len()), Origin::Written);
        text.push_unknown(span(before.len(), before.len() + 4), "V");
        text.push(after, span(before.len() + 4, before.len() + 4 + after.len()), Origin::Written);
        ImageRef::new(text, Role::Base)
    };
    let elsewhere = with("", "/app:latest");
    assert_eq!(value(elsewhere.tag()), Some("latest"));
    assert!(with("", "/app").is_untagged());
    assert_eq!(value(with("app:", "").tag()), Some(hole.as_str()));
    for (before, after) in [("", ""), ("app", ""), ("team/", ""), ("app@", "")] {
        assert!(!with(before, after).is_untagged(), "{before}$V{after}");
    }
    assert_eq!(with("App", "").error(), None);
    assert_eq!(elsewhere.unknown(), Some("V"));
}

#[test]
fn what_is_built_here_is_not_pulled() {
    let text = Text::written(Spanned::new("app".to_owned(), span(0, 3)));
    assert!(!ImageRef::new(text, Role::Name).is_pulled());
    assert!(!image("scratch").is_pulled());
    assert!(image("app").is_pulled());
}

#[test]
fn what_is_no_reference_is_said_in_the_reference_librarys_words() {
    let hex = "a".repeat(64);
    for (text, at, message) in [
        (
            "Node",
            "Node",
            "invalid reference format: repository name (library/Node) must be lowercase",
        ),
        ("app:", ":", "invalid reference format"),
        ("app:a!", "a!", "invalid reference format"),
        ("/app:1", "/app", "invalid reference format"),
        ("a__b/c___d", "a__b/c___d", "invalid reference format"),
        ("host:x/app", "host:x", "invalid reference format"),
        ("app@sha256:abc", "sha256:abc", "invalid reference format"),
        (
            "app@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "invalid checksum digest length",
        ),
        ("app@md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "", "unsupported digest algorithm"),
        ("", "", "invalid reference format"),
        (&hex, &hex, "cannot specify 64-byte hexadecimal strings"),
        (&"a".repeat(256), "", "repository name must not be more than 255 characters"),
    ] {
        let error = image(text).error().expect(text);
        assert!(error.value.contains(message), "{text}: {}", error.value);
        assert!(text[error.span.range()].contains(at), "{text}");
    }
    for text in [
        "a",
        "a_b/c-----d",
        "LOCALHOST/a",
        "foo_bar.x/app",
        "[::1]:5000/app:1",
        "a.b:5000/c/d__e:_X.y-1",
        &format!("app:1@sha256:{hex}"),
    ] {
        assert_eq!(image(text).error(), None, "{text}");
    }
}

#[test]
fn a_tag_that_moves_suggests_one_that_does_not() {
    for (text, unique) in [
        ("node:22-alpine3.20", Some("22.x.y-alpine3.20")),
        ("python:3.13-slim", Some("3.13.y-slim")),
        ("postgres:16-alpine", Some("16.y-alpine")),
        ("ghcr.io/acme/app:1.30.x", Some("1.30.y")),
        ("ubuntu:22.04", Some("jammy-YYYYMMDD")),
        ("debian:bookworm-slim", Some("bookworm-YYYYMMDD-slim")),
        ("debian:12-slim", Some("12.y-slim")),
        ("fedora:40", None),
        ("nginx:stable", None),
        ("nginx:1.27.3", None),
    ] {
        assert_eq!(image(text).unique_tag().as_deref(), unique, "{text}");
    }
}

#[test]
fn a_variable_or_a_digest_hides_what_a_tag_would_tell() {
    assert_eq!(image("gcr.io/distroless/static@sha256:4355a46b").default_user(), None);
    assert_eq!(image("node@sha256:4355a46b").default_user(), Some(DefaultUser::Root));
    assert_eq!(image("docker.io/library/redis").default_user(), Some(DefaultUser::Drops("redis")));
}

#[test]
fn a_place_is_a_host_or_the_beginning_of_a_path() {
    for (text, place, is_from) in [
        ("ghcr.io/acme/app", "ghcr.io", true),
        ("ghcr.io/acme/app", "ghcr.io/acme/", true),
        ("ghcr.io/acme-inc/app", "ghcr.io/acme", false),
        ("evilghcr.io/acme/app", "ghcr.io", false),
        ("eu.registry.example.com/app", "*.example.com", true),
        ("evil-example.com/app", "*.example.com", false),
        ("example.com/app", "*.example.com", false),
        ("node", "docker.io", true),
        ("node", "index.docker.io", true),
        ("node", "docker.io/library", true),
        ("acme/node", "docker.io/library", false),
        ("localhost:5000/app", "localhost:5000", true),
        ("quay.io/a/b", "*", true),
    ] {
        assert_eq!(image(text).is_from(place), Some(is_from), "{text} from {place}");
    }
}
