use crate::model::command::Command;
use crate::model::container::Container;
use crate::model::quantity;
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/heap-above-limit.md"), Check::Container(check));

/// Options that bound a heap, and the unit of a number without one.
const OPTIONS: [(&str, &str); 4] =
    [("-Xmx", ""), ("-XX:MaxHeapSize=", ""), ("--max-old-space-size=", "m"), ("GOMEMLIMIT=", "")];

fn check(container: &Container, report: &mut Report) {
    let Some(limit) = container.memory_limit.get() else { return };
    let start = container.start();
    let commands = [start.entrypoint, start.command].into_iter().filter_map(|it| it.get());
    let words = commands.flat_map(|command| match &command.value {
        Command::Exec(words) => words.iter().collect(),
        Command::Shell { text, .. } => vec![text],
    });
    let variables = container.effective_environment();
    let of_variable = variables.iter().filter_map(|variable| {
        let name = format!("{}=", variable.name.value);
        let value = variable.value.as_ref()?;
        let own = OPTIONS.iter().find(|(option, _)| *option == name);
        match own {
            Some((_, unit)) => {
                bytes(value.value(), unit).map(|(bytes, end)| (value, 0..end, bytes))
            }
            None => heap(value),
        }
    });
    let words: Vec<&Text> = words.collect();
    let subject = container.subject();
    let values = variables.iter().filter_map(|variable| variable.value.as_ref());
    if let Some((text, range)) = values.chain(words.iter().copied()).find_map(share) {
        let part = &text.value()[range.clone()];
        report
            .at(text.span_of(range), format!("`{part}` leaves {subject} no room beside the heap"))
            .help("threads, code and buffers need some: 75 is common")
            .also(limit.span, format!("the limit: {}", shown(limit.value)));
        return;
    }
    let mut heaps = of_variable.chain(words.into_iter().filter_map(heap));
    let Some((text, range, bytes)) = heaps.find(|(.., bytes)| *bytes >= limit.value) else {
        return;
    };
    report
        .at(
            text.span_of(range),
            format!("the heap may grow to {}, and {subject} is killed before", shown(bytes)),
        )
        .help("leave a quarter of the limit to what is not heap")
        .also(limit.span, format!("the limit: {}", shown(limit.value)));
}

/// The option of a text that bounds a heap, where it stands, and to how many bytes.
fn heap(text: &Text) -> Option<(&Text, std::ops::Range<usize>, u64)> {
    let value = text.value();
    // Where an option is said twice, the last counts.
    let found =
        OPTIONS.iter().filter_map(|(option, unit)| Some((value.rfind(option)?, option, unit)));
    let (at, option, unit) = found.max_by_key(|found| found.0)?;
    let (bytes, length) = bytes(&value[at + option.len()..], unit)?;
    Some((text, at..at + option.len() + length, bytes))
}

/// Where a text gives Java's heap more of the limit than can be spared.
fn share(text: &Text) -> Option<(&Text, std::ops::Range<usize>)> {
    const OPTION: &str = "-XX:MaxRAMPercentage=";
    let at = text.value().rfind(OPTION)?;
    let number = &text.value()[at + OPTION.len()..];
    let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    let percentage: f64 = number[..end].parse().ok()?;
    (percentage > 90.0).then_some((text, at..at + OPTION.len() + end))
}

/// The bytes that a text begins with, and how long that is.
fn bytes(text: &str, unit: &str) -> Option<(u64, usize)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let number = &text[..end];
    let has_unit = number.ends_with(|c: char| c.is_ascii_alphabetic());
    let bytes = quantity::bytes(&format!("{number}{}", if has_unit { "" } else { unit }))?;
    Some((u64::try_from(bytes).ok()?, end))
}

fn shown(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    match bytes {
        _ if bytes.is_multiple_of(1 << 30) => format!("{} GiB", bytes >> 30),
        _ if bytes >= MIB => format!("{} MiB", bytes / MIB),
        _ => format!("{bytes} bytes"),
    }
}
