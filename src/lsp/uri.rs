//! Paths and the `file:` URIs of editors.

use gen_lsp_types::Uri;

/// The path of a `file:` URI, with `/`; `None` for any other scheme.
pub fn to_path(uri: &Uri) -> Option<String> {
    let rest = uri.0.strip_prefix("file://")?;
    // An authority names another machine: `file://server/share`.
    let path = decode(&rest[rest.find('/')?..]);
    let has_drive = path.as_bytes().get(2) == Some(&b':');
    Some(if has_drive { path[1..].to_owned() } else { path })
}

/// The URI of an absolute path, with `/`. A path that is no file's, such as an unsaved buffer's,
/// is its own URI.
pub fn of_path(path: &str) -> Uri {
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    match (path.starts_with('/'), has_drive) {
        (true, _) => Uri(format!("file://{}", encode(path))),
        (false, true) => Uri(format!("file:///{}", encode(path))),
        (false, false) => Uri(path.to_owned()),
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |digit: u8| char::from(digit).to_digit(16);
        let escaped = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        (rest, _) = match escaped {
            Some((high, low)) => (&tail[2..], bytes.push((high * 16 + low) as u8)),
            None => (tail, bytes.push(*first)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_being_a_uri() {
        for path in ["/a/b c/Dockerfile", "/é/100%/x#y?", "C:/work/compose.yaml"] {
            assert_eq!(to_path(&of_path(path)).as_deref(), Some(path));
        }
    }

    #[test]
    fn editors_escape_as_they_like() {
        let path = |uri: &str| to_path(&uri.into());
        assert_eq!(path("file:///c%3A/a%20b").as_deref(), Some("c:/a b"));
        assert_eq!(path("file:///100%").as_deref(), Some("/100%"));
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file://"), None);
    }
}
