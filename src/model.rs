//! Trees to what they mean: containers, images, stages, services, workloads, and what links them.

pub mod command;
pub mod setting;
pub mod text;
pub mod user;
