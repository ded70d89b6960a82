//! Bytes to text, so that every byte keeps its place.

/// What is wrong with a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Garbled {
    /// The byte of the decoded text at which it begins.
    pub at: usize,
    /// One clause, without a full stop.
    pub message: String,
}

/// What a file's bytes say as text, and what is wrong with them.
/// UTF-8 stays as it is, and what is no UTF-8 in it becomes one `?` for each byte, so that
/// offsets hold. UTF-16 with a byte order mark is decoded; offsets are then of the decoded text.
pub fn decode(bytes: Vec<u8>) -> (String, Option<Garbled>) {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> (String, Option<Garbled>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len());
    let mut first = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if let Some(byte) = chunk.invalid().first() {
            first.get_or_insert((text.len(), *byte));
            text.extend(chunk.invalid().iter().map(|_| '?'));
        }
    }
    let problem = first.map(|(at, byte)| Garbled {
        at,
        message: format!("byte 0x{byte:02x} at offset {at} is not UTF-8"),
    });
    (text, problem)
}

fn utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> (String, Option<Garbled>) {
    let pairs = bytes.chunks_exact(2);
    let is_cut = !pairs.remainder().is_empty();
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let mut is_broken = is_cut;
    let text = char::decode_utf16(units)
        .map(|unit| {
            unit.unwrap_or_else(|_| {
                is_broken = true;
                '?'
            })
        })
        .collect();
    let message = || "the UTF-16 text has broken characters".to_owned();
    (text, is_broken.then(|| Garbled { at: 0, message: message() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_keep_their_places() {
        let (text, problem) = decode(b"a: caf\xe9 \xf0\x9f\x98 x\nb: \xc3\xa9\n".to_vec());
        assert_eq!(text, "a: caf? ??? x\nb: \u{e9}\n");
        assert_eq!(problem.unwrap().message, "byte 0xe9 at offset 6 is not UTF-8");
    }

    #[test]
    fn utf_16_is_read_either_way_round() {
        let text = "a: é😀\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode([vec![0xff, 0xfe], little].concat()), (text.to_owned(), None));
        assert_eq!(decode([vec![0xfe, 0xff], big].concat()), (text.to_owned(), None));
        let (text, problem) = decode(vec![0xff, 0xfe, 0x00, 0xd8, b'a']);
        assert_eq!(text, "?");
        assert!(problem.is_some());
    }

    #[test]
    fn a_byte_order_mark_of_utf_8_stays() {
        assert_eq!(decode(b"\xef\xbb\xbfa".to_vec()), ("\u{feff}a".to_owned(), None));
    }
}
