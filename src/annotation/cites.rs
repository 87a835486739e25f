//! Fields of citations.

use serde_yaml::granit_parser::ScalarStyle;

use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::reference::{self, Citation, pattern};
use crate::schema::{Field, Kind, Shape, field};
use crate::source::{Span, Text};
use crate::yaml::{Form, Node, Reader, Scalar, Value};

/// What an entry rests on.
pub(super) const CITES: Field = field(
    "cites",
    CITATIONS,
    "What it rests on: citations such as `key ¶3 \"words\"`, one a line after `|`, where nothing needs quoting.",
)
.such_as(&["yokota-upgrade ¶3 \"has no commanding authority\""]);

pub(super) const CITATIONS: Kind = Kind::Citations(pattern::citations, &LONG_FORM);

const LONG_FORM: Shape = Shape {
    what: "a citation",
    doc: "A citation in its long form.",
    fields: &[&[
        field(
            "source",
            Kind::Text,
            "The key of the source: its file's name without `.md`.",
        )
        .such_as(&["yokota-upgrade"]),
        field(
            "at",
            Kind::Text,
            "The place in the source: paragraphs by their numbers, or a `^name`.",
        )
        .such_as(&["¶3"]),
        field("quote", Kind::Text, "The source's own words.")
            .such_as(&["has no commanding authority"]),
        field(
            "before",
            Kind::Text,
            "The source's words right before the quoted ones, which decide between several places.",
        )
        .such_as(&["but"]),
        field(
            "after",
            Kind::Text,
            "The source's words right after the quoted ones.",
        )
        .such_as(&["over"]),
        field(
            "note",
            Kind::Text,
            "Words of your own, shown after the citation.",
        )
        .such_as(&["for the figures"]),
    ]],
    needs: &[&["source"]],
};

/// Reads a field of citations: one, a list, a block with one a line, or the long form.
pub(super) fn citations(reader: &mut Reader<'_, '_>, field: &'static str) -> Vec<Citation> {
    let Some(node) = reader.node(field) else {
        return Vec::new();
    };
    match &node.value {
        Value::Scalar(scalar) => {
            if let Some(citations) = forgotten_block(scalar, field, reader) {
                return citations;
            }
            if let Some(diagnostic) = forgotten_hyphen(scalar).or_else(|| in_marks(scalar)) {
                reader.diagnostics().push(diagnostic);
                return Vec::new();
            }
            let block = scalar.style == ScalarStyle::Literal || scalar.text.text.contains('\n');
            let (citations, mut found) = if block {
                reference::block(&scalar.text)
            } else {
                let (citation, found) = reference::single(&scalar.text);
                (citation.into_iter().collect(), found)
            };
            reader.diagnostics().append(&mut found);
            citations
        }
        Value::List(items, form) => list(items, *form, field, reader),
        Value::Map(..) => long_form(node, reader).into_iter().collect(),
    }
}

/// Lines of citations below their field that lack the `|` before them, or have a `>`, so that YAML joins them.
fn forgotten_block(
    scalar: &Scalar,
    field: &str,
    reader: &mut Reader<'_, '_>,
) -> Option<Vec<Citation>> {
    let lines = scalar.lines();
    let joins = matches!(scalar.style, ScalarStyle::Plain | ScalarStyle::Folded);
    if !joins || lines.len() < 2 {
        return None;
    }
    // A long citation may run over a line's end: then its lines are none by themselves.
    let sound = |line: &Text| {
        let (citation, problems) = reference::single(line);
        citation.filter(|_| problems.is_empty())
    };
    let citations: Vec<Citation> = lines.iter().map(sound).collect::<Option<_>>()?;
    let message = "YAML joins these lines into one citation";
    reader.diagnostics().push(
        Diagnostic::new(Lint::YamlTrap, scalar.text.whole(), message).help(format!(
            "write `{field}: |` above them: one citation a line"
        )),
    );
    Some(citations)
}

/// A list of citations whose first has no hyphen, or a dash for it, so that YAML joins all of them.
fn forgotten_hyphen(scalar: &Scalar) -> Option<Diagnostic> {
    let lines = scalar.lines();
    let (first, others) = lines
        .split_first()
        .filter(|_| scalar.style == ScalarStyle::Plain)?;
    let is_item = |line: &Text| line.text.starts_with("- ");
    if others.is_empty() || !others.iter().all(is_item) {
        return None;
    }
    let own = first
        .text
        .trim_start_matches(['-', '–', '—', '‐', '•', '*'])
        .trim_start();
    let sign = first.span(0..first.text.len() - own.len());
    let place = if own == &*first.text {
        first.whole()
    } else {
        sign
    };
    // Behind its field's name a hyphen begins no list.
    let trust = if own == &*first.text {
        Trust::Suggested
    } else {
        Trust::Safe
    };
    let message = "the first citation of this list does not begin with a hyphen and a space";
    Some(
        Diagnostic::new(Lint::YamlTrap, place, message)
            .help(format!(
                "write `- {own}` on a line of its own, as the others"
            ))
            .fix(sign, "- ")
            .trusted(trust),
    )
}

/// `“key ¶3”`: a citation in marks that are none to YAML.
fn in_marks(scalar: &Scalar) -> Option<Diagnostic> {
    let text = &scalar.text;
    let own = text
        .text
        .strip_prefix(['“', '„', '”'])?
        .strip_suffix(['”', '“'])?;
    let start = text
        .text
        .find(own)
        .filter(|_| scalar.style == ScalarStyle::Plain)?;
    let (citation, problems) = reference::single(&text.slice(start..start + own.len()));
    if citation.is_none() || !problems.is_empty() {
        return None;
    }
    let message = "the marks of printed texts are no quotation marks to YAML";
    Some(
        Diagnostic::new(Lint::YamlTrap, text.whole(), message)
            .help(format!("write `{own}`"))
            .fix(text.whole(), own)
            .trusted(Trust::Safe),
    )
}

/// `[key ¶¶1, 3-4]`: a comma of a locator at which the list ends a citation; `before` is the item before it.
fn cut_locator(before: Option<&Node>, scalar: &Scalar) -> Option<Diagnostic> {
    let Value::Scalar(before) = &before?.value else {
        return None;
    };
    let in_part = |c: char| c.is_ascii_digit() || "-–¶ ".contains(c);
    let part = &scalar.text.text;
    let is_part = part.starts_with(|c: char| c.is_ascii_digit()) && part.chars().all(in_part);
    let paragraphs = before.text.text.rsplit_once('¶')?.1;
    if !is_part || !paragraphs.chars().all(|c| in_part(c) || c == ',') {
        return None;
    }
    let message = "the list's comma ends the citation before this number";
    let whole = format!("\"{}, {part}\"", before.text.text);
    let place = scalar.text.whole();
    Some(
        Diagnostic::new(Lint::YamlTrap, place, message).help(format!(
            "write `{whole}`: with a comma in it, it stands in quotation marks"
        )),
    )
}

/// `[source: key, at: ¶3]`: the long form, with brackets for its braces.
fn long_form_in_brackets(items: &[Node], form: Form) -> Option<Diagnostic> {
    let is_field = |item: &Node| {
        let fields = item.entries().unwrap_or_default();
        fields.len() == 1 && LONG_FORM.field(&fields[0].key.text).is_some()
    };
    let (first, last) = (items.first()?, items.last()?);
    let is_one = form == Form::Flow && items.len() > 1 && items.iter().all(is_field);
    is_one.then(|| {
        let fields = Span {
            end: last.span.end,
            ..first.span
        };
        let message = "the fields of a citation stand in braces";
        Diagnostic::new(Lint::InvalidCitation, fields, message)
            .help("write `{` and `}` for `[` and `]`")
    })
}

fn list(items: &[Node], form: Form, field: &str, reader: &mut Reader<'_, '_>) -> Vec<Citation> {
    if let Some(in_brackets) = long_form_in_brackets(items, form) {
        reader.diagnostics().push(in_brackets);
        return Vec::new();
    }
    let mut citations = Vec::new();
    let mut pieces: Option<Span> = None;
    let split = |span: Span| split_quotation(span, field);
    for (index, item) in items.iter().enumerate() {
        let Value::Scalar(scalar) = &item.value else {
            citations.extend(long_form(item, reader));
            continue;
        };
        let before = index.checked_sub(1).map(|before| &items[before]);
        if form == Form::Flow
            && let Some(cut) = cut_locator(before, scalar)
        {
            reader.diagnostics().push(cut);
            continue;
        }
        let odd = scalar.text.text.matches('"').count() % 2 == 1
            || scalar.text.text.contains('“') != scalar.text.text.contains('”');
        match (&mut pieces, odd) {
            // The flow list cut a quotation at its comma: say so once, at all its pieces.
            (None, true) if form == Form::Flow => pieces = Some(item.span),
            (Some(span), odd) => {
                span.end = item.span.end;
                if odd {
                    let whole = *span;
                    reader.diagnostics().push(split(whole));
                    pieces = None;
                }
            }
            _ => {
                let (citation, mut found) = reference::single(&scalar.text);
                citations.extend(citation);
                reader.diagnostics().append(&mut found);
            }
        }
    }
    if let Some(span) = pieces {
        reader.diagnostics().push(split(span));
    }
    citations
}

fn split_quotation(span: Span, field: &str) -> Diagnostic {
    Diagnostic::new(
        Lint::SplitQuotation,
        span,
        "the list's commas cut this quotation in pieces",
    )
    .help(format!(
        "write `{field}: |` and the citations below it, one a line: nothing in them needs quoting"
    ))
}

/// `source: a ¶3` beside `at`.
fn placed_twice(source: &Text) -> Option<Diagnostic> {
    let (citation, _) = reference::single(source);
    let Citation { key, locator, .. } = citation?;
    let place = locator?.span();
    let message = "the place stands in `at`, and `source` is the key alone";
    Some(
        Diagnostic::new(Lint::InvalidCitation, place, message)
            .help(format!("write `source: {}`", key.text))
            .fix(source.whole(), key.text.to_string()),
    )
}

/// `a: ¶3`, `a ¶3: "words"`: a map of one field to YAML.
fn colon_behind_source(node: &Node) -> Option<Diagnostic> {
    let [entry] = node.entries()? else {
        return None;
    };
    let (source, Value::Scalar(place)) = (&entry.key, &entry.value.value) else {
        return None;
    };
    let words = &place.text.text;
    let quoted = place.style == ScalarStyle::DoubleQuoted;
    if LONG_FORM.field(&source.text).is_some() || !(quoted || words.starts_with(['¶', '^'])) {
        return None;
    }
    let words = if quoted {
        format!("\"{words}\"")
    } else {
        words.to_string()
    };
    let message = "no colon stands behind a source or the place in it";
    Some(
        Diagnostic::new(Lint::YamlTrap, source.whole(), message).help(format!(
            "write `{} {words}` on a line below `|`",
            source.text
        )),
    )
}

/// `{source:, at:, quote:, before:, after:, note:}`
fn long_form(node: &Node, reader: &mut Reader<'_, '_>) -> Option<Citation> {
    if let Some(trap) = colon_behind_source(node) {
        reader.diagnostics().push(trap);
        return None;
    }
    let mut fields = Reader::new(node, &LONG_FORM, reader.diagnostics())?;
    let source = fields.required("source").cloned();
    let at = fields.text("at").cloned();
    let quote = fields.text("quote").cloned().map(Box::new);
    let before = fields.text("before").cloned().map(Box::new);
    let after = fields.text("after").cloned().map(Box::new);
    let note = fields.text("note").map(|text| text.text.trim().to_owned());
    fields.finish_entry();
    let mut short = source?;
    if let Some(at) = &at {
        if let Some(twice) = placed_twice(&short) {
            reader.diagnostics().push(twice);
            return None;
        }
        short.append(" ", at);
    }
    let (citation, mut found) = reference::single(&short);
    reader.diagnostics().append(&mut found);
    let citation = citation?;
    let quotation = quote.or(citation.quotation.clone());
    if let (None, Some(words)) = (&quotation, before.as_ref().or(after.as_ref())) {
        let message = "`before` and `after` stand beside a quotation";
        reader.diagnostics().push(
            Diagnostic::new(Lint::InvalidCitation, words.whole(), message)
                .help("add the quoted words: `quote: …`"),
        );
    }
    Some(Citation {
        quotation,
        before,
        after,
        suffix: note.unwrap_or_default(),
        span: node.span,
        ..citation
    })
}
