//! Amounts as the formats write them: bytes, durations, Kubernetes quantities.

use std::time::Duration;

/// Bytes as Docker and Compose write them (`512m`, `1.5g`, `64 KiB`, `1024`), after
/// `go-units.RAMInBytes`: units of 1024, any case, an optional `b` or `ib`. A plain integer may be
/// negative (`-1`: no limit). `None` for anything else, `1Gi` included.
pub fn bytes(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digits = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))? + 1;
    let (number, unit) = text.split_at(digits);
    let number = number.strip_suffix(' ').unwrap_or(number);
    if !number.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    let unit = unit.to_ascii_lowercase();
    let mut letters = unit.chars();
    let (power, rest) = match letters.next() {
        None | Some('b') => (0, letters.as_str()),
        Some(letter) => ("kmgtp".find(letter)? as i32 + 1, letters.as_str()),
    };
    if power == 0 && !rest.is_empty() {
        return None;
    }
    matches!(rest, "" | "b" | "ib").then_some((number * 1024f64.powi(power)) as i64)
}

/// A duration as Go and Compose write it (`1m30s`, `1.5h`, `2d`, `0`), after `str2duration`. The
/// sign is read and dropped; `None` for anything else, a number without a unit included.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut seconds = 0.0;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let number: f64 = number.parse().ok()?;
        let letters = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        seconds += number
            * match unit {
                "ns" => 1e-9,
                "us" | "µs" | "μs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                "d" => 86_400.0,
                "w" => 604_800.0,
                _ => return None,
            };
        rest = tail;
        if rest.is_empty() {
            return Duration::try_from_secs_f64(seconds).ok();
        }
    }
}

/// An amount of the Kubernetes API (`500m`, `1.5`, `1Gi`, `2e3`), exact to a billionth; finer
/// ones are rounded up as the API does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity {
    nanos: i128,
}

impl Quantity {
    /// `None` for what `resource.ParseQuantity` rejects, and for what no 64 bits can hold.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix(['+', '-']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        let end =
            unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
            return None;
        }
        let (binary, decimal) = match suffix {
            "Ki" => (10, 0),
            "Mi" => (20, 0),
            "Gi" => (30, 0),
            "Ti" => (40, 0),
            "Pi" => (50, 0),
            "Ei" => (60, 0),
            "n" => (0, -9),
            "u" => (0, -6),
            "m" => (0, -3),
            "" => (0, 0),
            "k" => (0, 3),
            "M" => (0, 6),
            "G" => (0, 9),
            "T" => (0, 12),
            "P" => (0, 15),
            "E" => (0, 18),
            exponent => (0, exponent.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?),
        };
        let digits: String = format!("{whole}{fraction}").trim_start_matches('0').to_owned();
        let digits: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        let digits = digits.checked_mul(1 << binary)?;
        let power = decimal.checked_add(9)?.checked_sub(fraction.len() as i32)?;
        let nanos = if power >= 0 {
            digits.checked_mul(10i128.checked_pow(power as u32)?)?
        } else {
            match 10i128.checked_pow(power.unsigned_abs()) {
                Some(divisor) => digits / divisor + i128::from(digits % divisor != 0),
                None => i128::from(digits != 0),
            }
        };
        Some(Self { nanos: if negative { -nanos } else { nanos } })
    }

    /// In whole units, rounded up; 0 for a negative amount.
    pub fn units(self) -> u64 {
        const NANOS: i128 = 1_000_000_000;
        let whole = self.nanos / NANOS + i128::from(self.nanos % NANOS > 0);
        u64::try_from(whole.max(0)).unwrap_or(u64::MAX)
    }

    pub fn is_zero(self) -> bool {
        self.nanos == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docker_counts_bytes_by_1024() {
        let megabyte = 1 << 20;
        for (text, size) in [
            ("1024", 1024),
            ("-1", -1),
            ("512m", 512 * megabyte),
            ("512MB", 512 * megabyte),
            ("1.5 GiB", 1536 * megabyte),
            ("50M", 50 * megabyte),
            ("10b", 10),
        ] {
            assert_eq!(bytes(text), Some(size), "{text}");
        }
        for text in ["", "1Gi", "m", "12x", "1 2m", "-5m", "1mbi", "1e3"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    #[test]
    fn durations_need_units() {
        for (text, seconds) in
            [("1m30s", 90.0), ("1.5h", 5400.0), ("2d", 172_800.0), ("0", 0.0), ("500ms", 0.5)]
        {
            assert_eq!(duration(text).map(|d| d.as_secs_f64()), Some(seconds), "{text}");
        }
        for text in ["", "10", "s", "10 s", "1x", "1m30", "ten seconds", "1..5s"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn kubernetes_quantities_compare_by_amount() {
        let parse = |text| Quantity::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(parse("1"), parse("1000m"));
        assert_eq!(parse("1.5Gi"), parse("1536Mi"));
        assert_eq!(parse("2e3"), parse("2k"));
        assert_eq!(parse(".5"), parse("500m"));
        assert!(parse("1G") < parse("1Gi"));
        assert_eq!(parse("64Mi").units(), 64 << 20);
        assert_eq!(parse("100m").units(), 1);
        for text in ["", "Mi", "1 Gi", "1gi", "1GB", "1.2.3", "abc", "1e", "9e999999999"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
