//! The words that deny, by language.

use std::fmt;

use super::matching::is_unspaced;
use super::sense::is_hiragana;

/// How a language denies.
#[derive(Clone, Copy)]
pub struct Language(&'static Denials);

struct Denials {
    /// Primary subtags (BCP 47).
    tags: &'static [&'static str],
    /// Words of their own.
    words: &'static [&'static str],
    /// What a word that denies begins with.
    beginnings: &'static [&'static str],
    /// What a word that denies ends with; in scripts without spaces, what denies wherever it stands.
    endings: &'static [&'static str],
    /// Words that only look so, longer ones first.
    others: &'static [&'static str],
}

const SIGNS: [&str; 9] = ["不", "非", "無", "无", "未", "没", "沒", "안", "못"];

/// Words in which these signs deny nothing.
const OTHER_SIGNS: &[&str] = &[
    "非常",
    "未来",
    "未來",
    "不動産",
    "不断",
    "不仅",
    "不過",
    "不过",
    "無論",
    "无论",
    "無線",
    "没收",
    "沒收",
];

const PLAIN: Denials = Denials {
    tags: &[],
    words: &[],
    beginnings: &[],
    endings: &[],
    others: &[],
};

const LANGUAGES: [Denials; 11] = [
    Denials {
        tags: &["en"],
        words: &[
            "not", "no", "never", "none", "nor", "neither", "cannot", "without", "nobody",
            "nothing", "nowhere", "hardly", "barely", "scarcely", "rarely", "seldom", "few",
        ],
        endings: &["n't"],
        ..PLAIN
    },
    Denials {
        tags: &["de"],
        words: &[
            "nicht",
            "nichts",
            "nie",
            "niemals",
            "niemand",
            "niemanden",
            "niemandem",
            "nirgends",
            "kein",
            "keine",
            "keinen",
            "keinem",
            "keiner",
            "keines",
            "keinerlei",
            "weder",
            "ohne",
            "kaum",
        ],
        ..PLAIN
    },
    Denials {
        tags: &["fr"],
        words: &[
            "ne", "pas", "non", "jamais", "rien", "aucun", "aucune", "nul", "nulle", "ni", "sans",
            "guère",
        ],
        beginnings: &["n'"],
        ..PLAIN
    },
    Denials {
        tags: &["es"],
        words: &[
            "no", "nunca", "jamás", "nadie", "nada", "ni", "ningún", "ninguno", "ninguna", "sin",
            "tampoco", "apenas",
        ],
        ..PLAIN
    },
    Denials {
        tags: &["pt"],
        words: &[
            "não", "nunca", "jamais", "ninguém", "nada", "nem", "nenhum", "nenhuma", "sem",
            "tampouco",
        ],
        ..PLAIN
    },
    Denials {
        tags: &["it"],
        words: &[
            "non", "no", "mai", "nessun", "nessuno", "nessuna", "niente", "nulla", "né", "senza",
            "neanche", "nemmeno",
        ],
        beginnings: &["nessun'"],
        ..PLAIN
    },
    Denials {
        tags: &["nl"],
        words: &[
            "niet", "niets", "nooit", "niemand", "nergens", "geen", "zonder", "noch",
        ],
        ..PLAIN
    },
    Denials {
        tags: &["ru", "uk"],
        words: &[
            "не",
            "ни",
            "нет",
            "никогда",
            "никто",
            "ничего",
            "без",
            "ні",
            "немає",
            "ніколи",
        ],
        ..PLAIN
    },
    Denials {
        tags: &["ja"],
        words: &[],
        beginnings: &[],
        endings: &[
            "ない",
            "なかっ",
            "なけれ",
            "なく",
            "ません",
            "まい",
            "ず",
            "ざる",
            "不",
            "非",
            "無",
            "未",
            "没",
        ],
        others: &[
            "まもなく",
            "間もなく",
            "少なくとも",
            "あまり",
            "おのずと",
            "むずかし",
            "かかわらず",
            "必ず",
            "まず",
            "はず",
            "わずか",
            "いずれ",
            "ずつ",
            "ずっ",
            "ずれ",
            "うまい",
            "しまい",
            "お見舞い",
            "非常",
            "未来",
            "不動産",
            "無線",
            "無論",
        ],
    },
    Denials {
        tags: &["zh"],
        words: &[],
        beginnings: &[],
        endings: &[
            "不", "没", "沒", "无", "無", "未", "非", "别", "別", "勿", "莫",
        ],
        others: &[
            "对不起",
            "對不起",
            "非常",
            "未来",
            "未來",
            "特别",
            "特別",
            "区别",
            "區別",
            "个别",
            "個別",
            "差别",
            "差別",
            "分别",
            "分別",
            "级别",
            "級別",
            "性别",
            "性別",
            "别人",
            "別人",
            "别的",
            "別的",
            "不仅",
            "不僅",
            "不过",
            "不過",
            "不断",
            "不斷",
            "不少",
            "无论",
            "無論",
            "莫斯科",
            "非洲",
        ],
    },
    Denials {
        tags: &["ko"],
        words: &["안", "못"],
        beginnings: &[],
        endings: &["않", "없", "아니", "못하", "말라", "불가", "비핵"],
        others: &[],
    },
];

impl Default for Language {
    fn default() -> Self {
        Language(&LANGUAGES[0])
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.tags[0])
    }
}

impl Language {
    /// The language of a tag; one that is not known denies as English does.
    pub fn of(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or_default();
        let known = LANGUAGES.iter().find(|known| {
            known
                .tags
                .iter()
                .any(|tag| primary.eq_ignore_ascii_case(tag))
        });
        known.map_or_else(Language::default, Language)
    }

    /// Whether a word in lower case denies.
    pub(super) fn denies(self, lower: &str) -> bool {
        let Denials {
            words,
            beginnings,
            endings,
            ..
        } = self.0;
        if lower.starts_with(is_unspaced) {
            return words.contains(&lower) || self.denials_in(lower).next().is_some();
        }
        let bare = lower.strip_suffix("'s").unwrap_or(lower);
        words.contains(&bare)
            || beginnings
                .iter()
                .any(|beginning| lower.starts_with(beginning))
            || endings.iter().any(|ending| lower.ends_with(ending))
    }

    /// What denies in a run of a script without spaces.
    pub(super) fn denials_in(self, run: &str) -> impl Iterator<Item = &str> {
        let known = if run.contains(is_hiragana) {
            Language::of("ja")
        } else {
            self
        };
        let Denials {
            endings, others, ..
        } = known.0;
        let own = endings.iter().any(|ending| ending.starts_with(is_unspaced));
        let (signs, others) = if own {
            (*endings, *others)
        } else {
            (&SIGNS[..], OTHER_SIGNS)
        };
        let mut at = 0;
        std::iter::from_fn(move || {
            while let Some(next) = run[at..].chars().next() {
                let rest = &run[at..];
                let begins = |sign: &&&str| rest.starts_with(**sign);
                if let Some(other) = others.iter().find(begins) {
                    at += other.len();
                    continue;
                }
                if let Some(sign) = signs.iter().find(begins) {
                    let start = at;
                    at += sign.len();
                    return Some(&run[start..at]);
                }
                at += next.len_utf8();
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_denies_in_its_own_words() {
        let check = |tag, word, expected| {
            assert_eq!(Language::of(tag).denies(word), expected, "{tag} {word}");
        };
        check("en", "not", true);
        check("en", "don't", true);
        check("en", "nobody's", true);
        check("en", "kein", false);
        check("en-GB", "no", true);
        check("de", "keinen", true);
        check("de-CH", "nicht", true);
        check("de", "not", false);
        check("fr", "n'a", true);
        check("fr", "pas", true);
        check("es", "sin", true);
        check("en", "sin", false);
        check("ru", "не", true);
        check("ko", "없다", true);
        check("eo", "not", true);
    }

    #[test]
    fn scripts_without_spaces_deny_within_a_run() {
        let check = |tag, run, expected: &[&str]| {
            let found: Vec<&str> = Language::of(tag).denials_in(run).collect();
            assert_eq!(found, expected, "{tag} {run}");
        };
        check("ja", "計画は変わらない", &["ない"]);
        check("ja", "参加しません", &["ません"]);
        check("ja", "名前を言わずに", &["ず"]);
        check("ja", "まず、必ず行くはずです", &[]);
        check("ja", "少なくとも非常に静かな", &[]);
        check("zh", "部队不会离开", &["不"]);
        check("zh", "没有特别的计划", &["没"]);
        check("en", "計画は変わらなかった", &["なかっ"]);
        check("en", "非常に", &[]);
    }
}
