//! Everything that is tested from outside: one binary, because each one links the whole program.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests touch files and may panic"
)]

mod book;
mod browser;
mod browser_print;
mod cite;
mod command;
mod commonmark;
mod diff;
mod dom;
mod editor;
mod exports;
mod fix;
mod fuzz;
mod healing;
mod hostile;
mod import;
mod layers;
mod links;
mod lints;
mod lock;
mod manual;
mod new;
#[cfg_attr(
    not(feature = "pdf"),
    allow(dead_code, reason = "the print edition has the most to read")
)]
mod paper;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "pdf")]
mod pdf_inputs;
#[cfg(feature = "pdf")]
mod pdf_notes;
mod properties;
mod publishing;
mod quotations;
mod schema;
mod serve;
mod snapshots;
mod spec;
mod stats;
mod styles;
#[cfg(feature = "pdf")]
mod tags;
mod writeback;
