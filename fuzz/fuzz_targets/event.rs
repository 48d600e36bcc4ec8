//! Events of any bytes over any carrier: they are read in one way, keep their bytes, and write good JSON.
#![no_main]

use hookproof::event::{self, Carrier};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    let carrier = match kind {
        b'q' => Carrier::Query(bytes),
        b'f' => Carrier::Form(bytes),
        _ => Carrier::Json(bytes),
    };
    let event = event::parse_unsigned(carrier);
    assert_eq!(event.carrier(), carrier);
    assert!(!event.is_signed());
    assert_eq!(event.content_id().len(), 64);
    let text = event.to_json();
    let json: Value = serde_json::from_str(&text).expect("the JSON of an event");
    for name in ["api", "event", "record", "detail", "unknown", "duplicates", "damaged"] {
        assert!(json.get(name).is_some(), "{name}");
    }
    assert_eq!(event::parse_unsigned(carrier).to_json(), text);

    // Nothing is lost: every text of a flat JSON object is in the event, unless a later member has the same name.
    if let (Carrier::Json(body), true) = (carrier, event.duplicates.is_empty() && !event.damaged)
        && let Ok(Value::Object(members)) = serde_json::from_slice::<Value>(body)
    {
        for (name, value) in &members {
            if let Value::String(word) = value
                && word.len() > 40
                && event.api.name() == "other"
            {
                assert!(json.to_string().contains(&Value::from(word.as_str()).to_string()), "{name}");
            }
        }
    }
});
