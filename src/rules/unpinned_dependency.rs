use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::model::packages::{Package, PackageKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unpinned-dependency.md"), Check::Dockerfile(check));

/// What brings the others along: its version matters to nobody who pins those.
const INSTALLERS: &[&str] =
    &["pip", "setuptools", "wheel", "npm", "yarn", "pnpm", "corepack", "bundler"];

fn check(recipe: &Recipe, report: &mut Report) {
    let checked_out = recipe.checked_out();
    for (run, _, invocation) in recipe.invocations() {
        let family = invocation.manager.family;
        let of_registry = matches!(
            family,
            Family::Python | Family::Node | Family::Ruby | Family::Go | Family::Cargo
        );
        if !of_registry
            || !matches!(invocation.action, Action::Install | Action::Execute)
            || invocation.has(&["-c", "--constraint", "--require-hashes", "--git", "--path"])
        {
            continue;
        }
        // `go get` once cloned into the path of the sources, to be moved to a commit there.
        if family == Family::Go && checked_out.contains(&run.stage) {
            continue;
        }
        let loose = |package: &&Package| {
            package.kind == PackageKind::Named
                && !INSTALLERS.contains(&package.name.as_str())
                && !is_pinned(package, family)
        };
        let mut loose = invocation.packages.iter().filter(loose);
        let Some(first) = loose.next() else { continue };
        let message = match &first.version {
            None => format!("`{}` has no version", first.name),
            Some(version) => format!(
                "`{}` may become any version that is `{}{}`",
                first.name,
                version.operator,
                version.text.as_deref().unwrap_or_default()
            ),
        };
        let message = match loose.count() {
            0 => message,
            1 => format!("{message}; one more here is loose too"),
            more => format!("{message}; {more} more here are loose too"),
        };
        report.at(first.span, message).help("name the version that was tested");
    }
}

/// Whether a package is one version; what only running decides may be.
fn is_pinned(package: &Package, family: Family) -> bool {
    let Some(version) = &package.version else { return false };
    let Some(text) = &version.text else { return true };
    match family {
        Family::Python => matches!(version.operator, "==" | "===" | "@"),
        Family::Go => !matches!(text.as_str(), "latest" | "upgrade" | "patch" | "master" | "main"),
        _ => text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'v' | '=')),
    }
}
