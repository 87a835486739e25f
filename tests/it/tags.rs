//! A PDF's objects, its tags and its links, as qpdf's JSON has them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The objects of a PDF.
pub(crate) struct Objects {
    objects: Value,
}

impl Objects {
    pub(crate) fn of(pdf: &Path) -> Self {
        let output = Command::new("qpdf")
            .args(["--json=2", "--json-key=qpdf"])
            .arg(pdf)
            .output()
            .unwrap_or_else(|error| panic!("qpdf: {error}; `./test` installs it"));
        let mut json: Value = serde_json::from_slice(&output.stdout).unwrap();
        Objects {
            objects: json["qpdf"][1].take(),
        }
    }

    /// What a value stands for, be it a reference.
    pub(crate) fn get<'v>(&'v self, value: &'v Value) -> &'v Value {
        let is_reference = |text: &&str| text.ends_with(" R");
        let Some(reference) = value.as_str().filter(is_reference) else {
            return value;
        };
        let object = &self.objects[format!("obj:{reference}")];
        if object["value"].is_null() {
            &object["stream"]["dict"]
        } else {
            &object["value"]
        }
    }

    pub(crate) fn root(&self) -> &Value {
        self.get(&self.objects["trailer"]["value"]["/Root"])
    }

    /// The reference of each page, in order.
    pub(crate) fn pages(&self) -> Vec<String> {
        let mut pages = Vec::new();
        self.pages_below(&self.root()["/Pages"], &mut pages);
        pages
    }

    fn pages_below(&self, node: &Value, pages: &mut Vec<String>) {
        let kids = self.get(&self.get(node)["/Kids"]);
        match kids.as_array() {
            Some(kids) => kids.iter().for_each(|kid| self.pages_below(kid, pages)),
            None => pages.push(node.as_str().unwrap().to_owned()),
        }
    }

    /// The link annotations of all pages.
    pub(crate) fn links(&self) -> Vec<&Value> {
        let pages = self.pages();
        pages.iter().flat_map(|page| self.links_of(page)).collect()
    }

    /// The link annotations of one page.
    pub(crate) fn links_of(&self, page: &str) -> Vec<&Value> {
        let page = &self.objects[format!("obj:{page}")]["value"];
        let annotations = self.get(&page["/Annots"]).as_array();
        let annotations = annotations.into_iter().flatten();
        let annotations = annotations.map(|annotation| self.get(annotation));
        annotations
            .filter(|annotation| annotation["/Subtype"] == "/Link")
            .collect()
    }

    /// The height of a page in points.
    pub(crate) fn height(&self, page: &str) -> f64 {
        let page = &self.objects[format!("obj:{page}")]["value"];
        self.get(&page["/MediaBox"])[3].as_f64().unwrap()
    }

    /// The named destinations.
    pub(crate) fn names(&self) -> BTreeMap<&str, &Value> {
        let mut names = BTreeMap::new();
        let tree = self.get(&self.root()["/Names"]);
        self.names_below(&tree["/Dests"], &mut names);
        names
    }

    fn names_below<'v>(&'v self, node: &'v Value, names: &mut BTreeMap<&'v str, &'v Value>) {
        let node = self.get(node);
        let kids = self.get(&node["/Kids"]).as_array();
        for kid in kids.into_iter().flatten() {
            self.names_below(kid, names);
        }
        let pairs = self.get(&node["/Names"]).as_array();
        let pairs: Vec<&Value> = pairs.into_iter().flatten().collect();
        for pair in pairs.chunks_exact(2) {
            names.extend(pair[0].as_str().map(|name| (name, pair[1])));
        }
    }

    /// Where a destination is: its page, counted from 1, and how far below that page's head.
    pub(crate) fn place(&self, destination: &Value) -> Option<(usize, f64)> {
        let mut target = self.get(destination);
        if let Some(name) = target.as_str() {
            target = self.get(self.names().get(name)?);
        }
        let page = target[0].as_str()?;
        let number = self.pages().iter().position(|known| known == page)?;
        let above_foot = target[3].as_f64()?;
        Some((number + 1, self.height(page) - above_foot))
    }

    /// The outline from its head to its end: level, title, destination.
    pub(crate) fn outline(&self) -> Vec<(usize, &str, &Value)> {
        let mut entries = Vec::new();
        self.outline_below(self.get(&self.root()["/Outlines"]), 1, &mut entries);
        entries
    }

    fn outline_below<'v>(
        &'v self,
        node: &'v Value,
        level: usize,
        entries: &mut Vec<(usize, &'v str, &'v Value)>,
    ) {
        let mut next = self.get(&node["/First"]);
        while next.is_object() {
            let title = next["/Title"].as_str().unwrap_or_default();
            entries.push((level, title.trim_start_matches("u:"), &next["/Dest"]));
            self.outline_below(next, level + 1, entries);
            next = self.get(&next["/Next"]);
        }
    }

    /// The elements of the tag tree in reading order, each with its role and its depth.
    pub(crate) fn tags(&self) -> Vec<Tag<'_>> {
        let mut tags = Vec::new();
        self.tags_below(&self.root()["/StructTreeRoot"], 0, &mut tags);
        tags
    }

    fn tags_below<'v>(&'v self, node: &'v Value, depth: usize, tags: &mut Vec<Tag<'v>>) {
        let node = self.get(node);
        if let Some(role) = node["/S"].as_str() {
            tags.push(Tag { role, depth, node });
        }
        let kids = self.get(&node["/K"]);
        match kids.as_array() {
            Some(kids) => {
                for kid in kids {
                    self.tags_below(kid, depth + 1, tags);
                }
            }
            None if kids.is_object() => self.tags_below(kids, depth + 1, tags),
            None => {}
        }
    }

    /// How often the tag tree has each role.
    pub(crate) fn roles(&self) -> BTreeMap<&str, usize> {
        let mut roles = BTreeMap::new();
        for tag in self.tags() {
            *roles.entry(tag.role).or_default() += 1;
        }
        roles
    }

    /// The file's record of itself, in XML.
    pub(crate) fn metadata(pdf: &Path) -> String {
        let bytes = std::fs::read(pdf).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let start = text.find("<x:xmpmeta").unwrap();
        let end = text.find("</x:xmpmeta>").unwrap();
        text[start..end].to_owned()
    }
}

/// One element of the tag tree.
#[derive(Clone, Copy)]
pub(crate) struct Tag<'v> {
    pub(crate) role: &'v str,
    pub(crate) depth: usize,
    pub(crate) node: &'v Value,
}
