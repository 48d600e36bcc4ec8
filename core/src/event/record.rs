//! The macros behind the tables of fields, words and two-typed fields.
//!
//! A line of a table is all there is to a field: the struct, its parsing, its JSON and its description come from it.

/// Records: structs whose fields are read from the members of an object.
///
/// ```text
/// record! { 'b;
///     /// What it is.
///     Name [slot: Kind = "member", ...] {      // members for the envelope; only of a whole body
///         /// What it says.
///         field: Kind = "member" | "other name",
///     } + {                                    // optional
///         /// Members with a prefix.
///         field = "Prefix_"
///     }
/// }
/// ```
macro_rules! record {
    ($b:lifetime; $(
        $(#[doc = $about:literal])*
        $name:ident $([ $( $slot:ident: $slot_kind:ty = $slot_wire:literal $(| $slot_other:literal)* ),* $(,)? ])? {
            $( $(#[doc = $doc:literal])* $field:ident: $kind:ty = $wire:literal $(| $other:literal)* ),* $(,)?
        } $(+ { $(#[doc = $prefix_doc:literal])* $prefixed:ident = $prefix:literal })?
    )*) => { $(
        $(#[doc = $about])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name<$b> {
            $( $(#[doc = $doc])* pub $field: $crate::event::Field<<$kind as $crate::event::kind::Kind<$b>>::Of>, )*
            $( $(#[doc = $prefix_doc])* pub $prefixed: $crate::event::Members<$b>, )?
        }

        impl<$b> $crate::event::kind::Kind<$b> for $name<$b> {
            type Of = $name<$b>;
            const EMPTY: &'static str = "{}";
            const NESTED: bool = true;
            const SHAPE: $crate::event::Shape = $crate::event::Shape::Record(&$crate::event::Record {
                name: stringify!($name),
                about: concat!($($about, "\n"),*),
                envelope: &[ $($( $crate::event::FieldLine {
                    name: stringify!($slot),
                    wire: &[$slot_wire $(, $slot_other)*],
                    shape: <$slot_kind as $crate::event::kind::Kind<$b>>::SHAPE,
                    about: "",
                }, )*)? ],
                fields: &[ $( $crate::event::FieldLine {
                    name: stringify!($field),
                    wire: &[$wire $(, $other)*],
                    shape: <$kind as $crate::event::kind::Kind<$b>>::SHAPE,
                    about: concat!($($doc, "\n"),*),
                }, )* ],
                prefixed: {
                    let _none: Option<(&'static str, &'static str)> = None;
                    $( let _none = Some((stringify!($prefixed), $prefix)); )?
                    _none
                },
            });

            fn read(
                value: $crate::event::Value<$b>,
                at: &$crate::event::path::Path<'_>,
                reading: &mut $crate::event::kind::Reading<$b>,
            ) -> Result<$name<$b>, $crate::event::Value<$b>> {
                let $crate::event::Value::Object(members) = value else { return Err(value) };
                let mut record = $name::default();
                for (name, value) in members {
                    let at = $crate::event::path::Path::Name(at, &name);
                    match &*name {
                        $($( $slot_wire $(| $slot_other)* => {
                            let mut field = std::mem::take(&mut reading.envelope.$slot);
                            reading.settle::<$slot_kind>(&mut field, value, &at);
                            reading.envelope.$slot = field;
                        } )*)?
                        $( $wire $(| $other)* => reading.settle::<$kind>(&mut record.$field, value, &at), )*
                        $( prefixed if prefixed.starts_with($prefix) => {
                            let rest = prefixed.strip_prefix($prefix).unwrap_or_default().to_owned();
                            record.$prefixed.push((rest.into(), value));
                        } )?
                        _ => reading.unknown(&at, value),
                    }
                }
                Ok(record)
            }

            fn write(of: &$name<$b>, out: &mut $crate::event::writer::Writer) {
                out.object(|out| {
                    $( of.$field.write::<$kind>(stringify!($field), out); )*
                    $( if !of.$prefixed.is_empty() {
                        out.key(stringify!($prefixed));
                        $crate::event::value::write_members(&of.$prefixed, out);
                    } )?
                });
            }
        }
    )* };
}

/// Words: enums of documented texts, with room for those to come.
macro_rules! words {
    ($( $(#[doc = $about:literal])* $name:ident { $( $variant:ident = $word:literal ),* $(,)? } )*) => { $(
        $(#[doc = $about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name<'b> {
            $( #[doc = concat!("`", $word, "`.")] $variant, )*
            /// A word that is not documented.
            Other(std::borrow::Cow<'b, str>),
        }

        impl<'b> $name<'b> {
            /// The word, as it was sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( $name::$variant => $word, )*
                    $name::Other(word) => word,
                }
            }
        }

        impl<'b> From<std::borrow::Cow<'b, str>> for $name<'b> {
            fn from(word: std::borrow::Cow<'b, str>) -> $name<'b> {
                match &*word {
                    $( $word => $name::$variant, )*
                    _ => $name::Other(word),
                }
            }
        }

        impl<'b> $crate::event::kind::Kind<'b> for $name<'b> {
            type Of = $name<'b>;
            const SHAPE: $crate::event::Shape = $crate::event::Shape::Words(stringify!($name), &[$($word),*]);

            fn read(
                value: $crate::event::Value<'b>,
                _: &$crate::event::path::Path<'_>,
                _: &mut $crate::event::kind::Reading<'b>,
            ) -> Result<$name<'b>, $crate::event::Value<'b>> {
                match value {
                    $crate::event::Value::Text(word) => Ok(word.into()),
                    other => Err(other),
                }
            }

            fn write(of: &$name<'b>, out: &mut $crate::event::writer::Writer) {
                out.text(of.as_str());
            }
        }
    )* };
}

/// Fields of two types: the first kind that takes the value is the one.
macro_rules! either {
    ($b:lifetime; $(
        $(#[doc = $about:literal])*
        $name:ident { $( $(#[doc = $doc:literal])* $variant:ident: $kind:ty ),* $(,)? }
    )*) => { $(
        $(#[doc = $about])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name<$b> {
            $( $(#[doc = $doc])* $variant(<$kind as $crate::event::kind::Kind<$b>>::Of), )*
        }

        impl<$b> $crate::event::kind::Kind<$b> for $name<$b> {
            type Of = $name<$b>;
            const NESTED: bool = true;
            const SHAPE: $crate::event::Shape = $crate::event::Shape::Either(
                stringify!($name),
                &[ $( (stringify!($variant), <$kind as $crate::event::kind::Kind<$b>>::SHAPE) ),* ],
            );

            fn read(
                value: $crate::event::Value<$b>,
                at: &$crate::event::path::Path<'_>,
                reading: &mut $crate::event::kind::Reading<$b>,
            ) -> Result<$name<$b>, $crate::event::Value<$b>> {
                $( let value = match <$kind as $crate::event::kind::Kind<$b>>::read(value, at, reading) {
                    Ok(of) => return Ok($name::$variant(of)),
                    Err(value) => value,
                }; )*
                Err(value)
            }

            fn write(of: &$name<$b>, out: &mut $crate::event::writer::Writer) {
                match of {
                    $( $name::$variant(of) => <$kind as $crate::event::kind::Kind<$b>>::write(of, out), )*
                }
            }
        }
    )* };
}
