//! What explains a missing header better than its reason does.

use crate::request::RequestHead;

const SMS: &str =
    "there are sig and timestamp: the SMS API signs in its own way, verify it with a profile sms_ and a method";

/// Whether the request looks like one with the SMS API's own signature.
pub(super) fn of_missing_header(head: &RequestHead<'_>, body: &[u8]) -> Option<&'static str> {
    let is_sms = |text: &[u8]| has_name(text, b"sig") && has_name(text, b"timestamp");
    (is_sms(head.query) || is_sms(body)).then_some(SMS)
}

/// Whether a parameter or a member of this name seems to stand in the text: good enough for a hint.
fn has_name(text: &[u8], name: &[u8]) -> bool {
    memchr::memmem::find_iter(text, name).any(|at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let after = at.checked_add(name.len()).and_then(|at| text.get(at));
        matches!(before, None | Some(b'&' | b'"')) && matches!(after, Some(b'=' | b'"'))
    })
}
