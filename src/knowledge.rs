//! What is true of the world: tables, each row with its source, and the look-ups in them.

pub mod accounts;
pub mod bases;
pub mod capabilities;
pub mod compilers;
pub mod credential_files;
pub mod datastores;
pub mod downloads;
pub mod eol;
pub mod host;
pub mod images;
pub mod inits;
pub mod kubernetes;
pub mod moved;
pub mod naming;
pub mod packages;
pub mod passwords;
pub mod permissions;
pub mod processes;
pub mod schema;
pub mod schemes;
pub mod sdks;
pub mod secrets;
pub mod shells;
pub mod tags;
pub mod tokens;
pub mod tools;
