//! What a page gets when it is served, and only then: the client script, and leave for it in the page's policy.

use crate::html::Markup;
use crate::source::SitePath;

/// What the client script of a page is told.
#[derive(Clone, Debug)]
pub(super) struct Dress {
    /// Tells the page's bytes from others.
    pub(super) tag: String,
    /// The name of the pages' state.
    pub(super) pages: String,
    /// The name of the style sheets' state.
    pub(super) styles: String,
    /// Whether there is an editor to open.
    pub(super) editor: bool,
}

/// The sources that a page needs to be followed, by directive.
const NEEDS: [&str; 3] = ["script-src", "style-src", "connect-src"];

/// A page with the client script in its head.
pub(super) fn dressed(page: &str, dress: &Dress) -> String {
    let page = with_relaxed_policy(page);
    let script = script(dress);
    match find(&page, "</head>") {
        Some(at) => format!("{}{}{}", &page[..at], script.as_str(), &page[at..]),
        None => page + script.as_str(),
    }
}

/// A page whose links start at the preview's root, at whatever address it is served. Of several `<base>` the first counts.
pub(super) fn based(page: &str) -> String {
    let page = match policy(page) {
        Some(range) => {
            let policy = permit(&page[range.clone()], "base-uri");
            format!("{}{policy}{}", &page[..range.start], &page[range.end..])
        }
        None => page.to_owned(),
    };
    let Some(at) = find(&page, "<head>").map(|at| at + "<head>".len()) else {
        return page;
    };
    // A relative link before a <base> would not be led by it.
    format!("{}\n<base href=\"/\">{}", &page[..at], &page[at..])
}

/// Why there is no page to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reason {
    /// There has been no good state of the book yet.
    NoBook,
    /// The theme cannot show this page.
    Theme,
}

/// What is shown where there is no page to show: what is wrong, as printed.
pub(super) fn stand_in(reason: Reason, problems: &str) -> String {
    let (title, words) = match reason {
        Reason::NoBook => (
            "Nothing to show yet",
            "The book has errors. Mend them, and it appears here.",
        ),
        Reason::Theme => (
            "This page cannot be shown",
            "The theme has a mistake. Mend it, and the page appears here.",
        ),
    };
    let mut page = Markup::new();
    page.raw(concat!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
        "<meta http-equiv=\"Content-Security-Policy\" ",
        "content=\"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'\">\n",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
        "<meta name=\"color-scheme\" content=\"light dark\">\n",
        "<link rel=\"icon\" href=\"data:,\">\n",
    ));
    page.raw("<title>")
        .raw(title)
        .raw(" · Pincite</title>\n</head>\n");
    page.raw("<body class=\"_pincite-stand-in\">\n<main>\n<h1>");
    page.raw(title)
        .raw("</h1>\n<p>")
        .raw(words)
        .raw("</p>\n<pre>");
    page.text(problems)
        .raw("</pre>\n</main>\n</body>\n</html>\n");
    page.as_str().to_owned()
}

/// Whether a file could run scripts in the name of this site when it is opened.
pub(super) fn is_active(path: &SitePath) -> bool {
    let ending = path
        .as_str()
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending);
    let active = [
        "html", "htm", "xhtml", "xht", "svg", "xml", "xsl", "xslt", "shtml", "mht", "mhtml",
    ];
    active
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending))
}

fn script(dress: &Dress) -> Markup {
    let mut script = Markup::new();
    script.raw("<link rel=\"stylesheet\" href=\"/_pincite/client.css\">\n");
    script
        .raw("<script src=\"/_pincite/client.js\" defer data-tag=\"")
        .text(&dress.tag);
    script.raw("\" data-pages=\"").text(&dress.pages);
    script.raw("\" data-styles=\"").text(&dress.styles);
    script.raw(if dress.editor { "\" data-editor" } else { "\"" });
    script.raw("></script>\n");
    script
}

fn with_relaxed_policy(page: &str) -> String {
    let Some(range) = policy(page) else {
        return page.to_owned();
    };
    let relaxed = NEEDS
        .iter()
        .fold(page[range.clone()].to_owned(), |policy, need| {
            permit(&policy, need)
        });
    format!("{}{relaxed}{}", &page[..range.start], &page[range.end..])
}

/// A content security policy that lets `directive` reach this server, and is else as it was.
fn permit(policy: &str, directive: &str) -> String {
    let mut directives: Vec<Vec<&str>> = policy
        .split(';')
        .map(|directive| directive.split_whitespace().collect())
        .filter(|words: &Vec<&str>| !words.is_empty())
        .collect();
    let index = |directives: &[Vec<&str>], name: &str| {
        directives
            .iter()
            .position(|words| words[0].eq_ignore_ascii_case(name))
    };
    let at = match index(&directives, directive) {
        Some(at) => at,
        // What falls back on `default-src` keeps what that allows.
        None if directive.ends_with("-src") => {
            let Some(fallback) = index(&directives, "default-src") else {
                return policy.to_owned();
            };
            let mut words = directives[fallback].clone();
            words[0] = directive;
            directives.push(words);
            directives.len() - 1
        }
        None => return policy.to_owned(),
    };
    let words = &mut directives[at];
    if !words.contains(&"'self'") {
        words.retain(|word| !word.eq_ignore_ascii_case("'none'"));
        words.push("'self'");
    }
    let joined: Vec<String> = directives.iter().map(|words| words.join(" ")).collect();
    joined.join("; ")
}

/// Where the content of the page's policy stands.
fn policy(page: &str) -> Option<std::ops::Range<usize>> {
    let head = &page[..find(page, "</head>").unwrap_or(page.len())];
    let name = find(head, "content-security-policy")?;
    let start = head[..name].rfind('<')?;
    let tag = &head[start..];
    let content = start + find(tag, "content=")? + "content=".len();
    let quote = head[content..]
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = content + 1;
    let length = head[inner..].find(quote)?;
    Some(inner..inner + length)
}

/// Where a piece of markup stands, in whatever case.
fn find(page: &str, ascii: &str) -> Option<usize> {
    let mut windows = page.as_bytes().windows(ascii.len());
    windows.position(|window| window.eq_ignore_ascii_case(ascii.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_relaxed_by_what_is_needed() {
        let check = |policy: &str, expected: &str| {
            let page = format!(
                "<head><META content=\"{policy}\" http-equiv=Content-Security-Policy></head>"
            );
            let relaxed = with_relaxed_policy(&page);
            assert!(relaxed.contains(&format!("\"{expected}\"")), "{relaxed}");
        };
        check(
            "default-src 'none'; style-src 'self'; base-uri 'none'",
            "default-src 'none'; style-src 'self'; base-uri 'none'; script-src 'self'; connect-src 'self'",
        );
        check(
            "default-src 'self' data:; script-src 'none'",
            "default-src 'self' data:; script-src 'self'; style-src 'self' data:; connect-src 'self' data:",
        );
        check("img-src 'self'", "img-src 'self'");
        check("script-src 'self'", "script-src 'self'");
    }

    #[test]
    fn a_page_without_policy_or_head_is_dressed_too() {
        let dress = Dress {
            tag: "\"><b>".into(),
            pages: "r-1".into(),
            styles: "r-1".into(),
            editor: true,
        };
        let page = dressed("<h1>Bare</h1>", &dress);
        assert!(page.starts_with("<h1>Bare</h1><link"), "{page}");
        assert!(page.contains("data-tag=\"&quot;&gt;&lt;b&gt;\""), "{page}");
        assert!(page.contains("data-editor></script>"), "{page}");
    }

    #[test]
    fn a_stand_in_escapes_what_is_wrong() {
        assert!(
            stand_in(Reason::NoBook, "<script>alert(1)</script>")
                .contains("<pre>&lt;script&gt;alert(1)")
        );
    }
}
