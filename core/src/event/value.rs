//! A JSON value of any shape, in the order and with the numbers of its sender.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::path::Path;
use super::writer::Writer;

/// The members of an object in their order. Of a name that stood more than once the last is here.
pub type Members<'b> = Vec<(Cow<'b, str>, Value<'b>)>;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'b> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number<'b>),
    /// A string, unescaped.
    Text(Cow<'b, str>),
    /// An array.
    List(Vec<Value<'b>>),
    /// An object.
    Object(Members<'b>),
}

impl<'b> Value<'b> {
    /// The string, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The member of this name, if it is an object that has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'b>> {
        match self {
            Value::Object(members) => members.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value as compact JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Writer::new();
        self.write(&mut out);
        out.finish()
    }

    pub(super) fn write(&self, out: &mut Writer) {
        match self {
            Value::Null => out.raw("null"),
            Value::Bool(true) => out.raw("true"),
            Value::Bool(false) => out.raw("false"),
            Value::Number(number) => number.write(out),
            Value::Text(text) => out.text(text),
            Value::List(items) => out.list(items, |item, out| item.write(out)),
            Value::Object(members) => write_members(members, out),
        }
    }

    /// The same value, without a loan.
    pub(super) fn into_owned<'o>(self) -> Value<'o> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(bool) => Value::Bool(bool),
            Value::Number(number) => Value::Number(number.into_owned()),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
            Value::Object(members) => Value::Object(
                members.into_iter().map(|(name, value)| (Cow::Owned(name.into_owned()), value.into_owned())).collect(),
            ),
        }
    }
}

pub(super) fn write_members(members: &Members<'_>, out: &mut Writer) {
    out.object(|out| {
        for (name, value) in members {
            out.key(name);
            value.write(out);
        }
    });
}

/// Keeps the last of the members that have one name, at all depths, and adds the places of such names to `found`, each
/// once.
pub(super) fn settle(members: &mut Members<'_>, at: &Path<'_>, found: &mut Vec<String>) {
    if repeats(members) {
        let mut seen = BTreeSet::new();
        let mut twice = BTreeSet::new();
        members.reverse();
        members.retain(|(name, _)| {
            let last = seen.insert(name.clone());
            if !last {
                twice.insert(name.clone());
            }
            last
        });
        members.reverse();
        found.extend(twice.iter().map(|name| Path::Name(at, name).pointer()));
    }
    for (name, value) in members {
        settle_value(value, &Path::Name(at, name), found);
    }
}

/// As [`settle`], for what may stand in a member.
pub(super) fn settle_value(value: &mut Value<'_>, at: &Path<'_>, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => settle(members, at, found),
        Value::List(items) => {
            for (number, item) in items.iter_mut().enumerate() {
                settle_value(item, &Path::Item(at, number), found);
            }
        }
        _ => {}
    }
}

/// Whether a name stands twice.
pub(super) fn repeats(members: &Members<'_>) -> bool {
    /// Up to this many names are compared each with each, which needs no memory.
    const FEW: usize = 24;
    if members.len() <= FEW {
        let mut rest = members.as_slice();
        while let Some(((name, _), later)) = rest.split_first() {
            if later.iter().any(|(other, _)| other == name) {
                return true;
            }
            rest = later;
        }
        return false;
    }
    let mut names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| matches!(pair, [one, next] if one == next))
}

/// A JSON number, exactly as it was written.
#[derive(Clone, Debug)]
pub struct Number<'b>(Form<'b>);

#[derive(Clone, Debug)]
enum Form<'b> {
    Integer(i64),
    Large(u64),
    /// The text of any other number, by the grammar of JSON.
    Exact(Cow<'b, str>),
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl<'b> Number<'b> {
    /// The digits, as the sender wrote them.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Form::Integer(number) => Cow::Owned(number.to_string()),
            Form::Large(number) => Cow::Owned(number.to_string()),
            Form::Exact(text) => Cow::Borrowed(text),
        }
    }

    /// The number, if it is written as an integer and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(number) => Some(*number),
            Form::Large(number) => i64::try_from(*number).ok(),
            Form::Exact(text) => text.parse().ok(),
        }
    }

    /// Beyond the range of a double it is written as text: many readers of JSON refuse the whole document for such a number
    /// (RFC 7493 2.2), and nothing may be lost.
    fn write(&self, out: &mut Writer) {
        match &self.0 {
            Form::Exact(text) if serde_json::from_str::<f64>(text).is_err() => out.text(text),
            _ => out.raw(&self.text()),
        }
    }

    pub(super) fn of_i64(number: i64) -> Number<'b> {
        Number(Form::Integer(number))
    }

    pub(super) fn of_u64(number: u64) -> Number<'b> {
        Number(Form::Large(number))
    }

    /// A number from text that a JSON parser has found to be one.
    pub(super) fn exact(text: &'b str) -> Number<'b> {
        Number(Form::Exact(Cow::Borrowed(text)))
    }

    pub(super) fn into_text(self) -> Cow<'b, str> {
        match self.0 {
            Form::Exact(text) => text,
            Form::Integer(number) => Cow::Owned(number.to_string()),
            Form::Large(number) => Cow::Owned(number.to_string()),
        }
    }

    fn into_owned<'o>(self) -> Number<'o> {
        Number(match self.0 {
            Form::Integer(number) => Form::Integer(number),
            Form::Large(number) => Form::Large(number),
            Form::Exact(text) => Form::Exact(Cow::Owned(text.into_owned())),
        })
    }
}
