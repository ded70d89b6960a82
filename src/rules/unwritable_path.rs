use crate::knowledge::writes;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unwritable-path.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let Some(read_only) = container.read_only_root.get().filter(|setting| setting.value) else {
        return;
    };
    let starts_another = !container.entrypoint.is_absent() || !container.command.is_absent();
    let Some(image) = container.image.as_ref().filter(|_| !starts_another) else { return };
    let Some(row) = writes::of(image.familiar()) else { return };
    let targets: Option<Vec<&str>> =
        container.mounts.iter().map(|mount| mount.target.known()).collect();
    // Its configuration may put them elsewhere.
    let Some(targets) = targets.filter(|all| !all.iter().any(|it| row.settings.contains(it)))
    else {
        return;
    };
    let is_under = |path: &str, target: &str| {
        path.strip_prefix(target.trim_end_matches('/'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_covered =
        |names: &&[&str]| names.iter().any(|path| targets.iter().any(|it| is_under(path, it)));
    let open: Vec<String> = row
        .paths
        .iter()
        .filter(|names| !is_covered(names))
        .map(|names| format!("`{}`", names[0]))
        .collect();
    if !open.is_empty() {
        let message =
            format!("`{}` writes to {}, which it may not", image.familiar(), open.join(" and "));
        report
            .at(image.span(), message)
            .help("mount a `tmpfs` or an `emptyDir` there")
            .also(read_only.span, "its files are read only");
    }
}
