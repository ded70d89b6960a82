use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use line_index::{LineCol, LineIndex, TextSize, WideEncoding, WideLineCol};

use super::{Garbled, Span};

/// The number of a file within [`Files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// How an editor counts the columns of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

/// A place in a file: line and column, both 0-based, the column in units of an [`Encoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// One file's text. UTF-8; whoever loads a file replaces what is not, byte for byte.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub id: FileId,
    /// As it is shown and reported: relative to the working directory, with `/`.
    pub path: String,
    /// Relative to the root of the project, with `/`: what a name or a place is judged by.
    pub project_path: String,
    pub text: Arc<str>,
    /// What was wrong with its bytes, if they were not all text.
    pub garbled: Option<Garbled>,
    /// Whether it may be run, where the file system tells.
    pub executable: Option<bool>,
    /// What the user says that a build of it is given: arguments by their names.
    pub build_args: Arc<BTreeMap<String, String>>,
    lines: Arc<OnceLock<LineIndex>>,
}

/// The files of one run by id: from disk for the command line, from the editor for the server.
/// Beside the files to lint it may hold others that these refer to, and what is known to be on
/// disk, so that nobody behind this room has to look.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<SourceFile>,
    /// By normalised `path`.
    by_path: HashMap<String, FileId>,
    /// Files that are here only because others refer to them: read, not linted.
    context: Vec<bool>,
    /// Directories whose content is known.
    listings: BTreeMap<String, Arc<Listing>>,
    /// Paths that were looked for and are not there; whether anything follows from that.
    absent: BTreeMap<String, bool>,
    /// See [`Files::layout`].
    layout: u64,
    /// What the user says that Compose files are interpolated with.
    interpolation: Interpolation,
    /// Paths of Compose files that the user says are read together.
    groups: Vec<Vec<String>>,
}

/// What lies below a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Every file, relative to it, sorted. A directory that nobody looked into is one path that
    /// ends with `/`.
    pub paths: Vec<String>,
    /// There is more than could be listed.
    pub is_cut: bool,
}

impl Listing {
    /// Whether a file or a directory is listed.
    pub fn has(&self, path: &str) -> bool {
        let within = format!("{path}/");
        let at = self.paths.partition_point(|known| known.as_str() < path);
        self.paths[at..].first().is_some_and(|found| found == path) || {
            let at = self.paths.partition_point(|known| known.as_str() < within.as_str());
            self.paths[at..].first().is_some_and(|found| found.starts_with(&within))
        }
    }
}

/// Where the variables of Compose files come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interpolation {
    /// Paths to use instead of the `.env` of each project; none named means that one.
    pub env_files: Vec<String>,
    /// Variables that count before those of env files: the process's, if the user says so.
    pub variables: BTreeMap<String, String>,
}

impl SourceFile {
    /// The text under `span`; empty when the span is not of this text.
    pub fn text_at(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The last component of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The path without its last component; empty for a file of the working directory.
    pub fn directory(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(directory, _)| directory)
    }

    /// The 0-based line of a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.index().line_col(TextSize::new(offset.min(self.text.len() as u32))).line
    }

    /// The bytes of a 0-based line, without its line end; `None` past the last line.
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let range = self.index().line(line)?;
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let length = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        Some(Span::new(self.id, start, start + length))
    }

    /// Where a byte offset is for an editor or a reader who counts columns in `encoding`.
    pub fn position(&self, offset: u32, encoding: Encoding) -> Position {
        self.counted(self.line_col(offset), encoding)
    }

    /// Where a span begins and where it ends, mostly on the same line.
    pub fn positions(&self, span: Span, encoding: Encoding) -> (Position, Position) {
        let start = self.line_col(span.start);
        let line = self.index().line(start.line).map(Range::<u32>::from);
        let end = match line.filter(|line| line.contains(&span.end)) {
            Some(line) => LineCol { line: start.line, col: span.end - line.start },
            None => self.line_col(span.end),
        };
        (self.counted(start, encoding), self.counted(end, encoding))
    }

    fn line_col(&self, offset: u32) -> LineCol {
        self.index().line_col(TextSize::new(offset.min(self.text.len() as u32)))
    }

    fn counted(&self, at: LineCol, encoding: Encoding) -> Position {
        let column = match wide(encoding) {
            None => at.col,
            Some(wide) => self.index().to_wide(wide, at).map_or(at.col, |at| at.col),
        };
        Position { line: at.line, column }
    }

    /// The byte offset of a position; past a line's end it is that end, past the last line the
    /// text's.
    pub fn offset(&self, position: Position, encoding: Encoding) -> u32 {
        let Some(line) = self.line_span(position.line) else { return self.text.len() as u32 };
        let column = match wide(encoding) {
            None => position.column,
            Some(wide) => {
                let at = WideLineCol { line: position.line, col: position.column };
                self.index().to_utf8(wide, at).map_or(line.end - line.start, |at| at.col)
            }
        };
        let mut offset = (line.start + column.min(line.end - line.start)) as usize;
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset as u32
    }

    fn index(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

fn wide(encoding: Encoding) -> Option<WideEncoding> {
    match encoding {
        Encoding::Utf8 => None,
        Encoding::Utf16 => Some(WideEncoding::Utf16),
        Encoding::Utf32 => Some(WideEncoding::Utf32),
    }
}

impl Files {
    /// Adds a file to lint whose path is also its place in the project.
    pub fn add(&mut self, path: &str, text: impl Into<Arc<str>>) -> FileId {
        self.insert(path, path, text, false)
    }

    /// Adds a file to lint that stands at `project_path` in its project.
    pub fn add_at(&mut self, path: &str, project_path: &str, text: impl Into<Arc<str>>) -> FileId {
        self.insert(path, project_path, text, false)
    }

    /// Adds a file that is read because others refer to it, and is not linted.
    pub fn add_context(&mut self, path: &str, text: impl Into<Arc<str>>) -> FileId {
        self.insert(path, path, text, true)
    }

    /// Says that there is no file at `path`.
    pub fn add_absent(&mut self, path: &str) {
        self.absent.insert(normalise(path), true);
    }

    /// Says that `path` was looked for, and that nothing follows from its not being there.
    pub fn add_unseen(&mut self, path: &str) {
        self.absent.insert(normalise(path), false);
    }

    /// Says what lies below the directory `path`.
    pub fn add_listing(&mut self, path: &str, mut listing: Listing) {
        self.layout += 1;
        listing.paths.sort_unstable();
        self.listings.insert(normalise(path), Arc::new(listing));
    }

    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Says what Compose files are interpolated with.
    pub fn set_interpolation(&mut self, interpolation: Interpolation) {
        self.layout += 1;
        self.interpolation = interpolation;
    }

    pub fn interpolation(&self) -> &Interpolation {
        &self.interpolation
    }

    /// Says which Compose files are read together, each group in its order.
    pub fn set_groups(&mut self, groups: Vec<Vec<String>>) {
        self.layout += 1;
        self.groups = groups;
    }

    pub fn groups(&self) -> &[Vec<String>] {
        &self.groups
    }

    /// The file at a path, written in whatever way.
    pub fn find(&self, path: &str) -> Option<&SourceFile> {
        self.by_path.get(&*normal(path)).map(|id| self.get(*id))
    }

    /// Whether somebody has already looked for this path, found or not. With a `/` at its end it
    /// means what lies below the directory.
    pub fn is_known(&self, path: &str) -> bool {
        let is_listing = path.ends_with('/');
        let path = &*normal(path);
        if is_listing {
            return self.listings.contains_key(path);
        }
        self.by_path.contains_key(path) || self.absent.contains_key(path)
    }

    /// Whether the path was looked for and is not there.
    pub fn is_absent(&self, path: &str) -> bool {
        self.absent.get(&*normal(path)) == Some(&true)
    }

    /// What lies below a directory; `None` if nobody has looked.
    pub fn listing(&self, path: &str) -> Option<&Arc<Listing>> {
        self.listings.get(&*normal(path))
    }

    /// Whether the file is to be linted, not only referred to.
    pub fn is_linted(&self, id: FileId) -> bool {
        !self.context[id.0 as usize]
    }

    /// Another number whenever another directory is listed, a known file is to be linted now or no
    /// more, or Compose files are to be interpolated or put together otherwise.
    pub fn layout(&self) -> u64 {
        self.layout
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &SourceFile> {
        self.files.iter()
    }

    pub fn text_at(&self, span: Span) -> &str {
        self.get(span.file).text_at(span)
    }

    /// Says what was wrong with a file's bytes.
    pub fn set_garbled(&mut self, id: FileId, garbled: Option<Garbled>) {
        self.files[id.0 as usize].garbled = garbled;
    }

    /// Says whether a file may be run.
    pub fn set_executable(&mut self, id: FileId, executable: Option<bool>) {
        self.files[id.0 as usize].executable = executable;
    }

    /// Puts a text at a path, as an editor does that opens a file: the file that is known there
    /// gets it, else there is one more.
    pub fn put(
        &mut self,
        path: &str,
        project_path: &str,
        text: impl Into<Arc<str>>,
        is_linted: bool,
    ) -> FileId {
        let normal = normalise(path);
        self.absent.remove(&normal);
        let Some(&id) = self.by_path.get(&normal) else {
            return self.insert(path, project_path, text, !is_linted);
        };
        let is_turned = self.context[id.0 as usize] == is_linted;
        self.layout += u64::from(is_turned);
        self.context[id.0 as usize] = !is_linted;
        let text = text.into();
        // What is as it was need not be read again.
        if is_turned || self.get(id).text != text {
            self.replace(id, text);
        }
        id
    }

    /// Replaces a file's text, as an editor does; its id stays.
    pub fn replace(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        let file = &mut self.files[id.0 as usize];
        file.text = text.into();
        file.garbled = None;
        file.lines = Arc::default();
    }

    /// Says what a build of a file is given. What was read of it with other arguments is out of
    /// date.
    pub fn set_build_args(&mut self, id: FileId, build_args: BTreeMap<String, String>) {
        let file = &mut self.files[id.0 as usize];
        if *file.build_args != build_args {
            file.build_args = Arc::new(build_args);
            file.text = file.text.as_ref().into();
        }
    }

    fn insert(
        &mut self,
        path: &str,
        project_path: &str,
        text: impl Into<Arc<str>>,
        context: bool,
    ) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.by_path.entry(normalise(path)).or_insert(id);
        self.context.push(context);
        self.files.push(SourceFile {
            id,
            path: path.to_owned(),
            project_path: project_path.to_owned(),
            text: text.into(),
            garbled: None,
            executable: None,
            build_args: Arc::default(),
            lines: Arc::default(),
        });
        id
    }
}

/// `a/./b/../c` as `a/c`; the empty path and `.` are both `.`.
pub fn normalise(path: &str) -> String {
    normal(path).into_owned()
}

/// The same, as it is where it is normal, which it mostly is.
fn normal(path: &str) -> Cow<'_, str> {
    let mut below_root = path.strip_prefix('/').unwrap_or(path).split('/');
    if !below_root.any(|part| matches!(part, "" | "." | "..")) {
        return path.into();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            // Nothing is above the root.
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (path.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        let mut files = Files::default();
        let id = files.add("f", text);
        files.get(id).clone()
    }

    #[test]
    fn columns_count_what_the_encoding_counts() {
        let file = file("é😀x\ny");
        let x = "é😀".len() as u32;
        assert_eq!(file.position(x, Encoding::Utf8).column, 6);
        assert_eq!(file.position(x, Encoding::Utf16).column, 3);
        assert_eq!(file.position(x, Encoding::Utf32).column, 2);
        let places: Vec<usize> =
            (0..=file.text.len()).filter(|at| file.text.is_char_boundary(*at)).collect();
        let pairs = places.iter().flat_map(|end| places.iter().map(move |start| (*start, *end)));
        for (start, end) in pairs.filter(|(start, end)| start <= end) {
            let both = [start, end].map(|at| file.position(at as u32, Encoding::Utf16));
            let span = Span::new(file.id, start, end);
            assert_eq!(<[_; 2]>::from(file.positions(span, Encoding::Utf16)), both, "{span:?}");
        }
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            assert_eq!(file.offset(file.position(x, encoding), encoding), x);
        }
    }

    #[test]
    fn a_position_past_the_end_is_the_end() {
        let file = file("ab\r\nc");
        assert_eq!(file.offset(Position { line: 0, column: 99 }, Encoding::Utf16), 2);
        assert_eq!(file.offset(Position { line: 9, column: 0 }, Encoding::Utf16), 5);
    }

    #[test]
    fn what_an_editor_opens_is_linted_wherever_it_was_known_from() {
        let mut files = Files::default();
        let context = files.add_context("a/Dockerfile", "old");
        files.add_absent("b/Dockerfile");
        assert_eq!(files.put("./a/Dockerfile", "a/Dockerfile", "new", true), context);
        assert!(files.is_linted(context));
        assert_eq!(&*files.get(context).text, "new");
        files.put("b/Dockerfile", "b/Dockerfile", "", true);
        assert!(!files.is_absent("b/Dockerfile"));
    }

    #[test]
    fn paths_are_compared_normalised() {
        let mut files = Files::default();
        files.add("./a/../b/Dockerfile", "");
        assert!(files.find("b/./Dockerfile").is_some());
        assert_eq!(normalise("../x/.."), "..");
        assert_eq!(normalise(""), ".");
        assert_eq!(normalise("/a/../b"), "/b");
    }
}
