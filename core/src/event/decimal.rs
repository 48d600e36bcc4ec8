//! A decimal number, as exact as it was written.

use std::borrow::Cow;

/// A decimal number, such as a price. It keeps its digits: `0.03330000` is no longer that as a double.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal<'b>(Cow<'b, str>);

impl<'b> Decimal<'b> {
    /// The digits, by the grammar of a JSON number.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The nearest double. It is finite.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or_default()
    }

    /// Takes the text of a JSON number within the range of a double; gives any other text back.
    pub(super) fn from_text(text: Cow<'b, str>) -> Result<Decimal<'b>, Cow<'b, str>> {
        // The parser allows white space around the number, which would not be digits.
        let bare = text.as_bytes().first().is_some_and(|first| matches!(first, b'-' | b'0'..=b'9'))
            && text.as_bytes().last().is_some_and(u8::is_ascii_digit);
        if bare && serde_json::from_str::<f64>(&text).is_ok() { Ok(Decimal(text)) } else { Err(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stay() {
        for text in ["0.03330000", "0", "-1.5", "9.99", "1e3", "100000000000000000000", "-0.12"] {
            assert_eq!(Decimal::from_text(text.into()).unwrap().text(), text);
        }
        assert_eq!(Decimal::from_text("0.03330000".into()).unwrap().to_f64(), 0.0333);
        for bad in
            ["", " 1", "1 ", "1.", ".5", "+1", "01", "1e999", "NaN", "inf", "0x1", "1,5", "2026-05-28", "\u{661}"]
        {
            assert_eq!(Decimal::from_text(bad.into()), Err(bad.into()), "{bad}");
        }
    }
}
