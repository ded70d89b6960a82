//! Findings as the editor's diagnostics.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};

use gen_lsp_types::{CodeDescription, DiagnosticSeverity, DiagnosticTag, Location, Range};
use rayon::prelude::*;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::finding::{Finding, Severity};
use crate::rule::Mark;
use crate::rules::entry;
use crate::source::FileId;

use super::pages::address;
use super::session::Session;

/// How many findings are written at a time, side by side with the others.
const MANY: usize = 256;

/// What is to be said in a file: written once, however often it is sent.
pub struct Diagnostics {
    /// The same for the same diagnostics, and only for these.
    pub id: String,
    /// Lists of diagnostics, to be sent as one: see [`Output`](super::transport::Output).
    pub items: Vec<Box<RawValue>>,
}

impl Diagnostics {
    /// The findings are all of one file.
    pub fn new(session: &Session, findings: &[Finding]) -> Self {
        let tongue = findings.first().map(|first| Tongue::of(session, first.span.file));
        let written = |findings: &[Finding]| {
            let list = Listed { tongue: tongue.as_ref(), findings };
            // Words and numbers can always be written.
            let list = to_raw_value(&list).unwrap_or_default();
            let hash = hash(list.get());
            (list, hash)
        };
        let (items, hashes): (_, Vec<u64>) = findings.par_chunks(MANY).map(written).unzip();
        Self { id: format!("{:016x}", hash(&hashes)), items }
    }
}

fn hash<T: Hash + ?Sized>(thing: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}

/// The diagnostic of one finding as the protocol's own type.
pub fn of(session: &Session, finding: &Finding) -> Option<gen_lsp_types::Diagnostic> {
    let diagnostic = Tongue::of(session, finding.span.file).say(finding);
    gen_lsp_types::Diagnostic::deserialize(serde_json::to_value(diagnostic).ok()?).ok()
}

/// Findings one after another.
struct Listed<'s> {
    tongue: Option<&'s Tongue<'s>>,
    findings: &'s [Finding],
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let said = |tongue| self.findings.iter().map(move |finding| Tongue::say(tongue, finding));
        serializer.collect_seq(self.tongue.into_iter().flat_map(said))
    }
}

/// How the findings of one file are told the editor.
struct Tongue<'s> {
    session: &'s Session,
    /// Where the file's project is, as the code in a sentence begins with it. Paths are told from
    /// there, as on the command line.
    root: Option<String>,
}

/// [`gen_lsp_types::Diagnostic`], lent from its finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic<'s> {
    range: Range,
    severity: DiagnosticSeverity,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_description: Option<CodeDescription>,
    source: &'static str,
    message: Message<'s>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<[DiagnosticTag; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_information: Vec<Related<'s>>,
}

/// [`gen_lsp_types::DiagnosticRelatedInformation`], lent likewise.
#[derive(Serialize)]
struct Related<'s> {
    location: Location,
    message: Cow<'s, str>,
}

impl<'s> Tongue<'s> {
    fn of(session: &'s Session, file: FileId) -> Self {
        let file = session.files.get(file);
        let root = file.path.strip_suffix(&file.project_path).filter(|root| root.len() > 1);
        Self { session, root: root.map(|root| format!("`{root}")) }
    }

    fn say(&self, finding: &'s Finding) -> Diagnostic<'s> {
        let client = &self.session.client;
        let also = finding.also.iter().filter(|_| client.related_information);
        Diagnostic {
            range: self.session.range(finding.span),
            severity: match finding.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
                Severity::Note => DiagnosticSeverity::Information,
            },
            code: finding.rule,
            // Where it is none, hover and `plimsoll.explain` show the page.
            code_description: client.opens_pages.then(|| address(finding.rule)).flatten(),
            source: "plimsoll",
            message: Message {
                what: self.shown(&finding.message),
                help: finding.help.as_deref().map(|help| self.shown(help)),
            },
            tags: tag(finding.rule, &client.tags).map(|tag| [tag]),
            related_information: also
                .map(|(span, label)| Related {
                    location: self.session.location(*span),
                    message: self.shown(label),
                })
                .collect(),
        }
    }

    fn shown(&self, text: &'s str) -> Cow<'s, str> {
        match &self.root {
            Some(root) if text.contains(root) => text.replace(root, "`").into(),
            _ => text.into(),
        }
    }
}

/// What is wrong, and below it what to do.
struct Message<'s> {
    what: Cow<'s, str>,
    help: Option<Cow<'s, str>>,
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        let Some(help) = &self.help else { return Ok(()) };
        f.write_str("\n")?;
        f.write_str(help)
    }
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How the editor is to draw what a rule finds, if its page says so and the editor can.
fn tag(rule: &str, known: &[DiagnosticTag]) -> Option<DiagnosticTag> {
    if known.is_empty() {
        return None;
    }
    let tag = match entry(rule)?.page.mark? {
        Mark::Unnecessary => DiagnosticTag::Unnecessary,
        Mark::Deprecated => DiagnosticTag::Deprecated,
    };
    known.contains(&tag).then_some(tag)
}
