//! The Markdown page of a rule: front matter, heading, sections, fenced examples.

use std::ops::Range;

use crate::finding::Severity;
use crate::model::Format;

/// A rule's page, read.
#[derive(Clone, Debug)]
pub struct Page {
    pub id: &'static str,
    /// One sentence.
    pub summary: &'static str,
    pub severity: Severity,
    pub level: Level,
    pub group: Group,
    pub formats: Vec<Format>,
    /// Silent in files of development.
    pub production_only: bool,
    /// How an editor draws what it finds, if not as any other finding.
    pub mark: Option<Mark>,
    /// Rules of other tools that it covers, as `tool/id`.
    pub replaces: Vec<&'static str>,
    pub sections: Vec<Section>,
    /// All of it.
    pub text: &'static str,
}

/// Whether a rule speaks unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Default,
    /// Only with `--pedantic`, or if the configuration sets its severity.
    Pedantic,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Pedantic => "pedantic",
        }
    }
}

/// What an editor draws in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It could as well not be there: drawn faint.
    Unnecessary,
    /// It worked once: drawn struck through.
    Deprecated,
}

/// The promise that a rule guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// What it says it is: it is read as its author meant it.
    Correct,
    Reproducible,
    Secure,
    Reliable,
    Observable,
    Lean,
}

impl Group {
    pub const ALL: [Self; 6] = [
        Self::Correct,
        Self::Reproducible,
        Self::Secure,
        Self::Reliable,
        Self::Observable,
        Self::Lean,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Reproducible => "reproducible",
            Self::Secure => "secure",
            Self::Reliable => "reliable",
            Self::Observable => "observable",
            Self::Lean => "lean",
        }
    }
}

/// What follows a `## heading`.
#[derive(Clone, Debug)]
pub struct Section {
    pub heading: &'static str,
    /// Bytes of the page, heading excluded.
    pub body: Range<usize>,
    pub blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    pub language: &'static str,
    pub text: &'static str,
    /// 1-based line of its fence.
    pub line: usize,
    /// The path in backticks and a colon on the line above, if there is one.
    pub path: Option<&'static str>,
}

/// What is wrong with a page; for its author, who sees it in a test.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct PageError {
    /// 1-based.
    pub line: usize,
    pub message: String,
}

const HEADINGS: [&str; 6] = ["Why", "Bad", "Good", "Options", "Edge cases", "References"];

impl Page {
    /// Reads a page and checks its shape: known front matter, `# id`, a summary of one sentence,
    /// sections in their order.
    pub fn parse(text: &'static str) -> Result<Self, PageError> {
        let mut lines = numbered(text);
        let front = front_matter(&mut lines)?;
        let mut rest = lines.filter(|line| !line.text.trim().is_empty());
        let heading = rest.next().ok_or_else(|| error(1, "no heading"))?;
        let id = heading
            .text
            .strip_prefix("# ")
            .ok_or_else(|| error(heading.number, "expected `# id`"))?;
        let summary = rest.next().ok_or_else(|| error(heading.number, "no summary"))?;
        if !summary.text.ends_with('.') || summary.text.contains(". ") {
            return Err(error(summary.number, "the summary is one sentence with a full stop"));
        }
        let sections = sections(text, summary.end)?;
        Ok(Self {
            id,
            summary: summary.text,
            severity: front.severity.ok_or_else(|| error(1, "no `severity`"))?,
            level: front.level,
            group: front.group.ok_or_else(|| error(1, "no `group`"))?,
            formats: front.formats,
            production_only: front.production_only,
            mark: front.mark,
            replaces: front.replaces,
            sections,
            text,
        })
    }

    /// The page without its front matter: what `explain` and an editor's hover show.
    pub fn body(&self) -> &'static str {
        self.text.find("\n# ").map_or(self.text, |at| &self.text[at + 1..])
    }

    pub fn section(&self, heading: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.heading == heading)
    }
}

#[derive(Clone, Copy)]
struct Line {
    /// 1-based.
    number: usize,
    text: &'static str,
    /// Byte after its line end.
    end: usize,
}

fn numbered(text: &'static str) -> impl Iterator<Item = Line> {
    let mut end = 0;
    text.split_inclusive('\n').enumerate().map(move |(index, line)| {
        end += line.len();
        Line { number: index + 1, text: line.trim_end_matches(['\n', '\r']), end }
    })
}

struct FrontMatter {
    severity: Option<Severity>,
    level: Level,
    group: Option<Group>,
    formats: Vec<Format>,
    production_only: bool,
    mark: Option<Mark>,
    replaces: Vec<&'static str>,
}

fn front_matter(lines: &mut impl Iterator<Item = Line>) -> Result<FrontMatter, PageError> {
    let mut front = FrontMatter {
        severity: None,
        level: Level::Default,
        group: None,
        formats: Vec::new(),
        production_only: false,
        mark: None,
        replaces: Vec::new(),
    };
    if lines.next().is_none_or(|line| line.text != "---") {
        return Err(error(1, "expected `---`"));
    }
    for line in lines.take_while(|line| line.text != "---") {
        let unknown = || error(line.number, format!("cannot read `{}`", line.text));
        let (key, value) = line.text.split_once(": ").ok_or_else(unknown)?;
        let list = || value.split(',').map(str::trim);
        match key {
            "severity" => front.severity = Some(value.parse().map_err(|()| unknown())?),
            "level" => {
                front.level = match value {
                    "default" => Level::Default,
                    "pedantic" => Level::Pedantic,
                    _ => return Err(unknown()),
                };
            }
            "group" => {
                let group = Group::ALL.into_iter().find(|group| group.name() == value);
                front.group = Some(group.ok_or_else(unknown)?);
            }
            "applies-to" => {
                for name in list() {
                    let format = Format::ALL.into_iter().find(|format| format.name() == name);
                    front.formats.push(format.ok_or_else(unknown)?);
                }
            }
            "environment" if value == "production" => front.production_only = true,
            "mark" => {
                front.mark = Some(match value {
                    "unnecessary" => Mark::Unnecessary,
                    "deprecated" => Mark::Deprecated,
                    _ => return Err(unknown()),
                });
            }
            "replaces" => front.replaces = list().collect(),
            _ => return Err(unknown()),
        }
    }
    Ok(front)
}

fn sections(text: &'static str, from: usize) -> Result<Vec<Section>, PageError> {
    let mut sections: Vec<Section> = Vec::new();
    let mut path = None;
    let mut block: Option<(Block, usize)> = None;
    for line in numbered(text).filter(|line| line.end > from) {
        if let Some((open, start)) = &mut block {
            if line.text == "```" {
                open.text = &text[*start..line.end - line_length(text, line)];
                let section =
                    sections.last_mut().ok_or_else(|| error(line.number, "block before Why"))?;
                section.blocks.push(open.clone());
                block = None;
            }
        } else if let Some(language) = line.text.strip_prefix("```") {
            let path = path.take();
            block = Some((Block { language, text: "", line: line.number, path }, line.end));
        } else if let Some(heading) = line.text.strip_prefix("## ") {
            let rank = |heading| HEADINGS.iter().position(|known| *known == heading);
            let last = sections.last().map(|section| section.heading);
            if rank(heading).is_none() || rank(heading) <= last.and_then(rank) {
                return Err(error(line.number, format!("`{heading}` is unknown or out of order")));
            }
            sections.push(Section { heading, body: line.end..line.end, blocks: Vec::new() });
        } else if let Some(before) = line.text.strip_suffix("`:") {
            path = before.rsplit('`').next();
        } else if !line.text.is_empty() {
            path = None;
        }
        if let Some(section) = sections.last_mut() {
            section.body.end = line.end;
        }
    }
    match (block, HEADINGS.iter().take(3).find(|heading| !has(&sections, heading))) {
        (Some((block, _)), _) => Err(error(block.line, "a block that does not end")),
        (None, Some(missing)) => Err(error(1, format!("no section `{missing}`"))),
        (None, None) => Ok(sections),
    }
}

fn has(sections: &[Section], heading: &str) -> bool {
    sections.iter().any(|section| section.heading == heading)
}

/// Bytes of a line, its line end included.
fn line_length(text: &str, line: Line) -> usize {
    line.end - text[..line.end - 1].rfind('\n').map_or(0, |at| at + 1)
}

fn error(line: usize, message: impl Into<String>) -> PageError {
    PageError { line, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "---\nseverity: error\ngroup: secure\napplies-to: compose, dockerfile\n\
        replaces: hadolint/DL3002\n---\n# some-defect\n\nSomething is wrong.\n\n## Why\n\nBecause.\n\n\
        ## Bad\n\n`a/Dockerfile`:\n\n```dockerfile\nFROM x\n```\n\n## Good\n\n```yaml\n```\n";

    #[test]
    fn a_page_is_front_matter_heading_summary_and_sections() {
        let page = Page::parse(PAGE).unwrap();
        assert_eq!((page.id, page.summary), ("some-defect", "Something is wrong."));
        assert_eq!(page.formats, [Format::Compose, Format::Dockerfile]);
        let bad = &page.section("Bad").unwrap().blocks;
        assert_eq!((bad[0].text, bad[0].path), ("FROM x\n", Some("a/Dockerfile")));
        assert_eq!(page.section("Good").unwrap().blocks[0].text, "");
        assert!(page.body().starts_with("# some-defect"));
    }

    #[test]
    fn sections_keep_their_order() {
        let text: &str = Box::leak(PAGE.replace("## Why", "## Edge cases").into_boxed_str());
        assert_eq!(Page::parse(text).unwrap_err().line, 15);
    }
}
