use crate::finding::{Applicability, Fix, Severity};
use crate::knowledge::processes::{self, Kind};
use crate::model::Format;
use crate::model::container::Container;
use crate::model::process::{Child, Process};
use crate::model::script::Start;
use crate::rule::{Check, Report, Rule};
use crate::source::{Edit, Span};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-init.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    // An image to build on starts nothing that has to end well.
    if container.command.get().is_some_and(|command| command.value.is_prompt()) {
        return;
    }
    let passed_over = passed_over(container);
    let finding = match container.own_process_one() {
        Some(Process::Shell { runs, span }) => {
            let name = runs.as_ref().and_then(|child| child.name.as_deref());
            let whom = name.map_or("what it runs".to_owned(), |name| format!("`{name}`"));
            let message = format!("process 1 is a shell, which passes no signal on to {whom}");
            let program = name.unwrap_or("program");
            report
                .at(span, message)
                .help(match runs {
                    Some(_) => format!("let the shell make way: `exec {program} …`"),
                    None => init(container).to_owned(),
                })
                .fix(runs.as_ref().and_then(|child| make_way(child, &whom)))
        }
        Some(Process::Program { name, .. }) if runs_task(container, &name) => return,
        Some(Process::Program { name, span, by_shell }) => {
            let (kind, severity) = match processes::kind(&name) {
                Some(kind @ (Kind::Interpreter | Kind::Runner)) => {
                    (format!(", {}", kind.noun()), Severity::Warning)
                }
                // Who builds it knows that it needs one.
                None | Some(Kind::Server) if passed_over.is_some() => {
                    (String::new(), Severity::Warning)
                }
                // Where there is nothing but the program, it is what has to see to signals.
                None if is_alone(container) && !container.is_of_go => {
                    (String::new(), Severity::Note)
                }
                None | Some(Kind::Launcher | Kind::Server) if by_shell => {
                    let message = format!("`{name}` is process 1 only because the shell makes way");
                    let finding = report.at(span, message).severity(Severity::Note);
                    finding.help(format!("start it without a shell: `[\"{name}\", …]`"));
                    return;
                }
                None | Some(Kind::Launcher | Kind::Server) => return,
            };
            // Empty, it leaves what the image starts, and takes the init away.
            let emptied = container.entrypoint.get().filter(|it| it.value.is_empty());
            let span = emptied.filter(|_| passed_over.is_some()).map_or(span, |it| it.span);
            report
                .at(span, format!("process 1 is `{name}`{kind}, without an init"))
                .severity(severity)
                .help(init(container))
        }
        None | Some(Process::Init { .. }) => return,
    };
    if let Some(init) = passed_over {
        finding.also(init, "the image starts an init, which is passed over here");
    }
    for heir in container.heirs.iter().filter(|heir| !heir.init.is_true()) {
        finding.also(heir.name.span, format!("{} runs it", heir.subject()));
    }
}

/// Whether the program is given what comes to an end by itself: `npm test`.
fn runs_task(container: &Container, program: &str) -> bool {
    let is_task = |start: &Start| {
        let arguments: Vec<&str> = start.arguments.iter().map(String::as_str).collect();
        start.program.as_deref() == Some(program) && processes::ends(program, &arguments)
    };
    container.ending().is_some_and(|(ending, _)| ending.last.iter().any(is_task))
}

/// The init that the image built in view starts, and that another entrypoint takes away.
fn passed_over(container: &Container) -> Option<Span> {
    let image = container.built_from.as_ref().filter(|_| !container.entrypoint.is_absent())?;
    match image.process_one()? {
        Process::Init { span, .. } => Some(span),
        _ => None,
    }
}

/// How to come by an init.
fn init(container: &Container) -> &'static str {
    match container.format {
        Format::Dockerfile => "start it through `tini` or `dumb-init` in exec form",
        Format::Compose => "set `init: true`",
        Format::Kubernetes => {
            "start it through the image's own init, or set `shareProcessNamespace: true`"
        }
    }
}

fn make_way(child: &Child, whom: &str) -> Option<Fix> {
    Some(Fix {
        title: format!("run {whom} in the shell's place"),
        edits: vec![Edit { span: child.place?, text: "exec ".to_owned() }],
        applicability: Applicability::Safe,
    })
}

/// Whether an image holds nothing but the program.
fn is_alone(container: &Container) -> bool {
    container.format == Format::Dockerfile && container.base().is_some_and(|base| base.is_bare())
}
