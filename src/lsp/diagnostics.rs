//! Findings as the editor's diagnostics.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Message,
};

use crate::finding::{Finding, Severity};
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
        code_description: client
            .code_description
            .then(|| CodeDescription { href: url(finding.rule).as_str().into() }),
        source: Some("plimsoll".to_owned()),
        message: Message::String(match &finding.help {
            Some(help) => format!("{}\n{help}", finding.message),
            None => finding.message.clone(),
        }),
        tags: None,
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

/// Where a rule's page can be read.
fn url(rule: &str) -> String {
    format!("https://plimsoll.dev/rules/{rule}")
}
