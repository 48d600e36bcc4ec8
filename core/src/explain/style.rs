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
}

const PLAIN: Style = Style {
    spacing: Spacing::Compact,
    slashes: false,
    unicode: Unicode::Plain,
    html: false,
    sorted: false,
    newline: false,
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
                        })
                    })
                })
            })
        })
    })
}

/// The text in every other style, each with what is different in the one it came in; the smallest differences first.
pub(super) fn rewritings(text: &str, value: &Value<'_>, thorough: bool) -> Vec<(Vec<Kind>, String)> {
    if !thorough {
        return vec![(vec![Kind::BodyJsonSpacing], PLAIN.write(value))];
    }
    let came = styles().filter(|style| !style.sorted).find(|style| style.write(value) == text);
    let mut found: Vec<(Vec<Kind>, String)> = styles()
        .map(|style| (style.differences(came), style.write(value)))
        .filter(|(kinds, written)| written != text && !kinds.is_empty())
        .collect();
    found.sort_by_key(|(kinds, _)| kinds.len());
    found
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

    fn write(self, value: &Value<'_>) -> String {
        let mut out = String::new();
        self.value(value, 1, &mut out);
        if self.newline {
            out.push('\n');
        }
        out
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
