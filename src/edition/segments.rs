//! Layers of ranges over a paragraph's text become well-nested running text.
//!
//! The inlines are flattened to leaves, each with the marks that cover it; leaves are cut where a layer's range
//! begins or ends; then they are nested again with links outermost, so that emphasis splits before a link does.

use std::ops::Range;

use smallvec::SmallVec;

use super::{Edition, Picture, Rich};
use crate::annotation::CommentKind;
use crate::book::{Destination, Home};
use crate::glossary::Occurrence;
use crate::markdown::{Image, Inline, Prose, is_external};
use crate::source::small;

/// A piece of a paragraph that nothing cuts further.
struct Leaf<'b> {
    marks: Marks<'b>,
    piece: Piece<'b>,
}

enum Piece<'b> {
    Words(Range<u32>),
    Code(Range<u32>),
    Other(Vec<Rich<'b>>),
    /// The mark of a citation.
    Note(Vec<Rich<'b>>),
}

impl Piece<'_> {
    /// The bytes of the plain text that it shows.
    fn range(&self) -> Option<Range<u32>> {
        match self {
            Piece::Words(range) | Piece::Code(range) => Some(range.clone()),
            Piece::Other(_) | Piece::Note(_) => None,
        }
    }
}

/// What covers a leaf: for most, nothing or a term.
type Marks<'b> = SmallVec<[Mark<'b>; 1]>;

/// Something that covers leaves; equal marks of neighbours are one.
#[derive(Clone, PartialEq, Eq)]
struct Mark<'b> {
    kind: Kind<'b>,
    id: u32,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind<'b> {
    Url(&'b str),
    Destination(&'b Destination),
    /// And whether its words lead to its entry.
    Term(usize, bool),
    Emphasis,
    Strong,
    Strike,
    /// Comments are on it; their kinds.
    Noted(Vec<Option<CommentKind>>),
}

impl Kind<'_> {
    fn is_link(&self) -> bool {
        matches!(
            self,
            Kind::Url(_) | Kind::Destination(_) | Kind::Term(_, true)
        )
    }
}

/// An occurrence, whether it is linked, and the long form that is shown behind it.
pub(super) struct Marked<'b> {
    pub(super) hit: Occurrence,
    pub(super) linked: bool,
    pub(super) long_form: Option<&'b str>,
}

/// Words that a comment is on.
pub(super) struct Wash<'b> {
    /// The bytes of the plain text; empty, at its end, for the paragraph as a whole.
    pub(super) range: Range<u32>,
    /// What the comment is called.
    pub(super) label: &'b str,
    /// What the comment is for.
    pub(super) kind: Option<CommentKind>,
    /// The comment's place.
    pub(super) to: String,
    /// The place of the comment's mark, at its first passage.
    pub(super) anchor: Option<String>,
}

/// What is laid over a paragraph's inlines.
#[derive(Default)]
pub(super) struct Layers<'b> {
    /// The terms that are marked.
    pub(super) terms: Vec<Marked<'b>>,
    /// The passages that comments are on, in the order of their ends.
    pub(super) washes: Vec<Wash<'b>>,
    /// Whether the inlines are those of a table's cell, which is not all of the paragraph.
    pub(super) in_cell: bool,
}

/// What surrounds the inlines that are being flattened.
struct Flattening<'e, 'b, 'n> {
    edition: &'e Edition<'b>,
    prose: &'b Prose,
    terms: &'n [Marked<'b>],
    note: &'n mut dyn FnMut(usize) -> Vec<Rich<'b>>,
    footnote: &'n mut dyn FnMut(usize) -> Vec<Rich<'b>>,
    leaves: Vec<Leaf<'b>>,
    next_id: u32,
}

/// Turns a prose's inlines into running text, with links on the given terms; `note` gives what stands for a
/// citation, `footnote` what stands for a footnote's mark.
pub(super) fn rich<'b>(
    edition: &Edition<'b>,
    prose: &'b Prose,
    inlines: &'b [Inline],
    layers: &Layers<'b>,
    note: &mut dyn FnMut(usize) -> Vec<Rich<'b>>,
    footnote: &mut dyn FnMut(usize) -> Vec<Rich<'b>>,
) -> Vec<Rich<'b>> {
    let mut flattening = Flattening {
        edition,
        prose,
        terms: &layers.terms,
        note,
        footnote,
        leaves: Vec::with_capacity(inlines.len() + 2 * layers.terms.len()),
        next_id: 0,
    };
    flattening.inlines(inlines, &[]);
    let leaves = washed(flattening.leaves, layers);
    let mut leaves = marks_after_punctuation(prose, leaves);
    for leaf in &mut leaves {
        // Stable: marks of one kind keep their order, links come first.
        leaf.marks.sort_by_key(|mark| !mark.kind.is_link());
    }
    apart(nest(edition, prose, leaves, 0))
}

/// Two marks side by side would read as one number.
fn apart(rich: Vec<Rich<'_>>) -> Vec<Rich<'_>> {
    let is_note = |piece: &Rich<'_>| matches!(piece, Rich::Note { .. });
    let stand_beside = |pair: &[Rich<'_>]| pair.iter().all(is_note);
    if !rich.windows(2).any(stand_beside) {
        return rich;
    }
    let mut spaced: Vec<Rich<'_>> = Vec::with_capacity(rich.len());
    for piece in rich {
        if is_note(&piece) && spaced.last().is_some_and(is_note) {
            spaced.push(Rich::text("\u{202f}"));
        }
        spaced.push(piece);
    }
    spaced
}

/// Cuts leaves where a commented passage begins or ends, and puts each comment's mark at its passage's end.
fn washed<'b>(leaves: Vec<Leaf<'b>>, layers: &Layers<'b>) -> Vec<Leaf<'b>> {
    let washes = layers.washes.as_slice();
    if washes.is_empty() {
        return leaves;
    }
    let mut cuts: Vec<u32> = washes
        .iter()
        .flat_map(|wash| [wash.range.start, wash.range.end])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let first = leaves.iter().find_map(|leaf| leaf.piece.range());
    let from = first
        .filter(|_| layers.in_cell)
        .map_or(0, |range| range.start);
    let mut ends = washes
        .iter()
        .skip_while(|wash| layers.in_cell && wash.range.end <= from)
        .peekable();
    let mut placed = Vec::with_capacity(leaves.len() + 2 * washes.len());
    for Leaf { marks, piece } in leaves {
        let Some(range) = piece.range() else {
            placed.push(Leaf { marks, piece });
            continue;
        };
        let code = matches!(piece, Piece::Code(_));
        let mut at = range.start;
        let inside = cuts
            .iter()
            .copied()
            .filter(|cut| range.start < *cut && *cut < range.end);
        for end in inside.chain([range.end]) {
            placed.push(cut_leaf(at..end, code, &marks, washes));
            at = end;
            while let Some(wash) = ends.next_if(|wash| wash.range.end <= at) {
                placed.push(mark_leaf(wash, &marks));
            }
        }
    }
    if !layers.in_cell {
        placed.extend(ends.map(|wash| mark_leaf(wash, &[])));
    }
    placed
}

/// A leaf of a range, marked with the comments that are on it.
fn cut_leaf<'b>(
    range: Range<u32>,
    code: bool,
    marks: &[Mark<'b>],
    washes: &[Wash<'b>],
) -> Leaf<'b> {
    let on = |wash: &&Wash<'b>| wash.range.start <= range.start && range.end <= wash.range.end;
    let kinds: Vec<Option<CommentKind>> = washes
        .iter()
        .filter(|wash| !wash.range.is_empty())
        .filter(on)
        .map(|wash| wash.kind)
        .collect();
    // The passages that cover a leaf identify the mark, so that pieces between the same cuts join.
    let id = washes
        .iter()
        .filter(|wash| wash.range.end <= range.start)
        .count();
    let noted = (!kinds.is_empty()).then(|| Mark {
        kind: Kind::Noted(kinds),
        id: small(id),
    });
    Leaf {
        marks: marks.iter().cloned().chain(noted).collect(),
        piece: if code {
            Piece::Code(range)
        } else {
            Piece::Words(range)
        },
    }
}

/// A comment's mark, which is a link and so stands outside of links.
fn mark_leaf<'b>(wash: &Wash<'b>, marks: &[Mark<'b>]) -> Leaf<'b> {
    let outside = marks.iter().filter(|mark| !mark.kind.is_link());
    Leaf {
        marks: outside.cloned().collect(),
        piece: Piece::Other(vec![Rich::Mark {
            label: wash.label,
            to: wash.to.clone(),
            anchor: wash.anchor.clone(),
        }]),
    }
}

/// Puts a citation's mark behind the punctuation that follows it, as printers do.
fn marks_after_punctuation<'b>(prose: &Prose, leaves: Vec<Leaf<'b>>) -> Vec<Leaf<'b>> {
    if !leaves
        .iter()
        .any(|leaf| matches!(leaf.piece, Piece::Note(_)))
    {
        return leaves;
    }
    let mut placed: Vec<Leaf<'b>> = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        let Piece::Words(range) = &leaf.piece else {
            placed.push(leaf);
            continue;
        };
        let words = &prose.text.text[range.start as usize..range.end as usize];
        let rest = words.trim_start_matches(['.', ',', ';', ':', '!', '?', '。', '、']);
        let length = u32::try_from(words.len() - rest.len()).unwrap_or(0);
        let marks = placed
            .iter()
            .rev()
            .take_while(|leaf| matches!(leaf.piece, Piece::Note(_)))
            .count();
        if length == 0 || marks == 0 {
            placed.push(leaf);
            continue;
        }
        let at = placed.len() - marks;
        let (start, middle, end) = (range.start, range.start + length, range.end);
        placed.insert(
            at,
            Leaf {
                marks: leaf.marks.clone(),
                piece: Piece::Words(start..middle),
            },
        );
        if middle < end {
            placed.push(Leaf {
                marks: leaf.marks,
                piece: Piece::Words(middle..end),
            });
        }
    }
    placed
}

impl<'b> Flattening<'_, 'b, '_> {
    fn inlines(&mut self, inlines: &'b [Inline], marks: &[Mark<'b>]) {
        for inline in inlines {
            match inline {
                Inline::Text(range) => self.words(range, marks),
                Inline::Code(range) => self.leaf(Piece::Code(range.clone()), marks),
                Inline::Emphasis(content) => self.marked(Kind::Emphasis, content, marks),
                Inline::Strong(content) => self.marked(Kind::Strong, content, marks),
                Inline::Strike(content) => self.marked(Kind::Strike, content, marks),
                Inline::Link(link) => {
                    let (url, content) = (link.url.as_str(), &link.content);
                    let local = !is_external(url) && !url.starts_with('#');
                    match self.edition.book.file(link.span) {
                        Some(to) => self.marked(Kind::Destination(to), content, marks),
                        None if local => self.inlines(content, marks),
                        None => self.marked(Kind::Url(url), content, marks),
                    }
                }
                Inline::Image(image) => {
                    let image = Rich::Image(self.edition.image(image));
                    self.leaf(Piece::Other(vec![image]), marks);
                }
                Inline::Break => self.leaf(Piece::Other(vec![Rich::Break]), marks),
                Inline::Citation(index) => {
                    let note = (self.note)(*index as usize);
                    let in_text = self.prose.citations()[*index as usize].in_text;
                    let is_mark = !in_text && matches!(note.as_slice(), [Rich::Note { .. }]);
                    self.leaf(
                        if is_mark {
                            Piece::Note(note)
                        } else {
                            Piece::Other(note)
                        },
                        &[],
                    );
                }
                Inline::Reference { link, words } => self.reference(*link as usize, words, marks),
                Inline::Footnote(index) => {
                    let note = (self.footnote)(*index as usize);
                    self.leaf(Piece::Note(note), &[]);
                }
            }
        }
    }

    fn leaf(&mut self, piece: Piece<'b>, marks: &[Mark<'b>]) {
        self.leaves.push(Leaf {
            marks: marks.into(),
            piece,
        });
    }

    fn mark(&mut self, kind: Kind<'b>, marks: &[Mark<'b>]) -> Marks<'b> {
        self.next_id += 1;
        let mark = Mark {
            kind,
            id: self.next_id,
        };
        marks.iter().cloned().chain([mark]).collect()
    }

    fn marked(&mut self, kind: Kind<'b>, content: &'b [Inline], marks: &[Mark<'b>]) {
        let marks = self.mark(kind, marks);
        self.inlines(content, &marks);
    }

    /// Words, cut where a term begins or ends.
    fn words(&mut self, range: &Range<u32>, marks: &[Mark<'b>]) {
        let mut at = range.start;
        let first = self
            .terms
            .partition_point(|term| term.hit.end <= range.start);
        for index in first..self.terms.len() {
            let Marked {
                hit: term,
                linked,
                long_form,
            } = self.terms[index];
            if term.start >= range.end {
                break;
            }
            let covered = term.start.max(at)..term.end.min(range.end);
            if at < covered.start {
                self.leaf(Piece::Words(at..covered.start), marks);
            }
            // The term's place in the layer identifies it, so that its pieces join across emphasis.
            let id = u32::MAX - u32::try_from(index).unwrap_or(0);
            let mark = Mark {
                kind: Kind::Term(term.term(), linked),
                id,
            };
            let marks: Marks<'b> = marks.iter().cloned().chain([mark]).collect();
            self.leaves.push(Leaf {
                marks,
                piece: Piece::Words(covered.clone()),
            });
            if let Some(name) = long_form.filter(|_| covered.end == term.end) {
                self.leaf(Piece::Other(vec![Rich::text(format!(" ({name})"))]), &[]);
            }
            at = covered.end;
        }
        if at < range.end {
            self.leaf(Piece::Words(at..range.end), marks);
        }
    }

    fn reference(&mut self, index: usize, words: &Range<u32>, marks: &[Mark<'b>]) {
        let link = &self.prose.links()[index];
        let Some(destination) = self.edition.book.destination(link.span) else {
            return self.leaf(Piece::Words(words.clone()), marks);
        };
        let marks = self.mark(Kind::Destination(destination), marks);
        let named = match destination {
            Destination::Document(home @ (Home::Chapter(_) | Home::Article(_)), paragraph)
                if link.words.is_none() =>
            {
                Some(self.edition.name(*home, *paragraph))
            }
            Destination::Document(..)
            | Destination::Heading(..)
            | Destination::Term(_)
            | Destination::Asset { .. } => None,
        };
        match named {
            Some(name) => self.leaf(Piece::Other(vec![Rich::text(name)]), &marks),
            None => self.leaf(Piece::Words(words.clone()), &marks),
        }
    }
}

fn nest<'b>(
    edition: &Edition<'b>,
    prose: &'b Prose,
    leaves: Vec<Leaf<'b>>,
    depth: usize,
) -> Vec<Rich<'b>> {
    let mut nested = Vec::with_capacity(leaves.len());
    let mut leaves = leaves.into_iter().peekable();
    while let Some(leaf) = leaves.next() {
        let Some(mark) = leaf.marks.get(depth).cloned() else {
            push(leaf.piece, prose, &mut nested);
            continue;
        };
        let joins = |next: &Leaf<'b>| next.marks.get(depth) == Some(&mark);
        let mut content = Vec::with_capacity(1);
        match leaves.next_if(joins) {
            // The usual case, by itself for speed: one leaf, and nothing more on it.
            None if leaf.marks.len() == depth + 1 => push(leaf.piece, prose, &mut content),
            next => {
                let covered = [leaf].into_iter().chain(next);
                let mut covered: Vec<Leaf<'b>> = covered.collect();
                while let Some(next) = leaves.next_if(joins) {
                    covered.push(next);
                }
                content = nest(edition, prose, covered, depth + 1);
            }
        }
        nested.push(wrap(edition, &mark.kind, content));
    }
    nested
}

fn push<'b>(piece: Piece<'b>, prose: &'b Prose, out: &mut Vec<Rich<'b>>) {
    let slice = |range: Range<u32>| &prose.text.text[range.start as usize..range.end as usize];
    match piece {
        Piece::Words(range) => out.push(Rich::text(slice(range))),
        Piece::Code(range) => out.push(Rich::Code(slice(range))),
        Piece::Other(mut rich) | Piece::Note(mut rich) => out.append(&mut rich),
    }
}

fn wrap<'b>(edition: &Edition<'b>, kind: &Kind<'b>, content: Vec<Rich<'b>>) -> Rich<'b> {
    match *kind {
        Kind::Emphasis => Rich::Emphasis(content),
        Kind::Strong => Rich::Strong(content),
        Kind::Strike => Rich::Strike(content),
        Kind::Noted(ref kinds) => Rich::Noted {
            kinds: kinds.clone(),
            content,
        },
        Kind::Url(url) => Rich::Link { url, content },
        Kind::Term(term, linked) => Rich::Term {
            to: edition.term_address(term),
            linked,
            content,
        },
        Kind::Destination(&Destination::Term(term)) => Rich::Term {
            to: edition.term_address(term),
            linked: true,
            content,
        },
        Kind::Destination(Destination::Asset { path, .. }) => Rich::File { path, content },
        Kind::Destination(Destination::Document(home, paragraph)) => Rich::Reference {
            to: match paragraph {
                Some(number) => edition.paragraph_address(*home, *number),
                None => edition.address(*home),
            },
            content,
        },
        Kind::Destination(Destination::Heading(home, slug)) => Rich::Reference {
            to: super::Address {
                anchor: Some(slug.as_str().into()),
                ..edition.address(*home)
            },
            content,
        },
    }
}

impl<'b> Edition<'b> {
    /// An image's file, if the book has it, and what it shows.
    pub(super) fn image(&self, image: &'b Image) -> Picture<'b> {
        let (path, size) = match self.book.file(image.span) {
            Some(Destination::Asset { path, size }) => (Some(path.as_str()), *size),
            Some(Destination::Document(..) | Destination::Heading(..) | Destination::Term(_))
            | None => (None, None),
        };
        Picture {
            path,
            size,
            alt: &image.alt,
        }
    }
}
