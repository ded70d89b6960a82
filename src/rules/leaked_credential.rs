use crate::model::Document;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/leaked-credential.md"), Check::Document(check))
        .with_credentials();

fn check(document: &Document, report: &mut Report) {
    for (span, what) in &document.tokens {
        report
            .at(*span, format!("{what} stands here in clear"))
            .hide(*span)
            .help("revoke it: it is known now; and hand the new one in as a secret");
    }
}
