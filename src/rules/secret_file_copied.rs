use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-file-copied.md"), Check::Dockerfile(check));

/// Names of files that hold credentials, from the manuals of what reads them.
const NAMES: &[&str] = &[
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".env",
    ".npmrc",
    ".pypirc",
    ".netrc",
    ".git-credentials",
    ".pgpass",
    "kubeconfig",
    "terraform.tfstate",
    ".htpasswd",
    "credentials.json",
    "service-account.json",
    ".dockercfg",
    ".vault-token",
];
const ENDINGS: &[&str] = &[".p12", ".pfx", ".jks", ".keystore", ".kdbx"];
const PLACES: &[&str] = &[".ssh", ".aws", ".docker/config.json", ".kube/config", ".gnupg"];

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps() {
        let instruction = step.instruction(&recipe.tree);
        if !matches!(instruction.kind, Keyword::Copy | Keyword::Add) {
            continue;
        }
        let sources = step.words.len().saturating_sub(1);
        for source in step.words.iter().take(sources) {
            let path = source.value().trim_end_matches('/');
            let name = path.rsplit('/').next().unwrap_or(path);
            // A trust store holds only what everybody may know.
            let is_store = ENDINGS.iter().any(|ending| name.ends_with(ending));
            let is_secret = NAMES.contains(&name)
                || is_store && !name.contains("trust") && !name.contains("cacerts")
                || PLACES
                    .iter()
                    .any(|place| path == *place || path.ends_with(&format!("/{place}")));
            if is_secret {
                report
                    .at(
                        source.span(),
                        format!("`{path}` holds credentials, and stays in the image"),
                    )
                    .help("mount it where it is needed: `RUN --mount=type=secret,id=…`");
            }
        }
    }
}
