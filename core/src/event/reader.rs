//! Reads a JSON body into [`Value`]s and loses nothing: order, repeated names and the text of numbers stay.
//!
//! The first pass keeps integers as such and is all that most bodies need. A number with a fraction, one beyond 64 bits
//! or a double, or text that is no Unicode (half a surrogate pair, as from a message cut in the middle of an emoji)
//! needs the second pass, which looks at the text of every value. It takes longer in proportion to the depth, which is
//! bounded.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::value::{self, Members, Number, Value};
use crate::limits::{MAX_EVENT_BYTES, MAX_EVENT_DEPTH, MAX_EVENT_VALUES};

/// What was read.
pub(super) struct Tree<'b> {
    pub(super) members: Members<'b>,
    /// A name stands twice in one object.
    pub(super) repeated: bool,
    /// Some text was no Unicode, and has U+FFFD where it was not.
    pub(super) damaged: bool,
}

/// Reads one JSON object. Nothing if it is none, or is beyond the limits of an event.
pub(super) fn read(body: &[u8]) -> Option<Tree<'_>> {
    let (value, notes) = read_value(body)?;
    match value {
        Value::Object(members) => Some(Tree { members, repeated: notes.repeated, damaged: notes.damaged }),
        _ => None,
    }
}

/// Reads the JSON text of a nested object or array.
pub(super) fn read_nested(text: &str) -> Option<(Value<'_>, Notes)> {
    read_value(text.as_bytes())
}

fn read_value(body: &[u8]) -> Option<(Value<'_>, Notes)> {
    if body.len() > MAX_EVENT_BYTES {
        return None;
    }
    let text = std::str::from_utf8(body).ok()?;
    pass(text, false).or_else(|| pass(text, true))
}

fn pass(text: &str, exact: bool) -> Option<(Value<'_>, Notes)> {
    let mut notes = Notes::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Node { depth: 1, exact, notes: &mut notes }.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some((value, notes))
}

/// What was noticed on the way.
#[derive(Default)]
pub(super) struct Notes {
    values: usize,
    pub(super) repeated: bool,
    pub(super) damaged: bool,
}

/// Any value; `depth` is what a container here has.
struct Node<'n> {
    depth: usize,
    exact: bool,
    notes: &'n mut Notes,
}

impl Node<'_> {
    fn inner<E: Error>(&mut self) -> Result<Node<'_>, E> {
        self.notes.values = self.notes.values.saturating_add(1);
        if self.notes.values > MAX_EVENT_VALUES {
            return Err(E::custom("too many values"));
        }
        Ok(Node { depth: self.depth.saturating_add(1), exact: self.exact, notes: self.notes })
    }

    fn check_depth<E: Error>(&self) -> Result<(), E> {
        if self.depth > MAX_EVENT_DEPTH { Err(E::custom("too deep")) } else { Ok(()) }
    }

    /// A value by its own text, in the second pass.
    fn look_at(self, text: &str) -> Result<Value<'_>, serde_json::Error> {
        let reader = || serde_json::Deserializer::from_str(text);
        match text.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => Ok(Value::Number(Number::exact(text))),
            Some(b'"') => {
                let notes = &mut *self.notes;
                match <Cow<'_, str>>::deserialize(&mut reader()) {
                    Ok(_) => reader().deserialize_any(self),
                    Err(_) => {
                        notes.damaged = true;
                        reader().deserialize_bytes(Damaged)
                    }
                }
            }
            _ => reader().deserialize_any(self),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        if !self.exact {
            return deserializer.deserialize_any(self);
        }
        let text = <&'de RawValue>::deserialize(deserializer)?.get();
        self.look_at(text).map_err(|_| D::Error::custom("a value"))
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(bool))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Number::of_i64(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Number::of_u64(number)))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value<'de>, E> {
        Err(E::custom("the text of the number is wanted"))
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Value<'de>, A::Error> {
        self.check_depth()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.inner()?)? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Value<'de>, A::Error> {
        self.check_depth()?;
        let mut members = Members::with_capacity(if self.depth == 1 { 16 } else { 4 });
        while let Some(name) = map.next_key_seed(Name)? {
            members.push((name, map.next_value_seed(self.inner()?)?));
        }
        self.notes.repeated |= value::repeats(&members);
        Ok(Value::Object(members))
    }
}

/// The name of a member.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A string that is no Unicode once unescaped.
struct Damaged;

impl<'de> Visitor<'de> for Damaged {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(String::from_utf8_lossy(bytes).into_owned())))
    }
}
