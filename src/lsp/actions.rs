//! What the editor offers to do about findings: mend, silence, explain.

use std::collections::{BTreeSet, HashMap};

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Command, TextEdit, Uri,
    WorkspaceEdit,
};
use serde_json::json;

use crate::finding::{Applicability, Finding, Fix};
use crate::source::{Edit, FileId, Span};

use super::diagnostics;
use super::session::Session;
use super::silence;

/// The kind of what mends all that can be mended without asking.
pub const FIX_ALL: &str = "source.fixAll.plimsoll";
/// Shows a rule's page; its argument is the rule's id.
pub const EXPLAIN: &str = "plimsoll.explain";

pub fn actions(session: &Session, params: CodeActionParams) -> Option<Vec<CodeActionResponse>> {
    let file = session.file(&params.text_document.uri)?.id;
    let only = params.context.only;
    let wants = |kind: &CodeActionKind| {
        only.as_ref().is_none_or(|only| only.iter().any(|parent| is_below(kind, parent)))
    };
    let mut actions = Vec::new();
    if wants(&CodeActionKind::QuickFix) {
        let found = session.findings_in(file, params.range);
        found.iter().for_each(|finding| actions.extend(fixes(session, finding)));
        let mut rules: Vec<&str> = Vec::new();
        for finding in &found {
            if !rules.contains(&finding.rule) {
                rules.push(finding.rule);
                actions.extend(fix_same(session, finding));
            }
        }
        found.iter().for_each(|finding| actions.extend(silence(session, finding)));
        found.iter().for_each(|finding| actions.push(explain(session, finding)));
    }
    if wants(&CodeActionKind::new(FIX_ALL)) {
        actions.extend(fix_all(session, file));
    }
    Some(actions.into_iter().map(CodeActionResponse::CodeAction).collect())
}

fn fixes(session: &Session, finding: &Finding) -> impl Iterator<Item = CodeAction> {
    finding.fixes.iter().enumerate().map(|(index, fix)| CodeAction {
        is_preferred: Some(index == 0 && fix.applicability == Applicability::Safe),
        ..mend(session, finding, fix.title.clone(), edits(session, &[fix]))
    })
}

/// Fixes every finding of the same rule in the file, if there are several.
fn fix_same(session: &Session, finding: &Finding) -> Option<CodeAction> {
    let same = session.findings(finding.span.file).iter().filter(|it| it.rule == finding.rule);
    let fixes: Vec<&Fix> = same.filter_map(fixable).collect();
    (fixes.len() > 1).then(|| {
        let title = format!("Fix all {} of `{}` in this file", fixes.len(), finding.rule);
        mend(session, finding, title, edits(session, &fixes))
    })
}

fn silence(session: &Session, finding: &Finding) -> impl Iterator<Item = CodeAction> {
    let rule = finding.rule;
    let of = |edit: Edit| changes(session, [&edit]);
    let offers = [
        (format!("Ignore `{rule}` here"), silence::here(session, finding).map(of)),
        (format!("Ignore `{rule}` in this file"), silence::in_file(session, finding).map(of)),
        (
            format!("Switch `{rule}` off in the configuration"),
            silence::in_configuration(session, finding),
        ),
    ];
    offers.into_iter().filter_map(|(title, edit)| Some(mend(session, finding, title, edit?)))
}

fn mend(session: &Session, finding: &Finding, title: String, edit: WorkspaceEdit) -> CodeAction {
    CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: diagnostics::of(session, finding).map(|it| vec![it]),
        edit: Some(edit),
        ..CodeAction::default()
    }
}

fn explain(session: &Session, finding: &Finding) -> CodeAction {
    let title = format!("Explain `{}`", finding.rule);
    CodeAction {
        title: title.clone(),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: diagnostics::of(session, finding).map(|it| vec![it]),
        command: Some(Command {
            title,
            tooltip: None,
            command: EXPLAIN.to_owned(),
            arguments: Some(vec![json!(finding.rule)]),
        }),
        ..CodeAction::default()
    }
}

fn fix_all(session: &Session, file: FileId) -> Option<CodeAction> {
    let safe = |fix: &&Fix| fix.applicability == Applicability::Safe;
    let findings = session.findings(file).iter();
    let fixes: Vec<&Fix> = findings.filter_map(fixable).filter(safe).collect();
    (!fixes.is_empty()).then(|| CodeAction {
        title: "Fix all that plimsoll can fix safely".to_owned(),
        kind: Some(CodeActionKind::new(FIX_ALL)),
        edit: Some(edits(session, &fixes)),
        ..CodeAction::default()
    })
}

/// The fix that can be applied without a person's hand.
fn fixable(finding: &Finding) -> Option<&Fix> {
    finding.fixes.first().filter(|fix| fix.applicability > Applicability::Manual)
}

/// All of these fixes, but for those that touch what an earlier one has changed.
fn edits(session: &Session, fixes: &[&Fix]) -> WorkspaceEdit {
    let mut taken: BTreeSet<&Edit> = BTreeSet::new();
    for fix in fixes {
        // What is taken is disjoint, so only the neighbours can touch.
        let touches = |edit: &Edit| {
            let before = taken.range::<Edit, _>(..edit).next_back();
            let after = taken.range::<Edit, _>(edit..).next();
            before.into_iter().chain(after).any(|other| overlap(other.span, edit.span))
        };
        if !fix.edits.iter().any(touches) {
            taken.extend(&fix.edits);
        }
    }
    changes(session, taken)
}

fn changes<'e>(session: &Session, edits: impl IntoIterator<Item = &'e Edit>) -> WorkspaceEdit {
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for edit in edits {
        let range = session.range(edit.span);
        let text_edit = TextEdit { range, new_text: edit.text.clone() };
        changes.entry(session.uri(edit.span.file).0).or_default().push(text_edit);
    }
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

/// Whether two edits cannot both be made; two insertions at one place cannot, as nobody says
/// which comes first.
fn overlap(one: Span, other: Span) -> bool {
    one.file == other.file
        && (one.start < other.end && other.start < one.end || one.start == other.start)
}

/// Whether a kind is `parent` or one of its kinds: `source.fixAll.plimsoll` is a `source`.
fn is_below(kind: &CodeActionKind, parent: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(parent.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || parent.as_str().is_empty())
}
