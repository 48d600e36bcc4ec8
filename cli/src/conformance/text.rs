//! Texts of the vector files that stand for bytes: one code point is one byte.

use serde_json::Value;

use super::entry::Entry;

/// The value to hand over, and the number of fields.
pub(super) fn authorization(case: Entry<'_>) -> Result<(Vec<u8>, usize), String> {
    let field = |value| parts(case, value, "authorization");
    match case.member("authorization")? {
        Value::Null => Ok((Vec::new(), 0)),
        Value::Array(fields) => Ok((fields.first().map(field).transpose()?.unwrap_or_default(), fields.len())),
        value => Ok((field(value)?, 1)),
    }
}

/// A text, or `{parts: [text | {repeat, count}]}`.
pub(super) fn parts(case: Entry<'_>, value: &Value, name: &str) -> Result<Vec<u8>, String> {
    if let Value::String(text) = value {
        return case.latin1(text);
    }
    let parts = value.get("parts").and_then(Value::as_array);
    let parts = parts.ok_or_else(|| case.fault(format_args!("{name} has no parts")))?;
    let mut bytes = Vec::new();
    for part in parts {
        let piece = case.latin1(case.as_text(part.get("repeat").unwrap_or(part), "repeat")?)?;
        let count = part.get("count").map_or(Ok(1), |count| case.as_integer(count, "count"))?;
        bytes.extend(piece.repeat(usize::try_from(count).map_err(|_| case.fault("count is negative"))?));
    }
    Ok(bytes)
}
