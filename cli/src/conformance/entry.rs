//! Members of a vector file's JSON, with faults that name the case and the member.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// An object of the file, and whose it is.
#[derive(Clone, Copy)]
pub(super) struct Entry<'v> {
    id: &'v str,
    value: &'v Value,
}

impl<'v> Entry<'v> {
    pub(super) fn new(id: &'v str, value: &'v Value) -> Entry<'v> {
        Entry { id, value }
    }

    pub(super) fn fault(self, what: impl std::fmt::Display) -> String {
        format!("case {}: {what}", self.id)
    }

    /// The member, with null as absent.
    pub(super) fn optional(self, name: &str) -> Option<&'v Value> {
        self.value.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn member(self, name: &str) -> Result<&'v Value, String> {
        self.value.get(name).ok_or_else(|| self.fault(format_args!("{name} is missing")))
    }

    pub(super) fn object(self, name: &str) -> Result<Entry<'v>, String> {
        Ok(Entry { id: self.id, value: self.member(name)? })
    }

    /// Another object of the same case.
    pub(super) fn with(self, value: &'v Value) -> Entry<'v> {
        Entry { id: self.id, value }
    }

    /// This object, if it has no members but those named. A reader that passed over a member would judge another
    /// case than the one in the file.
    pub(super) fn only(self, names: &[&str]) -> Result<Entry<'v>, String> {
        let members = self.value.as_object().ok_or_else(|| self.fault("not an object"))?;
        match members.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => Err(self.fault(format_args!("{name} is not known"))),
            None => Ok(self),
        }
    }

    pub(super) fn text(self, name: &str) -> Result<&'v str, String> {
        self.as_text(self.member(name)?, name)
    }

    pub(super) fn optional_text(self, name: &str) -> Result<Option<&'v str>, String> {
        self.optional(name).map(|value| self.as_text(value, name)).transpose()
    }

    pub(super) fn as_text(self, value: &'v Value, name: &str) -> Result<&'v str, String> {
        value.as_str().ok_or_else(|| self.fault(format_args!("{name} is not a text")))
    }

    pub(super) fn as_integer(self, value: &Value, name: &str) -> Result<i64, String> {
        value.as_i64().ok_or_else(|| self.fault(format_args!("{name} is not an integer")))
    }

    pub(super) fn as_bool(self, value: &Value, name: &str) -> Result<bool, String> {
        value.as_bool().ok_or_else(|| self.fault(format_args!("{name} is not a boolean")))
    }

    pub(super) fn list(self, name: &str) -> Result<&'v [Value], String> {
        let list = self.member(name)?.as_array().ok_or_else(|| self.fault(format_args!("{name} is not a list")))?;
        Ok(list)
    }

    /// The members, if this is an object.
    pub(super) fn members(self) -> Option<&'v Map<String, Value>> {
        self.value.as_object()
    }

    pub(super) fn count(self, name: &str) -> Result<u64, String> {
        self.member(name)?.as_u64().ok_or_else(|| self.fault(format_args!("{name} is not a count")))
    }

    pub(super) fn optional_count(self, name: &str) -> Result<Option<u64>, String> {
        self.optional(name).map(|_| self.count(name)).transpose()
    }

    /// The bytes of a text with one code point for each.
    pub(super) fn latin1(self, text: &str) -> Result<Vec<u8>, String> {
        let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
        bytes.map_err(|_| self.fault("a code point above 255 stands for no byte"))
    }

    pub(super) fn base64(self, text: &[u8], name: &str) -> Result<Vec<u8>, String> {
        STANDARD.decode(text).map_err(|_| self.fault(format_args!("{name} is not base64")))
    }
}
