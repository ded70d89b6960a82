//! The rules' pages as documents at addresses of ours, for editors that ask the server for them.

use gen_lsp_types::{CodeDescription, Uri};

use crate::rules::entry;

/// What the addresses begin with.
pub const SCHEME: &str = "plimsoll";

/// Where the page of a rule is. What is said of a configuration has none.
pub fn address(rule: &str) -> Option<CodeDescription> {
    let page = &entry(rule)?.page;
    Some(CodeDescription { href: Uri(format!("{SCHEME}:/rules/{}.md", page.id)) })
}

/// The page at an address, however many slashes the editor puts before its path.
pub fn at(address: &Uri) -> Option<&'static str> {
    let path = address.0.strip_prefix(SCHEME)?.strip_prefix(':')?.trim_start_matches('/');
    let rule = path.strip_prefix("rules/")?.strip_suffix(".md")?;
    entry(rule).map(|entry| entry.page.body())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::catalogue;

    #[test]
    fn every_page_is_at_its_address() {
        for entry in catalogue() {
            let address = address(entry.page.id).unwrap().href;
            assert_eq!(at(&address), Some(entry.page.body()));
        }
        assert_eq!(address("configuration"), None);
        assert!(at(&"plimsoll:///rules/rolling-tag.md".into()).is_some());
        for nowhere in ["plimsoll:/rules/.md", "plimsoll:/rolling-tag.md", "file:///rules/x.md"] {
            assert_eq!(at(&nowhere.into()), None, "{nowhere}");
        }
    }
}
