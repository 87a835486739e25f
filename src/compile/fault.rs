//! What keeps a file from being read: what the system said of it, a merge that nobody has settled, an encoding that is none.

use memchr::{memchr, memmem};

use crate::lock;
use crate::source::{Blame, Fault, File};

/// The fault of a file, if it has one; an article is a source, which may be garbled and be right.
pub(super) fn fault(file: &File, is_article: bool) -> Option<Fault> {
    let undecided = || {
        let at = line_beginning_with(&file.text, "<<<<<<< ")?;
        line_beginning_with(&file.text[at..], ">>>>>>> ")?;
        Some(Fault {
            message: "two versions of this file were merged, and which one holds is not decided".into(),
            help: "from here to the line `>>>>>>>`, keep one of the two texts, or both where each side has added something, and take out the lines `<<<<<<<`, `=======`, `>>>>>>>`".into(),
            at: at..at + 7,
            blame: Blame::Book,
        })
    };
    let left_over = || {
        let marks = ["<<<<<<< ", "||||||| ", ">>>>>>> "];
        let at = marks
            .iter()
            .find_map(|mark| line_beginning_with(&file.text, mark))?;
        Some(Fault {
            message: "this line of a merge of two versions is left over".into(),
            help: "take it out, and a line `=======` with it, after a look at what stands round it"
                .into(),
            at: at..at + 7,
            blame: Blame::Book,
        })
    };
    let of_old = || {
        let has = |end| memchr(end, file.text.as_bytes()).is_some();
        let is_old = has(b'\r') && !has(b'\n');
        is_old.then(|| Fault {
            message: "the lines of this file end as those of old Macintosh computers do".into(),
            help: "save it with line ends of Unix (LF) or Windows (CRLF)".into(),
            at: 0..0,
            blame: Blame::Book,
        })
    };
    // What is cited is cited with this sign.
    let garbled = || {
        let at = memmem::find(file.text.as_bytes(), "Â¶".as_bytes())?;
        Some(Fault {
            message: "this file was saved in one encoding and opened in another: `Â¶` was `¶`".into(),
            help: "take it back from version control; or save it as Windows-1252 (“ANSI”), and open that as UTF-8".into(),
            at: at..at + "Â¶".len(),
            blame: Blame::Book,
        })
    };
    // The lock says itself how it is rebuilt: nobody can choose among its lines.
    let merged = || {
        (file.path != lock::PATH)
            .then(|| undecided().or_else(left_over))
            .flatten()
    };
    let fault = file.fault.clone().or_else(merged).or_else(of_old);
    fault.or_else(|| (!is_article).then(garbled).flatten())
}

fn line_beginning_with(text: &str, mark: &str) -> Option<usize> {
    let mut places = memmem::find_iter(text.as_bytes(), mark);
    places.find(|at| *at == 0 || text[..*at].ends_with('\n'))
}
