use crate::model::command::Command;
use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-restart-policy.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    let says = ["restart", "provider", "extends"].iter().any(|key| service.at(&[key]).is_some())
        || service.at(&["deploy", "restart_policy"]).is_some();
    // One that says what runs elsewhere says there what becomes of it, too.
    let is_whole = service.image.is_some() || service.build.is_some();
    if says
        || !is_whole
        || !service.profiles().is_empty()
        || compose.is_for_swarm()
        || is_job(service, compose)
    {
        return;
    }
    report
        .at(service.name.span, format!("nothing restarts `{}` when it fails", service.name.value))
        .help("add `restart: unless-stopped`; `restart: \"no\"` if it is to end");
}

fn is_job(service: &Service, compose: &Compose) -> bool {
    let awaited = compose.awaits_completion(&service.name.value).is_some();
    let start = service.container.start();
    let commands = [start.entrypoint, start.command].into_iter().filter_map(|one| one.get());
    let words = commands.flat_map(|command| match &command.value {
        Command::Exec(words) => words.iter().map(|word| word.value().to_owned()).collect(),
        Command::Shell { text, .. } => vec![text.value().to_owned()],
    });
    awaited || words.chain([service.name.value.clone()]).any(|text| has_job_word(&text))
}

fn has_job_word(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphabetic())
        .any(|word| JOBS.iter().any(|job| word.eq_ignore_ascii_case(job)))
}

const JOBS: [&str; 24] = [
    "migrate",
    "migration",
    "migrations",
    "migrator",
    "init",
    "initialize",
    "seed",
    "seeder",
    "setup",
    "bootstrap",
    "install",
    "installer",
    "provision",
    "provisioner",
    "job",
    "task",
    "backup",
    "restore",
    "test",
    "tests",
    "e2e",
    "create",
    "import",
    "cli",
];
