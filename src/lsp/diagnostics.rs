//! Findings as the editor's diagnostics.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Message,
};
use rayon::prelude::*;
use serde_json::value::{RawValue, to_raw_value};

use crate::finding::{Finding, Severity};
use crate::rule::Mark;
use crate::rules::entry;

use super::session::Session;

/// From how many findings on it is worth while to write them side by side.
const MANY: usize = 256;

/// What is to be said in a file: written once, however often it is sent.
pub struct Diagnostics {
    /// The same for the same diagnostics, and only for these.
    pub id: String,
    /// Each a [`Diagnostic`].
    pub items: Vec<Box<RawValue>>,
}

impl Diagnostics {
    pub fn new(session: &Session, findings: &[Finding]) -> Self {
        // Words and numbers can always be written.
        let written = |it: &Finding| to_raw_value(&of(session, it)).unwrap_or_default();
        let items: Vec<_> = findings.par_iter().with_min_len(MANY).map(written).collect();
        let side_by_side = items.par_iter().with_min_len(MANY);
        let hashes: Vec<u64> = side_by_side.map(|item| hash(item.get())).collect();
        Self { id: format!("{:016x}", hash(&hashes)), items }
    }
}

fn hash<T: Hash + ?Sized>(thing: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}

pub fn of(session: &Session, finding: &Finding) -> Diagnostic {
    // Paths as the command line has them at the root of the file's project.
    let file = session.files.get(finding.span.file);
    let root = file.path.strip_suffix(&file.project_path).filter(|root| root.len() > 1);
    let root = root.map(|root| format!("`{root}"));
    let shown = |text: String| match &root {
        Some(root) if text.contains(root) => text.replace(root, "`"),
        _ => text,
    };
    let related = finding.also.iter().map(|(span, label)| DiagnosticRelatedInformation {
        location: session.location(*span),
        message: shown(label.clone()),
    });
    let client = &session.client;
    Diagnostic {
        range: session.range(finding.span),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Note => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(finding.rule.to_owned())),
        // A page has no address; hover and `plimsoll.explain` show it.
        code_description: None,
        source: Some("plimsoll".to_owned()),
        message: Message::String(match &finding.help {
            Some(help) => shown(format!("{}\n{help}", finding.message)),
            None => shown(finding.message.clone()),
        }),
        tags: tag(finding.rule, &client.tags).map(|tag| vec![tag]),
        related_information: client
            .related_information
            .then(|| related.collect())
            .filter(|related: &Vec<_>| !related.is_empty()),
        data: None,
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
