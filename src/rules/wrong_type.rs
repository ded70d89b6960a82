use crate::model::kubernetes::{Cluster, FlawKind, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/wrong-type.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    report.flaws(object, FlawKind::WrongType);
}
