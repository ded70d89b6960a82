//! Text within XML.

use std::borrow::Cow;

/// Text that can stand in an attribute or an element, whatever it holds. What XML 1.0 has no
/// way to write is replaced.
pub fn escape(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| {
        matches!(c, ' '..) && !matches!(c, '&' | '<' | '>' | '"' | '\'' | '\u{fffe}' | '\u{ffff}')
    };
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            c if is_plain(c) => escaped.push(c),
            _ => escaped.push('\u{fffd}'),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_an_attribute() {
        assert_eq!(escape("a \"<&>'\n"), "a &quot;&lt;&amp;&gt;&apos;&#10;");
        assert_eq!(escape("\u{0}\u{1b}]]>\u{ffff}é"), "\u{fffd}\u{fffd}]]&gt;\u{fffd}é");
    }
}
