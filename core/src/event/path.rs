//! The place of a value in a body.

/// A place, as the chain of the names and numbers that lead to it.
#[derive(Clone, Copy)]
pub enum Path<'p> {
    /// The whole body.
    Top,
    /// A member of the object at a place.
    Name(&'p Path<'p>, &'p str),
    /// An item of the array at a place.
    Item(&'p Path<'p>, usize),
}

impl Path<'_> {
    /// As a JSON Pointer (RFC 6901): `/a/0/b`, with `~1` for a slash and `~0` for a tilde within a name.
    pub(super) fn pointer(&self) -> String {
        match self {
            Path::Top => String::new(),
            Path::Name(parent, name) => {
                let mut pointer = parent.pointer();
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
                pointer
            }
            Path::Item(parent, number) => format!("{}/{number}", parent.pointer()),
        }
    }
}
