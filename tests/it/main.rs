//! Everything that is tested from outside: one binary, because each one links the whole program.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests touch files and may panic"
)]

mod book;
mod browser;
mod command;
mod commonmark;
mod dom;
mod fix;
mod fuzz;
mod hostile;
mod import;
mod layers;
mod links;
mod lints;
mod manual;
#[cfg(feature = "pdf")]
mod pdf;
mod properties;
mod publishing;
mod serve;
mod snapshots;
mod spec;
mod styles;
