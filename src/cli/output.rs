//! Where findings are written: `--format NAME` to standard output, `--format NAME=FILE` to a
//! file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::str::FromStr;

use crate::report::{FORMATS, Reporter, Run, format};
use crate::source::closest;

use super::Error;

/// One `--format`.
#[derive(Clone)]
pub struct Output {
    reporter: &'static (dyn Reporter + Sync),
    /// `None` is standard output.
    file: Option<PathBuf>,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("file", &self.file).finish_non_exhaustive()
    }
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("no file behind the `=`".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let reporter = format(name).ok_or_else(|| {
            let names = FORMATS.iter().map(|(name, _)| *name);
            match closest(name, names.clone()) {
                Some(near) => format!("no format `{name}`; did you mean `{near}`?"),
                None => format!(
                    "no format `{name}`; there are {}",
                    names.collect::<Vec<_>>().join(", ")
                ),
            }
        })?;
        Ok(Self { reporter, file })
    }
}

/// Writes a run to each of the outputs, of which at most one is standard output.
pub fn write(outputs: &[Output], run: &Run, out: &mut dyn Write) -> Result<(), Error> {
    for output in outputs {
        match &output.file {
            None => {
                let mut buffered = BufWriter::new(&mut *out);
                output.reporter.write(run, &mut buffered)?;
                buffered.flush()?;
            }
            Some(path) => {
                let failed = |error| Error::Write(path.clone(), error);
                // Files are read by machines and by people without a terminal.
                let file = anstream::StripStream::new(File::create(path).map_err(failed)?);
                let mut buffered = BufWriter::new(file);
                output.reporter.write(run, &mut buffered).map_err(failed)?;
                buffered.flush().map_err(failed)?;
            }
        }
    }
    Ok(())
}

/// Two outputs must not mix on one stream.
pub fn verify(outputs: &[Output]) -> Result<(), Error> {
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err(Error::MixedOutput);
    }
    Ok(())
}
