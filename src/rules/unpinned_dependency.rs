use std::cell::LazyCell;
use std::collections::HashSet;

use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::model::packages::{Package, PackageKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unpinned-dependency.md"), Check::Dockerfile(check));

/// What brings the others along: its version matters to nobody who pins those.
const INSTALLERS: &[&str] =
    &["pip", "setuptools", "wheel", "npm", "yarn", "pnpm", "corepack", "bundler"];

/// How many stages that build on one another are looked at.
const MAX_LINE: usize = 32;

fn check(recipe: &Recipe, report: &mut Report) {
    let checked_out = LazyCell::new(|| recipe.checked_out());
    // The stages in which there are modules of the project by now.
    let mut installed: HashSet<usize> = HashSet::new();
    for (run, _, invocation) in recipe.invocations() {
        let family = invocation.manager.family;
        if family == Family::Node && invocation.action == Action::InstallProject {
            installed.insert(run.stage);
        }
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
        // `npx` runs what is installed already; `dlx` never does.
        let has_modules = || {
            let line = std::iter::successors(Some(run.stage), |stage| recipe.build.below(*stage));
            line.take(MAX_LINE).any(|stage| installed.contains(&stage))
        };
        if family == Family::Node
            && invocation.action == Action::Execute
            && !invocation.name().ends_with("dlx")
            && has_modules()
        {
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
