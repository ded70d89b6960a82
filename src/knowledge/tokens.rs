//! Credentials that say themselves whose they are: tokens and keys of known forms.

use std::ops::{Range, RangeInclusive};

use super::secrets::is_harmless;

/// How the tokens of one issuer begin and go on.
struct Form {
    prefix: &'static str,
    /// What may follow.
    letters: Letters,
    /// How many of them.
    length: RangeInclusive<usize>,
    what: &'static str,
}

#[derive(Clone, Copy)]
enum Letters {
    Upper,
    Hex,
    Word,
    /// With `-` and `.`.
    Dashed,
    /// Base64, padded.
    Base64,
    /// A webhook's path.
    Path,
}

const MANY: usize = 1000;

/// From the manuals of the issuers and the lists of what GitHub and GitLab look for:
/// https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns,
/// https://docs.gitlab.com/user/application_security/secret_detection/detected_secrets/; 2026-01.
const FORMS: &[Form] = &[
    form("AKIA", Letters::Upper, 16..=16, "an access key of AWS"),
    form("ghp_", Letters::Word, 36..=MANY, "a token of GitHub"),
    form("gho_", Letters::Word, 36..=MANY, "a token of GitHub"),
    form("ghu_", Letters::Word, 36..=MANY, "a token of GitHub"),
    form("ghs_", Letters::Word, 36..=MANY, "a token of GitHub"),
    form("ghr_", Letters::Word, 36..=MANY, "a token of GitHub"),
    form("github_pat_", Letters::Word, 82..=82, "a token of GitHub"),
    form("glpat-", Letters::Dashed, 20..=MANY, "a token of GitLab"),
    form("gldt-", Letters::Dashed, 20..=MANY, "a token of GitLab"),
    form("glrt-", Letters::Dashed, 20..=MANY, "a token of GitLab"),
    form("xoxb-", Letters::Dashed, 24..=MANY, "a token of Slack"),
    form("xoxp-", Letters::Dashed, 24..=MANY, "a token of Slack"),
    form("xoxa-", Letters::Dashed, 24..=MANY, "a token of Slack"),
    form("xapp-", Letters::Dashed, 24..=MANY, "a token of Slack"),
    form("hooks.slack.com/services/T", Letters::Path, 36..=MANY, "a webhook of Slack"),
    form("discord.com/api/webhooks/", Letters::Path, 70..=MANY, "a webhook of Discord"),
    form("sk_live_", Letters::Word, 24..=MANY, "a key of Stripe"),
    form("rk_live_", Letters::Word, 24..=MANY, "a key of Stripe"),
    form("AIza", Letters::Dashed, 35..=35, "an API key of Google"),
    form("npm_", Letters::Word, 36..=36, "a token of npm"),
    form("pypi-AgE", Letters::Dashed, 50..=MANY, "a token of PyPI"),
    form("dckr_pat_", Letters::Dashed, 27..=27, "a token of Docker Hub"),
    form("SG.", Letters::Dashed, 66..=66, "a key of SendGrid"),
    form("hf_", Letters::Word, 34..=34, "a token of Hugging Face"),
    form("sk-ant-", Letters::Dashed, 80..=MANY, "a key of Anthropic"),
    form("sk-proj-", Letters::Dashed, 40..=MANY, "a key of OpenAI"),
    form("hvs.", Letters::Dashed, 24..=MANY, "a token of Vault"),
    form("dop_v1_", Letters::Hex, 64..=64, "a token of DigitalOcean"),
    form("shpat_", Letters::Hex, 32..=32, "a token of Shopify"),
    form("AccountKey=", Letters::Base64, 88..=88, "a key of Azure Storage"),
    form("SharedAccessKey=", Letters::Base64, 44..=44, "a key of Azure"),
];

/// What manuals and emulators show to everybody: jwt.io's example, Azurite's account.
const DOCUMENTED: &[&str] =
    &["eyJzdWIiOiIxMjM0NTY3ODkw", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u"];

/// By the first byte of all that is looked for: the low bits of the second, a bit for each value.
const STARTS: [u32; 256] = {
    let mut starts = [0; 256];
    let mut index = 0;
    while index < FORMS.len() {
        let prefix = FORMS[index].prefix.as_bytes();
        starts[prefix[0] as usize] |= 1 << (prefix[1] % 32);
        index += 1;
    }
    starts[b'-' as usize] |= 1 << (b'-' % 32);
    starts[b'e' as usize] |= 1 << (b'y' % 32);
    starts
};

/// A made-up value has fewer different characters than that.
const VARIETY: usize = 8;

const fn form(
    prefix: &'static str,
    letters: Letters,
    length: RangeInclusive<usize>,
    what: &'static str,
) -> Form {
    Form { prefix, letters, length, what }
}

/// All tokens and keys in a text, and what each is. Reads every byte once.
pub fn find(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let second = bytes.get(at + 1).copied().unwrap_or_default();
        let is_start = STARTS[usize::from(bytes[at])] & (1 << (second % 32)) != 0
            && (at == 0 || !is_word(bytes[at - 1]));
        let read = if is_start { token(text, at) } else { None };
        if let Some((end, what)) = read {
            found.extend(what.map(|what| (at..end, what)));
            at = end;
        }
        at += 1;
    }
    found
}

/// Where what begins like a token at `start` ends, and what it is if it is one.
fn token(text: &str, start: usize) -> Option<(usize, Option<&'static str>)> {
    let rest = &text.as_bytes()[start..];
    match rest[0] {
        b'-' => key(text, start),
        b'e' if rest.starts_with(b"eyJ") => {
            let length = rest.iter().take_while(|byte| Letters::Dashed.has(**byte)).count();
            let is_signed = is_web_token(&text[start..start + length]);
            Some((start + length, is_signed.then_some("a signed token")))
        }
        first => {
            let is_here = |form: &&Form| {
                form.prefix.as_bytes()[0] == first && rest.starts_with(form.prefix.as_bytes())
            };
            let form = FORMS.iter().find(is_here)?;
            let body = &rest[form.prefix.len()..];
            let length = body.iter().take_while(|byte| form.letters.has(**byte)).count();
            let end = start + form.prefix.len() + length;
            let is_whole = form.length.contains(&length) && is_random(&text[start..end]);
            Some((end, is_whole.then_some(form.what)))
        }
    }
}

/// A private key as `openssl` writes it, from its first line to its last.
fn key(text: &str, start: usize) -> Option<(usize, Option<&'static str>)> {
    let dashes = |from: usize| text[from..].find("-----").map(|at| from + at);
    let kind = start + text[start..].starts_with("-----BEGIN ").then_some(11)?;
    let head = dashes(kind)?;
    let body = head + 5;
    let is_private = text[kind..head].ends_with("PRIVATE KEY");
    let foot = dashes(body).filter(|foot| is_private && text[*foot..].starts_with("-----END "));
    let Some((inner, end)) = foot.and_then(|foot| Some((&text[body..foot], dashes(foot + 5)? + 5)))
    else {
        return Some((body, None));
    };
    let is_key = inner.len() > 100 && is_random(inner);
    Some((end, is_key.then_some("a private key")))
}

/// `header.payload.signature`, each in base64.
fn is_web_token(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    matches!(parts[..], [header, payload, signature]
        if header.len() > 10 && payload.starts_with("eyJ") && signature.len() > 20)
        && is_random(text)
}

fn is_random(text: &str) -> bool {
    let mut seen = [false; 256];
    text.bytes().for_each(|byte| seen[usize::from(byte)] = true);
    let variety = seen.iter().filter(|it| **it).count();
    variety >= VARIETY && !is_harmless(text) && !DOCUMENTED.iter().any(|known| text.contains(known))
}

impl Letters {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Word => is_word(byte),
            Self::Dashed => is_word(byte) || matches!(byte, b'-' | b'.'),
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
            Self::Path => is_word(byte) || matches!(byte, b'-' | b'/'),
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together here, so that nobody takes this file for a leak.
    const BODY: &str = "16C7e42F292c6912E7710c838347Ae178B4a";

    fn kinds(text: &str) -> Vec<&'static str> {
        find(text).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn tokens_are_known_by_their_form_wherever_they_stand() {
        for (text, what) in [
            (format!("ghp_{BODY}"), "a token of GitHub"),
            (format!("https://x:ghp_{BODY}@github.com/a/b"), "a token of GitHub"),
            (format!("glpat-{}", &BODY[..20]), "a token of GitLab"),
            (format!("echo '//npm/:_authToken=npm_{BODY}' > .npmrc"), "a token of npm"),
            (format!("AKIA{}", &BODY[..16].to_uppercase()), "an access key of AWS"),
            (format!("eyJ{BODY}.eyJ{BODY}.{BODY}"), "a signed token"),
            (format!("AccountKey={BODY}{BODY}AbCdEfGhIjKlMn==;x=y"), "a key of Azure Storage"),
            (
                format!(
                    "-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n{BODY}\n{BODY}\n-----END RSA PRIVATE \
                     KEY-----\n"
                ),
                "a private key",
            ),
        ] {
            assert_eq!(kinds(&text), [what], "{text}");
        }
    }

    #[test]
    fn what_only_begins_like_one_is_none() {
        for text in [
            "-----BEGIN PRIVATE KEY----- a -----BEGIN PRIVATE KEY-----",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "npm_config_cache=/tmp npm_token",
            "hf_transfer pypi-site sk_live_",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnopqrstuvwxyz",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "-----BEGIN PRIVATE KEY-----\n<your key>\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----",
        ] {
            assert_eq!(kinds(text), [""; 0], "{text}");
        }
        assert_eq!(kinds(&format!("Xghp_{BODY}")), [""; 0]);
    }

    #[test]
    fn many_beginnings_are_read_once() {
        assert!(find(&"eyJ.xoxb-".repeat(200_000)).is_empty());
        assert!(find(&"-----BEGIN PRIVATE KEY".repeat(100_000)).is_empty());
        assert!(find(&"-----BEGIN PRIVATE KEY-----".repeat(100_000)).is_empty());
    }
}
