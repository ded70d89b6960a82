use crate::model::image::{Channel, ImageRef, Pin, Role};
use crate::rule::{Check, OptionKind, Report, Rule, RuleOption};

pub static RULE: Rule = Rule::new(include_str!("../../rules/rolling-tag.md"), Check::Image(check))
    .with_options(&[RuleOption { name: "accept", kind: OptionKind::OneOf(KINDS) }]);

const KINDS: &[&str] = &["channel", "branch", "code-name", "variant", "major", "minor"];

fn check(image: &ImageRef, report: &mut Report) {
    let Some(tag) = image.tag().filter(|_| image.is_pulled() && image.role != Role::Frontend)
    else {
        return;
    };
    let Some((kind, what)) = rolls(image) else { return };
    if report.words("accept").any(|accepted| accepted == kind) {
        return;
    }
    let help = match image.unique_tag() {
        Some(unique) => format!("name one release, such as `{unique}`, or better a digest"),
        None => "name one release, or better a digest".to_owned(),
    };
    report.at(tag.span, format!("`{}` {what}", tag.value)).help(help);
}

/// The kind of a tag that moves, and what to say of it.
fn rolls(image: &ImageRef) -> Option<(&'static str, String)> {
    let (looks, moves) =
        if image.has_known_scheme() { ("is", "it moves") } else { ("looks like", "it may move") };
    Some(match image.pin() {
        Pin::Channel(Channel::Latest | Channel::Channel) => {
            ("channel", "is a channel: it moves with every release".to_owned())
        }
        Pin::Channel(Channel::Branch) => {
            ("branch", "is a branch: it moves with every push".to_owned())
        }
        Pin::Channel(Channel::CodeName(owner)) => (
            "code-name",
            format!("is a code name of {owner}: it moves as long as that is maintained"),
        ),
        Pin::Channel(Channel::Variant) if !image.has_known_scheme() => {
            ("variant", "names no release: it may move with any push".to_owned())
        }
        Pin::Channel(Channel::Variant) => {
            ("variant", "says which variant, not which release: it moves with each".to_owned())
        }
        Pin::Major => {
            ("major", format!("{looks} a major version: {moves} with every release of it"))
        }
        Pin::Minor => ("minor", format!("{looks} a minor version: {moves} with every patch of it")),
        _ => return None,
    })
}
