//! `plimsoll explain` and `plimsoll rules`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::rule::Level;
use crate::rules::{Entry, catalogue, find};

use super::Error;

#[derive(Args, Debug)]
pub struct Explain {
    /// A rule's id, or the id of another tool's rule that it replaces (`DL3007`).
    rule: String,
}

#[derive(Args, Debug)]
pub struct Rules {
    /// How to write the list.
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: RulesFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RulesFormat {
    Text,
    Json,
}

#[derive(Serialize)]
struct JsonRule {
    id: &'static str,
    severity: &'static str,
    level: &'static str,
    group: &'static str,
    formats: Vec<&'static str>,
    summary: &'static str,
    replaces: &'static [&'static str],
}

impl Explain {
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Error> {
        let found: Vec<&Entry> = find(&self.rule).collect();
        if found.is_empty() {
            return Err(no_rule(&self.rule));
        }
        for (index, Entry { page, .. }) in found.into_iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let formats: Vec<_> = page.formats.iter().map(|format| format.name()).collect();
            write!(out, "{}", page.body())?;
            writeln!(
                out,
                "\n---\nseverity: {}; level: {}; group: {}; reads: {}",
                page.severity,
                page.level.name(),
                page.group.name(),
                formats.join(", "),
            )?;
            if page.production_only {
                writeln!(out, "silent in development files")?;
            }
            if !page.replaces.is_empty() {
                writeln!(out, "covers: {}", page.replaces.join(", "))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Rules {
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Error> {
        match self.format {
            RulesFormat::Json => {
                let rules: Vec<_> = catalogue().iter().map(json).collect();
                serde_json::to_writer_pretty(&mut *out, &rules).map_err(io::Error::from)?;
                writeln!(out)?;
            }
            RulesFormat::Text => {
                let ids = catalogue().iter().map(|entry| entry.page.id.len());
                let width = ids.max().unwrap_or_default();
                for Entry { page, .. } in catalogue() {
                    let pedantic = if page.level == Level::Pedantic { " (pedantic)" } else { "" };
                    let (id, severity, summary) = (page.id, page.severity, page.summary);
                    writeln!(out, "{id:width$}  {severity:7}  {summary}{pedantic}")?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn json(entry: &'static Entry) -> JsonRule {
    let page = &entry.page;
    JsonRule {
        id: page.id,
        severity: page.severity.name(),
        level: page.level.name(),
        group: page.group.name(),
        formats: page.formats.iter().map(|format| format.name()).collect(),
        summary: page.summary,
        replaces: &page.replaces,
    }
}

/// The error for a name that is no rule's, with the nearest id as a suggestion.
pub fn no_rule(name: &str) -> Error {
    let near = catalogue()
        .iter()
        .map(|entry| entry.page.id)
        .find(|id| id.contains(name) || name.contains(id));
    let hint = near.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
    Error::NoRule(name.to_owned(), hint)
}
