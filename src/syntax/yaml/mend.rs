//! Ways to make a broken line readable, for the sake of the lines around it. What is changed is
//! damage: nobody learns what it says.

use std::ops::Range;

/// Where a text that is read stands in its file, although lines of it are longer or shorter.
#[derive(Clone, Debug)]
pub struct Places(Vec<Joint>);

/// From `here` on in the text, bytes are those from `there` on in the file.
#[derive(Clone, Copy, Debug)]
struct Joint {
    here: usize,
    there: usize,
}

/// A document's text, mended.
#[derive(Clone, Debug)]
pub struct Mended {
    pub text: String,
    pub places: Places,
    /// Bytes of the file that were changed.
    pub damage: Damage,
}

/// What of a file was changed so that the rest could be read.
#[derive(Clone, Debug, Default)]
pub struct Damage {
    /// What it says, and where it belongs, nobody knows.
    pub lost: Vec<Range<u32>>,
    /// A value whose key or dash says where it belongs.
    pub unknown: Vec<Range<u32>>,
}

/// A change of one line.
#[derive(Clone, Debug)]
pub enum Mend {
    /// Gives it another indentation.
    Indent(Range<usize>, usize),
    /// Makes its first word a key, which ends here.
    Colon(usize),
    /// Takes a value away, and leaves its key or dash.
    Value(Range<usize>),
    /// Takes it away.
    Blank(Range<usize>),
}

impl Places {
    /// Of a text that stands in the file as it is, from `base` on.
    pub fn from(base: usize) -> Self {
        Self(vec![Joint { here: 0, there: base }])
    }

    /// The offset in the file; of what is not there, where it would be.
    pub fn file(&self, here: usize) -> usize {
        let next = self.0.partition_point(|joint| joint.here <= here);
        let Some(Joint { here: start, there }) = next.checked_sub(1).map(|last| self.0[last])
        else {
            return 0;
        };
        let file = there + here - start;
        self.0.get(next).map_or(file, |next| file.min(next.there))
    }

    fn replace(&mut self, range: Range<usize>, length: usize) {
        let (start, end) = (self.file(range.start), self.file(range.end));
        let behind = self.0.partition_point(|joint| joint.here <= range.end);
        let moved: Vec<Joint> = self.0[behind..]
            .iter()
            .map(|joint| Joint { here: joint.here - range.end + range.start + length, ..*joint })
            .collect();
        self.0.retain(|joint| joint.here < range.start);
        self.0.push(Joint { here: range.start, there: start });
        self.0.push(Joint { here: range.start + length, there: end });
        self.0.extend(moved);
    }
}

impl Mended {
    /// The text that stands at `base` in a file.
    pub fn new(text: &str, base: usize) -> Self {
        Self { text: text.to_owned(), places: Places::from(base), damage: Damage::default() }
    }

    pub fn with(&self, mend: &Mend) -> Self {
        let mut mended = self.clone();
        match mend {
            Mend::Blank(part) | Mend::Value(part) => {
                let hurt = mended.hurt(part.clone());
                match mend {
                    Mend::Value(_) => mended.damage.unknown.push(hurt),
                    _ => mended.damage.lost.push(hurt),
                }
                mended.text.replace_range(part.clone(), &" ".repeat(part.len()));
            }
            Mend::Indent(line, column) => {
                let indent = line.start..line.start + indent_of(&self.text[line.clone()]);
                // Not the first byte behind it, which is good.
                let hurt = mended.hurt(line.start.saturating_sub(1)..indent.end.max(line.start));
                mended.damage.lost.push(hurt);
                mended.replace(indent, &" ".repeat(*column));
            }
            Mend::Colon(at) => {
                let end = line_at(&self.text, *at).end;
                let hurt = mended.hurt(*at..end + 1);
                mended.damage.unknown.push(hurt);
                mended.replace(*at..*at, ":");
            }
        }
        mended
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        self.places.replace(range.clone(), with.len());
        self.text.replace_range(range, with);
    }

    /// Where a range stands in the file.
    fn hurt(&self, range: Range<usize>) -> Range<u32> {
        let end = range.end.min(self.text.len());
        self.places.file(range.start) as u32..self.places.file(end) as u32
    }
}

/// What may be done about some lines of a text that stands below another, the best for those around
/// them first: blanking a whole line always helps and is the last resort.
pub fn mends(above: &str, text: &str, lines: &[Range<usize>]) -> Vec<Mend> {
    let colons = lines.iter().filter_map(|line| missing_colon(text, line).map(Mend::Colon));
    let indents = lines.iter().flat_map(|line| {
        let columns = columns(above, text, line).into_iter();
        columns.map(|column| Mend::Indent(line.clone(), column))
    });
    let values = lines.iter().filter_map(|line| value(text, line).map(Mend::Value));
    let blanks = lines.iter().cloned().map(Mend::Blank);
    colons.chain(indents).chain(values).chain(blanks).collect()
}

/// What stands behind the key or the dash of a line, if it is more than plain text: that cannot be
/// what is wrong with the lines below.
fn value(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let written = &text[line.clone()];
    let content = written.trim_start_matches([' ', '-']);
    let dashes = written.len() - content.len();
    let start = match written.find(": ") {
        Some(colon) => colon + 1,
        None if written[..dashes].contains('-') => dashes,
        None => return None,
    };
    let value = written[start..].trim();
    let has_colon = value.contains(": ") || value.ends_with(':');
    let is_plain = value.starts_with(|c: char| c.is_alphanumeric()) && !has_colon;
    (!value.is_empty() && !is_plain).then_some(line.start + start..line.end)
}

/// How many lines above are looked at.
const ABOVE: usize = 200;

/// Where the line may have been meant to start, the likeliest first.
fn columns(above: &str, text: &str, line: &Range<usize>) -> Vec<usize> {
    let written = &text[line.clone()];
    let own = indent_of(written);
    let has_tabs = written[..own].contains('\t');
    let next = text[line.end..].lines().skip(1).take(ABOVE).find(|line| is_content(line));
    let next = next.map(indent_of);
    let mut columns: Vec<usize> = Vec::new();
    let above = text[..line.start].lines().rev().chain(above.lines().rev());
    let above = above.take(ABOVE).filter(|line| is_content(line));
    if let Some(opener) = above.clone().next().filter(|line| line.trim_end().ends_with(':')) {
        columns.push(opener.len() - opener.trim_start_matches([' ', '-']).len() + 2);
    }
    for line in above {
        let indent = indent_of(line);
        if columns.iter().all(|column| indent < *column) {
            let dashes = line.len() - line.trim_start_matches([' ', '-']).len();
            columns.extend((dashes > indent).then_some(dashes));
            columns.push(indent);
        }
    }
    let opens = written.trim_end().ends_with(':') && next.is_some_and(|next| next > own);
    if opens {
        // It stands above what it holds.
        columns.retain(|column| next.is_some_and(|next| *column < next));
        columns.sort_unstable();
        columns.reverse();
    } else if !has_tabs {
        // Tabs say nothing of where it was meant to be: most likely with the line above.
        columns.sort_by_key(|column| (column.abs_diff(own), Some(*column) != next));
    }
    columns.retain(|column| has_tabs || *column != own);
    columns.truncate(2);
    columns
}

/// The end of the first word of a line that has no colon, if it looks like a key.
fn missing_colon(text: &str, line: &Range<usize>) -> Option<usize> {
    let written = text[line.clone()].trim_end();
    let content = written.trim_start_matches([' ', '-']);
    let word = content.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')));
    let word = word.unwrap_or(content.len());
    let is_key = content.starts_with(|c: char| c.is_alphabetic())
        && (content.len() == word || content[word..].starts_with(' '))
        && !content.contains(": ")
        && !content.ends_with(':');
    (is_key && line.end < text.len()).then_some(line.start + written.len() - content.len() + word)
}

fn is_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The line around an offset, without its line end.
pub fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_kept_through_changes() {
        let mut mended = Mended::new("ab cd ef", 100);
        mended.replace(3..3, "xx");
        mended.replace(5..7, "y");
        mended.replace(0..2, "");
        assert_eq!(mended.text, " xxy ef");
        let file = |here| mended.places.file(here);
        assert_eq!((file(0), file(1), file(2), file(3)), (102, 103, 103, 103));
        assert_eq!((file(4), file(5), file(7)), (105, 106, 108));
    }
}
