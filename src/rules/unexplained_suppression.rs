use crate::rule::{Check, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unexplained-suppression.md"), Check::Suppressions);
