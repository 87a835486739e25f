//! Where cited words stand in the page that a source was taken from (WICG, URL Fragment Text Directives).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Edition;
use crate::markdown::Content;
use crate::reference::QUOTATION_MARKS;
use crate::verify::Cited;

/// What may stand in a text directive as it is; `-`, `,` and `&` have a meaning there.
const DIRECTIVE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'~');

/// A passage of more words is named by as many at its beginning and at its end as make half of them.
const MOST_WORDS: usize = 12;

/// Words without spaces between them are not cut; a passage of more bytes is not looked for.
const MOST_BYTES: usize = 600;

impl Edition<'_> {
    /// The original page of what is cited, opened at the cited words: the quotation's, or else the first paragraph's.
    pub(super) fn original(&self, cited: &Cited) -> Option<String> {
        let article = &self.book.articles[cited.source()?];
        let url = article.front.url.as_deref()?;
        let quoted = self.verifier.passages(cited).into_iter().next();
        let (number, range) = match quoted {
            Some((number, range)) => (number, Some(range)),
            None => (*cited.paragraphs().first()?, None),
        };
        let paragraph = article.document.paragraph(number)?;
        let text = paragraph.prose.text.text.as_str();
        let words = match (range, &paragraph.content) {
            (Some(range), _) => text.get(range)?,
            (None, Content::Running) => text,
            // Words are found within one block, and a table's cells are many.
            (None, Content::Table(_) | Content::Code { .. } | Content::Image(_)) => return None,
        };
        Some(with_directive(url, &directive(words)?))
    }
}

/// `words` or `first words,last words`, encoded.
fn directive(passage: &str) -> Option<String> {
    // Which marks the original has round the words is not known: they differ in typography.
    let passage = passage.trim_matches(QUOTATION_MARKS);
    let words: Vec<&str> = passage.split_whitespace().collect();
    let encoded = |words: &[&str]| utf8_percent_encode(&words.join(" "), DIRECTIVE).to_string();
    let directive = if words.len() > MOST_WORDS {
        let half = MOST_WORDS / 2;
        format!(
            "{},{}",
            encoded(&words[..half]),
            encoded(&words[words.len() - half..])
        )
    } else {
        encoded(&words)
    };
    (!words.is_empty() && directive.len() <= MOST_BYTES).then_some(directive)
}

/// The address with the directive behind the element that it may name; in the place of another directive, whose words
/// the browser would show first.
fn with_directive(url: &str, directive: &str) -> String {
    let page = url.split_once(":~:").map_or(url, |(page, _)| page);
    let sign = if page.contains('#') { "" } else { "#" };
    format!("{page}{sign}:~:text={directive}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_name_the_words() {
        let check =
            |words, expected: Option<&str>| assert_eq!(directive(words).as_deref(), expected);
        check("two piers", Some("two%20piers"));
        check("a-b, c & d", Some("a%2Db%2C%20c%20%26%20d"));
        check(
            "“港は\n二つ”",
            Some("%E6%B8%AF%E3%81%AF%20%E4%BA%8C%E3%81%A4"),
        );
        let long = "one two three four five six seven eight nine ten eleven twelve thirteen";
        let ends =
            "one%20two%20three%20four%20five%20six,eight%20nine%20ten%20eleven%20twelve%20thirteen";
        check(long, Some(ends));
        check(" ", None);
        check(&"港".repeat(200), None);
    }

    #[test]
    fn the_element_of_an_address_stays_and_its_directive_does_not() {
        let check = |url, expected| assert_eq!(with_directive(url, "x"), expected);
        check("https://a.example/b?c", "https://a.example/b?c#:~:text=x");
        check("https://a.example/#s", "https://a.example/#s:~:text=x");
        check("https://a.example/#", "https://a.example/#:~:text=x");
        check(
            "https://a.example/#s:~:text=y",
            "https://a.example/#s:~:text=x",
        );
        check(
            "https://a.example/#:~:text=y&text=z",
            "https://a.example/#:~:text=x",
        );
    }
}
