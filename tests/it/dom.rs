//! A page as a browser reads it.

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// An element or a text of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Node {
    /// Its name, its attributes in the order of their names, what is in it.
    Element(String, Vec<(String, String)>, Vec<Node>),
    Text(String),
}

/// The elements and texts of a whole page.
pub(crate) fn page(html: &str) -> Vec<Node> {
    let dom =
        html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    children(&dom.document)
}

fn children(handle: &Handle) -> Vec<Node> {
    handle.children.borrow().iter().filter_map(node).collect()
}

fn node(handle: &Handle) -> Option<Node> {
    match &handle.data {
        NodeData::Element { name, attrs, .. } => {
            let attributes = attrs.borrow();
            let attributes = attributes
                .iter()
                .map(|a| (a.name.local.to_string(), a.value.to_string()));
            let mut attributes: Vec<_> = attributes.collect();
            attributes.sort();
            Some(Node::Element(
                name.local.to_string(),
                attributes,
                children(handle),
            ))
        }
        NodeData::Text { contents } => Some(Node::Text(contents.borrow().to_string())),
        NodeData::Document
        | NodeData::Doctype { .. }
        | NodeData::Comment { .. }
        | NodeData::ProcessingInstruction { .. } => None,
    }
}

/// Calls `visit` with every element, in the order of the page.
pub(crate) fn elements<'n>(
    nodes: &'n [Node],
    visit: &mut impl FnMut(&'n str, &'n [(String, String)], &'n [Node]),
) {
    for node in nodes {
        if let Node::Element(name, attributes, content) = node {
            visit(name, attributes, content);
            elements(content, visit);
        }
    }
}
