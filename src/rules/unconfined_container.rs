use crate::finding::Severity;
use crate::model::container::{Container, Guard};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unconfined-container.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    // No guard holds for a privileged one, of which a rule of its own tells.
    if container.privileged.is_true() {
        return;
    }
    for guard in &container.unguarded {
        let (what, severity) = match guard.value {
            Guard::SystemCalls => ("no filter of system calls holds for", Severity::Error),
            Guard::AppArmor => ("AppArmor does not hold for", Severity::Error),
            Guard::Proc => ("the kernel's settings in `/proc` are open to", Severity::Error),
            // Common where files of the host are shared.
            Guard::Selinux => ("SELinux does not hold for", Severity::Warning),
        };
        report
            .at(guard.span, format!("{what} `{}`", container.name.value))
            .severity(severity)
            .help("leave it out, or name a profile that allows what it needs");
    }
}
