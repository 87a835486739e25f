//! The brackets of a text, each with the one that it belongs to.

/// `[` or `]`.
#[derive(Debug)]
pub(super) struct Bracket {
    pub(super) at: usize,
    pub(super) opens: bool,
    /// How many are open before it.
    pub(super) depth: usize,
    /// Whether it has no other.
    pub(super) is_lone: bool,
}

/// The brackets of a text, in order.
#[derive(Debug)]
pub(super) struct Brackets(Vec<Bracket>);

impl Brackets {
    pub(super) fn of(text: &str) -> Self {
        let mut all: Vec<Bracket> = Vec::new();
        let mut open = Vec::new();
        for (at, sign) in text.match_indices(['[', ']']) {
            let (opens, depth) = (sign == "[", open.len());
            let other = if opens { None } else { open.pop() };
            if opens {
                open.push(all.len());
            } else if let Some(other) = other {
                all[other].is_lone = false;
            }
            all.push(Bracket {
                at,
                opens,
                depth,
                is_lone: other.is_none(),
            });
        }
        Brackets(all)
    }

    /// The bracket at a place.
    pub(super) fn at(&self, at: usize) -> Option<&Bracket> {
        let index = self.0.binary_search_by_key(&at, |bracket| bracket.at);
        index.ok().map(|index| &self.0[index])
    }

    /// The last bracket before a place.
    pub(super) fn before(&self, at: usize) -> Option<&Bracket> {
        let next = self.0.partition_point(|bracket| bracket.at < at);
        self.0[..next].last()
    }

    /// Each bracket that closes, behind the one before it.
    pub(super) fn closing(&self) -> impl Iterator<Item = (&Bracket, &Bracket)> {
        let pairs = self.0.windows(2).map(|pair| (&pair[0], &pair[1]));
        pairs.filter(|(_, bracket)| !bracket.opens)
    }
}
