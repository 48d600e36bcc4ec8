//! The parameters of an SMS webhook: a query, a form or one flat JSON object, in its order.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Names and values, decoded.
pub(crate) type Pairs = Vec<(String, String)>;

/// What the SMS API's signature adds, which is added anew.
const ADDED: [&str; 3] = ["timestamp", "nonce", "sig"];

/// Reads parameters, without those of a signature.
pub(crate) fn read(text: &[u8], is_json: bool) -> Result<Pairs, String> {
    let mut pairs = if is_json {
        serde_json::from_slice::<Members>(text).map_err(|_| "the body is no flat JSON object of texts")?.0
    } else {
        form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    };
    pairs.retain(|(name, _)| !ADDED.contains(&name.as_str()));
    Ok(pairs)
}

/// The parameters as a form, with this account's `api-key` where they have one.
pub(crate) fn of_account(pairs: Pairs, account: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        let value = if name == "api-key" { Cow::Borrowed(account) } else { Cow::Owned(value) };
        form.append_pair(&name, &value);
    }
    form.finish()
}

/// The members of a flat object, in their order; a number is its text.
struct Members(Pairs);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut pairs = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    let text = match value.get().as_bytes().first() {
                        Some(b'"') => serde_json::from_str(value.get()).map_err(A::Error::custom)?,
                        Some(b'-' | b'0'..=b'9') => value.get().to_owned(),
                        _ => return Err(A::Error::custom("a nested value")),
                    };
                    pairs.push((name, text));
                }
                Ok(Members(pairs))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_objects_say_the_same() {
        let form = read(b"b=1+2&a=%26&sig=x&api-key=old", false).unwrap();
        assert_eq!(form, read(br#"{"b":"1 2","a":"&","timestamp":1,"api-key":"old"}"#, true).unwrap());
        assert_eq!(of_account(form, "new"), "b=1+2&a=%26&api-key=new");
        assert!(read(br#"{"a":{}}"#, true).is_err() && read(b"[]", true).is_err());
    }
}
