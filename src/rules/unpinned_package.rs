use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::model::packages::PackageKind;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unpinned-package.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, _, invocation) in recipe.invocations() {
        let of_system = invocation.manager.family.is_of_system();
        if !of_system || invocation.action != Action::Install {
            continue;
        }
        // From a release of its own the version follows: `apt-get -t bookworm-backports`.
        if invocation.has(&["-t", "--target-release", "--default-release"]) {
            continue;
        }
        for package in &invocation.packages {
            if package.kind == PackageKind::Named && package.version.is_none() {
                report.at(package.span, format!("`{}` has no version", package.name));
            }
        }
    }
}
