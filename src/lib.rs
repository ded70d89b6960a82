//! plimsoll: a production-readiness linter for containers.
//!
//! Data goes one way through the rooms below, each of which uses only those before it:
//! text ([`source`]) becomes trees ([`syntax`]), trees become what they mean ([`model`]),
//! [`rules`] judge it and leave [`finding`]s, [`mod@lint`] decides which of them hold under a
//! [`config`], and [`report`] tells them.

#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod baseline;
pub mod changes;
pub mod cli;
pub mod config;
pub mod discover;
pub mod finding;
pub mod fingerprint;
pub mod knowledge;
pub mod lint;
pub mod lsp;
pub mod model;
pub mod report;
pub mod rule;
pub mod rules;
pub mod source;
pub mod suppress;
pub mod syntax;
