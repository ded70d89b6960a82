//! What stays the same of a finding when lines move: its rule, its file, its structural place and
//! the text at fault.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::model::Workspace;
use crate::model::place::places;
use crate::source::{FileId, Files};

/// A finding without its line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// Of the file, within its project.
    pub path: String,
    pub rule: &'static str,
    /// See [`places`].
    pub place: String,
    /// 32 hexadecimal digits over all of it and the text at fault. Findings that nothing but
    /// their lines tells apart have the same.
    pub digest: String,
}

/// The fingerprints of findings, in their order.
pub fn fingerprints(
    files: &Files,
    workspace: &Workspace,
    findings: &[Finding],
) -> Vec<Fingerprint> {
    let mut by_file: HashMap<FileId, Vec<usize>> = HashMap::new();
    for (index, finding) in findings.iter().enumerate() {
        by_file.entry(finding.span.file).or_default().push(index);
    }
    let mut found: Vec<Option<Fingerprint>> = vec![None; findings.len()];
    for document in &workspace.documents {
        let Some(mut indices) = by_file.remove(&document.file) else { continue };
        indices.sort_by_key(|index| findings[*index].span.start);
        let offsets: Vec<u32> = indices.iter().map(|index| findings[*index].span.start).collect();
        let file = files.get(document.file);
        for (index, place) in indices.into_iter().zip(places(file, document, &offsets)) {
            found[index] = Some(fingerprint(files, &findings[index], place));
        }
    }
    let placed = found.into_iter().zip(findings);
    placed
        .map(|(found, finding)| found.unwrap_or_else(|| fingerprint(files, finding, String::new())))
        .collect()
}

/// The digests of findings, told apart by a number where they are the same.
pub fn unique_digests(fingerprints: &[Fingerprint]) -> Vec<String> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let unique = |fingerprint: &'_ Fingerprint, number: u32| match number {
        0 => fingerprint.digest.clone(),
        number => digest(&[&fingerprint.digest, &number.to_string()]),
    };
    let mut digests = Vec::new();
    for fingerprint in fingerprints {
        let number = seen.entry(&fingerprint.digest).or_insert(0);
        digests.push(unique(fingerprint, *number));
        *number += 1;
    }
    digests
}

fn fingerprint(files: &Files, finding: &Finding, place: String) -> Fingerprint {
    let file = files.get(finding.span.file);
    let words: Vec<&str> = file.text_at(finding.span).split_whitespace().collect();
    let digest = digest(&[&file.project_path, finding.rule, &place, &words.join(" ")]);
    Fingerprint { path: file.project_path.clone(), rule: finding.rule, place, digest }
}

/// FNV-1a over 128 bits: the same on every machine and in every version.
fn digest(parts: &[&str]) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    format!("{hash:032x}")
}
