//! The blocks of a page, in its order, as passages.

use dom_query::{NodeId, NodeRef};

use super::super::escape;
use super::super::layout::{Form, Nest, NestKind, Passage, Set};
use super::address::{Addresses, Picture};
use super::run::{Prose, Run, Sign, fence};
use super::tokens::NUMBER;

/// A block of the page and where it stands.
pub(super) struct Block {
    pub(super) passage: Passage,
    /// The innermost block element around it.
    pub(super) owner: NodeId,
    /// The numbers of its elements.
    pub(super) numbers: Vec<usize>,
    /// How many bytes of its text are links.
    pub(super) linked: usize,
    /// Whether it is a picture, or the address of one.
    pub(super) is_picture: bool,
    /// The picture's file, which the book keeps.
    pub(super) file: Option<File>,
}

/// Where the file of a picture comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum File {
    /// Beside the page, at this path.
    Beside(String),
    /// From the page itself: the ending of its kind, and its bytes.
    Within(&'static str, Vec<u8>),
}

/// What stands in a picture's Markdown for the place of its file, until the article has an ID.
pub(super) const PLACE: &str = "\u{10ffff}";

/// Reads a page's blocks.
pub(super) fn blocks(
    root: NodeRef<'_>,
    lines: &[usize],
    addresses: &Addresses,
    holds: &dyn Fn(&str) -> bool,
) -> Vec<Block> {
    let mut reader = Reader {
        lines,
        addresses,
        holds,
        blocks: Vec::new(),
        run: Run::default(),
        run_line: 1,
        numbers: Vec::new(),
        pictures: Vec::new(),
        owner: root.id,
        owner_number: None,
        flat: false,
        line: 1,
        within: Vec::new(),
        form: Form::Paragraph,
        lists: Vec::new(),
        ids: 0,
    };
    reader.children(root);
    reader.flush();
    reader.blocks
}

struct Reader<'a> {
    lines: &'a [usize],
    addresses: &'a Addresses,
    holds: &'a dyn Fn(&str) -> bool,
    blocks: Vec<Block>,
    run: Run,
    run_line: usize,
    /// The numbers of the inline elements of the run.
    numbers: Vec<usize>,
    /// The pictures of the run, which come before or after its text.
    pictures: Vec<Block>,
    owner: NodeId,
    owner_number: Option<usize>,
    /// Set while a table's cell is read: its blocks are one line.
    flat: bool,
    line: usize,
    within: Vec<Nest>,
    form: Form,
    lists: Vec<List>,
    ids: usize,
}

struct List {
    id: usize,
    next: Option<u32>,
}

/// Quotations and lists deeper than this are read as part of what they stand in.
const DEEPEST_NEST: usize = 8;

impl Reader<'_> {
    fn children(&mut self, node: NodeRef<'_>) {
        for child in node.children_it(false) {
            if child.is_text() {
                for c in child.text().chars() {
                    self.character(c);
                }
            } else if child.is_element() {
                self.element(child);
            }
        }
    }

    fn element(&mut self, node: NodeRef<'_>) {
        let number = number(node);
        if let Some(line) = number.and_then(|number| self.lines.get(number)) {
            self.line = *line;
        }
        let name = node.node_name().unwrap_or_default();
        if self.flat && is_block(&name) {
            self.character(' ');
            self.children(node);
            self.character(' ');
            return;
        }
        match &*name {
            "head" | "title" | "meta" | "link" | "script" | "style" | "template" | "svg"
            | "object" | "embed" | "video" | "audio" | "canvas" | "input" | "select"
            | "datalist" | "rt" | "rp" | "wbr" => {}
            "br" => self.line_break(),
            "img" => self.picture(node),
            "q" => {
                self.character('“');
                self.children(node);
                self.character('”');
            }
            "h1" => self.formed(node, Form::Heading(2)),
            "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.formed(node, Form::Heading(name.as_bytes()[1] - b'0'));
            }
            "blockquote" => self.nested(node, NestKind::Quotation),
            "ul" | "ol" | "menu" => self.list(node, &name == "ol"),
            "li" => self.item(node),
            "pre" => self.code(node),
            "table" if is_data(node) => self.table(node),
            _ if is_block(&name) || holds_blocks(node) => self.block(node),
            _ => self.inline(node, &name, number),
        }
    }

    fn character(&mut self, c: char) {
        if self.run.push(c) {
            self.run_line = self.line;
        }
    }

    fn inline(&mut self, node: NodeRef<'_>, name: &str, number: Option<usize>) {
        self.numbers.extend(number);
        let sign = match name {
            "b" | "strong" => Some(Sign::Strong),
            "i" | "em" => Some(Sign::Emphasis),
            "code" | "kbd" | "samp" | "tt" => Some(Sign::Code),
            "a" => Some(Sign::Link(self.addresses.link(&node.attr_or("href", "")))),
            _ => None,
        };
        let signed = sign.is_some();
        if let Some(sign) = sign {
            self.run.begin(sign);
        }
        self.children(node);
        if signed {
            self.run.end();
        }
    }

    /// One break ends a line, two a paragraph.
    fn line_break(&mut self) {
        if self.flat {
            self.character(' ');
        } else if self.run.break_line() {
            self.flush();
        }
    }

    fn block(&mut self, node: NodeRef<'_>) {
        self.flush();
        let owner = (self.owner, self.owner_number);
        (self.owner, self.owner_number) = (node.id, number(node));
        self.children(node);
        self.flush();
        (self.owner, self.owner_number) = owner;
    }

    fn formed(&mut self, node: NodeRef<'_>, form: Form) {
        self.flush();
        let before = std::mem::replace(&mut self.form, form);
        self.block(node);
        self.form = before;
    }

    fn nested(&mut self, node: NodeRef<'_>, kind: NestKind) {
        self.flush();
        let fits = self.within.len() < DEEPEST_NEST;
        if fits {
            let id = self.id();
            self.within.push(Nest { id, kind });
        }
        self.block(node);
        if fits {
            self.within.pop();
        }
    }

    fn list(&mut self, node: NodeRef<'_>, numbered: bool) {
        let start = node.attr_or("start", "1").parse().unwrap_or(1);
        let (id, next) = (self.id(), numbered.then_some(start));
        self.lists.push(List { id, next });
        self.block(node);
        self.lists.pop();
    }

    /// Browsers show an item without a list, too.
    fn item(&mut self, node: NodeRef<'_>) {
        let (list, number) = match self.lists.last_mut() {
            Some(list) => {
                let number = list.next.filter(|number| *number < 1_000_000);
                list.next = number.map(|number| number + 1);
                (list.id, number)
            }
            None => (0, None),
        };
        self.nested(node, NestKind::Item { list, number });
    }

    fn id(&mut self) -> usize {
        self.ids += 1;
        self.ids
    }

    /// Ends the running text: it becomes a passage, with the pictures that stand in it after it.
    fn flush(&mut self) {
        let pictures = std::mem::take(&mut self.pictures);
        let numbers = std::mem::take(&mut self.numbers);
        if !self.run.is_empty() {
            let prose = self.run.take();
            let markdown = match self.form {
                Form::Heading(_) => heading(&prose.line()),
                Form::Paragraph | Form::Figure => prose.markdown(),
            };
            self.text(&prose, markdown, numbers);
        }
        self.blocks.extend(pictures);
    }

    fn text(&mut self, prose: &Prose, markdown: String, mut numbers: Vec<usize>) {
        let text = prose.line();
        if text.is_empty() {
            return;
        }
        numbers.extend(self.owner_number);
        let block = self.made(self.run_line, text, self.form, markdown, numbers);
        self.blocks.push(Block {
            linked: prose.linked,
            ..block
        });
    }

    fn figure(&mut self, node: NodeRef<'_>, line: usize, text: String, markdown: String) {
        let numbers = number(node).into_iter().collect();
        let block = self.made(line, text, Form::Figure, markdown, numbers);
        self.blocks.push(Block {
            owner: node.id,
            ..block
        });
    }

    fn made(
        &self,
        line: usize,
        text: String,
        form: Form,
        markdown: String,
        numbers: Vec<usize>,
    ) -> Block {
        let set = Set {
            form,
            markdown,
            within: self.within.clone(),
        };
        Block {
            passage: Passage::set(line, text, set),
            owner: self.owner,
            numbers,
            linked: 0,
            is_picture: false,
            file: None,
        }
    }

    fn code(&mut self, node: NodeRef<'_>) {
        self.flush();
        let text = node.text();
        let code = text.strip_prefix('\n').unwrap_or(&text).trim_end();
        if !code.trim().is_empty() {
            let fence = fence(code, 3);
            let shown = code.split_whitespace().collect::<Vec<_>>().join(" ");
            self.figure(node, self.line, shown, format!("{fence}\n{code}\n{fence}"));
        }
    }

    fn table(&mut self, node: NodeRef<'_>) {
        self.flush();
        let line = self.line;
        let (mut rows, mut captions) = (Vec::new(), Vec::new());
        for part in node.descendants_it() {
            match part.node_name().as_deref() {
                Some("tr") => rows.push(part),
                Some("caption") => captions.push(part),
                _ => {}
            }
        }
        for caption in captions {
            self.block(caption);
        }
        let rows: Vec<Vec<(String, String)>> = rows.into_iter().map(|row| self.row(row)).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut lines = Vec::new();
        let mut texts = Vec::new();
        for row in rows {
            let width = if lines.is_empty() { columns } else { 0 };
            let (mut cells, words): (Vec<String>, Vec<String>) = row.into_iter().unzip();
            cells.resize(cells.len().max(width), String::new());
            lines.push(format!("| {} |", cells.join(" | ")));
            if lines.len() == 1 {
                lines.push(format!("|{}", " --- |".repeat(columns)));
            }
            texts.push(words.join(" "));
        }
        if columns > 0 {
            self.figure(node, line, texts.join(" "), lines.join("\n"));
        }
        let pictures = std::mem::take(&mut self.pictures);
        self.blocks.extend(pictures);
    }

    /// The cells of a row, as Markdown and as text; a cell over several columns is followed by empty ones.
    fn row(&mut self, row: NodeRef<'_>) -> Vec<(String, String)> {
        let mut cells = Vec::new();
        for cell in row.element_children() {
            self.flat = true;
            self.children(cell);
            self.flat = false;
            let prose = self.run.take();
            cells.push((prose.cell(), prose.line()));
            let span: usize = cell.attr_or("colspan", "1").parse().unwrap_or(1);
            cells.resize(cells.len() + span.clamp(1, 20) - 1, Default::default());
        }
        cells
    }

    fn picture(&mut self, node: NodeRef<'_>) {
        let src = ["src", "data-src", "data-original"].map(|key| node.attr_or(key, ""));
        let pictures = src.iter().filter(|src| !src.is_empty());
        let mut places = pictures.map(|src| self.addresses.picture(src, self.holds));
        let Some(place) = places.find(|place| !matches!(place, Picture::Nowhere)) else {
            return;
        };
        let alt = super::super::text::tidy(&node.attr_or("alt", ""));
        let (name, markdown, file) = match place {
            Picture::Beside(path) => (path.clone(), image(&alt), Some(File::Beside(path))),
            Picture::Within(kind, bytes) => (
                kind.to_owned(),
                image(&alt),
                Some(File::Within(kind, bytes)),
            ),
            // A book shows no picture of another site; the link to it stays.
            Picture::Elsewhere(url) => {
                let name = last_step(&url).to_owned();
                let words = if alt.is_empty() { &name } else { &alt };
                (name.clone(), format!("[{}]({url})", label(words)), None)
            }
            Picture::Nowhere => return,
        };
        let text = if alt.is_empty() { name } else { alt };
        let numbers = number(node).into_iter().chain(self.owner_number).collect();
        let block = self.made(self.line, text, Form::Figure, markdown, numbers);
        self.pictures.push(Block {
            is_picture: true,
            file,
            ..block
        });
    }
}

fn image(alt: &str) -> String {
    format!("![{}]({PLACE})", label(alt))
}

/// Words inside brackets.
fn label(words: &str) -> String {
    escape::paragraph(words)
        .replace("\\]", "]")
        .replace(']', "\\]")
}

fn last_step(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// A heading's text: what would end it in attributes does not.
fn heading(text: &str) -> String {
    escape::heading(text)
        .trim_start_matches('#')
        .trim_start()
        .to_owned()
}

/// An element's number in the page's order.
pub(super) fn number(node: NodeRef<'_>) -> Option<usize> {
    node.attr(NUMBER)?.parse().ok()
}

fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

fn holds_blocks(node: NodeRef<'_>) -> bool {
    node.descendants_it()
        .any(|inner| inner.node_name().is_some_and(|name| is_block(&name)))
}

/// Whether a table holds figures or words in rows and columns, and not the page's layout.
fn is_data(table: NodeRef<'_>) -> bool {
    let (mut rows, mut widest, mut told) = (0, 0, false);
    for part in table.descendants_it() {
        match part.node_name().as_deref() {
            Some(
                "table" | "ul" | "ol" | "pre" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5"
                | "h6" | "article",
            ) => {
                return false;
            }
            Some("th" | "caption") => told = true,
            Some("tr") => {
                rows += 1;
                widest = widest.max(part.element_children().len());
            }
            Some("td") if part.text().len() > LONGEST_CELL => return false,
            _ => {}
        }
    }
    widest >= 2 && (rows >= 2 || told)
}

/// More bytes are no cell of a table, but a column of a page.
const LONGEST_CELL: usize = 1500;

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "label",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
