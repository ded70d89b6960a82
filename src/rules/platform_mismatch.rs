use crate::model::Workspace;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/platform-mismatch.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for (service, build, recipe) in workspace.builds() {
        let asked = service.at(&["platform"]);
        let Some((asked, wanted)) = asked.and_then(|asked| Some((asked, machine(asked.known()?)?)))
        else {
            continue;
        };
        let (None, Some(target)) = (&build.target, recipe.build.target) else { continue };
        // What the stages go back to is what is pulled.
        let line = recipe.build.line(target);
        let platform = line.last().and_then(|root| recipe.build.stages[*root].platform.as_ref());
        let Some(platform) = platform else { continue };
        let Some(built) = platform.known().and_then(machine) else { continue };
        if built != wanted {
            let (name, platform_text) = (&service.name.value, platform.shown());
            report
                .at(
                    asked.span,
                    format!(
                        "`{name}` is to run on this, and its image is built on `{platform_text}`"
                    ),
                )
                .help("leave `--platform` out of the Dockerfile, or ask for the same here")
                .also(platform.span(), "what the image is built on, whatever is asked for");
        }
    }
}

/// The system and the processor of a platform; variants run on one another more often than not.
fn machine(platform: &str) -> Option<(String, String)> {
    let mut parts = platform.split('/');
    let (system, processor) = (parts.next()?, parts.next()?);
    let processor = match processor.to_ascii_lowercase().as_str() {
        "x86_64" | "x86-64" => "amd64".to_owned(),
        "aarch64" => "arm64".to_owned(),
        processor => processor.to_owned(),
    };
    Some((system.to_ascii_lowercase(), processor))
}
