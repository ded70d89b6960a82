//! Messages out of a stream of bytes. What is malformed costs itself, not the session.

use std::io::{self, BufRead, BufWriter, Read, Write};

use lsp_server::Message;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// Bytes. A header or a message larger than this is skipped unread.
const LONGEST_HEADER: u64 = 8 << 10;
const LARGEST: u64 = 256 << 20;

/// The next message, or what is wrong with what stands in its place; `None` at the end.
///
/// # Errors
/// The stream cannot be read any more.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Result<Message, String>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_ascii();
        match (line, length) {
            // A message's end without a message's start.
            (b"", None) => {}
            (b"", Some(length)) => return body(input, length),
            (line, _) => length = content_length(line).or(length),
        }
    }
}

fn content_length(header: &[u8]) -> Option<u64> {
    let (name, value) = std::str::from_utf8(header).ok()?.rsplit_once(':')?;
    // What a broken message left over may stand before the name.
    let is_length = name.to_ascii_lowercase().ends_with("content-length");
    is_length.then(|| value.trim().parse().ok()).flatten()
}

fn body(input: &mut impl BufRead, length: u64) -> io::Result<Option<Result<Message, String>>> {
    if length > LARGEST {
        io::copy(&mut input.take(length), &mut io::sink())?;
        return Ok(Some(Err(format!("a message of {length} bytes"))));
    }
    let mut text = Vec::new();
    if input.take(length).read_to_end(&mut text)? < length as usize {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&text).map_err(|error| error.to_string())))
}

/// Where messages are written to. Lists that stand in them as raw values are written as their
/// elements alone: what is long is put together of parts, and copied nowhere.
pub struct Output<W: Write>(BufWriter<W>);

impl<W: Write> Output<W> {
    pub fn new(stream: W) -> Self {
        Self(BufWriter::new(stream))
    }

    /// Writes a message.
    ///
    /// # Errors
    /// The stream cannot be written to any more.
    pub fn write(&mut self, message: &impl Serialize) -> io::Result<()> {
        let mut length = Length(0);
        message.serialize(&mut Serializer::with_formatter(&mut length, Joined))?;
        write!(self.0, "Content-Length: {}\r\n\r\n", length.0)?;
        message.serialize(&mut Serializer::with_formatter(&mut self.0, Joined))?;
        self.0.flush()
    }
}

/// How many bytes a message takes.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Leaves out the brackets of raw lists.
struct Joined;

impl Formatter for Joined {
    fn write_raw_fragment<W: Write + ?Sized>(&mut self, to: &mut W, raw: &str) -> io::Result<()> {
        let elements = raw.strip_prefix('[').and_then(|raw| raw.strip_suffix(']'));
        to.write_all(elements.unwrap_or(raw).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    fn methods(mut input: &[u8]) -> Vec<Option<String>> {
        let mut methods = Vec::new();
        while let Some(message) = read(&mut input).unwrap() {
            methods.push(match message {
                Ok(Message::Notification(notification)) => Some(notification.method),
                _ => None,
            });
        }
        methods
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn a_malformed_message_costs_only_itself() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"good"}"#);
        let some = Some("good".to_owned());
        for bad in ["{", "[]", "null", "{\"id\":1}", "\"\u{e9}\""] {
            let stream = format!("{}{good}", framed(bad));
            assert_eq!(methods(stream.as_bytes()), [None, some.clone()], "{bad}");
        }
        for noise in ["\r\n", "junk\r\n\r\n", "Content-Length: x\r\n\r\n", "X: 1\r\n"] {
            assert_eq!(
                methods(format!("{noise}{good}").as_bytes()),
                std::slice::from_ref(&some),
                "{noise}"
            );
        }
    }

    #[test]
    fn a_length_that_lies_takes_no_memory() {
        assert_eq!(methods(b"Content-Length: 99999999999999\r\n\r\n{}"), [None]);
        assert_eq!(methods(b"Content-Length: 99\r\n\r\n{}"), []);
    }

    #[test]
    fn lists_in_parts_are_sent_as_one() {
        let part = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        let sent = |list: &[Box<RawValue>]| {
            let mut stream = Vec::new();
            Output::new(&mut stream).write(&list).unwrap();
            String::from_utf8(stream).unwrap()
        };
        assert_eq!(sent(&[part("[1,[2]]"), part("[3]")]), framed("[1,[2],3]"));
        assert_eq!(sent(&[part(r#"["é"]"#)]), framed(r#"["é"]"#));
        assert_eq!(sent(&[]), framed("[]"));
    }
}
