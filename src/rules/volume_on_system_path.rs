use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/volume-on-system-path.md"), Check::Dockerfile(check));

/// The first is `/`.
const PATHS: &[&str] = &[
    "", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr",
    "/usr/bin", "/usr/lib",
];

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Volume]) {
        for path in &step.words {
            let Some(known) = path.known() else { continue };
            if known.ends_with("/docker.sock") {
                let what = format!("a volume at `{known}` is an empty directory, no socket");
                report.at(path.span(), what).help("leave it out; who runs the image mounts it");
            } else if PATHS.contains(&known.trim_end_matches('/')) {
                let what = format!("a volume over `{known}` hides what a newer image brings there");
                report.at(path.span(), what).help("name the directory of the program's own data");
            }
        }
    }
}
