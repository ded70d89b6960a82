use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/background-process.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let Some(target) = recipe.shipped() else { return };
    let settings = recipe.build.image(target).settings;
    let start = match (&settings.entrypoint, &settings.command) {
        (Some(entrypoint), None) => entrypoint,
        (None, Some(command)) => command,
        _ => return,
    };
    let Some(line) = start.value.line() else { return };
    let last = line.rsplit(['&', ';', '|']).next().unwrap_or_default();
    let mut words = last.split_whitespace().filter(|word| *word != "exec");
    let Some(program) = words.next().map(|word| word.rsplit('/').next().unwrap_or(word)) else {
        return;
    };
    let words: Vec<&str> = words.collect();
    let has = |word: &str| words.contains(&word);
    let leaves = match program {
        "nginx" => {
            let told = ["-g", "-t", "-T", "-v", "-V"];
            !told.iter().any(|option| has(option))
                && !line.contains("daemon off")
                && !recipe.brings(target, "nginx.conf")
                && !recipe.brings(target, "daemon off")
        }
        "service" => words.get(1) == Some(&"start"),
        "apachectl" | "apache2ctl" => words == ["start"],
        "sshd" => !has("-D") && !has("-De") && !has("-d"),
        "mongod" => has("--fork"),
        _ => false,
    };
    if leaves {
        report
            .at(
                start.span,
                format!("`{program}` goes into the background, and the container stops"),
            )
            .help("start it in the foreground, as its manual says");
    }
}
