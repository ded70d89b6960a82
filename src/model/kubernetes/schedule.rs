//! When a CronJob runs: five fields, or a word.

use crate::source::Spanned;

use super::object::Manifest;
use super::read;

/// The fields in their order: what each is called, its bounds, and the words it knows.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, MONTHS),
    ("day of the week", 0, 6, DAYS),
];

const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const WORDS: [&str; 7] =
    ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

impl Manifest {
    /// When it runs, as it is written, if it is a CronJob.
    pub fn schedule(&self) -> Option<Spanned<String>> {
        let is_one = self.is(&["batch"], "CronJob");
        is_one.then(|| self.root().at(&["spec", "schedule"])).flatten().and_then(read::word)
    }

    /// Whether runs of a CronJob that do not end become more and more: nothing says what is to
    /// happen, and nothing ends them.
    pub fn may_pile_up(&self) -> bool {
        const JOB: &[&str] = &["spec", "jobTemplate", "spec"];
        const POD: &[&str] = &["spec", "jobTemplate", "spec", "template", "spec"];
        let lacks = |path: &[&str], key: &str| {
            self.root().at(path).is_some_and(|node| read::string_of(node, key).is_absent())
        };
        lacks(&["spec"], "concurrencyPolicy")
            && !read::flag_of(self.root().get("spec").unwrap_or(self.root()), "suspend").is_true()
            && lacks(JOB, "activeDeadlineSeconds")
            && lacks(POD, "activeDeadlineSeconds")
    }
}

/// Whether a schedule runs something at least once an hour, day and night.
pub fn runs_hourly(text: &str) -> bool {
    let mut fields = text.split_whitespace();
    let (_minute, hour) = (fields.next(), fields.next());
    text == "@hourly" || hour == Some("*") && fields.eq(["*", "*", "*"])
}

/// What the API server does not take of a schedule.
pub fn schedule_flaw(text: &str) -> Option<String> {
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Some("a time zone stands in the field `timeZone`".to_owned());
    }
    if text.starts_with('@') {
        let is_known = WORDS.contains(&text) || text.starts_with("@every ");
        return (!is_known).then(|| format!("there is no `{text}`"));
    }
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Some(format!("a schedule has 5 fields, and this one {}", parts.len()));
    }
    parts.iter().zip(FIELDS).find_map(|(part, (name, least, most, words))| {
        let takes = |item| is_range(item, least, most, words);
        (!part.split(',').all(takes)).then(|| format!("`{part}` is no {name}"))
    })
}

/// `*`, `5`, `1-5`, each with a step behind a `/` or without.
fn is_range(text: &str, least: u32, most: u32, words: &[&str]) -> bool {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (text, None),
    };
    let number = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let word = words.iter().position(|word| *word == lower);
        let number = word.map(|at| at as u32 + least).or_else(|| text.parse().ok())?;
        (least..=most).contains(&number).then_some(number)
    };
    let is_step = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0));
    let is_whole = match range.split_once('-') {
        Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= to),
        None => matches!(range, "*" | "?") || number(range).is_some(),
    };
    is_step && is_whole
}

#[cfg(test)]
mod tests {
    use super::{runs_hourly, schedule_flaw};

    #[test]
    fn what_runs_every_hour_is_told_from_what_does_not() {
        assert!(["*/5 * * * *", "0 * * * *", "@hourly"].into_iter().all(runs_hourly));
        assert!(
            !["0 4 * * *", "*/5 9-17 * * *", "0 * * * 1", "@daily", ""]
                .into_iter()
                .any(runs_hourly)
        );
    }

    #[test]
    fn schedules_are_as_the_api_server_takes_them() {
        let good = ["*/5 * * * *", "0 0 1,15 * mon-fri", "0 4 ? JAN-mar 0", "5/15 * * * *"];
        for text in good.into_iter().chain(["@daily", "@every 1h30m"]) {
            assert_eq!(schedule_flaw(text), None, "{text}");
        }
        let bad = ["* * * *", "60 * * * *", "0 0 0 * *", "0 0 * * 7", "*/0 * * * *", "5-1 * * * *"];
        for text in bad.into_iter().chain(["@reboot", "TZ=UTC 0 0 * * *", "a * * * *"]) {
            assert!(schedule_flaw(text).is_some(), "{text}");
        }
    }
}
