//! What a Secret holds.

use std::borrow::Cow;

use crate::source::Spanned;
use crate::syntax::yaml::{Entry, Node};

use super::object::{Generated, Literal, Manifest};
use super::read;

/// One of a Secret's values.
#[derive(Clone, Debug)]
pub struct SecretValue<'t> {
    pub key: &'t str,
    /// As it is written.
    pub written: Spanned<&'t str>,
    /// What the pods get.
    pub text: Cow<'t, str>,
}

impl Manifest {
    /// The values of a Secret that anybody can read who has the file; those that are no text are
    /// left out. None if it is encrypted.
    pub fn secret_values(&self) -> Vec<SecretValue<'_>> {
        let root = self.root();
        if !self.is(&[""], "Secret") || root.get("sops").is_some() {
            return Vec::new();
        }
        let of = |section: &str| root.get(section).map(Node::entries).unwrap_or_default();
        let written = of("stringData").into_iter().map(|entry| SecretValue::read(entry, false));
        let encoded = of("data").into_iter().map(|entry| SecretValue::read(entry, true));
        written.chain(encoded).flatten().collect()
    }
}

impl Generated {
    /// The values of a generated Secret that anybody can read who has the kustomization.
    pub fn secret_values(&self) -> Vec<SecretValue<'_>> {
        let literals = self.literals.iter().filter(|_| self.kind == "Secret");
        literals
            .map(|Literal { key, value }| SecretValue {
                key,
                written: Spanned::new(&value.value, value.span),
                text: Cow::Borrowed(&value.value),
            })
            .collect()
    }
}

impl<'t> SecretValue<'t> {
    fn read(Entry { key, value }: Entry<'t>, is_encoded: bool) -> Option<Self> {
        let (key, written) = (read::known(key)?.value, read::known(value)?);
        let text = match is_encoded {
            true => Cow::Owned(String::from_utf8(decode(written.value)?).ok()?),
            false => Cow::Borrowed(written.value),
        };
        Some(Self { key, written, text })
    }
}

/// What base64 stands for; line ends may be in it.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read() {
        for (text, expected) in [("cGFzc3dvcmQ=", "password"), ("YWRt\naW4K", "admin\n"), ("", "")]
        {
            assert_eq!(decode(text).as_deref(), Some(expected.as_bytes()), "{text}");
        }
        assert_eq!(decode("<base64>"), None);
    }
}
