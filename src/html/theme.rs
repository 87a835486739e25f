//! The theme: the one that is built in, overridden file by file by the book's own.

use std::io;

use tera::{Context, ErrorKind, Tera};

use super::markup::{entity, is_sign, position};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Lint};
use crate::source::{SitePath, Sources, Span};

macro_rules! built_in {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../themes/brief/", $path)).as_slice())),*]
    };
}

/// The files of the theme `brief`, by path below its folder.
const BUILT_IN: &[(&str, &[u8])] = built_in![
    "templates/404.html",
    "templates/article.html",
    "templates/base.html",
    "templates/chapter.html",
    "templates/claims.html",
    "templates/feed.xml",
    "templates/glossary.html",
    "templates/index.html",
    "templates/parts.html",
    "templates/print.html",
    "templates/redirect.html",
    "templates/sitemap.xml",
    "templates/sources.html",
    "templates/tag.html",
    "templates/term.html",
    "templates/timeline.html",
    "static/style.css",
    "static/code.css",
    "static/scheme.js",
    "static/moved.js",
    "static/fonts/OFL.txt",
    "static/fonts/libertinus-serif-regular.woff2",
    "static/fonts/libertinus-serif-italic.woff2",
    "static/fonts/libertinus-serif-semibold.woff2",
];

/// Templates and static files.
pub(super) struct Theme<'s> {
    tera: Tera,
    folder: String,
    sources: &'s Sources,
}

/// A static file of the theme.
pub(super) enum Static {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// A file of the book.
    File(String),
}

/// Most pages are shorter, in bytes.
const USUAL_PAGE: usize = 32 * 1024;

/// Escapes what Tera escapes, without a call for each byte.
fn escape(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let mut rest = text;
    while let Some(at) = position(rest, is_sign_or_apostrophe) {
        out.write_all(&rest.as_bytes()[..at])?;
        out.write_all(entity(rest.as_bytes()[at]).as_bytes())?;
        rest = &rest[at + 1..];
    }
    out.write_all(rest.as_bytes())
}

#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches the compiler looks at many bytes at once"
)]
fn is_sign_or_apostrophe(byte: u8) -> bool {
    is_sign(byte) | (byte == b'\'')
}

impl<'s> Theme<'s> {
    /// Loads a theme; reports every template that is wrong.
    pub(super) fn load(config: &Config, sources: &'s Sources) -> (Self, Vec<Diagnostic>) {
        let name = config.theme.as_str();
        let folder = format!("themes/{name}");
        let mut theme = Theme {
            tera: Tera::new(),
            folder,
            sources,
        };
        theme.tera.set_escape_fn(escape);
        let mut templates: std::collections::BTreeMap<String, String> = BUILT_IN
            .iter()
            .filter_map(|(path, bytes)| {
                let name = path.strip_prefix("templates/")?;
                Some((name.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
            })
            .collect();
        let prefix = format!("{}/templates/", theme.folder);
        for (_, file) in sources.files() {
            if let Some(name) = file.path.strip_prefix(&prefix) {
                templates.insert(name.to_owned(), file.text.to_string());
            }
        }
        let added = theme.tera.add_raw_templates(templates);
        let mut diagnostics: Vec<Diagnostic> = added
            .err()
            .map(|error| theme.problem(&error))
            .into_iter()
            .collect();
        if name != "brief" && !theme.exists() {
            let message = format!("the book has no theme `{name}`");
            let problem = Diagnostic::maybe_at(Lint::ThemeError, config.places.theme, message);
            diagnostics.push(problem.help(format!(
                "make the folder `themes/{name}`, or write `theme = \"brief\"`"
            )));
        }
        (theme, diagnostics)
    }

    fn exists(&self) -> bool {
        let prefix = format!("{}/", self.folder);
        self.sources
            .files()
            .any(|(_, file)| file.path.starts_with(&prefix))
            || self
                .sources
                .assets()
                .keys()
                .any(|path| path.starts_with(&prefix))
    }

    /// Renders a template with what every page gets and what this one gets.
    pub(super) fn render(
        &self,
        template: &str,
        shared: &Context,
        own: Context,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut context = shared.clone();
        context.extend(own);
        let mut page = Vec::with_capacity(USUAL_PAGE);
        match self.tera.render_to(template, &context, &mut page) {
            Ok(()) => Ok(page),
            Err(error) => Err(Box::new(self.problem(&error))),
        }
    }

    /// The static files, by path below the site's root.
    pub(super) fn statics(&self) -> Vec<(SitePath, Static)> {
        let mut statics = std::collections::BTreeMap::new();
        for (path, bytes) in BUILT_IN {
            if path.starts_with("static/") {
                statics.insert((*path).to_owned(), Static::Bytes(bytes.to_vec()));
            }
        }
        let prefix = format!("{}/", self.folder);
        let below = |path: &str| {
            let path = path.strip_prefix(&prefix)?;
            path.starts_with("static/").then(|| path.to_owned())
        };
        for (_, file) in self.sources.files() {
            if let Some(path) = below(&file.path) {
                statics.insert(path, Static::Bytes(file.text.as_bytes().to_vec()));
            }
        }
        for file in self.sources.assets().keys() {
            if let Some(path) = below(file) {
                statics.insert(path, Static::File(file.clone()));
            }
        }
        statics
            .into_iter()
            .filter_map(|(path, file)| Some((SitePath::new(path)?, file)))
            .collect()
    }

    /// A template's mistake, located where the template is a file of the book.
    fn problem(&self, error: &tera::Error) -> Diagnostic {
        let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind()
        else {
            return Diagnostic::of_book(
                Lint::ThemeError,
                format!("the theme's templates: {error}"),
            );
        };
        let path = format!("{}/templates/{}", self.folder, report.filename());
        match self.sources.find(&path) {
            Some(file) => {
                let span = Span::new(file, report.span().range.clone());
                Diagnostic::new(Lint::ThemeError, span, report.message())
            }
            None => Diagnostic::of_book(Lint::ThemeError, format!("{path}: {}", report.message())),
        }
    }
}
