//! The short syntax of `volumes`: `[source:]target[:mode]`.

use std::ops::Range;

use crate::model::setting::Setting;
use crate::model::text::{HOLE, Text};
use crate::source::{Span, Spanned};

/// An entry of a service's `volumes`, in either syntax, or of its `tmpfs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeMount {
    pub span: Span,
    pub kind: VolumeKind,
    /// A host path or the name of a volume; nothing for an anonymous one.
    pub source: Option<Text>,
    pub target: Option<Text>,
    pub read_only: Setting<bool>,
    /// Words of the short syntax's mode that Compose drops without a word.
    pub ignored: Vec<Spanned<String>>,
    /// Whether Compose makes the host's directory (as root) if it is not there: the short syntax
    /// does, the long one unless `create_host_path` is false.
    pub creates_host_path: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeKind {
    /// A path of the host.
    Bind,
    /// Named or anonymous.
    Volume,
    Tmpfs,
    /// `cluster`, `npipe`, `image`.
    Other,
    /// A variable decides.
    Unknown,
}

impl VolumeMount {
    /// The path in the container as Compose compares it: `/data/` is `/data`.
    pub fn clean_target(&self) -> Option<String> {
        let target = self.target.as_ref()?.known()?;
        let mut parts: Vec<&str> = Vec::new();
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        let root = if target.starts_with('/') { "/" } else { "" };
        Some(format!("{root}{}", parts.join("/")))
    }
}

/// Reads the short syntax as compose-go's `ParseVolume`; the error says where and what is wrong.
pub fn parse(text: &Text) -> Result<VolumeMount, Spanned<String>> {
    let value = text.value();
    let error = |range: Range<usize>, message: String| {
        let span = text.span_of(range);
        Err(Spanned::new(message, span))
    };
    let sections =
        if value.len() > 2 { sections(value) } else { std::iter::once(0..value.len()).collect() };
    if value.is_empty() {
        return error(0..0, "an empty volume has no target".to_owned());
    }
    if sections.iter().any(Range::is_empty) {
        return error(0..value.len(), format!("`{}` has nothing between two colons", text.shown()));
    }
    let (source, target, mode) = match sections.as_slice() {
        [target] => (None, target, None),
        [source, target] => (Some(source), target, None),
        [source, target, mode] => (Some(source), target, Some(mode)),
        _ => return error(0..value.len(), format!("`{}` has too many colons", text.shown())),
    };
    let kind = match source.map(|range| &value[range.clone()]) {
        None => VolumeKind::Volume,
        Some(source) if is_path(source) => VolumeKind::Bind,
        Some(source) if source.starts_with(HOLE) => VolumeKind::Unknown,
        Some(_) => VolumeKind::Volume,
    };
    let mut mount = VolumeMount {
        span: text.span(),
        kind,
        source: source.map(|range| text.slice(range.clone())),
        target: Some(text.slice(target.clone())),
        read_only: Setting::Absent,
        ignored: Vec::new(),
        creates_host_path: kind == VolumeKind::Bind,
    };
    if value.contains(HOLE) && sections.len() == 1 {
        // All of `source:target:mode` may be in the variable.
        (mount.kind, mount.target) = (VolumeKind::Unknown, None);
    }
    let mut start = mode.map_or(0, |mode| mode.start);
    for word in mode.map(|mode| value[mode.clone()].split(',')).into_iter().flatten() {
        let span = text.span_of(start..start + word.len());
        start += word.len() + 1;
        match word {
            "ro" => mount.read_only = Setting::set(true, span),
            "rw" => mount.read_only = Setting::set(false, span),
            word if MODES.contains(&word) => {}
            word if word.contains(HOLE) => mount.read_only = Setting::Unresolved(span),
            word => mount.ignored.push(Spanned::new(word.to_owned(), span)),
        }
    }
    Ok(mount)
}

/// What a mode may say beside `ro` and `rw`.
const MODES: [&str; 9] =
    ["nocopy", "rprivate", "private", "rshared", "shared", "rslave", "slave", "z", "Z"];

/// Whether a source is a path of the host: it begins with `.`, `/`, `~`, `\\` or a drive's
/// letter.
pub fn is_path(source: &str) -> bool {
    let mut chars = source.chars();
    source.starts_with(['.', '/', '~'])
        || source.starts_with("\\\\")
        || chars.next().is_some_and(char::is_alphabetic) && chars.next() == Some(':')
}

/// What stands between the colons, except the one after a drive's letter.
fn sections(value: &str) -> Vec<Range<usize>> {
    let mut sections = Vec::new();
    let mut start = 0;
    for (at, _) in value.match_indices(':') {
        let mut before = value[start..at].chars();
        let drive = before.next().is_some_and(char::is_alphabetic) && before.next().is_none();
        if !drive {
            sections.push(start..at);
            start = at + 1;
        }
    }
    sections.push(start..value.len());
    sections
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn mount(value: &str) -> Result<VolumeMount, String> {
        let span = Span::new(FileId(0), 0, value.len());
        parse(&Text::written(Spanned::new(value.to_owned(), span))).map_err(|error| error.value)
    }

    #[test]
    fn every_short_form_is_read() {
        use VolumeKind::{Bind, Volume};
        for (value, kind, source, target) in [
            ("/data", Volume, None, "/data"),
            ("data:/data", Volume, Some("data"), "/data"),
            ("./src:/app:ro", Bind, Some("./src"), "/app"),
            ("~/x:/x:rw,z", Bind, Some("~/x"), "/x"),
            ("C:\\data:/data", Bind, Some("C:\\data"), "/data"),
            ("C:\\data:D:\\data:ro", Bind, Some("C:\\data"), "D:\\data"),
            ("\\\\.\\pipe\\x:\\\\.\\pipe\\x", Bind, Some("\\\\.\\pipe\\x"), "\\\\.\\pipe\\x"),
            ("src/app:/app", Volume, Some("src/app"), "/app"),
            ("/x", Volume, None, "/x"),
        ] {
            let Ok(mount) = mount(value) else { panic!("{value}") };
            assert_eq!(mount.kind, kind, "{value}");
            assert_eq!(mount.source.as_ref().map(Text::value), source, "{value}");
            assert_eq!(mount.target.as_ref().map(Text::value), Some(target), "{value}");
        }
    }

    #[test]
    fn a_mode_is_read_and_what_it_drops_is_kept() {
        let Ok(mount) = mount("ab:/b:ro,r0") else { panic!("no mount") };
        assert!(mount.read_only.is_true());
        assert_eq!(mount.ignored[0].value, "r0");
        assert_eq!(mount.ignored[0].span.range(), 9..11);
    }

    #[test]
    fn empty_sections_and_too_many_are_errors() {
        for value in ["", "ab::b", ":/x", "/ab:", "ab:/b:ro:z"] {
            assert!(mount(value).is_err(), "{value}");
        }
    }

    #[test]
    fn one_letter_is_a_drive() {
        let Ok(mount) = mount("a:/data") else { panic!("no mount") };
        assert_eq!((mount.source, mount.target.as_ref().map(Text::value)), (None, Some("a:/data")));
    }

    #[test]
    fn targets_are_compared_clean() {
        let clean = |value| mount(value).ok().and_then(|mount| mount.clean_target());
        assert_eq!(clean("ab:/data/").as_deref(), Some("/data"));
        assert_eq!(clean("ab:/x/../data/./").as_deref(), Some("/data"));
        assert_eq!(clean("ab:/").as_deref(), Some("/"));
    }
}
