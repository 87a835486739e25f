//! What is asked of a style before it is used, and a walk over its elements.

use std::collections::BTreeSet;
use std::ops::Range;

use hayagriva::citationberg::taxonomy::{NumberOrPageVariable, Variable};
use hayagriva::citationberg::{
    IndependentStyle, LayoutRenderingElement as Element, NamesChild, TestPosition, TextTarget,
};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Deeper elements are refused: the reader of styles calls itself for each.
const DEEPEST: usize = 100;

/// Whether a text is XML that may be read further; else where and why not.
pub(super) fn well_formed(text: &str) -> Result<(), (Range<usize>, String)> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    loop {
        let start = offset(reader.buffer_position(), text);
        match reader.read_event() {
            Ok(Event::Eof) if depth == 0 => return Ok(()),
            Ok(Event::Eof) => {
                let message = "this is not XML: an element is not closed".to_owned();
                return Err((start..text.len(), message));
            }
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(error) => {
                let at = offset(reader.error_position(), text).max(start);
                let end = text[at..].find('\n').map_or(text.len(), |line| at + line);
                return Err((at..end, format!("this is not XML: {error}")));
            }
        }
        if depth > DEEPEST {
            let end = offset(reader.buffer_position(), text);
            let message = format!("elements are nested more than {DEEPEST} deep");
            return Err((start..end, message));
        }
    }
}

fn offset(position: u64, text: &str) -> usize {
    let position = usize::try_from(position).unwrap_or(text.len());
    text.floor_char_boundary(position.min(text.len()))
}

/// Where the first word in backticks of a message stands in a text.
pub(super) fn named_in(message: &str, text: &str) -> Option<Range<usize>> {
    let word = message.split('`').nth(1).filter(|word| !word.is_empty())?;
    let word = word.trim_start_matches('@');
    let quoted = text.find(&format!("\"{word}\"")).map(|at| at + 1);
    let at = quoted.or_else(|| text.find(word))?;
    Some(at..at + word.len())
}

/// A macro that calls itself, be it through others.
pub(super) fn endless(style: &IndependentStyle) -> Option<String> {
    let mut sound = BTreeSet::new();
    style.macros.iter().find_map(|entry| {
        let mut path = Vec::new();
        leads_back(style, &entry.name, &mut path, &mut sound).then(|| entry.name.clone())
    })
}

fn leads_back<'s>(
    style: &'s IndependentStyle,
    name: &'s str,
    path: &mut Vec<&'s str>,
    sound: &mut BTreeSet<&'s str>,
) -> bool {
    if path.contains(&name) {
        return true;
    }
    if sound.contains(name) {
        return false;
    }
    let Some(entry) = style.macros.iter().find(|entry| entry.name == name) else {
        return false;
    };
    path.push(name);
    let mut called = Vec::new();
    elements(&entry.children, &mut |element| {
        called.extend(calls(element));
    });
    let found = called
        .into_iter()
        .any(|name| leads_back(style, name, path, sound));
    path.pop();
    sound.insert(name);
    found
}

/// The macro that an element calls.
pub(super) fn calls(element: &Element) -> Option<&str> {
    match element {
        Element::Text(text) => match &text.target {
            TextTarget::Macro { name } => Some(name),
            TextTarget::Variable { .. } | TextTarget::Term { .. } | TextTarget::Value { .. } => {
                None
            }
        },
        _ => None,
    }
}

/// The positions that an element asks for.
pub(super) fn positions(element: &Element) -> Vec<TestPosition> {
    let Element::Choose(choose) = element else {
        return Vec::new();
    };
    choose
        .branches()
        .filter_map(|branch| branch.position.as_ref())
        .flatten()
        .copied()
        .collect()
}

/// Whether an element shows a variable.
pub(super) fn shows(element: &Element, wanted: Variable) -> bool {
    match element {
        Element::Text(text) => {
            matches!(&text.target, TextTarget::Variable { var, .. } if *var == wanted)
        }
        Element::Number(number) => match number.variable {
            NumberOrPageVariable::Number(variable) => Variable::Number(variable) == wanted,
            NumberOrPageVariable::Page(_) => false,
        },
        _ => false,
    }
}

/// Visits every element of a style.
pub(super) fn walk<'s>(style: &'s IndependentStyle, visit: &mut dyn FnMut(&'s Element)) {
    elements(&style.citation.layout.elements, visit);
    if let Some(bibliography) = &style.bibliography {
        elements(&bibliography.layout.elements, visit);
    }
    for entry in &style.macros {
        elements(&entry.children, visit);
    }
}

/// Visits elements and all below them.
pub(super) fn elements<'s>(children: &'s [Element], visit: &mut dyn FnMut(&'s Element)) {
    for element in children {
        visit(element);
        match element {
            Element::Group(group) => elements(&group.children, visit),
            Element::Choose(choose) => {
                choose
                    .branches()
                    .for_each(|branch| elements(&branch.children, visit));
                if let Some(otherwise) = &choose.otherwise {
                    elements(&otherwise.children, visit);
                }
            }
            Element::Names(names) => {
                for child in &names.children {
                    if let NamesChild::Substitute(substitute) = child {
                        elements(&substitute.children, visit);
                    }
                }
            }
            Element::Text(_) | Element::Date(_) | Element::Number(_) | Element::Label(_) => {}
        }
    }
}
