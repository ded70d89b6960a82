//! What `EXPOSE` says: `8080`, `53/udp`, `8000-8010`, `127.0.0.1:80:8080/tcp`.

use core::net::IpAddr;

use crate::syntax::dockerfile::quoted;

/// First and last port, and the protocol.
pub(super) fn parse(text: &str) -> Result<(u16, u16, String), String> {
    let (host, container) = text.rsplit_once(':').unwrap_or(("", text));
    let (address, host) = host.rsplit_once(':').unwrap_or(("", host));
    let (container, protocol) = container.split_once('/').unwrap_or((container, ""));
    let invalid = |why: &str| Err(format!("invalid port: {}: {why}", quoted(text)));
    if container.is_empty() {
        return invalid("no port specified");
    }
    let lower = match protocol.to_lowercase() {
        none if none.is_empty() => "tcp".to_owned(),
        known if matches!(known.as_str(), "tcp" | "udp" | "sctp") => known,
        _ => return invalid(&format!("invalid proto: {protocol}")),
    };
    let bare = address.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(address);
    if !bare.is_empty() && bare.parse::<IpAddr>().is_err() {
        return Err(format!("invalid IP address: {address}"));
    }
    let (first, last) = range(container).ok_or(format!("invalid containerPort: {container}"))?;
    if !host.is_empty() {
        let (from, to) = range(host).ok_or(format!("invalid hostPort: {host}"))?;
        if first != last && last - first != to - from {
            return Err(format!(
                "invalid ranges specified for container and host Ports: {container} and {host}"
            ));
        }
    }
    Ok((first, last, lower))
}

fn range(text: &str) -> Option<(u16, u16)> {
    let number = |text: &str| text.parse::<u16>().ok();
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
        assert_eq!(said("127.0.0.01:80:80"), "invalid IP address: 127.0.0.01");
        assert_eq!(said("80:/tcp"), "invalid port: \"80:/tcp\": no port specified");
        assert_eq!(said("80/foo"), "invalid port: \"80/foo\": invalid proto: foo");
    }
}
