//! What is true of the world: tables, each row with its source, and the look-ups in them.

pub mod images;
pub mod packages;
pub mod schemes;
pub mod tags;
