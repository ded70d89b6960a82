//! Compose files as `docker compose config` reads them, with the places where things are written.

pub mod port;
pub mod template;
pub mod volume;
pub mod words;
