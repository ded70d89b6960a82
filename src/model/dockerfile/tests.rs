use super::*;
use crate::model::text::{HOLE, Origin};
use crate::source::{Files, SourceFile};
use crate::syntax::dockerfile::parse;

fn file(text: &str) -> SourceFile {
    let mut files = Files::default();
    let id = files.add("Dockerfile", text);
    files.get(id).clone()
}

fn built(text: &str, inputs: &Inputs) -> Build {
    build(&parse(&file(text)).tree, inputs)
}

fn base(build: &Build, stage: usize) -> &Text {
    match &build.stages[stage].base {
        Base::Image(text) | Base::Context(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_nobody_sets_stays_unknown_under_its_name() {
    let build = built("ARG REG\nFROM $REG/app:1\nENV P=/x:$PATH\n", &Inputs::default());
    assert_eq!(base(&build, 0).value(), format!("{HOLE}/app:1"));
    assert_eq!(base(&build, 0).unknown(), Some("REG"));
    let image = build.image(0);
    assert_eq!(image.env[0].1.unknown(), Some("PATH"));
    assert!(build.errors.is_empty());
}

#[test]
fn an_unknown_variable_is_unknown_through_others() {
    let text = "FROM a\nARG V\nENV A=x-$V\nUSER ${A}-z\n";
    let image = built(text, &Inputs::default()).image(0);
    let user = image.settings.user.unwrap();
    assert_eq!(user.value(), format!("x-{HOLE}-z"));
    assert_eq!(user.unknown(), Some("V"));
}

#[test]
fn a_value_knows_where_it_was_given() {
    let text = "ARG TAG=1.2\nFROM node:${TAG} AS x\nARG TAG\nENV V=${TAG:-3}\n";
    let build = built(text, &Inputs::default());
    let part = &base(&build, 0).parts()[1];
    let Origin::Variable { name, defined: Some(span) } = &part.origin else { panic!("{part:?}") };
    assert_eq!((name.as_str(), &text[span.range()]), ("TAG", "1.2"));
    assert_eq!(&text[part.span.range()], "${TAG}");
    assert_eq!(build.image(0).env[0].1.value(), "1.2");
}

#[test]
fn a_default_is_told_apart_from_a_value() {
    let text = "ARG V\nFROM app:${V:-lat\\\nest}\n";
    let build = built(text, &Inputs::default());
    let base = base(&build, 0);
    assert_eq!(base.value(), "app:latest");
    let places: Vec<_> = base.parts().iter().map(|part| &text[part.span.range()]).collect();
    assert_eq!(places, ["app:", "lat", "est"]);
    assert!(matches!(&base.parts()[1].origin, Origin::Default { name } if name == "V"));
}

#[test]
fn arguments_from_outside_go_before_defaults() {
    let text = "ARG V=1\nFROM a:$V\nARG V=2\nARG W=3\nENV E=$V-$W\n";
    let place = Span::new(crate::source::FileId(7), 3, 4);
    let mut inputs = Inputs::default();
    inputs.args.insert("V".into(), Some(Text::written(Spanned::new("9".into(), place))));
    inputs.args.insert("W".into(), None);
    let build = built(text, &inputs);
    assert_eq!(base(&build, 0).value(), "a:9");
    assert_eq!(build.image(0).env[0].1.value(), format!("9-{HOLE}"));
}

#[test]
fn a_stage_goes_on_where_its_base_ended() {
    let text = "FROM a AS base\nUSER app\nENV A=1\nARG B=2\nWORKDIR /w\nFROM x\nUSER y\n\
                FROM base\nENV C=$A$B\nWORKDIR d\nRUN id\n";
    let build = built(text, &Inputs::default());
    let image = build.image(2);
    assert_eq!(image.settings.user.unwrap().value(), "app");
    assert_eq!(image.settings.workdir.unwrap().value(), "/w/d");
    let env: Vec<_> = image.env.iter().map(|(key, value)| (key.value(), value.value())).collect();
    assert_eq!(env, [("A", "1"), ("C", "12")]);
    let run = build.stages[2].steps.last().unwrap();
    assert_eq!(run.user.as_ref().unwrap().value(), "app");
    assert!(!build.stages[1].needed && build.stages[0].needed);
}

#[test]
fn an_entrypoint_resets_only_an_inherited_command() {
    let text =
        "FROM a AS a\nCMD x\nFROM a\nENTRYPOINT [\"e\"]\nFROM a\nCMD y\nENTRYPOINT [\"e\"]\n";
    let build = built(text, &Inputs::default());
    assert!(build.image(1).settings.command.is_none());
    assert!(build.image(2).settings.command.is_some());
}

#[test]
fn only_images_are_references() {
    let text = "FROM node AS a\nCOPY --from=b:1 x y\nFROM scratch\nCOPY --from=A x y\n\
                COPY --from=0 x y\nCOPY --from=ctx x y\nRUN --mount=from=c,target=/c ls\nFROM a\n";
    let mut inputs = Inputs::default();
    inputs.contexts.insert("ctx".into());
    let build = built(text, &inputs);
    let images: Vec<_> = build.images.iter().map(|image| image.image.text.value()).collect();
    assert_eq!(images, ["node", "b:1", "c"]);
}

#[test]
fn triggers_of_a_base_run_first() {
    let text = "FROM a AS a\nONBUILD USER app\nONBUILD COPY x\nFROM a\nRUN id\nFROM b\n";
    let build = built(text, &Inputs { target: None, ..Inputs::default() });
    let steps: Vec<_> =
        build.stages[1].steps.iter().map(|step| (step.instruction, step.triggered)).collect();
    assert_eq!(steps, [(1, true), (2, true), (4, false)]);
    assert_eq!(build.stages[1].steps[2].user.as_ref().unwrap().value(), "app");
    assert!(build.errors.is_empty());
    let latent = &build.latent[0];
    assert!(latent.message.starts_with("COPY requires at least two"));
    assert_eq!(latent.span, build.stages[1].base.span());
}

#[test]
fn the_target_is_by_name_or_number() {
    let text = "FROM a AS One\nFROM b AS two\n";
    let target = |name: &str| {
        let span = Span::new(crate::source::FileId(0), 0, 0);
        let target = Some(Spanned::new(name.to_owned(), span));
        built(text, &Inputs { target, ..Inputs::default() })
    };
    assert_eq!(target("ONE").target, Some(0));
    assert_eq!(target("1").target, Some(1));
    let missing = target("three");
    assert_eq!(missing.target, None);
    assert_eq!(missing.errors[0].message, "target stage \"three\" could not be found");
}

#[test]
fn values_do_not_grow_without_end() {
    let mut text = "FROM scratch\nENV A=0123456789\n".to_owned();
    for _ in 0..2_000 {
        text.push_str("ENV A=$A$A$A$A$A$A$A$A\n");
    }
    let image = built(&text, &Inputs::default()).image(0);
    assert_eq!(image.env[0].1.unknown(), Some("A"));
}

#[test]
fn a_circle_is_told() {
    let text = "FROM a AS a\nCOPY --from=b x y\nFROM a AS b\n";
    let build = built(text, &Inputs::default());
    assert_eq!(build.errors[0].message, "circular dependency detected on stage: a");
    // Looking ahead is none.
    let text = "FROM a AS a\nCOPY --from=c x y\nFROM a AS b\nCOPY --from=b x y\nFROM x AS c\n";
    let build = built(text, &Inputs::default());
    assert_eq!(build.errors[0].message, "circular dependency detected on stage: b");
}

#[test]
fn ten_thousand_stages_in_a_row_cost_no_stack() {
    let stage = |n: usize| format!("FROM s{} AS s{n}\nCOPY --from=s{} a b\n", n - 1, n / 2);
    let text = "FROM scratch AS s0\n".to_owned() + &(1..10_000).map(stage).collect::<String>();
    let build = built(&text, &Inputs::default());
    assert!(build.errors.is_empty() && build.stages[0].needed);
}

#[test]
fn podmans_mount_options_are_known_in_its_files() {
    let text = "FROM scratch\nRUN --mount=type=bind,source=.,target=/x,Z ls\n";
    let built = |name: &str| {
        let mut files = Files::default();
        let id = files.add(name, text);
        build(&parse(files.get(id)).tree, &Inputs::default()).errors
    };
    assert!(built("Containerfile").is_empty());
    assert_eq!(built("Dockerfile")[0].message, "invalid field 'Z' must be a key=value pair");
}

#[test]
fn heredocs_of_copy_are_expanded_without_regard_to_quotes() {
    let text =
        "FROM scratch\nARG A=1\nCOPY <<-X <<'Y' /d/\n\ta \"$A\" '${A}' \\$A\n\t${B:-2}\nX\n$A\nY\n";
    let build = built(text, &Inputs { closed: true, ..Inputs::default() });
    let files = &build.stages[0].steps[1].files;
    let shown: Vec<_> = files.iter().map(|it| (&*it.name.value, it.content.value())).collect();
    assert_eq!(shown, [("X", "a \"1\" '1' $A\n2\n"), ("Y", "$A\n")]);
    let wrong = built("FROM a\nCOPY <<X /x\n${A\nX\n", &Inputs::default());
    assert!(wrong.errors[0].message.starts_with("failed to process"));
    // Of a trigger, where it is triggered.
    let text = "FROM a AS b\nONBUILD COPY <<X /x\n$A\nX\nFROM b\nENV A=1\n";
    assert_eq!(built(text, &Inputs::default()).stages[1].steps[0].files.len(), 1);
}

#[test]
fn what_names_a_context_of_a_build_is_no_image() {
    let mut files = Files::default();
    files.add("Dockerfile", "FROM base\nCOPY --from=lib /x /y\nCOPY --from=alpine:3 /x /z\n");
    let contexts = "additional_contexts: {base: ./base, lib: 'docker-image://alpine:3'}";
    files.add(
        "compose.yaml",
        format!("services:\n  w:\n    build:\n      context: .\n      {contexts}\n"),
    );
    let images = crate::model::read(&files).images;
    let names: Vec<_> = images.iter().map(|image| image.text.value()).collect();
    assert_eq!(names, ["alpine:3"]);
}

#[test]
fn many_stages_on_many_triggers_are_not_all_carried_out() {
    let triggers = "ONBUILD RUN echo trigger\n".repeat(300);
    let text = format!("FROM a AS b\n{triggers}{}", "FROM b\n".repeat(3000));
    let build = built(&text, &Inputs::default());
    assert_eq!(build.stages[1].steps.len(), 300);
    let steps: usize = build.stages.iter().map(|stage| stage.steps.len()).sum();
    assert!(steps < 20_000, "{steps}");
}
