//! Names of authors: family and given names apart, as bibliographies sort and shorten them.

/// An author: a person with a family name, or a name that is never taken apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Person {
    /// The family name with its particle, or the whole name of an organisation.
    pub family: String,
    /// The given names; none for an organisation.
    pub given: Option<String>,
    /// `Jr.`, `III`
    pub suffix: Option<String>,
    /// Whether it is an organisation without doubt; one word may be either's name.
    pub organisation: bool,
}

/// Particles that belong to the family name.
const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "bin",
    "ibn", "al", "el", "ter", "ten", "zu",
];
const SUFFIXES: &[&str] = &["Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"];

/// Words that only organisations have in their names.
const CORPORATE: &[&str] = &[
    "administration",
    "affairs",
    "agency",
    "air",
    "alliance",
    "army",
    "assembly",
    "association",
    "authority",
    "bank",
    "board",
    "broadcasting",
    "bureau",
    "center",
    "centre",
    "chronicle",
    "college",
    "command",
    "commission",
    "committee",
    "congress",
    "corporation",
    "corps",
    "council",
    "daily",
    "defence",
    "defense",
    "department",
    "desk",
    "editors",
    "editorial",
    "embassy",
    "force",
    "forces",
    "foundation",
    "fund",
    "gazette",
    "government",
    "group",
    "guard",
    "herald",
    "house",
    "inc",
    "institute",
    "institution",
    "international",
    "journal",
    "ltd",
    "magazine",
    "marines",
    "media",
    "ministry",
    "nations",
    "navy",
    "network",
    "news",
    "newspaper",
    "office",
    "organisation",
    "organization",
    "parliament",
    "party",
    "post",
    "press",
    "project",
    "radio",
    "report",
    "reporters",
    "research",
    "review",
    "school",
    "secretariat",
    "senate",
    "service",
    "services",
    "society",
    "staff",
    "state",
    "states",
    "studies",
    "team",
    "television",
    "times",
    "today",
    "tribune",
    "union",
    "university",
    "weekly",
    "world",
];

impl Person {
    /// Reads a name: `Given Family`, `Family, Given` or `Family, Given, Jr.`.
    ///
    /// One word, a name in braces, and what reads like an organisation's name stay whole.
    pub fn parse(name: &str) -> Self {
        let name = name.trim();
        if let Some(inner) = name
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            return Person::whole(inner.trim(), true);
        }
        if let Some((family, given)) = name.split_once(',') {
            return Person::inverted(family.trim(), given.trim());
        }
        let mut words: Vec<&str> = name.split_whitespace().collect();
        if words.len() < 2 || is_corporate(&words) {
            return Person::whole(name, words.len() > 1);
        }
        if let [family, given] = words.as_slice()
            && name.chars().all(|c| c.is_whitespace() || is_cjk(c))
        {
            return Person::inverted(family, given);
        }
        let suffix = words.pop_if(|word| SUFFIXES.contains(word));
        let last = words.len().saturating_sub(1);
        let particle = |word: &&str| PARTICLES.contains(word);
        let family_at = last
            - words[..last]
                .iter()
                .rev()
                .take_while(|word| particle(word))
                .count();
        if family_at == 0 {
            return Person::whole(name, false);
        }
        Person {
            family: words[family_at..].join(" "),
            given: Some(words[..family_at].join(" ")),
            suffix: suffix.map(str::to_owned),
            organisation: false,
        }
    }

    fn whole(name: &str, organisation: bool) -> Self {
        Person {
            family: name.to_owned(),
            given: None,
            suffix: None,
            organisation,
        }
    }

    fn inverted(family: &str, given: &str) -> Self {
        let (given, suffix) = match given.rsplit_once(',') {
            Some((given, suffix)) => (given.trim(), Some(suffix.trim().to_owned())),
            None if SUFFIXES.contains(&given) => {
                return Person::parse(&format!("{family} {given}"));
            }
            None => (given, None),
        };
        Person {
            family: family.to_owned(),
            given: (!given.is_empty()).then(|| given.to_owned()),
            suffix,
            organisation: false,
        }
    }

    /// `Mari Example Jr.`
    pub fn in_words(&self) -> String {
        let given = self.given.as_deref();
        if let Some(given) = given
            && self.family.chars().all(is_cjk)
        {
            return format!("{} {given}", self.family);
        }
        let parts = [given, Some(&*self.family), self.suffix.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// `Example, Mari, Jr.`, as the first name of a bibliography's entry.
    pub fn family_first(&self) -> String {
        let parts = [
            Some(&*self.family),
            self.given.as_deref(),
            self.suffix.as_deref(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Scripts in which the family name comes first.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Whether a name of several words is an organisation's.
fn is_corporate(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(index, word)| {
        let plain = word
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        let article = index == 0 && matches!(plain.as_str(), "the" | "el" | "la" | "le");
        let joins = matches!(
            plain.as_str(),
            "of" | "for" | "the" | "and" | "on" | "" | "und" | "et"
        );
        let numbered = word.contains(|c: char| c.is_ascii_digit());
        article || joins || numbered || CORPORATE.contains(&plain.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let check = |name: &str, expected: &str| {
            let person = Person::parse(name);
            let given = person.given.as_deref().unwrap_or("–");
            let suffix = person
                .suffix
                .map_or(String::new(), |suffix| format!(" | {suffix}"));
            assert_eq!(
                format!("{} | {given}{suffix}", person.family),
                expected,
                "{name}"
            );
        };
        check("Mari Example", "Example | Mari");
        check("Mari A. B. Example", "Example | Mari A. B.");
        check("Example, Mari", "Example | Mari");
        check("Example, Mari, Jr.", "Example | Mari | Jr.");
        check("Mari Example Jr.", "Example | Mari | Jr.");
        check("Example, Jr.", "Example Jr. | –");
        check("Ursula von der Example", "von der Example | Ursula");
        check("Vincent van Example", "van Example | Vincent");
        check("Reuters", "Reuters | –");
        check("Associated Press", "Associated Press | –");
        check("Ministry of Examples", "Ministry of Examples | –");
        check(
            "U.S. Department of Examples",
            "U.S. Department of Examples | –",
        );
        check("United Nations", "United Nations | –");
        check("The Example Monitor", "The Example Monitor | –");
        check("{Example Wire}", "Example Wire | –");
        check("3rd Example Regiment", "3rd Example Regiment | –");
        check("山田太郎", "山田太郎 | –");
        check("山田 太郎", "山田 | 太郎");
        check("Al Example", "Example | Al");
        check("山田, 太郎", "山田 | 太郎");
        check("", " | –");
        check(",", " | –");
        check("Jr. III", "Jr. III | –");
    }

    #[test]
    fn names_in_words() {
        let person = Person::parse("Example, Mari, Jr.");
        assert_eq!(person.in_words(), "Mari Example Jr.");
        assert_eq!(person.family_first(), "Example, Mari, Jr.");
        assert_eq!(Person::parse("山田, 太郎").in_words(), "山田 太郎");
        assert_eq!(Person::parse("Reuters").family_first(), "Reuters");
    }
}
