//! Reads one JSON object by rules stricter than RFC 8259 asks for, over `serde_json`.
//!
//! Two parsers must never read one token in two ways, so a text that any of them could read differently is refused:
//! a name that stands twice in one object after unescaping, a lone surrogate, a number beyond a double, bytes that are
//! not UTF-8, and depth or width that only an attack needs. Unknown members are visited with the same care as known
//! ones, and then skipped.
//!
//! A genuine token costs no allocation here: strings with escapes are unescaped into the second half of the caller's
//! buffer, which has room for all of them, since an unescaped string is never longer than its source.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::limits::{MAX_JSON_DEPTH, MAX_JSON_MEMBERS};

/// The text is not one JSON object by our rules. Carries nothing: its text could hold token bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault;

/// What a wanted member of the object is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Slot {
    /// It does not stand in the object.
    #[default]
    Absent,
    /// A string, at this place of the buffer.
    Text(Span),
    /// An integer without fraction or exponent that fits.
    Integer(i64),
    /// Anything else, `null` too.
    Other,
}

/// A place in a buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    len: u32,
}

impl Span {
    pub(crate) fn new(start: usize, len: usize) -> Option<Span> {
        Some(Span { start: u32::try_from(start).ok()?, len: u32::try_from(len).ok()? })
    }

    /// The bytes of this span in the buffer that was read; empty for another, shorter buffer.
    pub(crate) fn of(self, buffer: &[u8]) -> &[u8] {
        let start = usize::try_from(self.start).unwrap_or(usize::MAX);
        let len = usize::try_from(self.len).unwrap_or(usize::MAX);
        buffer.get(start..start.saturating_add(len)).unwrap_or_default()
    }
}

/// Reads the object in the first half of `buffer` and says what its members named in `names` are. Spans point into
/// the whole buffer.
///
/// `len` is the length of the text; the buffer must be at least twice as long.
pub(crate) fn read<const N: usize>(buffer: &mut [u8], len: usize, names: &[&str; N]) -> Result<[Slot; N], Fault> {
    let (text, arena) = buffer.split_at_mut_checked(len).ok_or(Fault)?;
    let text = std::str::from_utf8(text).map_err(|_| Fault)?;
    let mut store = Store { text, arena, used: 0 };
    let mut slots = [Slot::Absent; N];
    let mut reader = serde_json::Deserializer::from_str(text);
    let top = Object { depth: 1, store: &mut store, names, slots: &mut slots };
    reader.deserialize_map(top).map_err(|_| Fault)?;
    reader.end().map_err(|_| Fault)?;
    Ok(slots)
}

/// The text, and the room for its unescaped strings.
struct Store<'de, 'a> {
    text: &'de str,
    arena: &'a mut [u8],
    used: usize,
}

impl<'de> Store<'de, '_> {
    /// Where a string without escapes stands in the text.
    fn borrowed<E: Error>(&self, text: &'de str) -> Result<Span, E> {
        let start = text.as_ptr().addr().checked_sub(self.text.as_ptr().addr());
        start.and_then(|start| Span::new(start, text.len())).ok_or_else(|| E::custom("room"))
    }

    /// Keeps an unescaped string.
    fn unescaped<E: Error>(&mut self, text: &str) -> Result<Span, E> {
        self.keep(text).ok_or_else(|| E::custom("room"))
    }

    fn keep(&mut self, text: &str) -> Option<Span> {
        let end = self.used.checked_add(text.len())?;
        self.arena.get_mut(self.used..end)?.copy_from_slice(text.as_bytes());
        let span = Span::new(self.text.len().checked_add(self.used)?, text.len());
        self.used = end;
        span
    }

    fn get(&self, span: Span) -> &[u8] {
        let start = usize::try_from(span.start).unwrap_or(usize::MAX);
        match start.checked_sub(self.text.len()) {
            None => span.of(self.text.as_bytes()),
            Some(start) => Span::new(start, 0)
                .map(|moved| Span { len: span.len, ..moved })
                .map_or(&[][..], |moved| moved.of(self.arena)),
        }
    }
}

/// The names of one object that nobody asked for, so far. (A wanted name that stands twice is seen by its slot.)
#[derive(Default)]
struct Names {
    first: [Span; 8],
    more: Vec<Span>,
    count: usize,
}

impl Names {
    fn insert<E: Error>(&mut self, name: Span, store: &Store<'_, '_>) -> Result<(), E> {
        let seen = self.first.iter().take(self.count).chain(&self.more);
        let text = store.get(name);
        if seen.into_iter().any(|other| other.len == name.len && store.get(*other) == text) {
            return Err(E::custom("a name stands twice"));
        }
        match self.first.get_mut(self.count) {
            Some(free) => *free = name,
            None => self.more.push(name),
        }
        self.count = self.count.saturating_add(1);
        Ok(())
    }
}

/// An object at this depth, of which the members named in `names` are kept.
struct Object<'s, 'de, 'a, 'n> {
    depth: usize,
    store: &'s mut Store<'de, 'a>,
    names: &'n [&'n str],
    slots: &'n mut [Slot],
}

impl<'de> Visitor<'de> for Object<'_, 'de, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let depth = deeper(self.depth)?;
        let mut names = Names::default();
        let mut members = 0_usize;
        while let Some(member) = map.next_key_seed(Name { store: self.store, wanted: self.names })? {
            members = members.saturating_add(1);
            if members > MAX_JSON_MEMBERS {
                return Err(A::Error::custom("too many members"));
            }
            let value = map.next_value_seed(Value { depth, store: self.store })?;
            match member {
                Member::Unknown(name) => names.insert(name, self.store)?,
                Member::Wanted(at) => match self.slots.get_mut(at) {
                    Some(slot @ Slot::Absent) => *slot = value,
                    _ => return Err(A::Error::custom("a name stands twice")),
                },
            }
        }
        Ok(())
    }
}

/// The depth of what stands in a container of this depth, if such a container may be.
fn deeper<E: Error>(depth: usize) -> Result<usize, E> {
    if depth > MAX_JSON_DEPTH { Err(E::custom("too deep")) } else { Ok(depth.saturating_add(1)) }
}

/// A member by its name, unescaped.
enum Member {
    /// The one with this number among the wanted names.
    Wanted(usize),
    /// One that nobody asked for.
    Unknown(Span),
}

/// Reads the name of a member.
struct Name<'s, 'de, 'a, 'n> {
    store: &'s mut Store<'de, 'a>,
    wanted: &'n [&'n str],
}

impl Name<'_, '_, '_, '_> {
    fn wanted(&self, text: &str) -> Option<Member> {
        self.wanted.iter().position(|wanted| *wanted == text).map(Member::Wanted)
    }
}

impl<'de> DeserializeSeed<'de> for Name<'_, 'de, '_, '_> {
    type Value = Member;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Member, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name<'_, 'de, '_, '_> {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Member, E> {
        self.wanted(text).map_or_else(|| self.store.borrowed(text).map(Member::Unknown), Ok)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Member, E> {
        self.wanted(text).map_or_else(|| self.store.unescaped(text).map(Member::Unknown), Ok)
    }
}

/// Any value; `depth` is what a container here would have.
struct Value<'s, 'de, 'a> {
    depth: usize,
    store: &'s mut Store<'de, 'a>,
}

impl<'de> DeserializeSeed<'de> for Value<'_, 'de, '_> {
    type Value = Slot;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Slot, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, 'de, '_> {
    type Value = Slot;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Slot, E> {
        Ok(Slot::Other)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Slot, E> {
        Ok(Slot::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Slot, E> {
        Ok(i64::try_from(number).map_or(Slot::Other, Slot::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Slot, E> {
        Ok(Slot::Other)
    }

    fn visit_unit<E>(self) -> Result<Slot, E> {
        Ok(Slot::Other)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Slot, E> {
        self.store.borrowed(text).map(Slot::Text)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Slot, E> {
        self.store.unescaped(text).map(Slot::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Slot, A::Error> {
        let depth = deeper(self.depth)?;
        while seq.next_element_seed(Value { depth, store: self.store })?.is_some() {}
        Ok(Slot::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Slot, A::Error> {
        Object { depth: self.depth, store: self.store, names: &[], slots: &mut [] }.visit_map(map)?;
        Ok(Slot::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(text: &[u8]) -> Result<([Slot; 2], Vec<u8>), Fault> {
        let mut buffer = text.to_vec();
        buffer.resize(text.len() * 2, 0);
        let slots = read(&mut buffer, text.len(), &["a", "b"])?;
        Ok((slots, buffer))
    }

    fn ok(text: &str) -> bool {
        slots(text.as_bytes()).is_ok()
    }

    #[test]
    fn wanted_members_come_with_their_type() {
        let (found, buffer) = slots(br#" {"a":"x\u00e9","c":[{"a":1}],"\u0062":7} "#).unwrap();
        let Slot::Text(span) = found[0] else { panic!() };
        assert_eq!(span.of(&buffer), "xé".as_bytes());
        assert_eq!(found[1], Slot::Integer(7));
        assert_eq!(slots(br#"{"a":-1}"#).unwrap().0[0], Slot::Integer(-1));
        for other in ["null", "-0", "9223372036854775808", "1.0", "1e3", "true", "{}", "[]", "18446744073709551616"] {
            let text = format!(r#"{{"a":{other}}}"#);
            assert_eq!(slots(text.as_bytes()).unwrap().0, [Slot::Other, Slot::Absent], "{other}");
        }
    }

    /// The parser has names of its own for some of its types; in a token they are names like any other.
    #[test]
    fn the_parser_s_own_names_mean_nothing() {
        for own in ["$serde_json::private::RawValue", "$serde_json::private::Number"] {
            let text = format!(r#"{{"{own}":"7","a":{{"{own}":"7"}},"b":7}}"#);
            assert_eq!(slots(text.as_bytes()).unwrap().0, [Slot::Other, Slot::Integer(7)]);
            assert!(!ok(&format!(r#"{{"{own}":"7","{own}":"7"}}"#)));
        }
    }

    #[test]
    fn names_stand_once_at_every_depth() {
        assert!(!ok(r#"{"a":1,"a":1}"#));
        assert!(!ok(r#"{"a":1,"\u0061":1}"#));
        assert!(!ok(r#"{"\u0061":1,"a":1}"#));
        assert!(!ok(r#"{"\u0061":1,"\u0061":1}"#));
        assert!(!ok(r#"{"x":[{"y":{"z":1,"\u007a":2}}]}"#));
        assert!(ok(r#"{"x":{"x":{"x":1}},"y":[{"x":1},{"x":1}]}"#));
        assert!(ok(r#"{"":1,"a":2}"#) && !ok(r#"{"":1,"":2}"#));
    }

    #[test]
    fn only_objects_and_only_one() {
        for bad in ["", " ", "null", "[]", "1", "\"a\"", "{}{}", "{} x", "{},", "\u{feff}{}", "{\"a\":1,}", "{'a':1}"] {
            assert!(!ok(bad), "{bad:?}");
        }
        assert!(ok("{}") && ok("\t\r\n {} \n"));
        assert!(slots(b"{}\0").is_err());
    }

    #[test]
    fn text_is_unicode() {
        assert!(slots(b"{\"x\":\"\xff\"}").is_err());
        assert!(slots(b"{\"x\":[\"\xed\xa0\x80\"]}").is_err());
        for bad in [r"\ud800", r"\udc00", r"\ud800\ud800", r"\ud800x", r"\u12", r"\x41", "\u{1}"] {
            for text in [format!(r#"{{"a":"{bad}"}}"#), format!(r#"{{"{bad}":1}}"#), format!(r#"{{"q":["{bad}"]}}"#)] {
                assert!(!ok(&text), "{text:?}");
            }
        }
        assert!(ok(r#"{"a":"\ud83d\ude00\u0000\"\\\/\b\f\n\r\t"}"#));
    }

    #[test]
    fn numbers_fit_a_double() {
        assert!(ok(r#"{"x":1e308,"y":1e-400,"z":-1.5E+3}"#));
        for bad in ["1e400", "-1e400", "NaN", "Infinity", "01", "+1", "1.", ".5", "0x1", "1e", "--1"] {
            assert!(!ok(&format!(r#"{{"x":{bad}}}"#)), "{bad}");
        }
        assert!(!ok(&format!(r#"{{"x":{}}}"#, "9".repeat(400))));
    }

    #[test]
    fn depth_and_width_are_bounded() {
        let deep = |levels: usize| format!("{}{}{}", "{\"x\":".repeat(levels), 1, "}".repeat(levels));
        assert!(ok(&deep(MAX_JSON_DEPTH)) && !ok(&deep(MAX_JSON_DEPTH + 1)));
        let list = |levels: usize| format!("{{\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(ok(&list(MAX_JSON_DEPTH - 1)) && !ok(&list(MAX_JSON_DEPTH)) && !ok(&list(100_000)));
        let wide = |members: usize| {
            let members: Vec<_> = (0..members).map(|n| format!("\"m{n}\":{n}")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(ok(&wide(MAX_JSON_MEMBERS)) && !ok(&wide(MAX_JSON_MEMBERS + 1)));
        assert!(ok(&format!("{{\"x\":{}}}", wide(MAX_JSON_MEMBERS))));
        assert!(!ok(&format!("{{\"x\":{}}}", wide(MAX_JSON_MEMBERS + 1))));
    }
}
