//! Text and places in it: files, byte spans, lines and columns. Knows no grammar.

mod change;
mod decode;
mod file;
mod similar;
mod span;

pub use change::{Change, Placed};
pub use decode::{Garbled, decode};
pub use file::{Encoding, FileId, Files, Interpolation, Listing, Position, SourceFile, normalise};
pub use similar::closest;
pub use span::{Edit, Span, Spanned};
