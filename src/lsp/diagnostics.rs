//! Findings as the editor's diagnostics.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Message,
};

use crate::finding::{Finding, Severity};
use crate::rule::Mark;
use crate::rules::entry;
use crate::source::FileId;

use super::session::Session;

/// What is to be said in a file.
pub fn of_file(session: &Session, file: FileId) -> Vec<Diagnostic> {
    session.findings(file).iter().map(|finding| of(session, finding)).collect()
}

pub fn of(session: &Session, finding: &Finding) -> Diagnostic {
    let related = finding.also.iter().map(|(span, label)| DiagnosticRelatedInformation {
        location: session.location(*span),
        message: label.clone(),
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
            Some(help) => format!("{}\n{help}", finding.message),
            None => finding.message.clone(),
        }),
        tags: tag(finding.rule).filter(|tag| client.tags.contains(tag)).map(|tag| vec![tag]),
        related_information: client
            .related_information
            .then(|| related.collect())
            .filter(|related: &Vec<_>| !related.is_empty()),
        data: None,
    }
}

/// The same for the same diagnostics, and only for these.
pub fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// How the editor is to draw what a rule finds, if its page says so.
fn tag(rule: &str) -> Option<DiagnosticTag> {
    Some(match entry(rule)?.page.mark? {
        Mark::Unnecessary => DiagnosticTag::Unnecessary,
        Mark::Deprecated => DiagnosticTag::Deprecated,
    })
}
