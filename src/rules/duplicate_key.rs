use crate::model::Document;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-key.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    let Some(tree) = document.yaml() else { return };
    for duplicate in tree.duplicates() {
        let key = tree.node(duplicate.key);
        let name = key.text().map_or("", |text| text.value);
        let (help, first) = match name {
            "<<" => ("write one `<<` with a list: `<<: [*a, *b]`", "the first one"),
            _ => (
                "keep one of them; readers that accept both take the last",
                "the first one, which is lost",
            ),
        };
        report
            .at(key.span(), format!("key `{name}` stands twice here"))
            .help(help)
            .also(tree.node(duplicate.first).span(), first);
    }
}
