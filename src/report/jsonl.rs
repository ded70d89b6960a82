//! The findings of the JSON format, each an object on a line of its own.

use std::io::{self, Write};

use super::json::finding;
use super::{Reporter, Run};

pub struct JsonLines;

impl Reporter for JsonLines {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        for found in &run.outcome.findings {
            serde_json::to_writer(&mut *out, &finding(run.files, found))?;
            writeln!(out)?;
        }
        Ok(())
    }
}
