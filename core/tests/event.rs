//! Typed events: every documented payload, from every carrier, and the types that senders mix up.
#![allow(missing_docs)]

use hookproof::event::voice::Dtmf;
use hookproof::event::{self, Carrier, Detail, Event, Field, Shape, Status};
use hookproof::sign::Signer;
use hookproof::{Keyring, Policy, Request, Verified, Verifier};
use serde_json::{Map, Value, json};

const SECRET: &[u8] = b"a secret of more than thirty-two bytes";
const NOW: i64 = 1_780_000_010;

struct Sample {
    file: String,
    text: String,
    api: String,
    event: String,
    payload: Map<String, Value>,
    wire: String,
}

fn samples() -> Vec<Sample> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/payloads");
    let mut samples: Vec<Sample> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let file: Value = serde_json::from_str(&text).unwrap();
            let word = |name: &str| file[name].as_str().unwrap().to_owned();
            let wire = file.get("wire_body").or_else(|| file.get("wire_query")).unwrap().as_str().unwrap();
            Sample {
                file: path.file_name().unwrap().to_str().unwrap().to_owned(),
                api: word("api"),
                event: word("event"),
                payload: file["payload"].as_object().unwrap().clone(),
                wire: wire.to_owned(),
                text,
            }
        })
        .collect();
    samples.sort_by(|one, other| one.file.cmp(&other.file));
    assert_eq!(samples.len(), 95);
    samples
}

impl Sample {
    fn is_json(&self) -> bool {
        self.wire.starts_with('{')
    }

    fn event(&self) -> Event<'_> {
        let wire = self.wire.as_bytes();
        event::parse_unsigned(if self.is_json() { Carrier::Json(wire) } else { Carrier::Form(wire) })
    }
}

fn json_event(body: &Value) -> Value {
    of(Carrier::Json(body.to_string().as_bytes()))
}

fn of(carrier: Carrier<'_>) -> Value {
    serde_json::from_str(&event::parse_unsigned(carrier).to_json()).unwrap()
}

/// The event without what must differ between carriers.
fn bare(mut event: Value) -> Value {
    event.as_object_mut().unwrap().remove("content_id").unwrap();
    event
}

/// Percent-encodes everything but letters and digits.
fn encode(text: &str) -> String {
    let letter = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02x}") }
    };
    text.bytes().map(letter).collect()
}

fn as_pairs(payload: &Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    payload.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

fn as_form(payload: &Map<String, Value>) -> String {
    let pairs = as_pairs(payload).into_iter().map(|(name, value)| format!("{}={}", encode(&name), encode(&value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[test]
fn every_sample_is_told() {
    for sample in samples() {
        let event = sample.event();
        assert_eq!((event.api.name(), &*event.event), (&*sample.api, &*sample.event), "{}", sample.file);
        assert!(event.unknown.is_empty(), "{}: {:?}", sample.file, event.unknown);
        assert!(event.duplicates.is_empty() && !event.damaged && !event.is_signed(), "{}", sample.file);
        assert!(!matches!(event.detail, Detail::Other), "{}", sample.file);
    }
}

/// Each value of a sample, typed, stands somewhere in the JSON of its event.
#[test]
fn nothing_of_a_sample_is_missing_in_the_json() {
    let mut values = 0;
    for sample in samples() {
        let json: Value = serde_json::from_str(&sample.event().to_json()).unwrap();
        let mut have = Vec::new();
        scalars(&json, &mut have);
        let mut want = Vec::new();
        scalars(&Value::Object(sample.payload.clone()), &mut want);
        values += want.len();
        for value in want {
            assert!(have.iter().any(|typed| same(&value, typed)), "{}: {value} is not in {json}", sample.file);
        }
    }
    assert_eq!(values, 906);
}

fn scalars(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| scalars(item, found)),
        Value::Object(members) if !members.is_empty() => members.values().for_each(|member| scalars(member, found)),
        other => found.push(other.clone()),
    }
}

/// Whether the typed value is the one of the wire: by other means than the library's.
fn same(wire: &Value, typed: &Value) -> bool {
    if wire == typed || *typed == Value::String(bare_text(wire)) {
        return true;
    }
    let text = bare_text(wire);
    let number = |text: &str| text.parse::<f64>().ok();
    let typed_text = bare_text(typed);
    let time = |text: &str| {
        let digits = text.replace(['-', ':', 'T', ' ', 'Z', '.'], "");
        digits.trim_end_matches('0').to_owned()
    };
    typed.is_number() && number(&text).is_some() && number(&text) == typed.as_f64()
        || typed.is_boolean() && text == typed_text
        || typed_text.ends_with('Z') && time(&text) == time(&typed_text)
        || typed_text.ends_with('Z') && format!("20{text}") == time(&typed_text).chars().take(12).collect::<String>()
        || typed_text == "2026-05-28T20:26:40.123Z" && text == "1780000000123"
        || typed_text == "2026-05-28T20:26:40.100Z" && text == "1780000000100"
        || typed_text == "2026-05-28T20:26:40.000Z" && text.trim_end_matches('0') == "178"
}

fn bare_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

#[test]
fn all_carriers_give_the_same_event() {
    let mut nested = 0;
    for sample in samples() {
        let direct = bare(json_event(&Value::Object(sample.payload.clone())));
        let form = as_form(&sample.payload);
        let pairs = as_pairs(&sample.payload);
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        assert_eq!(bare(serde_json::from_str(&sample.event().to_json()).unwrap()), direct, "{}", sample.file);
        nested += usize::from(sample.payload.values().any(Value::is_object));
        for carrier in [Carrier::Form(form.as_bytes()), Carrier::Query(form.as_bytes()), Carrier::Pairs(&pairs)] {
            let mut event = bare(of(carrier));
            assert_eq!(event["detail"].take(), direct["detail"], "{} {carrier:?}", sample.file);
            assert_eq!(event["unknown"], json!({}));
            let mut direct = direct.clone();
            direct["detail"].take();
            assert_eq!(event, direct, "{}", sample.file);
        }
    }
    assert!(nested > 30, "{nested}");
}

#[test]
fn keys_stand_in_their_order() {
    let body = r#"{"client_ref":"r","channel":"sms","status":"submitted","to":"2","from":"1","zz":1,"aa":[{"y":1,"x":2}],
        "timestamp":"2026-05-28T20:26:40Z","message_uuid":"u","usage":{"price":"0.0100","currency":"EUR"}}"#;
    let event = event::parse_unsigned(Carrier::Json(body.as_bytes()));
    let id = event.content_id();
    assert_eq!(
        event.to_json(),
        format!(
            "{}{id}{}",
            r#"{"api":"messages","event":"status/sms","signed":false,"content_id":""#,
            r#"","id":"u","occurred_at":"2026-05-28T20:26:40.000Z","from":"1","to":"2","status":"submitted","channel":"sms","client_ref":"r","record":"MessagesStatus","detail":{"usage":{"currency":"EUR","price":0.0100}},"unknown":{"/zz":1,"/aa":[{"y":1,"x":2}]},"duplicates":[],"damaged":false}"#
        )
    );
}

#[test]
fn a_receipt_s_recipient_is_its_msisdn() {
    let samples = samples();
    let find = |name: &str| samples.iter().find(|sample| sample.file == name).unwrap().event();
    let address = |party: &Field<event::Address<'_>>| party.get().unwrap().address.to_string();
    let receipt = find("sms-delivery-receipt-post-form.json");
    assert_eq!(
        (address(&receipt.envelope.from), address(&receipt.envelope.to)),
        ("AcmeInc".into(), "447700900321".into())
    );
    assert_eq!(receipt.envelope.status, Field::Is(Status::Delivered));
    assert_eq!(receipt.envelope.client_ref.get().unwrap(), "order-1");
    let Detail::SmsReceipt(sms) = &receipt.detail else { panic!() };
    assert_eq!(sms.price.get().unwrap().text(), "0.03330000");
    assert_eq!(sms.err_code, Field::Is(0));
    assert_eq!(sms.receipt_at.get().unwrap().unix_seconds(), 1_779_999_960);
    let inbound = find("sms-inbound-concat.json");
    assert_eq!(
        (address(&inbound.envelope.from), address(&inbound.envelope.to)),
        ("447700900321".into(), "447700900555".into())
    );
    let Detail::SmsInbound(sms) = &inbound.detail else { panic!() };
    assert_eq!((&sms.concat, &sms.concat_ref, &sms.concat_part), (&Field::Is(true), &Field::Is(17), &Field::Is(2)));
}

#[test]
fn absent_null_and_empty_are_three_things() {
    let call = |network: &str| {
        let body = format!(r#"{{"uuid":"u","conversation_uuid":"c","status":"answered"{network}}}"#);
        let event = event::parse_unsigned(Carrier::Json(body.as_bytes()));
        let json: Value = serde_json::from_str(&event.to_json()).unwrap();
        let Detail::VoiceCall(call) = event.detail else { panic!() };
        let name = match call.rate {
            Field::Absent => "absent",
            Field::Null => "null",
            Field::Empty => "empty",
            Field::Unread => "unread",
            Field::Is(_) => "is",
            _ => unreachable!(),
        };
        (name, json["detail"].get("rate").cloned(), json["unknown"].clone())
    };
    assert_eq!(call(""), ("absent", None, json!({})));
    assert_eq!(call(r#","rate":null"#), ("null", Some(Value::Null), json!({})));
    assert_eq!(call(r#","rate":"null""#), ("null", Some(Value::Null), json!({})));
    for empty in [r#""""#, "{}", "[]"] {
        assert_eq!(call(&format!(r#","rate":{empty}"#)), ("empty", Some(json!("")), json!({})));
    }
    assert_eq!(call(r#","rate":"free""#), ("unread", None, json!({"/rate": "free"})));
    assert_eq!(call(r#","rate":{"a":1}"#), ("unread", None, json!({"/rate": {"a": 1}})));
    assert_eq!(call(r#","rate":0.5"#), ("is", Some(json!(0.5)), json!({})));
    // A person may well write that word.
    let text = json_event(&json!({"msisdn": "1", "messageId": "2", "text": "null", "keyword": "NULL", "to": "null"}));
    assert_eq!((&text["detail"]["text"], &text["to"]), (&json!("null"), &Value::Null));
    // And JSON: what a form nests, it nests only where an object is expected.
    assert_eq!(of(Carrier::Form(b"msisdn=1&messageId=2&text={}"))["detail"]["text"], json!("{}"));
    assert_eq!(of(Carrier::Form(b"msisdn=1&messageId=2&text={%22a%22:1}"))["detail"]["text"], json!("{\"a\":1}"));
}

#[test]
fn fields_of_two_types_are_read_in_both() {
    let insight = |roaming: Value| json_event(&json!({"lookup_outcome": "1", "roaming": roaming}))["detail"].clone();
    assert_eq!(insight(json!("unknown")), json!({"lookup_outcome": 1, "roaming": "unknown"}));
    assert_eq!(insight(json!({"status": "not_roaming"}))["roaming"], json!({"status": "not_roaming"}));
    let carrier = json!({"network_code": "null", "name": null, "country": "", "network_type": "mobile"});
    let carrier = json_event(&json!({"lookup_outcome": 0, "current_carrier": carrier, "original_carrier": "null"}));
    assert_eq!(
        carrier["detail"]["current_carrier"],
        json!({"network_code": null, "name": null, "country": "", "network_type": "mobile"})
    );
    assert_eq!(carrier["detail"]["original_carrier"], Value::Null);

    let button = |payload: Value| {
        let body = json!({"channel": "whatsapp", "message_uuid": "u", "button": {"payload": payload}});
        json_event(&body)["detail"]["button"]["payload"].clone()
    };
    assert_eq!(button(json!("{\"a\":1}")), json!("{\"a\":1}"));
    assert_eq!(button(json!({"flow": {"x": [1]}})), json!({"flow": {"x": [1]}}));

    let title = |title: Value| {
        let body = json!({"channel": "sms", "message_uuid": "u", "status": "rejected", "error": {"title": title}});
        json_event(&body)["detail"]["error"]["title"].clone()
    };
    assert_eq!((title(json!(1000)), title(json!("1320"))), (json!(1000), json!("1320")));

    let action = json!({"type": "check", "check_url": "https://example.com/"});
    for wire in [action.clone(), json!([action])] {
        let event = json_event(&json!({"request_id": "r", "type": "event", "action": wire}));
        let typed = event["detail"]["action"].to_string();
        assert_eq!(typed.contains("action_type"), event["unknown"] == json!({}), "{event}");
        assert_eq!(typed.starts_with('['), wire.is_array());
    }

    let dtmf = |body: &[u8]| {
        let event = event::parse_unsigned(Carrier::Json(body));
        let Detail::VoiceInput(input) = event.detail else { panic!() };
        match input.dtmf {
            Field::Is(Dtmf::Digits(digits)) => (digits.into_owned(), input.timed_out.get().copied()),
            Field::Is(Dtmf::Input(keys)) => (keys.digits.get().unwrap().to_string(), keys.timed_out.get().copied()),
            other => panic!("{other:?}"),
        }
    };
    let new = br#"{"uuid":"u","conversation_uuid":"c","timestamp":"t","dtmf":{"digits":"12","timed_out":true}}"#;
    let old = br#"{"uuid":"u","conversation_uuid":"c","timestamp":"t","dtmf":"12","timed_out":"true"}"#;
    assert_eq!(dtmf(new), dtmf(old));
    let query = b"uuid=u&conversation_uuid=c&dtmf=%7B%22digits%22:%223%22,%22timed_out%22:true%7D&rate=null";
    let event = of(Carrier::Query(query));
    assert_eq!(event["detail"]["dtmf"], json!({"digits": "3", "timed_out": true}));
    assert_eq!(event["unknown"], json!({"/rate": "null"}));
}

#[test]
fn parties_are_texts_or_objects() {
    let legacy =
        json_event(&json!({"message_uuid": "u", "status": "read", "to": {"type": "viber_service_msg", "id": "12"},
        "from": {"type": "sms", "number": 4477, "extra": true}, "error": {"code": "1300"}}));
    assert_eq!(legacy["api"], "messages-v0.1");
    assert_eq!((&legacy["from"], &legacy["from_type"], &legacy["to"]), (&json!("4477"), &json!("sms"), &json!("12")));
    assert_eq!((&legacy["channel"], &legacy["unknown"]), (&json!("viber_service_msg"), &json!({"/from/extra": true})));
    assert_eq!(legacy["detail"]["error"]["code"], json!(1300));
    let odd =
        json_event(&json!({"message_uuid": "u", "channel": "email", "status": "read", "to": {"x": 1}, "from": [1]}));
    assert_eq!(odd["unknown"], json!({"/to": {"x": 1}, "/from": [1]}));
    assert!(odd.get("to").is_none() && odd["event"] == "status/email");
}

#[test]
fn kinds_without_a_sample_are_told_too() {
    for (api, event, body) in [
        (
            "messages-v0.1",
            "inbound",
            json!({"message_uuid": "u", "from": {"type": "sms", "number": "1"}, "message": {"content": {"type": "text", "text": "x"}, "sms": {"num_messages": "2"}}}),
        ),
        (
            "dispatch",
            "status",
            json!({"message_uuid": "u", "status": "submitted", "to": {}, "_links": {"workflow": {"dispatch_uuid": "d", "href": "h"}}}),
        ),
        (
            "dispatch",
            "report",
            json!({"dispatch_uuid": "d", "template": "failover", "status": "completed", "_links": {"messages": [{"message_uuid": "m", "channel": "viber_sevice_msg", "usage": {"price": "1"}}]}}),
        ),
        (
            "voice",
            "transfer",
            json!({"conversation_uuid_from": "a", "conversation_uuid_to": "b", "uuid": "u", "type": "transfer"}),
        ),
        ("voice", "payment", json!({"conversation_uuid": "a", "uuid": "u", "status": "success"})),
        (
            "voice",
            "transcribed",
            json!({"conversation_uuid": "a", "type": "record", "recording_uuid": "r", "status": "transcribed", "transcription_url": "t"}),
        ),
        (
            "voice",
            "machine",
            json!({"conversation_uuid": "a", "call_uuid": "u", "status": "machine", "sub_state": "beep_start"}),
        ),
        ("voice", "teleported", json!({"conversation_uuid": "a", "uuid": "u", "status": "teleported"})),
        (
            "video",
            "archive",
            json!({"event": "archive", "sessionId": "s", "id": "a", "status": "uploaded", "createdAt": 1_780_000_000_000_i64, "duration": 5, "size": "7"}),
        ),
        ("video", "sessionDestroyed", json!({"event": "sessionDestroyed", "sessionId": "s", "projectId": "p"})),
        (
            "us-short-codes",
            "dlr",
            json!({"msisdn": "12065550199", "to": "96167", "messageId": "m", "status": "delivered"}),
        ),
        (
            "sms",
            "inbound",
            json!({"msisdn": "447700900321", "to": "96167", "messageId": "m", "data": "00ff", "udh": "05", "type": "binary"}),
        ),
        ("verify-v2", "news", json!({"request_id": "r", "type": "news"})),
    ] {
        let told = json_event(&body);
        assert_eq!((&told["api"], &told["event"]), (&json!(api), &json!(event)), "{body}");
        assert_eq!(told["unknown"], json!({}), "{body}");
    }
    let sip =
        json_event(&json!({"uuid": "u", "conversation_uuid": "c", "to": "1", "SipHeader_X-A": "b", "SipHeader_": 1}));
    assert_eq!((&sip["event"], &sip["detail"]["sip_headers"]), (&json!("answer"), &json!({"X-A": "b", "": 1})));
}

#[test]
fn the_unknown_survives() {
    let event = json_event(&json!({
        "channel": "whatsapp", "message_uuid": "u", "message_type": "hologram", "hologram": {"url": "x"},
        "whatsapp": {"referral": {"new/field": 1, "til~de": [1, null]}}, "content": [{"type": "image", "size": 1}, 5]
    }));
    assert_eq!(event["detail"]["message_type"], "hologram");
    assert_eq!(
        event["unknown"],
        json!({"/hologram": {"url": "x"}, "/whatsapp/referral/new~1field": 1, "/whatsapp/referral/til~0de": [1, null],
            "/content/0/size": 1, "/content/1": 5})
    );
    assert_eq!(event["detail"]["content"], json!([{"content_type": "image"}, null]));

    // The parser's own names mean nothing, in either pass.
    for last in ["1", "1.50"] {
        let body = format!(r#"{{"x":{{"$serde_json::private::RawValue":"7"}},"y":{last}}}"#);
        let event = event::parse_unsigned(Carrier::Json(body.as_bytes()));
        assert_eq!(event.unknown[0].1.to_json(), r#"{"$serde_json::private::RawValue":"7"}"#);
    }

    // A field under two of its names at once: the first is the one, and the other is not lost.
    let call = br#"{"uuid":"u","to":"1","from_user":"alice","from":"447700900321"}"#;
    let call = of(Carrier::Json(call));
    assert_eq!((&call["from"], &call["unknown"]), (&json!("alice"), &json!({"/from": "447700900321"})));

    let exact = r#"{"x":[1.10,-0,1e2,1E300,123456789012345678901234567890,18446744073709551615,0.1e-7]}"#;
    let event = event::parse_unsigned(Carrier::Json(exact.as_bytes()));
    assert_eq!((event.api.name(), &*event.event), ("other", "other"));
    assert!(
        event.to_json().contains(&format!(r#""unknown":{{"/x":{}}}"#, &exact[5..exact.len() - 1])),
        "{}",
        event.to_json()
    );
    assert_eq!(event.carrier(), Carrier::Json(exact.as_bytes()));
}

#[test]
fn what_cannot_be_read_is_other() {
    let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
    let wide = format!("{{\"a\":[{}1]}}", "1,".repeat(20_000));
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20));
    let nested = "[".repeat(1_000_000);
    for body in ["", "null", "[]", "\"x\"", "{", "{}{}", "\u{feff}{}", &deep, &wide, &long, &nested] {
        let event = event::parse_unsigned(Carrier::Json(body.as_bytes()));
        assert_eq!((event.api.name(), &*event.event), ("other", "unreadable"));
        assert_eq!(event.carrier(), Carrier::Json(body.as_bytes()));
        assert!(event.to_json().contains(r#""record":"Other","detail":{},"unknown":{}"#));
    }
    assert_eq!(&*event::parse_unsigned(Carrier::Json(b"{\"a\":\"\xff\"}")).event, "unreadable");
    assert_eq!(&*event::parse_unsigned(Carrier::Json(b"{}")).event, "other");
}

#[test]
fn repeated_names_are_flagged_and_the_last_counts() {
    let body =
        br#"{"msisdn":"1","messageId":"m","text":"a","te\u0078t":"b","x":1,"x":2,"y":[{"z":{"w":1,"w":2,"w":3}}]}"#;
    let event = event::parse_unsigned(Carrier::Json(body));
    assert_eq!(event.duplicates, ["/text", "/x", "/y/0/z/w"]);
    let json: Value = serde_json::from_str(&event.to_json()).unwrap();
    assert_eq!((&json["detail"]["text"], &json["duplicates"]), (&json!("b"), &json!(["/text", "/x", "/y/0/z/w"])));
    assert!(event.to_json().contains(r#""unknown":{"/x":2,"/y":[{"z":{"w":3}}]}"#), "{}", event.to_json());
    assert_eq!(of(Carrier::Form(b"msisdn=1&messageId=2&text=a&text=b"))["duplicates"], json!(["/text"]));
    let many: Vec<_> = (0..100).map(|number| format!("\"m{}\":1", number % 99)).collect();
    assert_eq!(of(Carrier::Json(format!("{{{}}}", many.join(",")).as_bytes()))["duplicates"], json!(["/m0"]));
}

#[test]
fn half_an_emoji_does_not_take_the_event_with_it() {
    let body = br#"{"msisdn":"1","to":"2","messageId":"m","text":"cut \ud83d","n":{"a":["\udc00x"]}}"#;
    let event = event::parse_unsigned(Carrier::Json(body));
    assert!(event.damaged);
    let Detail::SmsInbound(sms) = &event.detail else { panic!() };
    assert_eq!(sms.text.get().unwrap().trim_end_matches('\u{fffd}'), "cut ");
    assert!(of(Carrier::Json(body))["damaged"].as_bool().unwrap());
}

/// What tells each record, and nothing more.
const TELLS: &[(&str, &str)] = &[
    ("SmsInbound", r#"{"msisdn":"1","messageId":"2"}"#),
    ("SmsReceipt", r#"{"msisdn":"1","messageId":"2","scts":"2605282026"}"#),
    ("VoiceAnswer", r#"{"uuid":"1","to":"2"}"#),
    ("VoiceFallback", r#"{"uuid":"1","original_request":{}}"#),
    ("VoiceCall", r#"{"conversation_uuid":"1","status":"ringing"}"#),
    ("VoiceRecording", r#"{"conversation_uuid":"1","recording_url":"2"}"#),
    ("VoiceTranscription", r#"{"conversation_uuid":"1","status":"transcribed"}"#),
    ("VoiceInput", r#"{"uuid":"1","speech":{}}"#),
    ("VoiceTransfer", r#"{"conversation_uuid_from":"1"}"#),
    ("VoiceNotify", r#"{"conversation_uuid":"1","payload":{}}"#),
    ("VoiceError", r#"{"conversation_uuid":"1","reason":"2"}"#),
    ("MessagesInbound", r#"{"message_uuid":"1","channel":"sms"}"#),
    ("MessagesStatus", r#"{"message_uuid":"1","channel":"sms","status":"read"}"#),
    ("LegacyInbound", r#"{"message_uuid":"1","message":{}}"#),
    ("LegacyStatus", r#"{"message_uuid":"1","status":"read"}"#),
    ("DispatchReport", r#"{"dispatch_uuid":"1"}"#),
    ("VerifyEvent", r#"{"request_id":"1","type":"event"}"#),
    ("VerifySummary", r#"{"request_id":"1","type":"summary"}"#),
    ("NumberInsight", r#"{"lookup_outcome":0}"#),
    ("VideoSession", r#"{"sessionId":"1","event":"streamCreated"}"#),
    ("VideoArchive", r#"{"sessionId":"1","event":"archive"}"#),
    ("ConversationEvent", r#"{"conversation_id":"1","type":"text","body":{}}"#),
    ("MeetingsEvent", r#"{"room_id":"1","event":"session:ended"}"#),
];

/// One minute in all forms of the wire.
const MINUTE: [&str; 4] = ["2026-05-28 20:26:00", "2605282026", "1779999960000", "1779999960"];

/// Every line of the tables does what it says: its member is read under each of its names as its shape tells, and
/// written under the name of the field.
#[test]
fn every_field_of_the_schema_is_read_and_written() {
    let mut fields = 0;
    let schema = event::schema();
    assert_eq!(schema.len(), TELLS.len());
    for (record, (name, tell)) in schema.into_iter().zip(TELLS) {
        assert_eq!(record.name, *name);
        let tell: Value = serde_json::from_str(tell).unwrap();
        assert_eq!(event::parse_unsigned(Carrier::Json(tell.to_string().as_bytes())).detail.name(), *name);
        check_names(record);
        let lines = record.fields.iter().map(|line| (line, true));
        for (line, in_detail) in lines.chain(record.envelope.iter().map(|line| (line, false))) {
            assert!(!in_detail || !line.about.trim().is_empty(), "{name}.{}", line.name);
            for wire_name in line.wire {
                for variant in 0..variants(&line.shape) {
                    fields += 1;
                    let works = MINUTE.iter().any(|minute| {
                        let (wire, typed) = example(&line.shape, minute, variant);
                        let mut body = tell.clone();
                        body[*wire_name] = wire;
                        let event = json_event(&body);
                        let written = if in_detail { &event["detail"] } else { &event };
                        written.get(line.name) == Some(&typed) && event["unknown"] == json!({})
                    });
                    assert!(works, "{name}.{} from {wire_name}", line.name);
                }
            }
        }
    }
    assert!(fields > 250, "{fields}");
}

fn variants(shape: &Shape) -> usize {
    if let Shape::Either(_, variants) = shape { variants.len() } else { 1 }
}

/// A value on the wire, and as it is written. Numbers and times come as text.
fn example(shape: &Shape, minute: &str, variant: usize) -> (Value, Value) {
    match shape {
        Shape::Text => (json!("w"), json!("w")),
        Shape::Integer => (json!("7"), json!(7)),
        Shape::Decimal => (json!("0.50"), json!(0.5)),
        Shape::Truth => (json!("true"), json!(true)),
        Shape::Timestamp => (json!(minute), json!("2026-05-28T20:26:00.000Z")),
        Shape::Words(_, words) => (json!(words[0]), json!(words[0])),
        Shape::Any | Shape::Object => (json!({"any": [1]}), json!({"any": [1]})),
        Shape::List(item) => {
            let (wire, typed) = example(item, minute, 0);
            (json!([wire]), json!([typed]))
        }
        Shape::Record(record) => {
            check_names(record);
            let (mut wire, mut typed) = (Map::new(), Map::new());
            for line in record.fields {
                let (member, field) = example(&line.shape, minute, 0);
                wire.insert(line.wire[0].to_owned(), member);
                typed.insert(line.name.to_owned(), field);
            }
            (Value::Object(wire), Value::Object(typed))
        }
        Shape::Either(_, variants) => example(&variants[variant].1, minute, 0),
        other => panic!("{other:?}"),
    }
}

/// No two lines of a record have one name.
fn check_names(record: &event::Record) {
    assert!(!record.about.trim().is_empty(), "{}", record.name);
    let unique = |mut names: Vec<&str>| {
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        names.len() == count
    };
    let prefixed = record.prefixed.map(|(name, _)| name);
    assert!(unique(record.fields.iter().map(|line| line.name).chain(prefixed).collect()), "{}", record.name);
    let wires = record.envelope.iter().chain(record.fields).flat_map(|line| line.wire.iter().copied());
    assert!(unique(wires.collect()), "{}", record.name);
}

fn verified(body: &[u8]) -> Verified {
    let mut keyring = Keyring::new();
    keyring.add_secret("abcd1234", "production", SECRET).unwrap();
    let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
    let header = Signer::new("abcd1234", SECRET).unwrap().sign_body(body, NOW, "jti");
    verifier.verify(&Request::post(header.as_bytes(), body), NOW).unwrap()
}

#[test]
fn only_the_verified_body_is_parsed() {
    for sample in samples().iter().filter(|sample| sample.is_json()) {
        let body = sample.wire.as_bytes();
        let proof = verified(body);
        let event = event::parse(&proof, body).unwrap();
        assert!(event.is_signed());
        assert_eq!((event.api.name(), &*event.event), (&*sample.api, &*sample.event), "{}", sample.text);
        let mut other = body.to_vec();
        other[1] ^= 1;
        assert_eq!(event::parse(&proof, &other).unwrap_err(), event::BodyMismatch);
        assert_eq!(event::parse(&proof, b"").unwrap_err(), event::BodyMismatch);
    }
    let proof = verified(b"no JSON \xff");
    let event = event::parse(&proof, b"no JSON \xff").unwrap();
    assert_eq!((&*event.event, event.carrier()), ("unreadable", Carrier::Json(b"no JSON \xff")));
}

#[test]
fn the_content_id_is_of_account_and_content() {
    let body = br#"{"a":1}"#;
    let id = event::parse(&verified(body), body).unwrap().content_id();
    assert_eq!(event::parse(&verified(body), body).unwrap().content_id(), id);
    // SHA-256 over each part after its length in eight bytes; computed by Python's hashlib.
    assert_eq!(id, "aff9f2624534548b5a383a4c87d7f80c8719ba3544cc167213516bb2000c2327");
    let unsigned = event::parse_unsigned(Carrier::Json(body)).content_id();
    assert_ne!(unsigned, id);
    assert_ne!(event::parse_unsigned(Carrier::Json(b"{}")).content_id(), unsigned);
    let one: [(&[u8], &[u8]); 1] = [(b"ab", b"c")];
    let other: [(&[u8], &[u8]); 1] = [(b"a", b"bc")];
    assert_ne!(
        event::parse_unsigned(Carrier::Pairs(&one)).content_id(),
        event::parse_unsigned(Carrier::Pairs(&other)).content_id()
    );
}

/// A reader of JSON may refuse a document for one number that no double holds.
#[test]
fn numbers_beyond_a_double_are_text() {
    for number in ["1e999", "-0.1222E2222222222222222222", &"9".repeat(400)] {
        let body = format!(r#"{{"channel":"rcs","message_uuid":"m","own":{number},"price":{number}}}"#);
        let json = event::parse_unsigned(Carrier::Json(body.as_bytes())).to_json();
        let event: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(event["unknown"]["/own"], *number, "{json}");
    }
}
