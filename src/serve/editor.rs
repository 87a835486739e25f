//! The author's editor, opened at a line.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// A command line with `{file}` and `{line}` in it, cut into words as a shell would, and run without one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Editor {
    words: Vec<String>,
}

impl Editor {
    /// Reads a command line such as `code -g {file}:{line}`.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub fn parse(line: &str) -> Result<Self, String> {
        let words = shell_words::split(line)
            .map_err(|_| format!("the editor `{line}` has a quotation mark that is not closed"))?;
        let program = words.first().ok_or("the editor is an empty text")?;
        if program.contains("{file}") || !words.iter().any(|word| word.contains("{file}")) {
            return Err(format!(
                "the editor `{line}` is not told the file: write `{{file}}` where it goes"
            ));
        }
        Ok(Editor { words })
    }

    /// The words of the command for a place.
    fn words(&self, file: &Path, line: usize) -> Vec<String> {
        let file = file.to_string_lossy();
        let line = line.to_string();
        // The line first: a file's name may hold `{line}`.
        let fill = |word: &String| word.replace("{line}", &line).replace("{file}", &file);
        self.words.iter().map(fill).collect()
    }

    /// Starts the editor and does not wait for it.
    pub(super) fn open(&self, file: &Path, line: usize) -> io::Result<()> {
        let words = self.words(file, line);
        let mut child = Command::new(&words[0])
            .args(&words[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Whoever starts a process takes note of its end.
        thread::spawn(move || child.wait());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_single_arguments() {
        let editor = Editor::parse("'my editor' -g '{file}':{line}").unwrap();
        let words = editor.words(Path::new("/b/a; rm -rf {line} \"$HOME\".md"), 12);
        assert_eq!(
            words,
            ["my editor", "-g", "/b/a; rm -rf {line} \"$HOME\".md:12"]
        );
    }

    #[test]
    fn an_editor_is_told_the_file() {
        for bad in ["", "code", "code {line}", "code '{file}", "{file}"] {
            assert!(Editor::parse(bad).is_err(), "{bad}");
        }
    }
}
