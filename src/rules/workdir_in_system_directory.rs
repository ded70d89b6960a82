use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/workdir-in-system-directory.md"), Check::Dockerfile(check));

const DIRECTORIES: &[&str] = &["/proc", "/sys", "/dev", "/boot", "/initrd", "/lost+found"];

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Workdir]) {
        let Some(path) = step.words.first() else { continue };
        let Some(known) = path.known() else { continue };
        let within = |directory: &&str| {
            let rest = known.strip_prefix(*directory);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if DIRECTORIES.iter().any(within) && !known.starts_with("/dev/shm") {
            report
                .at(path.span(), format!("`{known}` is mounted over when the container starts"))
                .help("use a directory of its own, such as `/app`");
        }
    }
}
