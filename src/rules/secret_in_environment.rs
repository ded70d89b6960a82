use crate::knowledge::secrets::{is_credential, is_harmless};
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-in-environment.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    for variable in &container.environment {
        let Some(value) = &variable.value else { continue };
        let name = &variable.name.value;
        let written = value.known().filter(|value| !is_harmless(value));
        if written.is_some() && is_credential(name) {
            report
                .at(value.span(), format!("`{name}` holds a credential in clear"))
                .help("take it from a mounted secret, and change it: it is known now");
        }
    }
}
