//! Pincite builds annotated briefing books: every statement leads to the source paragraph that carries it.

pub mod annotation;
pub mod book;
pub mod cli;
pub mod compile;
pub mod config;
pub mod csl;
pub mod diagnostic;
pub mod disk;
pub mod edition;
pub mod glossary;
pub mod html;
pub mod import;
pub mod manuscript;
pub mod markdown;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod reference;
pub mod schema;
pub mod serve;
pub mod site;
pub mod source;
pub mod verify;
pub mod yaml;
