//! A field of an event: what is there, and how something is not there.

use super::kind::Kind;
use super::writer::Writer;

/// A field of an event. A field that is absent, one that is `null` and one that is empty are three things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field<T> {
    /// The body has no such member.
    #[default]
    Absent,
    /// The member is `null`, or the text `null` where that cannot be meant as a text.
    Null,
    /// The member is an empty string, object or array.
    Empty,
    /// The member is of no type that is known for it. Its value is among [`Event::unknown`](super::Event::unknown).
    Unread,
    /// The member's value.
    Is(T),
}

impl<T> Field<T> {
    /// The value, if there is one.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        match self {
            Field::Is(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the body has no such member.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    /// Writes the member, if there is anything to write.
    pub(super) fn write<'b, K: Kind<'b, Of = T>>(&self, name: &str, out: &mut Writer) {
        if !matches!(self, Field::Absent | Field::Unread) {
            out.key(name);
            self.write_value::<K>(out);
        }
    }

    pub(super) fn write_value<'b, K: Kind<'b, Of = T>>(&self, out: &mut Writer) {
        match self {
            Field::Absent | Field::Unread | Field::Null => out.raw("null"),
            Field::Empty => out.raw(K::EMPTY),
            Field::Is(value) => K::write(value, out),
        }
    }
}
