use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::model::packages::{Invocation, invocation};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unlocked-install.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (run, site) in recipe.commands() {
        let Some(invocation) = invocation(site.command) else { continue };
        let Some(instead) = locked(&invocation) else { continue };
        let locks = |key: &str| recipe.env_before(run, key).is_some_and(|value| value != "false");
        if ["YARN_ENABLE_IMMUTABLE_INSTALLS", "BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN"]
            .into_iter()
            .any(locks)
        {
            continue;
        }
        let (program, subcommand) = (&invocation.program, &invocation.subcommand);
        let name = format!("{} {}", program.name, subcommand.value);
        report
            .at(
                program.word.span.to(subcommand.span),
                format!("`{}` may change what the lockfile says", name.trim()),
            )
            .help(format!("use `{instead}`"));
    }
}

/// What would do the same and stop when the lockfile does not fit; `None` if this does.
fn locked(invocation: &Invocation) -> Option<&'static str> {
    if invocation.action != Action::InstallProject {
        return None;
    }
    match (&*invocation.program.name, invocation.subcommand.value.as_str()) {
        ("npm", "install" | "i") if !invocation.has(&["-g", "--global"]) => Some("npm ci"),
        ("yarn", "" | "install")
            if !invocation.has(&["--frozen-lockfile", "--immutable", "--pure-lockfile"]) =>
        {
            Some("yarn install --frozen-lockfile` (or `--immutable")
        }
        ("pnpm", "install" | "i") if invocation.has(&["--no-frozen-lockfile"]) => {
            Some("pnpm install --frozen-lockfile")
        }
        ("bun", "install") if !invocation.has(&["--frozen-lockfile"]) => {
            Some("bun install --frozen-lockfile")
        }
        _ => None,
    }
}
