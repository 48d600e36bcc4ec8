//! The kinds of fields: how the value of each is read from what the wire has, and written as one type.
//!
//! In the records a field's type is `Field<<KIND as Kind>::Of>`: see `Of` of the kind for what its value is.

use std::borrow::Cow;
use std::fmt::Debug;
use std::marker::PhantomData;

use super::decimal::Decimal;
use super::envelope::Envelope;
use super::field::Field;
use super::path::Path;
use super::reader;
use super::schema::Shape;
use super::timestamp::Timestamp;
use super::value::{self, Members, Value};
use super::writer::Writer;

/// A kind of field. Its implementors are names used in the tables of fields; they have no values of their own.
pub trait Kind<'b> {
    /// What a value of the kind is.
    type Of: Clone + Debug + PartialEq;

    /// The JSON of an empty value.
    const EMPTY: &'static str = "\"\"";
    /// Whether the text `null` stands for null. Not for what a person may have written.
    const NULL_TEXT: bool = true;
    /// Whether a form or query carries the value as JSON text.
    const NESTED: bool = false;
    /// Whether every value is of the kind, an empty one too.
    const ANY: bool = false;
    /// For other languages.
    const SHAPE: Shape;

    /// Reads a value, or gives it back if it is none of the kind.
    ///
    /// # Errors
    /// The value itself.
    fn read(value: Value<'b>, at: &Path<'_>, reading: &mut Reading<'b>) -> Result<Self::Of, Value<'b>>;

    /// Writes a value as JSON.
    fn write(of: &Self::Of, out: &mut Writer);
}

/// What is collected while an event is read.
#[doc(hidden)]
pub struct Reading<'b> {
    pub(super) envelope: Envelope<'b>,
    /// What no table names, and what is not of the kind that the table names, by its place.
    pub(super) unknown: Vec<(String, Value<'b>)>,
    /// Whether the values are those of a form or query: all text.
    pub(super) pairs: bool,
    pub(super) duplicates: Vec<String>,
    pub(super) damaged: bool,
}

impl<'b> Reading<'b> {
    pub(super) fn unknown(&mut self, at: &Path<'_>, value: Value<'b>) {
        self.unknown.push((at.pointer(), value));
    }

    /// Reads the value of a field.
    pub(super) fn field<K: Kind<'b>>(&mut self, value: Value<'b>, at: &Path<'_>) -> Field<K::Of> {
        let value = if self.pairs && K::NESTED { self.unnest(value, at) } else { value };
        // What stands in nested JSON is JSON, and not nested once more.
        let nested = self.pairs && matches!(value, Value::Object(_) | Value::List(_));
        self.pairs &= !nested;
        let field = self.judge::<K>(value, at);
        self.pairs |= nested;
        field
    }

    fn judge<K: Kind<'b>>(&mut self, value: Value<'b>, at: &Path<'_>) -> Field<K::Of> {
        match value {
            Value::Null => return Field::Null,
            Value::Text(text) if K::NULL_TEXT && text == "null" => return Field::Null,
            _ if K::ANY => {}
            Value::Text(text) if text.is_empty() => return Field::Empty,
            Value::Object(members) if members.is_empty() => return Field::Empty,
            Value::List(items) if items.is_empty() => return Field::Empty,
            _ => {}
        }
        match K::read(value, at, self) {
            Ok(of) => Field::Is(of),
            Err(value) => {
                self.unknown(at, value);
                Field::Unread
            }
        }
    }

    /// Reads a field that may have come under another of its names already: the first is the one.
    pub(super) fn settle<K: Kind<'b>>(&mut self, field: &mut Field<K::Of>, value: Value<'b>, at: &Path<'_>) {
        if field.is_absent() {
            *field = self.field::<K>(value, at);
        } else {
            self.unknown(at, value);
        }
    }

    /// The object or array that a text of a form or query holds, if it holds one.
    fn unnest(&mut self, value: Value<'b>, at: &Path<'_>) -> Value<'b> {
        let Value::Text(text) = value else { return value };
        if !text.starts_with(['{', '[']) {
            return Value::Text(text);
        }
        let read = match &text {
            Cow::Borrowed(text) => reader::read_nested(text),
            Cow::Owned(text) => reader::read_nested(text).map(|(value, notes)| (value.into_owned(), notes)),
        };
        match read {
            Some((mut value, notes)) => {
                if notes.repeated {
                    value::settle_value(&mut value, at, &mut self.duplicates);
                }
                self.damaged |= notes.damaged;
                value
            }
            None => Value::Text(text),
        }
    }
}

/// Text, or a number as text: JSON senders now and then mix them up.
fn scalar_text(value: Value<'_>) -> Result<Cow<'_, str>, Value<'_>> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Number(number) => Ok(number.into_text()),
        other => Err(other),
    }
}

/// What a person has written: `null` is a word here.
pub enum Text {}

impl<'b> Kind<'b> for Text {
    type Of = Cow<'b, str>;
    const NULL_TEXT: bool = false;
    const SHAPE: Shape = Shape::Text;

    fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<Self::Of, Value<'b>> {
        scalar_text(value)
    }

    fn write(of: &Self::Of, out: &mut Writer) {
        out.text(of);
    }
}

/// An identifier, a code, an address: text that a program has written.
pub enum Word {}

impl<'b> Kind<'b> for Word {
    type Of = Cow<'b, str>;
    const SHAPE: Shape = Shape::Text;

    fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<Self::Of, Value<'b>> {
        scalar_text(value)
    }

    fn write(of: &Self::Of, out: &mut Writer) {
        out.text(of);
    }
}

/// Text and nothing else, for fields of two types.
pub enum OnlyText {}

impl<'b> Kind<'b> for OnlyText {
    type Of = Cow<'b, str>;
    const NULL_TEXT: bool = false;
    const SHAPE: Shape = Shape::Text;

    fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<Self::Of, Value<'b>> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(other),
        }
    }

    fn write(of: &Self::Of, out: &mut Writer) {
        out.text(of);
    }
}

/// An integer, as a number or as text of digits.
pub enum Integer {}

impl<'b> Kind<'b> for Integer {
    type Of = i64;
    const SHAPE: Shape = Shape::Integer;

    fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<i64, Value<'b>> {
        integer(&value).ok_or(value)
    }

    fn write(of: &i64, out: &mut Writer) {
        out.raw(&of.to_string());
    }
}

fn integer(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        // `parse` would take a plus sign.
        Value::Text(text) if !text.starts_with('+') => text.parse().ok(),
        _ => None,
    }
}

/// A decimal number, as a number or as text.
pub enum Amount {}

impl<'b> Kind<'b> for Amount {
    type Of = Decimal<'b>;
    const SHAPE: Shape = Shape::Decimal;

    fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<Decimal<'b>, Value<'b>> {
        match value {
            Value::Text(text) => Decimal::from_text(text).map_err(Value::Text),
            Value::Number(number) => Decimal::from_text(number.clone().into_text()).map_err(|_| Value::Number(number)),
            other => Err(other),
        }
    }

    fn write(of: &Decimal<'b>, out: &mut Writer) {
        out.raw(of.text());
    }
}

/// `true` or `false`, or one of them as text.
pub enum Truth {}

impl<'b> Kind<'b> for Truth {
    type Of = bool;
    const SHAPE: Shape = Shape::Truth;

    fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<bool, Value<'b>> {
        match &value {
            Value::Bool(bool) => Ok(*bool),
            Value::Text(text) => text.parse().map_err(|_| value),
            _ => Err(value),
        }
    }

    fn write(of: &bool, out: &mut Writer) {
        out.raw(if *of { "true" } else { "false" });
    }
}

/// The kinds of times: each form of the wire is a kind of its own, so that no number is guessed at.
macro_rules! times {
    ($( $(#[doc = $about:literal])* $name:ident: $read:expr; )*) => { $(
        $(#[doc = $about])*
        pub enum $name {}

        impl<'b> Kind<'b> for $name {
            type Of = Timestamp;
            const SHAPE: Shape = Shape::Timestamp;

            fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<Timestamp, Value<'b>> {
                let read: fn(&Value<'b>) -> Option<Timestamp> = $read;
                read(&value).ok_or(value)
            }

            fn write(of: &Timestamp, out: &mut Writer) {
                out.text(&of.to_string());
            }
        }
    )* };
}

times! {
    /// `YYYY-MM-DD HH:MM:SS` in UTC, or ISO 8601 with a zone.
    Time: |value| Timestamp::from_text(value.as_text()?);
    /// `YYMMDDHHMM` in UTC.
    ReceiptTime: |value| match value {
        Value::Text(text) => Timestamp::from_receipt(text),
        Value::Number(number) => Timestamp::from_receipt(&number.text()),
        _ => None,
    };
    /// Milliseconds since 1970, as a number or as text.
    MilliTime: |value| Timestamp::from_millis(integer(value)?);
    /// Seconds since 1970, as a number or as text.
    SecondTime: |value| Timestamp::from_seconds(integer(value)?);
}

/// Any value: what the customer's own program or call control object has put there.
pub enum Any {}

impl<'b> Kind<'b> for Any {
    type Of = Value<'b>;
    const NULL_TEXT: bool = false;
    const NESTED: bool = true;
    const ANY: bool = true;
    const SHAPE: Shape = Shape::Any;

    fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<Value<'b>, Value<'b>> {
        Ok(value)
    }

    fn write(of: &Value<'b>, out: &mut Writer) {
        of.write(out);
    }
}

/// An object whose members are not documented.
pub enum Object {}

impl<'b> Kind<'b> for Object {
    type Of = Members<'b>;
    const EMPTY: &'static str = "{}";
    const NESTED: bool = true;
    const SHAPE: Shape = Shape::Object;

    fn read(value: Value<'b>, _: &Path<'_>, _: &mut Reading<'b>) -> Result<Members<'b>, Value<'b>> {
        match value {
            Value::Object(members) => Ok(members),
            other => Err(other),
        }
    }

    fn write(of: &Members<'b>, out: &mut Writer) {
        value::write_members(of, out);
    }
}

/// An array of values of one kind.
pub struct List<K>(PhantomData<K>);

impl<'b, K: Kind<'b>> Kind<'b> for List<K> {
    type Of = Vec<Field<K::Of>>;
    const EMPTY: &'static str = "[]";
    const NESTED: bool = true;
    const SHAPE: Shape = Shape::List(&K::SHAPE);

    fn read(value: Value<'b>, at: &Path<'_>, reading: &mut Reading<'b>) -> Result<Self::Of, Value<'b>> {
        let Value::List(items) = value else { return Err(value) };
        let items = items.into_iter().enumerate();
        Ok(items.map(|(number, item)| reading.field::<K>(item, &Path::Item(at, number))).collect())
    }

    fn write(of: &Self::Of, out: &mut Writer) {
        out.list(of, |item, out| item.write_value::<K>(out));
    }
}

/// A party of an event: a number or another address, and what kind of address it is, where the sender says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address<'b> {
    /// The number, sender name, page id, user id, e-mail address or name of a user.
    pub address: Cow<'b, str>,
    /// The type of the address (`sms`, `messenger` ...), where the party is an object that has one.
    pub kind: Option<Cow<'b, str>>,
}

impl<'b> Kind<'b> for Address<'b> {
    type Of = Address<'b>;
    const SHAPE: Shape = Shape::Text;
    const NESTED: bool = true;

    fn read(value: Value<'b>, at: &Path<'_>, reading: &mut Reading<'b>) -> Result<Address<'b>, Value<'b>> {
        const NAMES: [&str; 4] = ["number", "id", "email", "address"];
        let members = match value {
            Value::Object(members) => members,
            other => return scalar_text(other).map(|address| Address { address, kind: None }),
        };
        let is_text = |value: &Value<'_>| matches!(value, Value::Text(text) if !text.is_empty());
        let is_address = |value: &Value<'_>| is_text(value) || matches!(value, Value::Number(_));
        let Some(name) =
            NAMES.into_iter().find(|wanted| members.iter().any(|(name, value)| name == wanted && is_address(value)))
        else {
            return Err(Value::Object(members));
        };
        let (mut address, mut kind) = (None, None);
        for (member, value) in members {
            match &*member {
                known if known == name && is_address(&value) => address = scalar_text(value).ok(),
                "type" if is_text(&value) => kind = scalar_text(value).ok(),
                other => reading.unknown(&Path::Name(at, other), value),
            }
        }
        Ok(Address { address: address.unwrap_or_default(), kind })
    }

    fn write(of: &Address<'b>, out: &mut Writer) {
        out.text(&of.address);
    }
}
