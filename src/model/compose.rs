//! Compose files as `docker compose config` reads them, with the places where things are written.

pub mod template;
pub mod words;
