use crate::knowledge::permissions::{MINTING, SIGNING};
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/minted-credentials.md"), Check::Manifest(check));

fn check(role: &Manifest, _: &Cluster, report: &mut Report) {
    let mut found = role.powers(MINTING);
    if let [approval, signers] = SIGNING.each_ref().map(std::slice::from_ref)
        && !role.powers(signers).is_empty()
    {
        found.extend(role.powers(approval));
    }
    for (resource, power) in found {
        report
            .at(resource.span, format!("whoever has `{}` can {}", role.title(), power.can))
            .help("name in `resourceNames` the accounts or signers that it is for");
    }
}
