//! The short syntax of `ports`: `[host ip:][published:]target[/protocol]`.

use core::net::IpAddr;
use std::ops::Range;

use crate::model::setting::Setting;
use crate::model::text::{HOLE, Text};
use crate::source::{Span, Spanned};

/// An entry of `ports`, in either syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortMapping {
    pub span: Span,
    /// The host's address, without brackets; all of its addresses if absent.
    pub host_ip: Setting<String>,
    /// The host's side; absent where any free port will do.
    pub published: Setting<Ports>,
    /// The container's side.
    pub target: Setting<Ports>,
    /// `tcp`, `udp` or `sctp`, in lower case; unresolved if a variable decides.
    pub protocol: Setting<String>,
    /// `host` or `ingress`, where the long syntax says so.
    pub mode: Setting<String>,
}

/// A port or a range of ports, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    pub first: u16,
    pub last: u16,
}

impl Ports {
    /// `80` or `80-82`.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| {
            text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (number(first)?, number(last)?);
        (first <= last).then_some(Self { first, last })
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    pub fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }

    fn length(self) -> u16 {
        self.last - self.first
    }
}

/// Reads the short syntax as Docker's `nat.ParsePortSpec`; the error says where and what is
/// wrong. Nothing is wrong with what is unknown.
pub fn parse(text: &Text) -> Result<PortMapping, Spanned<String>> {
    let value = text.value();
    let error = |range, message| Spanned::new(message, text.span_of(range));
    let (hosts, target, protocol) = split(value);
    if target.is_empty() {
        return Err(error(
            0..value.len(),
            format!("`{}` names no port of the container", text.shown()),
        ));
    }
    let named = value[protocol.clone()].to_ascii_lowercase();
    let protocol = match named.as_str() {
        "" => Setting::Absent,
        "tcp" | "udp" | "sctp" => Setting::set(named, text.span_of(protocol)),
        _ if named.contains(HOLE) => Setting::Unresolved(text.span_of(protocol)),
        _ => return Err(error(protocol, format!("`{named}` is not a protocol"))),
    };
    let (address, published) = match value[hosts.clone()].rfind(':') {
        Some(colon) => (hosts.start..colon, colon + 1..hosts.end),
        None => (0..0, hosts),
    };
    let brackets = usize::from(value[address.clone()].starts_with('[') && address.len() > 1);
    let bare = address.start + brackets..address.end - brackets;
    let host_ip = match &value[bare.clone()] {
        // The variable may bring an address of its own: `PORT=127.0.0.1:80`.
        "" if value[published.clone()].starts_with(HOLE) => {
            Setting::Unresolved(text.span_of(published.clone()))
        }
        "" => Setting::Absent,
        ip if ip.contains(HOLE) => Setting::Unresolved(text.span_of(bare)),
        ip if ip.parse::<IpAddr>().is_ok() => Setting::set(ip.to_owned(), text.span_of(bare)),
        ip => return Err(error(bare, format!("`{ip}` is not an IP address"))),
    };
    let side = |range: Range<usize>| match &value[range.clone()] {
        "" => Ok(Setting::Absent),
        side if side.contains(HOLE) => Ok(Setting::Unresolved(text.span_of(range))),
        side => match Ports::parse(side) {
            Some(ports) => Ok(Setting::set(ports, text.span_of(range))),
            None => Err(error(range, format!("`{side}` is neither a port nor a range of ports"))),
        },
    };
    let (target, published) = (side(target)?, side(published)?);
    if let (Some(target), Some(published)) = (target.get(), published.get())
        && target.value.length() != 0
        && target.value.length() != published.value.length()
    {
        return Err(error(0..value.len(), format!("`{value}` maps ranges of different length")));
    }
    let mode = Setting::Absent;
    Ok(PortMapping { span: text.span(), host_ip, published, target, protocol, mode })
}

/// The bytes of what stands before the last colon, of the target, and of the protocol.
fn split(value: &str) -> (Range<usize>, Range<usize>, Range<usize>) {
    let colon = value.rfind(':');
    let start = colon.map_or(0, |colon| colon + 1);
    let end = value[start..].find('/').map_or(value.len(), |slash| start + slash);
    let protocol = (end + 1).min(value.len());
    let past = value[protocol..].find('/').map_or(value.len(), |slash| protocol + slash);
    (0..colon.unwrap_or(0), start..end, protocol..past)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Origin;
    use crate::source::FileId;

    fn text(value: &str) -> Text {
        let span = Span::new(FileId(0), 0, value.len());
        let mut text = Text::empty(span);
        for (index, part) in value.split('?').enumerate() {
            if index > 0 {
                text.push_unknown(span, "V");
            }
            text.push(part, span, Origin::Written);
        }
        text
    }

    fn shown(value: &str) -> String {
        fn side<T>(setting: &Setting<T>, show: impl Fn(&T) -> String) -> String {
            match setting {
                Setting::Set(value) => show(&value.value),
                Setting::Unresolved(_) => "?".to_owned(),
                _ => "-".to_owned(),
            }
        }
        match parse(&text(value)) {
            Ok(port) => format!(
                "{} {} {} {}",
                side(&port.host_ip, Clone::clone),
                side(&port.published, |p| format!("{}-{}", p.first, p.last)),
                side(&port.target, |p| format!("{}-{}", p.first, p.last)),
                side(&port.protocol, Clone::clone),
            ),
            Err(error) => error.value,
        }
    }

    #[test]
    fn every_short_form_is_read() {
        for (value, expected) in [
            ("80", "- - 80-80 -"),
            ("8080:80", "- 8080-8080 80-80 -"),
            ("90-92:8090-8092/udp", "- 90-92 8090-8092 udp"),
            ("8000-9000:80", "- 8000-9000 80-80 -"),
            ("127.0.0.1:8080:80", "127.0.0.1 8080-8080 80-80 -"),
            ("127.0.0.1::80", "127.0.0.1 - 80-80 -"),
            ("[::1]:8080:80/TCP", "::1 8080-8080 80-80 tcp"),
            ("::1:8080:80", "::1 8080-8080 80-80 -"),
            ("?:80", "? ? 80-80 -"),
            ("127.0.0.1:?:80", "127.0.0.1 ? 80-80 -"),
            ("?", "- - ? -"),
            ("80/?", "- - 80-80 ?"),
        ] {
            assert_eq!(shown(value), expected, "{value}");
        }
    }

    #[test]
    fn what_docker_rejects_is_an_error() {
        for (value, expected) in [
            ("8080:", "`8080:` names no port of the container"),
            ("", "`` names no port of the container"),
            ("80/http", "`http` is not a protocol"),
            ("localhost:80:80", "`localhost` is not an IP address"),
            ("x:80", "`x` is neither a port nor a range of ports"),
            ("70000", "`70000` is neither a port nor a range of ports"),
            ("82-80:80", "`82-80` is neither a port nor a range of ports"),
            ("80-81:80-82", "`80-81:80-82` maps ranges of different length"),
        ] {
            assert_eq!(shown(value), expected, "{value}");
        }
    }

    #[test]
    fn each_side_knows_its_place() {
        let span = Span::new(FileId(0), 0, 17);
        let text = Text::written(Spanned::new("127.0.0.1:8080:80".to_owned(), span));
        let Ok(port) = parse(&text) else { panic!("no port") };
        assert_eq!(port.published.span().map(Span::range), Some(10..14));
        assert_eq!(port.target.span().map(Span::range), Some(15..17));
        assert_eq!(port.host_ip.span().map(Span::range), Some(0..9));
    }
}
