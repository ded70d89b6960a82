use crate::finding::{Applicability, Fix};
use crate::model::{Document, Format};
use crate::rule::{Check, Report, Rule};
use crate::source::Edit;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unquoted-port.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    let Some(tree) = document.yaml().filter(|_| document.format == Format::Compose) else { return };
    for services in tree.documents().filter_map(|document| document.root(tree).get("services")) {
        let ports = services.entries().into_iter().filter_map(|service| service.value.get("ports"));
        for port in ports.flat_map(|ports| ports.items()).filter(|port| port.is_sexagesimal()) {
            let Some(text) = port.text() else { continue };
            let quoted = Edit { span: text.span, text: format!("\"{}\"", text.value) };
            report
                .at(
                    text.span,
                    format!("`{}` is a number in base 60 to some YAML readers", text.value),
                )
                .help("quote it")
                .fix(Fix {
                    title: format!("write `\"{}\"`", text.value),
                    edits: vec![quoted],
                    applicability: Applicability::Safe,
                });
        }
    }
}
