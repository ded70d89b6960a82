use crate::finding::{Finding, Severity};
use crate::knowledge::bases::{DefaultUser, without_root};
use crate::model::Format;
use crate::model::container::{Container, Part};
use crate::model::setting::Setting;
use crate::model::user::User;
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, Spanned};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/root-user.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    if container.part == Part::Ephemeral || is_guarded(container) || is_settled(container) {
        return;
    }
    let subject = container.subject();
    match &container.user {
        Setting::Set(user) if user.value.is_root() => written(container, user, report),
        Setting::Set(_) | Setting::Unresolved(_) | Setting::NotApplicable => {}
        // The Dockerfile is told instead.
        Setting::Absent if container.built_from.is_some() || container.drops_root => {}
        Setting::Absent => {
            let base = container.base();
            let by_default = base.and_then(|base| base.default_user());
            // Files without a program are handed over, not run.
            let is_scratch = base.is_some_and(|base| base.is_scratch());
            if is_scratch && container.entrypoint.is_absent() && container.command.is_absent() {
                return;
            }
            // Windows has another user by default, and other rights.
            let is_unknown = base.is_none_or(|base| base.unknown().is_some() || base.is_windows());
            let started_as_meant = container.entrypoint.is_absent();
            let at = container.name.span;
            match by_default {
                Some(DefaultUser::User(_)) => {}
                Some(DefaultUser::Drops(_))
                    if container.format != Format::Kubernetes && started_as_meant => {}
                Some(DefaultUser::Drops(user)) if started_as_meant => {
                    let base = base.map_or("its image", |base| base.familiar());
                    let message =
                        format!("{subject} starts as root, as `{base}` does to become `{user}`");
                    say(container, report, at, message, Severity::Warning)
                        .help(format!("set `runAsUser` to the number of `{user}`"));
                }
                Some(DefaultUser::Root | DefaultUser::Drops(_)) => {
                    let base = base.map_or("its image", |base| base.familiar());
                    let message = format!("{subject} runs as root, as `{base}` does by default");
                    // Who builds on it sets the user.
                    let command = container.command.get();
                    let severity = match command.is_some_and(|command| command.value.is_prompt()) {
                        true if container.format == Format::Dockerfile => Severity::Note,
                        _ => Severity::Error,
                    };
                    let finding = say(container, report, at, message, severity);
                    if let Some(other) = without_root(base) {
                        finding.help(format!("take `{other}`, which listens on port 8080"));
                    }
                }
                None if is_unknown && container.format != Format::Kubernetes => {}
                None => {
                    let (message, severity) = match container.format {
                        Format::Dockerfile => (
                            format!("{subject} may run as root: nothing says otherwise"),
                            Severity::Warning,
                        ),
                        // The image is mostly somebody else's, and may well say it itself.
                        Format::Compose => (
                            format!("{subject} runs as root unless its image says otherwise"),
                            Severity::Note,
                        ),
                        Format::Kubernetes => (
                            format!("nothing keeps {subject} from running as root"),
                            Severity::Warning,
                        ),
                    };
                    say(container, report, at, message, severity);
                }
            }
        }
    }
}

fn written(container: &Container, user: &Spanned<User>, report: &mut Report) {
    let message = format!("{} runs as `{}`", container.subject(), user.value.name);
    say(container, report, user.span, message, Severity::Error);
}

fn say<'r>(
    container: &Container,
    report: &'r mut Report,
    span: Span,
    message: String,
    severity: Severity,
) -> &'r mut Finding {
    let finding = report.at(span, message).severity(severity).help(match container.format {
        Format::Dockerfile => "end the stage with `USER` and a number that is not 0",
        Format::Compose => "set `user:` to one that the image can run as, or `USER` in its build",
        Format::Kubernetes => {
            "set `securityContext.runAsNonRoot: true`, and a `runAsUser` if the image names none"
        }
    });
    for heir in container.heirs.iter().filter(|heir| !is_guarded(heir) && heir.user.is_absent()) {
        finding.also(heir.name.span, format!("{} runs it", heir.subject()));
    }
    finding
}

fn is_guarded(container: &Container) -> bool {
    container.non_root.is_true() && !container.user.get().is_some_and(|user| user.value.is_root())
}

/// Whether everybody in view who runs the image says as whom.
fn is_settled(image: &Container) -> bool {
    let says = |heir: &Container| is_guarded(heir) || !heir.user.is_absent();
    !image.heirs.is_empty() && image.heirs.iter().all(|heir| says(heir))
}
