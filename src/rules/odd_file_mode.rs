use crate::finding::{Applicability, Fix};
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};
use crate::source::Edit;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/odd-file-mode.md"), Check::Workload(check));

/// `0777`, the most that a mode may be.
const MOST: i64 = 0o777;

/// Modes that people give files, read as decimal numbers and still small enough.
const OCTAL: [i64; 4] = [400, 440, 444, 500];

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for mode in object.file_modes(&workload.pod) {
        let number = mode.value;
        let what = match number {
            _ if OCTAL.contains(&number) => format!("{number} is `0{number:o}`"),
            _ if !(0..=MOST).contains(&number) => format!("{number} is no mode: 511 is the most"),
            _ => continue,
        };
        let finding = report.at(mode.span, what);
        let is_octal = format!("{number}").bytes().all(|digit| digit < b'8') && number <= 777;
        if is_octal && number > 0 {
            finding.help(format!("write `0{number}`")).fix(Fix {
                title: format!("write `0{number}`"),
                edits: vec![Edit { span: mode.span, text: format!("0{number}") }],
                applicability: Applicability::Unsafe,
            });
        }
    }
}
