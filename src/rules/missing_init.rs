use crate::finding::Severity;
use crate::knowledge::inits;
use crate::knowledge::processes::{self, Kind};
use crate::model::Format;
use crate::model::container::Container;
use crate::model::process::Process;
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-init.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let has_init = |of: &Container| of.init.is_true() || of.init.is_unresolved();
    let is_settled =
        !container.heirs.is_empty() && container.heirs.iter().all(|heir| has_init(heir));
    // What the image starts is told where the image is built.
    let starts_itself = !container.entrypoint.is_absent() || !container.command.is_absent();
    if !container.is_long_running()
        || has_init(container)
        || is_settled
        || !starts_itself
        || base_brings_one(container)
    {
        return;
    }
    let (span, message, severity) = match container.process_one() {
        None | Some(Process::Init { .. }) => return,
        Some(Process::Shell { runs, span }) => {
            let whom = runs.map_or("what it runs".to_owned(), |program| format!("`{program}`"));
            let message = format!("process 1 is a shell, which passes no signal on to {whom}");
            (span, message, Severity::Warning)
        }
        Some(Process::Program { name, span }) => match processes::kind(&name) {
            Some(Kind::Launcher) => return,
            Some(kind @ (Kind::Interpreter | Kind::Runner | Kind::Shell)) => {
                let message = format!("process 1 is `{name}`, {}, without an init", kind.noun());
                (span, message, Severity::Warning)
            }
            Some(Kind::Server) | None => {
                let message = format!("process 1 is `{name}`, without an init");
                (span, message, Severity::Note)
            }
        },
    };
    let finding = report.at(span, message).severity(severity).help(match container.format {
        Format::Dockerfile => "start it through `tini` or `dumb-init` in exec form",
        Format::Compose => "set `init: true`",
        Format::Kubernetes => {
            "start it through the image's own init, or set `shareProcessNamespace: true`"
        }
    });
    for heir in container.heirs.iter().filter(|heir| !has_init(heir)) {
        finding.also(heir.name.span, format!("{} runs it", heir.subject()));
    }
}

/// Whether the image that all goes back to starts an init by itself, and still may.
fn base_brings_one(container: &Container) -> bool {
    let start = container.start();
    container.base().and_then(|base| base.init()).is_some_and(|init| match init.start {
        inits::Start::Entrypoint => matches!(start.entrypoint, Setting::Absent),
        inits::Start::Command => start.entrypoint.is_absent() && start.command.is_absent(),
    })
}
