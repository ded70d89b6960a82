//! Names of signals that `STOPSIGNAL` takes.

/// Linux' signals; `SIG` may stand before them, case does not matter.
static NAMES: [&str; 32] = [
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL",
    "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP",
    "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH",
];

/// A name, a number other than 0, or a real-time signal (`RTMIN+1`).
pub(super) fn is_signal(text: &str) -> bool {
    if let Ok(number) = text.parse::<i32>() {
        return number != 0;
    }
    let upper = text.to_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let offset = |sign, most: u8| match name.strip_prefix(sign) {
        Some("") => true,
        Some(rest) => rest[1..].parse::<u8>().is_ok_and(|offset| (1..=most).contains(&offset)),
        None => false,
    };
    NAMES.contains(&name)
        || matches!(name, "XCPU" | "XFSZ")
        || name.starts_with("RTMIN+") && offset("RTMIN", 15)
        || name.starts_with("RTMAX-") && offset("RTMAX", 14)
        || matches!(name, "RTMIN" | "RTMAX")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_signals() {
        for text in ["SIGTERM", "term", "9", "SIGRTMIN+3", "RTMAX-14", "XCPU"] {
            assert!(is_signal(text), "{text}");
        }
        for text in ["FOO", "", "0", "SIGRTMIN+16", "RTMIN+", "SIGSIGTERM"] {
            assert!(!is_signal(text), "{text}");
        }
    }
}
