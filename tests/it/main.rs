//! Everything that is tested from outside: one binary, because each one links the whole program.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests touch files and may panic"
)]

mod book;
mod browser;
mod command;
mod layers;
mod links;
#[cfg(feature = "pdf")]
mod pdf;
mod properties;
mod serve;
mod snapshots;
mod spec;
