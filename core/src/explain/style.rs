//! The ways in which programs write one and the same JSON.

use super::mistake::Kind;
use crate::event::Value;

/// White space between the signs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// None, as the sender and JavaScript write.
    Compact,
    /// Behind commas and colons, as Python writes.
    Spaced,
    /// Behind colons only.
    Colons,
    /// Each member in its own line, indented by so many spaces.
    Lines(usize),
    /// The same by tabs.
    Tabs,
}

/// Which letters of strings are written as `\u` escapes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unicode {
    Plain,
    Lower,
    Upper,
}

/// How a program writes JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Style {
    spacing: Spacing,
    slashes: bool,
    unicode: Unicode,
    html: bool,
    sorted: bool,
    newline: bool,
    /// Where a text is given up, in bytes.
    most: usize,
}

/// How many times longer than the body another writing of it may be: indented, and all letters escaped. White space before
/// each of ten thousand brackets within brackets would be without bound.
const MOST_TIMES: usize = 8;

/// What any body may grow to, in bytes.
const MOST_OF_SHORT: usize = 4096;

const PLAIN: Style = Style {
    spacing: Spacing::Compact,
    slashes: false,
    unicode: Unicode::Plain,
    html: false,
    sorted: false,
    newline: false,
    most: usize::MAX,
};

const SPACINGS: [Spacing; 6] =
    [Spacing::Compact, Spacing::Spaced, Spacing::Colons, Spacing::Lines(2), Spacing::Lines(4), Spacing::Tabs];

/// All styles, the plainest first.
fn styles() -> impl Iterator<Item = Style> {
    let flags = || [false, true].into_iter();
    flags().flat_map(move |sorted| {
        flags().flat_map(move |newline| {
            flags().flat_map(move |html| {
                [Unicode::Plain, Unicode::Lower, Unicode::Upper].into_iter().flat_map(move |unicode| {
                    flags().flat_map(move |slashes| {
                        SPACINGS.into_iter().map(move |spacing| Style {
                            spacing,
                            slashes,
                            unicode,
                            html,
                            sorted,
                            newline,
                            most: usize::MAX,
                        })
                    })
                })
            })
        })
    })
}

/// The text in every other style, each with what is different in the one it came in; the smallest differences first. Each is
/// written when it is asked for.
pub(super) fn rewritings<'t>(
    text: &'t str,
    value: &'t Value<'t>,
    thorough: bool,
) -> impl Iterator<Item = (Vec<Kind>, String)> + 't {
    let most = text.len().saturating_mul(MOST_TIMES).saturating_add(MOST_OF_SHORT);
    let mut found: Vec<(Vec<Kind>, Style)> = if thorough {
        let is_it = |style: &Style| Style { most: text.len(), ..*style }.write(value).is_some_and(|own| own == text);
        let came = styles().filter(|style| !style.sorted).find(is_it);
        styles().map(|style| (style.differences(came), style)).filter(|(kinds, _)| !kinds.is_empty()).collect()
    } else {
        vec![(vec![Kind::BodyJsonSpacing], PLAIN)]
    };
    found.sort_by_key(|(kinds, _)| kinds.len());
    found.into_iter().filter_map(move |(kinds, style)| {
        let written = Style { most, ..style }.write(value)?;
        (written != text).then_some((kinds, written))
    })
}

/// A member as the sender writes it.
pub(super) fn plain_member(name: &str, value: &Value<'_>) -> String {
    let mut out = String::new();
    PLAIN.string(name, &mut out);
    out.push(':');
    PLAIN.value(value, 1, &mut out);
    out
}

impl Style {
    /// What is different between this style and the one in which the text came. Of a text in no known style, white space
    /// and escapes are all that can differ.
    fn differences(self, came: Option<Style>) -> Vec<Kind> {
        let Some(came) = came else {
            let order = self.sorted.then_some(Kind::BodyJsonKeyOrder);
            return [Kind::BodyJsonSpacing].into_iter().chain(order).collect();
        };
        let differ = [
            (Kind::BodyJsonSpacing, self.spacing != came.spacing),
            (Kind::BodyNewlineAdded, came.newline && !self.newline),
            (Kind::BodyNewlineRemoved, self.newline && !came.newline),
            (Kind::BodyJsonSlashes, self.slashes != came.slashes),
            (Kind::BodyJsonUnicode, self.unicode != came.unicode),
            (Kind::BodyJsonHtml, self.html != came.html),
            (Kind::BodyJsonKeyOrder, self.sorted != came.sorted),
        ];
        differ.into_iter().filter_map(|(kind, differs)| differs.then_some(kind)).collect()
    }

    /// The text, unless it is longer than this style may write.
    fn write(self, value: &Value<'_>) -> Option<String> {
        let mut out = String::new();
        self.value(value, 1, &mut out);
        if self.newline {
            out.push('\n');
        }
        (out.len() <= self.most).then_some(out)
    }

    fn value(self, value: &Value<'_>, depth: usize, out: &mut String) {
        let inner = depth.saturating_add(1);
        match value {
            Value::Text(text) => self.string(text, out),
            Value::List(items) => {
                self.container(out, ['[', ']'], depth, items, |item, out| self.value(item, inner, out));
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if self.sorted {
                    members.sort_by(|one, other| one.0.cmp(&other.0));
                }
                self.container(out, ['{', '}'], depth, &members, |(name, value), out| {
                    self.string(name, out);
                    out.push_str(if self.spacing == Spacing::Compact { ":" } else { ": " });
                    self.value(value, inner, out);
                });
            }
            other => out.push_str(&other.to_json()),
        }
    }

    fn container<T>(
        self,
        out: &mut String,
        [open, close]: [char; 2],
        depth: usize,
        items: &[T],
        mut write: impl FnMut(&T, &mut String),
    ) {
        out.push(open);
        for (at, item) in items.iter().enumerate() {
            if out.len() > self.most {
                return;
            }
            if at > 0 {
                out.push(',');
            }
            self.space(out, depth, at > 0);
            write(item, out);
        }
        if !items.is_empty() {
            self.space(out, depth.saturating_sub(1), false);
        }
        out.push(close);
    }

    /// What stands before a member or the closing sign.
    fn space(self, out: &mut String, depth: usize, behind_comma: bool) {
        let mut line = |unit: &str| {
            out.push('\n');
            out.extend(std::iter::repeat_n(unit, depth));
        };
        match self.spacing {
            Spacing::Spaced if behind_comma => out.push(' '),
            Spacing::Compact | Spacing::Spaced | Spacing::Colons => {}
            Spacing::Lines(2) => line("  "),
            Spacing::Lines(_) => line("    "),
            Spacing::Tabs => line("\t"),
        }
    }

    fn string(self, text: &str, out: &mut String) {
        out.push('"');
        for letter in text.chars() {
            match letter {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '/' if self.slashes => out.push_str("\\/"),
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if self.html => self.escape(letter, out),
                ' '..='\u{7e}' => out.push(letter),
                _ if letter.is_ascii_control() && letter != '\u{7f}' => self.escape(letter, out),
                _ if self.unicode == Unicode::Plain || letter == '\u{7f}' => out.push(letter),
                _ => self.escape(letter, out),
            }
        }
        out.push('"');
    }

    fn escape(self, letter: char, out: &mut String) {
        use std::fmt::Write as _;
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = match self.unicode {
                Unicode::Upper => write!(out, "\\u{unit:04X}"),
                _ => write!(out, "\\u{unit:04x}"),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event;

    #[test]
    fn what_a_body_may_be_rewritten_to_is_bounded() {
        let text = ["[".repeat(31), vec!["1"; 2_000].join(","), "]".repeat(31)].concat();
        let value = event::read_value(&text).unwrap();
        let most = text.len() * MOST_TIMES + MOST_OF_SHORT;
        let lengths: Vec<usize> = rewritings(&text, &value, true).map(|(_, written)| written.len()).collect();
        assert!(!lengths.is_empty() && lengths.iter().all(|length| *length <= most), "{lengths:?}");
        let value = event::read_value(r#"{"a":[1,{"b":"/"}]}"#).unwrap();
        assert_eq!(rewritings(r#"{"a":[1,{"b":"/"}]}"#, &value, true).count(), 276);
    }
}
