use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/volume-on-system-path.md"), Check::Dockerfile(check));

/// The first is `/`.
const PATHS: &[&str] = &[
    "",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/run/docker.sock",
    "/sbin",
    "/sys",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/var/run/docker.sock",
];

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps() {
        if step.instruction(&recipe.tree).kind != Keyword::Volume {
            continue;
        }
        for path in &step.words {
            let Some(known) = path.known() else { continue };
            if PATHS.contains(&known.trim_end_matches('/')) {
                report
                    .at(path.span(), format!("a volume over `{known}` outlives the image below it"))
                    .help("name the directory of the program's own data");
            }
        }
    }
}
