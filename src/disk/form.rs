//! What a file is that was saved among texts and is none.

/// A kind of file that is often taken for a text.
pub(super) struct Form {
    /// What it is.
    pub(super) name: &'static str,
    /// What makes a text of it.
    pub(super) help: &'static str,
}

/// By what the files of each kind begin with.
const FORMS: [(&[u8], Form); 5] = [
    (
        b"{\\rtf",
        Form {
            name: "an RTF document",
            help: "save it as plain text (in TextEdit: Format > Make Plain Text) or as a web page",
        },
    ),
    (
        b"PK\x03\x04",
        Form {
            name: "a packed file, such as a word processor's document (.docx, .odt, .pages)",
            help: "open it in its program, and save it as plain text or as a web page",
        },
    ),
    (
        b"\xd0\xcf\x11\xe0",
        Form {
            name: "a document of an older word processor (.doc)",
            help: "open it in its program, and save it as plain text or as a web page",
        },
    ),
    (
        b"%PDF",
        Form {
            name: "a PDF",
            help: "save or copy its text into a .txt file",
        },
    ),
    (
        b"bplist00",
        Form {
            name: "a web archive of Safari",
            help: "save the page as “Page Source” instead",
        },
    ),
];

/// What a file is that is no text; nothing where its first bytes do not tell.
pub(super) fn of(bytes: &[u8]) -> Option<&'static Form> {
    let mut forms = FORMS.iter();
    let found = forms.find(|(start, _)| bytes.starts_with(start))?;
    Some(&found.1)
}
