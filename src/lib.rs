//! plimsoll: a production-readiness linter for containers.
//!
//! Data goes one way through the rooms below, each of which uses only those before it:
//! text ([`source`]) becomes trees ([`syntax`]), trees become what they mean ([`model`]),
//! [`rules`] judge it and leave [`finding`]s.

pub mod finding;
pub mod model;
pub mod source;
pub mod syntax;
