use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-in-environment.md"), Check::Container(check))
        .with_credentials();

fn check(container: &Container, report: &mut Report) {
    let written = container.written_credentials();
    for credential in written.iter().filter(|credential| !credential.is_guessable) {
        let span = credential.value.span();
        report
            .at(span, format!("`{}` holds a credential in clear", credential.name))
            .hide(span)
            .help("take it from a mounted secret, and change it: it is known now");
    }
}
