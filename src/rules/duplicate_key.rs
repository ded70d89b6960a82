use crate::model::Document;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-key.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    let Some(tree) = document.yaml() else { return };
    for duplicate in tree.duplicates() {
        let key = tree.node(duplicate.key);
        let name = key.text().map_or("", |text| text.value);
        report
            .at(key.span(), format!("key `{name}` stands twice here"))
            .help("keep one of them; readers that accept both take the last")
            .also(tree.node(duplicate.first).span(), "the first one, which is lost");
    }
}
