//! Typed events of random bodies: nothing panics, nothing is lost.
#![allow(missing_docs)]

use hookproof::event::{self, Carrier, Detail};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Names that the tables know, and others.
fn name() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "msisdn",
        "to",
        "from",
        "messageId",
        "text",
        "type",
        "status",
        "channel",
        "message_uuid",
        "uuid",
        "timestamp",
        "conversation_uuid",
        "dtmf",
        "speech",
        "results",
        "request_id",
        "workflow",
        "action",
        "lookup_outcome",
        "roaming",
        "sessionId",
        "event",
        "stream",
        "connection",
        "id",
        "body",
        "conversation_id",
        "error",
        "title",
        "price",
        "sms",
        "whatsapp",
        "referral",
        "button",
        "payload",
        "content",
        "location",
        "_links",
        "message",
        "number",
        "digits",
        "original_request",
        "recording_url",
        "size",
        "SipHeader_X-A",
        "custom_data",
        "scts",
        "message-timestamp",
    ];
    prop_oneof![8 => proptest::sample::select(KNOWN).prop_map(ToOwned::to_owned), 1 => any::<String>(), 1 => Just("~/".to_owned())]
}

fn scalar() -> impl Strategy<Value = Value> {
    const WORDS: &[&str] = &[
        "null",
        "",
        "sms",
        "1",
        "0.0330",
        "true",
        "2026-05-28T20:26:40Z",
        "2605282026",
        "archive",
        "summary",
        "{\"a\":1}",
    ];
    prop_oneof![
        4 => proptest::sample::select(WORDS).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<i32>().prop_map(|number| Value::from(f64::from(number) / 64.0)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((name(), inner), 0..6).prop_map(object),
        ]
    })
}

fn object(members: Vec<(String, Value)>) -> Value {
    Value::Object(members.into_iter().collect::<Map<_, _>>())
}

fn body() -> impl Strategy<Value = Value> {
    proptest::collection::vec((name(), value()), 0..14).prop_map(object)
}

/// The scalars of a value as text.
fn scalars(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| scalars(item, found)),
        Value::Object(members) => members.values().for_each(|member| scalars(member, found)),
        Value::String(text) => found.push(text.clone()),
        other => found.push(other.to_string()),
    }
}

/// What a typed value may have been on the wire.
fn is_kept(wire: &str, typed: &[String]) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    // Times and numbers change their text; null and empty stay what they are by the type.
    wire.is_empty()
        || wire == "null"
        || typed.iter().any(|text| text == wire)
        || number(wire).is_some_and(|wire| typed.iter().any(|text| number(text) == Some(wire) || text.ends_with('Z')))
        || wire.ends_with('Z') && typed.iter().any(|text| text.ends_with(".000Z"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_is_read_and_kept(body in body()) {
        let text = body.to_string();
        let event = event::parse_unsigned(Carrier::Json(text.as_bytes()));
        prop_assert!(event.event != "unreadable");
        prop_assert!(event.duplicates.is_empty() && !event.damaged);
        let json: Value = serde_json::from_str(&event.to_json()).unwrap();
        let (mut wire, mut typed) = (Vec::new(), Vec::new());
        scalars(&body, &mut wire);
        scalars(&json, &mut typed);
        for value in wire {
            prop_assert!(is_kept(&value, &typed), "{value:?} of {body} is not in {json}");
        }
        if matches!(event.detail, Detail::Other) {
            let unknown = &json["unknown"];
            let members = body.as_object().unwrap();
            prop_assert_eq!(unknown.as_object().unwrap().len(), members.len());
            for (name, value) in members {
                let place = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                prop_assert_eq!(&unknown[&place], value);
            }
        }
    }

    #[test]
    fn values_come_back_as_they_were(value in value()) {
        let text = format!("{{\"x\":{value}}}");
        let event = event::parse_unsigned(Carrier::Json(text.as_bytes()));
        let (_, read) = &event.unknown[0];
        prop_assert_eq!(read.to_json(), value.to_string());
    }

    #[test]
    fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..200), kind in 0..3) {
        let carrier = match kind {
            0 => Carrier::Json(&bytes),
            1 => Carrier::Form(&bytes),
            _ => Carrier::Query(&bytes),
        };
        let event = event::parse_unsigned(carrier);
        prop_assert!(serde_json::from_str::<Value>(&event.to_json()).is_ok());
    }

    #[test]
    fn forms_are_read_and_kept(pairs in proptest::collection::vec((name(), scalar()), 0..14)) {
        let pairs: Vec<(String, String)> = pairs
            .into_iter()
            .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .collect();
        let borrowed: Vec<_> = pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let event = event::parse_unsigned(Carrier::Pairs(&borrowed));
        let json: Value = serde_json::from_str(&event.to_json()).unwrap();
        let mut typed = Vec::new();
        scalars(&json, &mut typed);
        for (at, (name, value)) in pairs.iter().enumerate() {
            let again = pairs[at + 1..].iter().any(|(later, _)| later == name);
            let aliases = event.duplicates.is_empty();
            if !again && aliases && !value.starts_with('{') {
                prop_assert!(is_kept(value, &typed), "{name}={value} is not in {json}");
            }
        }
    }
}
