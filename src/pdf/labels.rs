//! Which labels of the data can be led to.

use std::collections::BTreeSet;

use serde_json::Value;

/// The longest label: Typst takes no longer addresses.
const LONGEST: usize = 7000;

/// Leaves every label at one place, the first, and takes away what would lead to a label that stands nowhere.
pub(super) fn settle(book: &mut Value) {
    let mut known = BTreeSet::new();
    walk(book, &mut |key, value| {
        if key != "label" {
            return;
        }
        let Some(label) = value.as_str() else { return };
        if label.len() > LONGEST || !known.insert(label.to_owned()) {
            *value = Value::Null;
        }
    });
    walk(book, &mut |key, value| {
        let leads_nowhere = |to: &str| !known.contains(to);
        if key == "to" && value.as_str().is_some_and(leads_nowhere) {
            *value = Value::Null;
        }
    });
}

/// Goes through every field of every object.
fn walk(value: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| walk(value, visit)),
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                visit(key, value);
                walk(value, visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_leads_nowhere() {
        let mut book = json!([
            {"label": "a", "content": [{"to": "a"}, {"to": "b"}]},
            {"label": "a", "to": "d"},
            {"label": "d"},
        ]);
        settle(&mut book);
        let expected = json!([
            {"label": "a", "content": [{"to": "a"}, {"to": null}]},
            {"label": null, "to": "d"},
            {"label": "d"},
        ]);
        assert_eq!(book, expected);
    }
}
