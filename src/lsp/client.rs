//! What the client can do. Read leniently: a capability of an odd shape is one that it lacks.

use gen_lsp_types::DiagnosticTag;
use serde::Deserialize;
use serde_json::Value;

use crate::source::Encoding;

/// What `initialize` says of a client, as far as anything here depends on it.
#[derive(Clone, Debug)]
pub struct Client {
    pub encoding: Encoding,
    /// Asks for diagnostics; they are not sent unasked then.
    pub pulls: bool,
    /// May be told that what it pulled is out of date.
    pub refreshes: bool,
    /// Watches files if asked.
    pub watches: bool,
    /// Takes edits that create a file.
    pub creates_files: bool,
    /// Shows the page of a rule that it is answered with.
    pub shows_pages: bool,
    /// Asks for the text at an address of the server's, and leads there from a diagnostic.
    pub opens_pages: bool,
    pub related_information: bool,
    /// Ways of drawing a diagnostic that it knows.
    pub tags: Vec<DiagnosticTag>,
}

impl Client {
    /// From the parameters of `initialize`.
    pub fn new(initialize: &Value) -> Self {
        let at = |path: &str| initialize.pointer(&format!("/capabilities/{path}"));
        let is = |path: &str| at(path).and_then(Value::as_bool).unwrap_or(false);
        let lists = |path: &str, word: &str| {
            at(path).and_then(Value::as_array).is_some_and(|list| list.iter().any(|it| it == word))
        };
        let pulls = at("textDocument/diagnostic").is_some_and(Value::is_object);
        let diagnostics = if pulls { "diagnostic" } else { "publishDiagnostics" };
        Self {
            encoding: at("general/positionEncodings").and_then(encoding).unwrap_or(Encoding::Utf16),
            pulls,
            refreshes: is("workspace/diagnostics/refreshSupport"),
            watches: is("workspace/didChangeWatchedFiles/dynamicRegistration"),
            creates_files: is("workspace/workspaceEdit/documentChanges")
                && lists("workspace/workspaceEdit/resourceOperations", "create"),
            shows_pages: initialize
                .pointer("/initializationOptions/showsPages")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            opens_pages: at("workspace/textDocumentContent").is_some_and(Value::is_object)
                && ["diagnostic", "publishDiagnostics"]
                    .iter()
                    .any(|it| is(&format!("textDocument/{it}/codeDescriptionSupport"))),
            related_information: is(&format!("textDocument/{diagnostics}/relatedInformation")),
            tags: at(&format!("textDocument/{diagnostics}/tagSupport/valueSet"))
                .and_then(Value::as_array)
                .map(|tags| {
                    tags.iter().filter_map(|tag| DiagnosticTag::deserialize(tag).ok()).collect()
                })
                .unwrap_or_default(),
        }
    }
}

/// The first that is known of those the client offers, which stand in the order of its liking.
fn encoding(offered: &Value) -> Option<Encoding> {
    offered.as_array()?.iter().find_map(|name| match name.as_str()? {
        "utf-8" => Some(Encoding::Utf8),
        "utf-16" => Some(Encoding::Utf16),
        "utf-32" => Some(Encoding::Utf32),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_utf_16_unless_the_client_knows_better() {
        let of = |offered: Value| {
            let general = json!({"general": {"positionEncodings": offered}});
            Client::new(&json!({"capabilities": general})).encoding
        };
        assert_eq!(of(json!(["utf-7", "utf-32", "utf-16"])), Encoding::Utf32);
        assert_eq!(of(json!("utf-8")), Encoding::Utf16);
        assert_eq!(Client::new(&Value::Null).encoding, Encoding::Utf16);
    }
}
