use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::{Command, Dialect, Node, PartKind};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/piped-installer.md"), Check::Dockerfile(check));

/// How many commands a download goes through at most.
const MAX_FEEDING: usize = 8;

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands() {
        let Some(runner) = interpreter(site.command) else { continue };
        let feeding = site.pipeline.commands[..site.position].iter().rev().take(MAX_FEEDING);
        let fetched = feeding
            .filter_map(Node::simple)
            .find_map(fetcher)
            .or_else(|| substituted(site.command));
        let Some(fetcher) = fetched else { continue };
        report
            .at(
                if site.position > 0 {
                    site.pipeline.span
                } else {
                    site.command.span().unwrap_or(site.pipeline.span)
                },
                format!("`{fetcher}` into `{runner}`: a script from the network runs unseen"),
            )
            .help("download it, check its digest, then run it");
    }
}

fn interpreter(command: &Command) -> Option<String> {
    let program = command.program()?;
    let plain = program.name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let runs = Dialect::of_program(&program.name).is_some()
        || matches!(plain, "python" | "perl" | "node" | "php" | "ruby");
    // `python -m json.tool` reads data, and so does `-c` or `-e` with a program of its own.
    let reads_data = program.arguments.iter().any(|word| {
        matches!(&*word.prefix(), "-m" | "-e" | "-n" | "-pe" | "-ne")
            || word.prefix() == "-c" && Dialect::of_program(&program.name).is_none()
    });
    (runs && !reads_data).then(|| program.name.into_owned())
}

fn fetcher(command: &Command) -> Option<String> {
    let program = command.program()?;
    matches!(&*program.name, "curl" | "wget").then(|| program.name.into_owned())
}

/// What a substitution in the text that a shell is given fetches: `sh -c "$(curl …)"`.
fn substituted(command: &Command) -> Option<String> {
    command.words.iter().flat_map(|word| &word.parts).find_map(|part| match &part.kind {
        PartKind::Substitution(list) => {
            let pipelines = list.items.iter().map(|item| &item.pipeline);
            pipelines.flat_map(|pipeline| pipeline.simple()).find_map(fetcher)
        }
        _ => None,
    })
}
