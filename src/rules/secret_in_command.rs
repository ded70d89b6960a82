use crate::model::container::Container;
use crate::model::credentials::in_command;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-in-command.md"), Check::Container(check))
        .with_credentials();

fn check(container: &Container, report: &mut Report) {
    let starts = [&container.entrypoint, &container.command].map(|command| command.get());
    let starts = starts.into_iter().flatten().map(|command| &command.value);
    let questions = container.questions().map(|(command, _)| command);
    for secret in starts.chain(questions).flat_map(in_command) {
        let span = secret.span();
        report
            .at(span, "every process that lists the others sees this credential")
            .hide(span)
            .help("hand it in as a mounted secret, and change it: it is known now");
    }
}
