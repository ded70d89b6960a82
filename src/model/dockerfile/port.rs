//! What `EXPOSE` says: `8080`, `53/udp`, `8000-8010`, `127.0.0.1:80:8080/tcp`.

use crate::syntax::dockerfile::quoted;

/// First and last port, and the protocol.
pub(super) fn parse(text: &str) -> Result<(u16, u16, String), String> {
    let (ports, protocol) = match text.split_once('/') {
        Some((ports, "")) => (ports, "tcp"),
        Some((ports, protocol)) => (ports, protocol),
        None => (text, "tcp"),
    };
    let (host, container) = ports.rsplit_once(':').unwrap_or(("", ports));
    if container.is_empty() {
        return Err(format!("no port specified: {text}<empty>"));
    }
    let (first, last) = range(container).ok_or(format!("invalid containerPort: {container}"))?;
    let host = host.rsplit_once(':').map_or(host, |(_, port)| port);
    if !host.is_empty() && range(host).is_none() {
        return Err(format!("invalid hostPort: {host}"));
    }
    let protocol = protocol.to_lowercase();
    if !matches!(protocol.as_str(), "tcp" | "udp" | "sctp") {
        return Err(format!("invalid port: {}: invalid proto: {protocol}", quoted(text)));
    }
    Ok((first, last, protocol))
}

fn range(text: &str) -> Option<(u16, u16)> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| digits)
    };
    match text.split_once('-') {
        None => number(text).map(|port| (port, port)),
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some((first, last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_containers_side_counts() {
        assert_eq!(parse("53/UDP"), Ok((53, 53, "udp".to_owned())));
        assert_eq!(parse("127.0.0.1:80:8080"), Ok((8080, 8080, "tcp".to_owned())));
        assert_eq!(parse("8000-8010"), Ok((8000, 8010, "tcp".to_owned())));
    }

    #[test]
    fn what_is_no_port_is_told() {
        let said = |text| parse(text).unwrap_err();
        assert_eq!(said("#"), "invalid containerPort: #");
        assert_eq!(said("70000"), "invalid containerPort: 70000");
        assert_eq!(said("80/foo"), "invalid port: \"80/foo\": invalid proto: foo");
    }
}
