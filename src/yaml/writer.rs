//! Texts as YAML that reads back as the very same text.

/// A scalar on one line: as it is where that is safe, else in double quotation marks. It may stand in a flow list.
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A scalar in double quotation marks, on one line.
pub fn quoted(text: &str) -> String {
    let quoted: String = text.chars().map(escaped).collect();
    format!("\"{quoted}\"")
}

/// A text as a block after `|`, its lines indented; none where a block cannot hold it. White space round it is left out.
pub fn block(text: &str, indent: usize) -> Option<String> {
    let text = text.trim();
    let unsafe_in_block = |c: char| c != '\n' && (c == '\u{85}' || needs_escape(c));
    if text.is_empty() || text.contains(unsafe_in_block) {
        return None;
    }
    let lines = text.split('\n').map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("{:indent$}{line}\n", ""),
    });
    Some(format!("|\n{}", lines.collect::<String>()))
}

/// Words and the few signs that mean nothing to YAML wherever they stand; dates.
fn is_plain(text: &str) -> bool {
    /// What YAML, in one version or another, takes for something else than a word.
    const TAKEN: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let safe = |c: char| c.is_alphanumeric() || " _./+()’–—-".contains(c);
    let is_date = |text: &str| {
        text.len() <= 21 && text.chars().all(|c| c.is_ascii_digit() || "-/".contains(c))
    };
    let is_number = |text: &str| text.len() > 4 && text.bytes().all(|b| b.is_ascii_digit());
    let is_words = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(safe)
        && !TAKEN.contains(&text.to_lowercase().as_str());
    is_words || (text.starts_with(|c| matches!(c, '1'..='9')) && is_date(text) && !is_number(text))
}

fn escaped(c: char) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        c if needs_escape(c) => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    }
}

fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}
