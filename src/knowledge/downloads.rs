//! Programs that fetch: which of their switches turn safety off, and where they put what they get.

use crate::source::Span;
use crate::syntax::shell::{Argument, OptionSyntax, Program, Word, arguments};

/// Variables that turn the verification of certificates off, with the values that do; any if none
/// are given. From the manuals of Node.js, Python, git, pip, npm and Go.
pub const INSECURE_VARIABLES: &[(&str, &[&str])] = &[
    ("NODE_TLS_REJECT_UNAUTHORIZED", &["0"]),
    ("PYTHONHTTPSVERIFY", &["0"]),
    ("GIT_SSL_NO_VERIFY", &[]),
    ("PIP_TRUSTED_HOST", &[]),
    ("NPM_CONFIG_STRICT_SSL", &["false", "0"]),
    ("npm_config_strict_ssl", &["false", "0"]),
    ("GOINSECURE", &[]),
    ("GOSUMDB", &["off"]),
];

/// Programs that check what arrived, so that nobody need trust who brought it.
pub const VERIFIERS: &[&str] =
    &["sha256sum", "sha512sum", "sha1sum", "shasum", "md5sum", "gpg", "gpgv", "cosign", "minisign"];

const CURL: OptionSyntax = OptionSyntax {
    values: &[
        "-o",
        "--output",
        "-H",
        "--header",
        "-d",
        "--data",
        "--data-raw",
        "--data-binary",
        "-u",
        "--user",
        "-A",
        "--user-agent",
        "-e",
        "--referer",
        "-x",
        "--proxy",
        "-X",
        "--request",
        "-T",
        "--upload-file",
        "-F",
        "--form",
        "-b",
        "--cookie",
        "-c",
        "--cookie-jar",
        "-m",
        "--max-time",
        "-w",
        "--write-out",
        "-E",
        "--cert",
        "--cacert",
        "--capath",
        "--key",
        "-K",
        "--config",
        "--connect-timeout",
        "--retry",
        "--retry-delay",
        "--retry-max-time",
        "-C",
        "--continue-at",
        "-r",
        "--range",
        "-y",
        "-Y",
        "-z",
        "--url",
        "--output-dir",
        "--resolve",
    ],
    single_dash: false,
};

const WGET: OptionSyntax = OptionSyntax {
    values: &[
        "-O",
        "--output-document",
        "-P",
        "--directory-prefix",
        "-o",
        "--output-file",
        "-a",
        "-t",
        "--tries",
        "-T",
        "--timeout",
        "-U",
        "--user-agent",
        "--header",
        "-i",
        "--input-file",
        "-e",
        "--execute",
        "--user",
        "--password",
        "-w",
        "--wait",
        "-Q",
        "-A",
        "-R",
        "-D",
        "-I",
        "-X",
        "--post-data",
        "--post-file",
    ],
    single_dash: false,
};

const PLAIN: OptionSyntax =
    OptionSyntax { values: &["-c", "-C", "-o", "--config"], single_dash: false };

/// How a program that fetches reads its options; `None` for other programs.
pub fn syntax(program: &str) -> Option<OptionSyntax> {
    match program {
        "curl" => Some(CURL),
        "wget" => Some(WGET),
        _ => None,
    }
}

/// Programs that have an option that turns verification off.
pub const SWITCHED: [&str; 19] = [
    "Invoke-WebRequest",
    "apt",
    "apt-get",
    "conda",
    "curl",
    "dnf",
    "git",
    "iwr",
    "mamba",
    "microdnf",
    "npm",
    "pip",
    "pip3",
    "pnpm",
    "uv",
    "wget",
    "yarn",
    "yum",
    "yum-config-manager",
];

/// The option among the arguments of one of [`SWITCHED`] that turns verification off, and where it
/// stands.
pub fn insecure_switch(program: &Program) -> Option<(Span, String)> {
    if let Some(word) = set_off(program) {
        return Some((word.span, format!("{}=false", word.prefix())));
    }
    let (syntax, names): (OptionSyntax, &[&str]) = match &*program.name {
        "curl" => (CURL, &["-k", "--insecure", "--proxy-insecure"]),
        "wget" => (WGET, &["--no-check-certificate"]),
        "git" => (PLAIN, &[]),
        "pip" | "pip3" | "uv" => (PLAIN, &["--trusted-host"]),
        "npm" | "yarn" | "pnpm" => return strict_ssl(program),
        "yum" | "dnf" | "microdnf" | "yum-config-manager" | "apt-get" | "apt" => (PLAIN, &[]),
        "Invoke-WebRequest" | "iwr" => (PLAIN, &["-SkipCertificateCheck"]),
        _ => return None,
    };
    arguments(program.arguments, syntax).find_map(|argument| {
        let Argument::Option { name, value, word } = argument else { return None };
        let given = value.and_then(|value| value.text).unwrap_or_default().to_ascii_lowercase();
        let is_off = |text: &str| {
            let offs = ["sslverify=false", "sslverify=0", "verify-peer=false"];
            text.contains('=') && offs.iter().any(|off| text.to_ascii_lowercase().ends_with(off))
        };
        let is_setting = is_off(&given)
            || is_off(&name)
            || matches!(name.as_str(), "--setopt" | "-c" | "-o")
                && given.contains("sslverify=false");
        (names.contains(&name.as_str()) || is_setting).then(|| {
            let shown = if is_setting { given } else { name };
            (word.span, shown)
        })
    })
}

/// `git config http.sslVerify false`, `conda config --set ssl_verify false`.
fn set_off<'a>(program: &Program<'a>) -> Option<&'a Word> {
    const SETTINGS: [(&str, &str); 3] =
        [("git", "http.sslverify"), ("conda", "ssl_verify"), ("mamba", "ssl_verify")];
    let (_, setting) = SETTINGS.iter().find(|(name, _)| *name == program.name)?;
    let pair = program.arguments.windows(2).find(|pair| {
        let value = pair[1].prefix();
        pair[0].prefix().eq_ignore_ascii_case(setting)
            && matches!(&*value.to_ascii_lowercase(), "false" | "0" | "no")
    })?;
    Some(&pair[0])
}

/// `npm config set strict-ssl false`, `yarn set strict-ssl=false`, `npm --strict-ssl=false`.
fn strict_ssl(program: &Program) -> Option<(Span, String)> {
    let words: Vec<_> = program.arguments.iter().map(Word::prefix).collect();
    let is_set = |at: usize| words[..at].iter().any(|word| word == "set");
    let at = words.iter().enumerate().position(|(at, word)| {
        let name = word.trim_start_matches("--");
        let is_named = name.len() < word.len() || is_set(at);
        let next = words.get(at + 1).is_some_and(|value| value == "false");
        is_named && (name == "strict-ssl=false" || name == "strict-ssl" && next)
    })?;
    Some((program.arguments[at].span, "strict-ssl=false".to_owned()))
}
