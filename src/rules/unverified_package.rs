use crate::model::Recipe;
use crate::model::run::Mark;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::Word;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unverified-package.md"), Check::Dockerfile(check));

/// By program; from the manual of each.
const SWITCHES: &[(&[&str], &[&str])] = &[
    (&["apk"], &["--allow-untrusted"]),
    (
        &["apt", "apt-get", "aptitude"],
        &["--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"],
    ),
    (&["yum", "dnf", "microdnf", "tdnf"], &["--nogpgcheck", "--no-gpgchecks"]),
    (&["zypper"], &["--no-gpg-checks", "--gpg-auto-import-keys", "--allow-unsigned-rpm"]),
    (&["rpm"], &["--nosignature", "--nodigest", "--noverify", "--nofiledigest"]),
];

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands_with(Mark::Equals) {
        for word in &site.command.words {
            let text = word.prefix();
            // A repository of files was made right here.
            if text.contains("trusted=yes") && text.contains("deb ") && !text.contains("file:") {
                report
                    .at(word.span, "`trusted=yes`: `apt-get` takes packages from anybody")
                    .help("import the key that signs them, and name it with `signed-by=`");
            }
        }
        let Some(program) = site.command.program() else { continue };
        // Written into the settings of a package manager.
        if matches!(&*program.name, "echo" | "printf" | "sed" | "tee" | "crudini") {
            let is_off = |word: &&Word| {
                let text = word.prefix();
                text.contains("gpgcheck=0") && !text.contains("repo_gpgcheck=0")
            };
            if let Some(word) = program.arguments.iter().find(is_off) {
                report
                    .at(word.span, "`gpgcheck=0`: packages are taken from anybody")
                    .help("import the key that signs them");
            }
        }
    }
    for (call, switches) in SWITCHES.iter().flat_map(|(programs, switches)| {
        recipe.calls_of(programs).map(move |call| (call, switches))
    }) {
        let program = call.program;
        for word in program.arguments {
            let text = word.literal().unwrap_or_default();
            let is_off = text.ends_with("gpgcheck=0") || text.ends_with("gpgcheck=false");
            let is_insecure = text.contains("AllowInsecureRepositories=true")
                || text.contains("AllowUnauthenticated=true");
            if switches.contains(&&*text) || is_insecure || is_off && text.starts_with("--setopt=")
            {
                report
                    .at(
                        word.span,
                        format!("`{text}`: `{}` takes packages from anybody", program.name),
                    )
                    .help("import the key that signs them");
            }
        }
    }
}
