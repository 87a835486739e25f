//! The syntax of everything that points elsewhere: citations, locators, quotations, `[[links]]`, keys, slugs, dates.

mod citation;
mod date;
mod language;
mod link;
mod locator;
mod meant;
mod name;
pub mod pattern;
mod person;

pub use citation::{
    Citation, Locator, Paragraphs, UNSEEN, block, group, is_marked_otherwise, single,
};
pub use date::{Ends, Point, When};
pub use language::language_problem;
pub use link::{Link, LinkKind};
pub use locator::{TITLE, announces_numbers, locator_word, numbers, relocated};
pub use meant::{date_help, date_meant};
pub use name::{Slugs, is_key, is_unspaced, key_length, slug};
pub use person::Person;

/// Opening and closing marks that count as quotation marks.
pub const QUOTATION_MARKS: [char; 9] = ['"', '“', '”', '„', '‟', '«', '»', '「', '」'];
