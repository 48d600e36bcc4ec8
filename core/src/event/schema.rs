//! The description of the events, for documentation and for the types of other languages.

/// A record: an object whose fields are known.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The name of the type.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Members of the body that go into the envelope.
    pub envelope: &'static [FieldLine],
    /// The fields.
    pub fields: &'static [FieldLine],
    /// The field that takes all members whose name has a prefix: the field, and the prefix.
    pub prefixed: Option<(&'static str, &'static str)>,
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub struct FieldLine {
    /// Its name, in Rust and in the JSON of an event.
    pub name: &'static str,
    /// Its names in the body.
    pub wire: &'static [&'static str],
    /// What its value is.
    pub shape: Shape,
    /// What it says.
    pub about: &'static str,
}

/// What a value is in the JSON of an event.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Shape {
    /// A string.
    Text,
    /// An integer of 64 bits.
    Integer,
    /// A number with its digits as they came.
    Decimal,
    /// `true` or `false`.
    Truth,
    /// A time: RFC 3339 in UTC.
    Timestamp,
    /// A string that is one of these words, or a new one.
    Words(&'static str, &'static [&'static str]),
    /// Any JSON value.
    Any,
    /// An object whose members are not documented.
    Object,
    /// An array.
    List(&'static Shape),
    /// A record.
    Record(&'static Record),
    /// A value of one of several shapes.
    Either(&'static str, &'static [(&'static str, Shape)]),
}
