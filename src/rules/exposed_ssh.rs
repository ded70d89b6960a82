use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/exposed-ssh.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let build = &recipe.build;
    let exposed = build.target.into_iter().flat_map(|target| build.exposed(target));
    let exposed: Vec<_> = exposed.filter(|exposed| exposed.contains(22)).collect();
    // What the image is for is no mistake.
    let serves = |target| {
        ["sshd", "dropbear", "sftp"].iter().any(|server| recipe.starts(target, server))
            || ["git-shell", "gogs", "gitea"].iter().any(|what| recipe.brings(target, what))
    };
    if exposed.is_empty() || build.target.is_some_and(serves) {
        return;
    }
    for exposed in exposed {
        report
            .at(exposed.text.span(), "port 22, for SSH: a second way in that nobody watches")
            .help("drop it, and use `docker exec` or `kubectl exec`");
    }
}
