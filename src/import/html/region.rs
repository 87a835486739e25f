//! Which of a page's blocks are its article.
//!
//! Readability's rules (`dom_smoothie`) say where the article stands, and are known to cut too much and too
//! little. So they choose the element that holds it; of the blocks in it, one that they passed over stays if
//! it is running text, and one that they kept goes if it stands in a box that says what it is. Whatever
//! goes is reported.

use std::collections::{BTreeMap, BTreeSet};

use dom_query::{Document, NodeId, NodeRef};
use dom_smoothie::{Config, Readability};

use super::super::Reason;
use super::super::furniture::is_page_date;
use super::super::text::{is_prose, is_sentence, letters, word_count};
use super::blocks::{Block, number};
use super::tokens::NUMBER;

/// Pages with more elements are not judged by Readability's rules, which take their time.
const MOST_ELEMENTS: usize = 150_000;

/// For each block the reason why it is not of the article.
pub(super) fn verdicts(page: &Document, html: &str, blocks: &[Block]) -> Vec<Option<Reason>> {
    let chosen = chosen(page, html);
    let is_chosen = |block: &Block| block.numbers.iter().any(|number| chosen.contains(number));
    let kept: Vec<bool> = blocks.iter().map(is_chosen).collect();
    let mut region = Region {
        page,
        home: page.root().id,
        weights: weights(page, blocks, &kept),
        boxes: BTreeMap::new(),
    };
    region.find_home(blocks, &kept);
    region.verdicts(blocks, &kept)
}

/// The numbers of the elements that are the article by Readability's rules, or where these fail, of the element that the
/// page calls so.
fn chosen(page: &Document, html: &str) -> BTreeSet<usize> {
    let config = Config {
        disable_json_ld: true,
        max_elements_to_parse: MOST_ELEMENTS,
        ..Config::default()
    };
    let found = Readability::new(html, None, Some(config)).and_then(|mut page| page.parse());
    let content = found.map(|article| Document::fragment(article.content));
    let content = content
        .ok()
        .filter(|content| !letters(&content.text()).is_empty());
    match content {
        Some(content) => numbers(content.root()),
        None => ["article", "[role=main]", "main", "body"]
            .iter()
            .map(|name| page.select_single(name))
            .find_map(|found| found.nodes().first().copied())
            .map(numbers)
            .unwrap_or_default(),
    }
}

fn numbers(node: NodeRef<'_>) -> BTreeSet<usize> {
    let elements = node.descendants_it().filter(|inner| inner.has_attr(NUMBER));
    elements.filter_map(number).chain(number(node)).collect()
}

/// How many letters of chosen running text stand in each element.
fn weights(page: &Document, blocks: &[Block], kept: &[bool]) -> BTreeMap<NodeId, usize> {
    let mut weights = BTreeMap::new();
    for (block, _) in blocks.iter().zip(kept).filter(|(_, kept)| **kept) {
        for id in upward(page, block.owner) {
            *weights.entry(id).or_default() += block.passage.text.len();
        }
    }
    weights
}

fn upward(page: &Document, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
    std::iter::successors(Some(NodeRef::new(id, &page.tree)), NodeRef::parent).map(|node| node.id)
}

struct Region<'a> {
    page: &'a Document,
    /// The element that holds the article.
    home: NodeId,
    weights: BTreeMap<NodeId, usize>,
    /// What is known of elements already.
    boxes: BTreeMap<NodeId, Place>,
}

/// Where a block stands.
#[derive(Clone, Copy)]
enum Place {
    Outside,
    Inside,
    InBox(Reason),
}

impl Region<'_> {
    fn node(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef::new(id, &self.page.tree)
    }

    fn weight(&self, id: NodeId) -> usize {
        self.weights.get(&id).copied().unwrap_or(0)
    }

    /// The innermost element that holds all that was chosen, or the one around it that the page calls an article.
    fn find_home(&mut self, blocks: &[Block], kept: &[bool]) {
        let whole = self.weight(self.home);
        let first = blocks.iter().zip(kept).find(|(_, kept)| **kept);
        let Some((first, _)) = first else { return };
        let mut around = upward(self.page, first.owner).skip_while(|id| self.weight(*id) < whole);
        let Some(home) = around.next() else { return };
        let is_article = |node: NodeRef<'_>| node.has_name("article");
        let article = std::iter::once(home)
            .chain(around)
            .map(|id| self.node(id))
            .find(|node| is_article(*node));
        // An article that holds others is a list of them.
        let single = article.filter(|node| !node.descendants_it().any(is_article));
        self.home = single.map_or(home, |node| node.id);
    }

    fn verdicts(&mut self, blocks: &[Block], kept: &[bool]) -> Vec<Option<Reason>> {
        let mut verdicts: Vec<Option<Reason>> = Vec::with_capacity(blocks.len());
        let mut text = Vec::with_capacity(blocks.len());
        for (block, kept) in blocks.iter().zip(kept) {
            let place = self.place(block.owner);
            text.push(matches!(place, Place::Inside) && is_text(block, *kept));
            verdicts.push(verdict(block, *kept, place));
        }
        let first = text.iter().position(|text| *text).unwrap_or(0);
        let last = text.iter().rposition(|text| *text).unwrap_or(0);
        let title = self.title(blocks, first);
        for (at, verdict) in verdicts.iter_mut().enumerate() {
            let block = &blocks[at];
            let opens = title.is_some_and(|title| (title..first).contains(&at));
            *verdict = match *verdict {
                Some(Reason::AroundArticle) => {
                    let reason = self.sign_around(block.owner);
                    let standfirst = opens && reason.is_none() && is_text(block, false);
                    (!standfirst).then(|| reason.unwrap_or(Reason::AroundArticle))
                }
                None if !(first..=last).contains(&at)
                    && !is_text(block, kept[at])
                    && !block.is_picture =>
                {
                    Some(Reason::AroundArticle)
                }
                told => told,
            };
        }
        verdicts
    }

    /// The last first-level heading before the article's text.
    fn title(&self, blocks: &[Block], first: usize) -> Option<usize> {
        let is_title = |block: &Block| self.node(block.owner).has_name("h1");
        blocks[..first].iter().rposition(is_title)
    }

    /// What the innermost box is that an element stands in.
    fn sign_around(&self, id: NodeId) -> Option<Reason> {
        upward(self.page, id).find_map(|id| self.sign(id))
    }

    /// Whether an element stands in the article, and in a box of it that is not.
    fn place(&mut self, id: NodeId) -> Place {
        let mut path = Vec::new();
        let mut known = Place::Outside;
        for id in upward(self.page, id) {
            if let Some(place) = self.boxes.get(&id) {
                known = *place;
                break;
            }
            if id == self.home {
                known = Place::Inside;
                break;
            }
            path.push(id);
        }
        for id in path.into_iter().rev() {
            known = match known {
                Place::Inside => self.sign(id).map_or(Place::Inside, Place::InBox),
                Place::Outside | Place::InBox(_) => known,
            };
            self.boxes.insert(id, known);
        }
        known
    }

    /// What an element is besides the article, by its name, role or class. One that holds half of the article is none.
    fn sign(&self, id: NodeId) -> Option<Reason> {
        let node = self.node(id);
        let name = node.node_name()?;
        if self.weight(id) * 2 > self.weight(self.page.root().id)
            || matches!(&*name, "html" | "body" | "main" | "article")
        {
            return None;
        }
        let style = node.attr_or("style", "").replace(' ', "");
        let hidden = node.has_attr("hidden") || style.contains("display:none");
        let role = node.attr_or("role", "");
        let words =
            format!("{} {}", node.attr_or("class", ""), node.attr_or("id", "")).to_lowercase();
        let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).collect();
        let named = SIGNS.iter().find(|(_, begins, whole)| {
            words.iter().any(|word| {
                whole.contains(word) || begins.iter().any(|stem| word.starts_with(stem))
            })
        });
        match &*name {
            "figcaption" => Some(Reason::Caption),
            _ if named.is_some() => named.map(|(reason, ..)| *reason),
            "nav" | "aside" | "footer" | "form" | "button" | "dialog" | "label" => {
                Some(Reason::AroundArticle)
            }
            _ if hidden || ROLES.contains(&&*role) => Some(Reason::AroundArticle),
            _ => None,
        }
    }
}

fn verdict(block: &Block, kept: bool, place: Place) -> Option<Reason> {
    match place {
        Place::Outside => Some(Reason::AroundArticle),
        // A box's name may mislead: a long text in it that was chosen is the article's.
        Place::InBox(Reason::Caption) if block.is_picture => None,
        Place::InBox(_)
            if kept && is_prose(&block.passage.text) && word_count(&block.passage.text) > 40 =>
        {
            None
        }
        Place::InBox(reason) => Some(reason),
        Place::Inside if !kept && is_linked(block) => Some(Reason::Links),
        Place::Inside => None,
    }
}

/// Running text or a figure, or what Readability's rules kept.
fn is_text(block: &Block, kept: bool) -> bool {
    let text = &block.passage.text;
    let figure = block.passage.is_figure() && !block.is_picture;
    !is_linked(block) && (kept || figure || (is_sentence(text) && !is_page_date(text)))
}

/// Whether nearly all of a block's text leads elsewhere.
fn is_linked(block: &Block) -> bool {
    block.linked * 5 > block.passage.text.len() * 4
}

const ROLES: [&str; 6] = [
    "navigation",
    "complementary",
    "contentinfo",
    "search",
    "dialog",
    "banner",
];

/// What the words of classes and ids tell: how they begin, and what they are as a whole.
type Sign = (Reason, &'static [&'static str], &'static [&'static str]);

const SIGNS: [Sign; 5] = [
    (Reason::Caption, &["caption"], &["figcaption"]),
    (
        Reason::ShareLinks,
        &["sharing", "sharedaddy", "sharebar", "addtoany", "addthis"],
        &["share", "shares", "social", "a2a"],
    ),
    (
        Reason::Newsletter,
        &["newsletter", "subscri", "signup"],
        &["mailinglist", "paywall"],
    ),
    (
        Reason::RelatedLinks,
        &[
            "related",
            "recommend",
            "recirc",
            "readmore",
            "outbrain",
            "taboola",
            "trending",
            "relatedposts",
        ],
        &["mostread", "mostpopular", "popular"],
    ),
    (
        Reason::AroundArticle,
        &[
            "advert",
            "adsby",
            "adslot",
            "sponsor",
            "promo",
            "cookie",
            "breadcrumb",
            "paginat",
            "tagcloud",
            "authorbox",
        ],
        &[
            "ad",
            "ads",
            "comments",
            "commentlist",
            "respond",
            "disqus",
            "consent",
            "gdpr",
            "nav",
            "navigation",
            "menu",
            "sidebar",
            "toolbar",
            "taglist",
            "tags",
            "bio",
            "skip",
            "pager",
        ],
    ),
];
