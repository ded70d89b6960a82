//! What a plain scalar means: the core schema of YAML 1.2, and habits of 1.1 that readers accept.

/// <https://yaml.org/spec/1.2.2/#1032-tag-resolution>
pub fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

pub fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// <https://yaml.org/type/bool.html>, without what is a truth in YAML 1.2 as well.
pub fn legacy_bool(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// As go-yaml reads it: with `_` between digits, and a leading zero for octal.
pub fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let (digits, radix) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&digits[2..], 16),
        [b'0', b'o' | b'O', ..] => (&digits[2..], 8),
        [b'0', b'b' | b'B', ..] => (&digits[2..], 2),
        [b'0', _, ..] => (&digits[1..], 8),
        _ => (digits, 10),
    };
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    let joined = digits.contains('_').then(|| digits.replace('_', ""));
    let value = i128::from_str_radix(joined.as_deref().unwrap_or(digits), radix).ok()?;
    i64::try_from(if negative { -value } else { value }).ok()
}

pub fn float(text: &str) -> Option<f64> {
    if let Some(integer) = integer(text) {
        return Some(integer as f64);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
        }
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(f64::NAN),
        _ => {}
    }
    let number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.contains(|c: char| c.is_ascii_digit())
        && unsigned.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if number { text.parse().ok() } else { None }
}

pub fn is_legacy_octal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1
        && digits.starts_with('0')
        && digits.bytes().all(|b| matches!(b, b'0'..=b'7' | b'_'))
}

/// <https://yaml.org/type/int.html>, base 60; <https://yaml.org/type/float.html> likewise.
pub fn is_sexagesimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = digits.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    first.starts_with(|c: char| matches!(c, '1'..='9'))
        && first.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && rest.peek().is_some()
        && rest.all(|part| match part.split_once('.') {
            Some((whole, fraction)) => is_minute(whole) && is_digits(fraction),
            None => is_minute(part),
        })
}

/// `0` to `59`, the tens digit optional.
fn is_minute(part: &str) -> bool {
    match part.as_bytes() {
        [ones] => ones.is_ascii_digit(),
        [tens, ones] => matches!(tens, b'0'..=b'5') && ones.is_ascii_digit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octal_is_octal_with_and_without_an_o() {
        assert_eq!(integer("0644"), Some(420));
        assert_eq!(integer("0o644"), Some(420));
        assert_eq!(integer("0"), Some(0));
        assert_eq!(integer("08"), None);
        assert_eq!(float("08"), Some(8.0));
        assert!(is_legacy_octal("0644") && !is_legacy_octal("0o644") && !is_legacy_octal("0"));
    }

    #[test]
    fn integers_are_as_go_reads_them() {
        assert_eq!(integer("-0x1F"), Some(-31));
        assert_eq!(integer("1_000"), Some(1000));
        assert_eq!(integer("9223372036854775807"), Some(i64::MAX));
        assert_eq!(integer("-9223372036854775808"), Some(i64::MIN));
        for text in ["9223372036854775808", "", "-", "1.0", "0x", "--1", "-+1", "_1", "1a"] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_no_floats() {
        assert_eq!(float("0.5"), Some(0.5));
        assert_eq!(float("1e3"), Some(1000.0));
        assert_eq!(float(".5"), Some(0.5));
        for text in ["inf", "nan", "e5", ".", "1.2.3", "infinity", ""] {
            assert_eq!(float(text), None, "{text}");
        }
    }

    #[test]
    fn a_pair_of_low_ports_is_sexagesimal() {
        for text in ["22:22", "3306:06", "12:30:45", "190:20:30.15"] {
            assert!(is_sexagesimal(text), "{text}");
        }
        for text in ["80:80", "8080:8080", "022:22", "22", "22:", ":22", "22:60", "a:22"] {
            assert!(!is_sexagesimal(text), "{text}");
        }
    }
}
