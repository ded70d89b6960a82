use crate::model::compose::{Compose, Service};
use crate::model::credentials;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-in-label.md"), Check::Service(check))
        .with_credentials();

fn check(service: &Service, _: &Compose, report: &mut Report) {
    for credential in credentials::among(&service.labels) {
        let span = credential.value.span();
        report
            .at(span, format!("the label `{}` holds a credential in clear", credential.name))
            .hide(span)
            .help("give it to whoever reads the label as a secret, and change it: it is known now");
    }
}
