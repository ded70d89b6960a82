use crate::model::compose::{Compose, Service, VolumeKind};
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/source-mount.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    let Some(directory) = service.build.as_ref().and_then(|build| build.directory.as_ref()) else {
        return;
    };
    // What is mounted there are settings.
    let is_program = |target: &Text| !target.value().starts_with("/etc/");
    let binds = service.volumes.iter().filter(|volume| volume.kind == VolumeKind::Bind);
    for volume in binds.filter(|volume| volume.target.as_ref().is_none_or(is_program)) {
        let Some(source) = &volume.source else { continue };
        let Some(path) = source.known().filter(|path| !path.starts_with('~')) else { continue };
        let resolved = compose.resolve(source.span().file, path);
        let inner = resolved.strip_prefix(directory.as_str()).map(|rest| rest.trim_matches('/'));
        let inner = if directory == "." { Some(resolved.as_str()) } else { inner };
        if resolved == *directory
            || inner.is_some_and(|inner| matches!(inner, "src" | "app" | "lib"))
        {
            let name = &service.name.value;
            report
                .at(
                    volume.span,
                    format!("`{name}` runs what lies in `{resolved}`, not what was built from it"),
                )
                .help("drop the mount, or put it into `compose.override.yaml`");
        }
    }
}
