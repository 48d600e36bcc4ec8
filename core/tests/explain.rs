//! A table of broken requests: each has one planted mistake or two, and every one of them is named.
#![cfg(all(feature = "explain", feature = "sms"))]
#![allow(missing_docs)]

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookproof::explain::{Explanation, Outcome, explain};
use hookproof::sign::{Signer, SmsCarrier};
use hookproof::{Keyring, Policy, Request, RequestHead, SmsMethod, Validity, Verifier};
use serde_json::{Value, json};

const NOW: i64 = 1_780_000_000;
const SECRET: &str = "kW3-sample-signature-secret-of-the-dashboard-0042";
const ACCOUNT: &str = "abcd1234";
const BODY: &str = r#"{"channel":"whatsapp","message_uuid":"aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb","to":"447700900555","from":"447700900321","message_type":"text","text":"Café 5 € & <b>more</b> https://example.com/a","profile":{"name":"+44 Zoë"},"usage":{"price":0.0570}}"#;
const QUERY: &str = "to=447700900555&endpoint_type=phone&from=447700900321&conversation_uuid=CON-0f6a3d2e-1b4c-4d5e\
                     &uuid=5f0d3c1b9a7e4d2c&region_url=https%3A%2F%2Fapi-eu-3.vonage.com&note=a%2Bb%26c%25d%20%C3%A9";
const SMS: &str = "msisdn=447700900321&to=447700900555&messageId=0C00000012AB34CD&text=Caf%C3%A9+%26+more&type=text\
                   &api-key=abcd1234&message-timestamp=2026-05-28+20%3A26%3A40";

/// A request and everything it is judged by, to be broken.
struct Case {
    policy: Policy,
    accounts: Vec<(String, Vec<u8>)>,
    applications: Vec<String>,
    validity: Validity,
    expected: Option<String>,
    method: String,
    header: Vec<u8>,
    count: usize,
    query: Vec<u8>,
    route: String,
    body: Vec<u8>,
    fields: Vec<(String, Vec<u8>)>,
    now: i64,
}

fn signer() -> Signer {
    Signer::new(ACCOUNT, SECRET.as_bytes()).unwrap()
}

/// A genuine POST with a token.
fn post() -> Case {
    post_of(BODY.as_bytes())
}

fn post_of(body: &[u8]) -> Case {
    Case {
        policy: Policy::standard(),
        accounts: vec![(ACCOUNT.to_owned(), SECRET.as_bytes().to_vec())],
        applications: Vec::new(),
        validity: Validity::default(),
        expected: None,
        method: "POST".to_owned(),
        header: signer().sign_body(body, NOW, "jti-1").into_bytes(),
        count: 1,
        query: Vec::new(),
        route: String::new(),
        body: body.to_vec(),
        fields: Vec::new(),
        now: NOW + 2,
    }
}

/// A genuine GET with a token.
fn get() -> Case {
    get_of(QUERY)
}

fn get_of(query: &str) -> Case {
    let header = signer().sign_query(query, NOW, "jti-1").unwrap().into_bytes();
    Case { method: "GET".to_owned(), header, query: query.as_bytes().to_vec(), body: Vec::new(), ..post() }
}

/// A genuine POST with a form and the SMS API's own signature.
fn sms(method: SmsMethod) -> Case {
    let body = signer().sign_sms(method, SmsCarrier::Form, SMS, NOW, "nonce-1").unwrap();
    Case { policy: Policy::sms(method), header: Vec::new(), count: 0, body: body.into_bytes(), ..post() }
}

/// A token with these claims besides the usual ones; `null` takes one away.
fn with_claims(case: Case, change: &Value) -> Case {
    let hash = claims_of(&case)["payload_hash"].clone();
    let mut claims = json!({"iat": NOW, "jti": "jti-1", "iss": "Vonage", "payload_hash": hash, "api_key": ACCOUNT});
    for (name, value) in change.as_object().unwrap() {
        claims.as_object_mut().unwrap().insert(name.clone(), value.clone());
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    Case { header: signer().sign_claims(claims.to_string().as_bytes()).into_bytes(), ..case }
}

fn claims_of(case: &Case) -> Value {
    let token = std::str::from_utf8(&case.header).unwrap().split('.').nth(1).unwrap().to_owned();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap()
}

fn with_secret(secret: impl AsRef<[u8]>) -> Case {
    Case { accounts: vec![(ACCOUNT.to_owned(), secret.as_ref().to_vec())], ..post() }
}

fn with_body(body: impl AsRef<[u8]>) -> Case {
    Case { body: body.as_ref().to_vec(), ..post() }
}

fn with_header(change: impl Fn(&str) -> String) -> Case {
    let case = post();
    let header = change(std::str::from_utf8(&case.header).unwrap()).into_bytes();
    Case { header, ..case }
}

fn with_query(query: &str) -> Case {
    Case { query: query.as_bytes().to_vec(), ..get() }
}

fn explained(case: &Case) -> Explanation {
    let mut keyring = Keyring::new();
    for (account, secret) in &case.accounts {
        keyring.add_dated_secret(account, "production", secret, case.validity).unwrap();
        for id in &case.applications {
            keyring.add_application_id(account, id).unwrap();
        }
    }
    let verifier = Verifier::new(case.policy.clone(), keyring).unwrap();
    let mut head = RequestHead::new(case.method.as_bytes())
        .header(&case.header, case.count)
        .query(&case.query)
        .route(case.route.as_bytes());
    if let Some(expected) = &case.expected {
        head = head.expected_account(expected.as_bytes());
    }
    let fields: Vec<(&[u8], &[u8])> =
        case.fields.iter().map(|(name, value)| (name.as_bytes(), value.as_slice())).collect();
    let request = Request::new(head, &case.body);
    let explanation = explain(&verifier, &request, &fields, case.now);
    let refusal = verifier.verify(&request, case.now).err();
    assert_eq!(
        explanation.refusal().map(|refusal| refusal.reason()),
        refusal.map(|refusal| refusal.reason()),
        "the verdict is the verifier's"
    );
    explanation
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The body in another program's hand.
fn rewritten(change: impl Fn(&str) -> String) -> Case {
    with_body(change(BODY))
}

fn unicode_escaped(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_ascii() { letter.to_string() } else { format!("\\u{:04x}", u32::from(letter)) })
        .collect()
}

fn spaced(text: &str) -> String {
    text.replace("\":", "\": ").replace(",\"", ", \"")
}

fn sorted(text: &str) -> String {
    // Without its feature to keep the order, serde_json sorts.
    serde_json::from_str::<Value>(text).unwrap().to_string()
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|letter| if letter == '€' { 0x80 } else { u8::try_from(letter).unwrap() }).collect()
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn field(name: &str, value: impl AsRef<[u8]>) -> Vec<(String, Vec<u8>)> {
    vec![(name.to_owned(), value.as_ref().to_vec())]
}

/// What is planted, and the request.
#[rustfmt::skip]
fn table() -> Vec<(&'static [&'static str], Case)> {
    let bearer = |case: &Case| case.header.clone();
    let in_route = || Case { accounts: vec![("archive".to_owned(), SECRET.as_bytes().to_vec())], ..post() };
    let small = br#"{"uuid":"5f0d","from":"447700900321","to":"447700900555","status":"answered"}"#;
    let outbound = {
        let part = |json: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json);
        let claims = r#"{"application_id":"11111111-2222-4333-8444-555555555555","iat":1780000000,"jti":"j","exp":1780000900}"#;
        format!("Bearer {}.{}.{}", part(r#"{"alg":"RS256","typ":"JWT"}"#), part(claims), "A".repeat(342))
    };
    let other_alg = |alg: &str, signature: &str| {
        let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}"}}"#));
        with_header(|value| format!("Bearer {header}.{}.{signature}", value.split('.').nth(1).unwrap()))
    };
    vec![
        // The body: changed bytes.
        (&["body.newline_added"], with_body(format!("{BODY}\n"))),
        (&["body.newline_added"], with_body(format!("{BODY}\r\n"))),
        (&["body.newline_removed"], Case { body: BODY.as_bytes().to_vec(), ..post_of(format!("{BODY}\n").as_bytes()) }),
        (&["body.white_space"], with_body(format!(" {BODY}  "))),
        (&["body.line_endings"], Case { body: b"{\r\n\"a\":1\r\n}".to_vec(), ..post_of(b"{\n\"a\":1\n}") }),
        (&["body.line_endings"], Case { body: b"{\n\"a\":1\n}".to_vec(), ..post_of(b"{\r\n\"a\":1\r\n}") }),
        (&["body.bom"], with_body(format!("\u{feff}{BODY}"))),
        (&["body.base64"], with_body(STANDARD.encode(BODY))),
        (&["body.lambda_event"], with_body(json!({"body": BODY, "isBase64Encoded": false, "headers": {}}).to_string())),
        (&["body.lambda_event"], with_body(json!({"body": STANDARD.encode(BODY), "isBase64Encoded": true}).to_string())),
        (&["body.json_string"], with_body(json!(BODY).to_string())),
        (&["body.compressed"], with_body(gzip(BODY.as_bytes()))),
        (&["body.base64", "body.compressed"], with_body(STANDARD.encode(gzip(BODY.as_bytes())))),
        (&["body.form_encoded"], with_body(percent_encoded(BODY))),
        (&["body.form_encoded"], with_body(format!("{}=", percent_encoded(BODY)))),
        (&["body.form_encoded"], with_body(format!("payload={}", percent_encoded(BODY)))),
        (&["body.form_decoded"], with_body(BODY.replace("\"+44", "\" 44"))),
        (&["body.charset"], with_body(windows_1252(BODY))),
        (&["body.charset"], with_body(String::from_utf8(BODY.bytes().collect()).unwrap().chars().flat_map(|letter| {
            letter.to_string().into_bytes().into_iter().map(|byte| match byte { 0x82 => '‚', 0xac => '¬', other => char::from(other) }).collect::<Vec<_>>()
        }).collect::<String>())),
        (&["body.charset"], with_body([b"\xff\xfe".to_vec(), BODY.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat())),
        (&["body.replacement"], with_body(BODY.replace('é', "\u{fffd}"))),
        (&["body.html"], with_body(BODY.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;"))),
        (&["body.backslashes"], with_body(BODY.replace('"', "\\\""))),
        (&["body.empty"], with_body("")),
        (&["body.cut"], Case { fields: field("Content-Length", BODY.len().to_string()), ..with_body(&BODY[..100]) }),
        (&["body.decompressed"], Case { fields: field("content-encoding", "br"), ..post_of(b"\x0b\x02\x80{}\x03") }.with(|case| case.body = b"{}".to_vec())),

        // The body: JSON serialised again.
        (&["body.json_spacing"], rewritten(spaced)),
        (&["body.json_spacing"], rewritten(|text| {
            let indented = text.replace("{\"", "{\n  \"").replace(",\"", ",\n  \"").replace("\":", "\": ");
            indented.replace("{\n  \"name", "{\n    \"name").replace("{\n  \"price", "{\n    \"price").replace("ë\"}", "ë\"\n  }").replace("0.0570}}", "0.0570\n  }\n}")
        })),
        (&["body.json_slashes"], rewritten(|text| text.replace('/', "\\/"))),
        (&["body.json_unicode"], rewritten(unicode_escaped)),
        (&["body.json_html"], rewritten(|text| text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))),
        (&["body.json_key_order"], Case { body: sorted(std::str::from_utf8(small).unwrap()).into_bytes(), ..post_of(small) }),
        (&["body.json_key_order"], Case { body: BODY.as_bytes().to_vec(), ..post_of(sorted(BODY).replace("0.057", "0.0570").as_bytes()) }),
        (&["body.json_sorted"], rewritten(sorted)),
        (&["body.json_spacing", "body.json_unicode"], rewritten(|text| spaced(&unicode_escaped(text)))),
        (&["body.json_slashes", "body.json_unicode"], rewritten(|text| unicode_escaped(&text.replace('/', "\\/")))),
        (&["body.bom", "body.json_spacing"], with_body(format!("\u{feff}{}", spaced(BODY)))),

        // The secret.
        (&["secret.newline"], with_secret(format!("{SECRET}\n"))),
        (&["secret.newline"], with_secret(format!("{SECRET}\r\n"))),
        (&["secret.white_space"], with_secret(format!("  {SECRET}"))),
        (&["secret.white_space"], with_secret(format!("{SECRET}\u{200b}"))),
        (&["secret.quoted"], with_secret(format!("\"{SECRET}\""))),
        (&["secret.quoted"], with_secret(format!("'{SECRET}'"))),
        (&["secret.newline", "secret.quoted"], with_secret(format!("'{SECRET}'\n"))),
        (&["secret.bom"], with_secret(format!("\u{feff}{SECRET}"))),
        (&["secret.nul"], with_secret(format!("{SECRET}{}", "\0".repeat(32)))),
        (&["secret.base64"], with_secret(STANDARD.encode(SECRET))),
        (&["secret.base64_decoded"], Case {
            header: Signer::new(ACCOUNT, b"YqABRE18Vk2zfiVVMV7uag==").unwrap().sign_body(BODY.as_bytes(), NOW, "j").into_bytes(),
            ..with_secret(STANDARD.decode("YqABRE18Vk2zfiVVMV7uag==").unwrap())
        }),
        (&["secret.hex"], with_secret(SECRET.bytes().map(|byte| format!("{byte:02x}")).collect::<String>())),
        (&["secret.hex_decoded"], Case {
            header: Signer::new(ACCOUNT, b"00ff1a2b3c4d5e6f").unwrap().sign_body(BODY.as_bytes(), NOW, "j").into_bytes(),
            ..with_secret(b"\x00\xff\x1a\x2b\x3c\x4d\x5e\x6f")
        }),
        (&["secret.case"], Case {
            header: Signer::new(ACCOUNT, SECRET.to_ascii_lowercase().as_bytes()).unwrap().sign_body(BODY.as_bytes(), NOW, "j").into_bytes(),
            ..post()
        }),
        (&["secret.assignment"], with_secret(format!("VONAGE_SIGNATURE_SECRET={SECRET}"))),
        (&["secret.escaped"], with_secret(percent_encoded(SECRET))),
        (&["secret.charset"], with_secret([b"\xff\xfe".to_vec(), SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat())),
        (&["secret.too_long"], Case {
            header: Signer::new(ACCOUNT, &b"0123456789".repeat(5)).unwrap().sign_body(BODY.as_bytes(), NOW, "j").into_bytes(),
            ..with_secret(b"0123456789".repeat(6))
        }),
        (&["secret.twice"], with_secret(SECRET.repeat(2))),
        (&["secret.other_account"], Case {
            accounts: vec![(ACCOUNT.to_owned(), b"another secret of the same length and more".to_vec()), ("efgh5678".to_owned(), SECRET.into())],
            ..post()
        }),
        (&["secret.other_account"], Case { accounts: vec![("efgh5678".to_owned(), SECRET.into())], ..post() }),
        (&["account.spelling"], Case { accounts: vec![("ABCD1234 ".to_owned(), SECRET.into())], ..post() }),
        (&["secret.api_secret"], with_secret("aB3dE6gH9jK2mN5p")),
        (&["secret.placeholder"], with_secret("${VONAGE_SIGNATURE_SECRET}")),
        (&["secret.pem"], with_secret("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n")),
        (&["secret.application_id"], with_secret("aaaaaaaa-bbbb-cccc-dddd-0123456789ab")),
        (&["secret.window"], Case { validity: Validity { not_before: None, not_after: Some(NOW - 60) }, ..post() }),
        (&["token.test_secret"], Case {
            header: Signer::new(ACCOUNT, b"your-256-bit-secret").unwrap().sign_body(BODY.as_bytes(), NOW, "j").into_bytes(),
            ..post()
        }),
        (&["account.expected"], Case { expected: Some("efgh5678".to_owned()), ..post() }),

        // The header field and the token.
        (&["header.stripped"], Case { header: Vec::new(), count: 0, ..post() }),
        (&["header.other_name"], post().with(|case| {
            case.fields = field("X-Forwarded-Authorization", bearer(case));
            (case.header, case.count) = (Vec::new(), 0);
        })),
        (&["header.no_bearer"], with_header(|value| value.replace("Bearer ", ""))),
        (&["header.other_word"], with_header(|value| value.replace("Bearer ", "Token "))),
        (&["header.other_word"], with_header(|value| value.replace("Bearer ", "Bearer: "))),
        (&["header.white_space"], with_header(|value| format!("{value}\r\n"))),
        (&["header.quoted"], with_header(|value| format!("\"{value}\""))),
        (&["header.quoted"], with_header(|value| value.replace("Bearer ", "Bearer \"") + "\"")),
        (&["header.encoded"], with_header(|value| value.replace("Bearer ", "Bearer%20"))),
        (&["header.joined"], with_header(|value| format!("Basic dXNlcjpwYXNz, {value}"))),
        (&["header.added"], post().with(|case| {
            case.fields = [field("authorization", "Basic dXNlcjpwYXNz"), field("authorization", bearer(case))].concat();
            (case.header, case.count) = (b"Basic dXNlcjpwYXNz".to_vec(), 2);
        })),
        (&["header.basic"], with_header(|_| "Basic dXNlcjpwYXNz".to_owned())),
        (&["token.outbound"], with_header(|_| outbound.clone())),
        (&["token.unsigned"], other_alg("none", "")),
        (&["token.other_algorithm"], other_alg("HS512", &"A".repeat(86))),
        (&["token.recoded"], with_header(|value| format!("{value}="))),
        (&["token.cut"], with_header(|value| value[..value.len() - 20].to_owned())),
        (&["header.no_bearer", "body.newline_added"], with_header(|value| value.replace("Bearer ", "")).with(|case| case.body.push(b'\n'))),
        (&["secret.newline", "body.json_spacing"], with_secret(format!("{SECRET}\n")).with(|case| case.body = spaced(BODY).into_bytes())),

        // The claims.
        (&["claims.milliseconds"], with_claims(post(), &json!({"iat": NOW * 1000}))),
        (&["claims.time_form"], with_claims(post(), &json!({"iat": NOW.to_string()}))),
        (&["claims.time_form"], with_claims(post(), &json!({"iat": 1_780_000_000.5}))),
        (&["claims.hash_form"], with_claims(post(), &json!({"payload_hash": "gLAbGFlMvuUdILa2vDrP5xfXyAscDxDyV3Sys2e8knU="}))),
        (&["issuer.spelling"], with_claims(post(), &json!({"iss": "vonage"}))),
        (&["application.spelling"], Case {
            applications: vec!["AAAAAAAA-bbbb-cccc-dddd-0123456789ab".to_owned()],
            ..with_claims(post(), &json!({"application_id": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab"}))
        }),

        // The clock.
        (&["clock.milliseconds"], Case { now: NOW * 1000, ..post() }),
        (&["clock.unset"], Case { now: 12, ..post() }),
        (&["clock.time_zone"], Case { now: NOW + 2 * 3600 + 3, ..post() }),
        (&["clock.time_zone"], Case { now: NOW - 11 * 1800, ..post() }),
        (&["clock.behind"], Case { now: NOW - 200, ..post() }),
        (&["time.late_retry"], Case { now: NOW + 1000, ..post() }),
        (&["time.recorded"], Case { now: NOW + 40 * 86_400, ..post() }),

        // The method and the query.
        (&["method.case"], Case { method: "post".to_owned(), ..post() }),
        (&["method.get_as_post"], Case { method: "POST".to_owned(), ..get() }),
        (&["method.post_as_get"], Case { method: "GET".to_owned(), ..post() }),
        (&["query.in_body"], Case { method: "POST".to_owned(), body: QUERY.into(), query: Vec::new(), ..get() }),
        (&["query.body"], Case { body: b"{}".to_vec(), ..get() }),
        (&["query.empty"], with_query("")),
        (&["query.question_mark"], with_query(&format!("?{QUERY}"))),
        (&["query.question_mark"], with_query(&format!("/answer?{QUERY}"))),
        (&["query.decoded"], with_query("to=447700900555&endpoint_type=phone&from=447700900321&conversation_uuid=CON-0f6a3d2e-1b4c-4d5e\
            &uuid=5f0d3c1b9a7e4d2c&region_url=https://api-eu-3.vonage.com&note=a+b&c%d é")),
        (&["query.encoded_twice"], with_query(&QUERY.replace('%', "%25"))),
        (&["query.order"], with_query(&{
            let mut pieces: Vec<_> = QUERY.split('&').collect();
            pieces.sort_unstable();
            pieces.join("&")
        })),
        (&["query.own"], with_query(&format!("token=x&{QUERY}"))),
        (&["query.own"], with_query(&format!("{QUERY}&utm_source=x&utm_medium=y"))),
        (&["query.charset"], with_query(&QUERY.replace("%C3%A9", "%E9"))),
        (&["query.charset"], with_query(&QUERY.replace("%C3%A9", "%C3%83%C2%A9"))),
        (&["query.form"], Case {
            query: b"rate=null&to=1".to_vec(),
            ..with_claims(get_of("rate=null&to=1"), &json!({"payload_hash": claims_of(&post_of(br#"{"rate":null,"to":"1"}"#))["payload_hash"]}))
        }),
        (&["query.raw_hash"], with_claims(get(), &json!({"payload_hash": claims_of(&post_of(QUERY.as_bytes()))["payload_hash"]}))),

        // The profile, and the API.
        (&["profile.other"], Case { policy: Policy::cloud_runtime(), fields: field("Authorization", post().header), header: Vec::new(), count: 0, ..post() }),
        (&["profile.other"], post().with(|case| {
            case.fields = [field("Authorization", outbound.as_bytes()), field("X-Vonage-Webhook-Auth-Token", bearer(case))].concat();
            case.header = outbound.clone().into_bytes();
        })),
        (&["profile.other"], with_claims(in_route(), &json!({"api_key": null})).with(|case| case.route = "archive".to_owned())),
        (&["route.missing"], in_route().with(|case| case.policy = Policy::video())),
        (&["sms.instead_of_token"], Case { policy: Policy::standard(), ..sms(SmsMethod::Sha256) }),
        (&["sms.token_instead"], Case { policy: Policy::sms(SmsMethod::Sha256), ..post() }),
        (&["sms.method"], Case { policy: Policy::sms(SmsMethod::Md5), ..sms(SmsMethod::Md5Hash) }),
        (&["sms.method"], Case { policy: Policy::sms(SmsMethod::Sha256), ..sms(SmsMethod::Sha512) }),
        (&["secret.newline"], sms(SmsMethod::Sha1).with(|case| case.accounts[0].1.push(b'\n'))),
        (&["sms.parameter_added"], sms(SmsMethod::Sha256).with(|case| case.body.extend(b"&_url=%2Fhook"))),
        (&["body.charset"], sms(SmsMethod::Sha256).with(|case| case.body = String::from_utf8(case.body.clone()).unwrap().replace("%C3%A9", "\u{c3}\u{a9}").into_bytes())),
        (&["body.base64"], sms(SmsMethod::Sha256).with(|case| case.body = STANDARD.encode(&case.body).into_bytes())),
        (&["method.get_as_post"], sms(SmsMethod::Sha256).with(|case| case.query = std::mem::take(&mut case.body))),
        (&["api.never_signs"], Case { header: Vec::new(), count: 0, ..with_body(SMS) }),
        (&["clock.milliseconds"], sms(SmsMethod::Sha256).with(|case| case.now *= 1000)),
    ]
}

impl Case {
    fn with(mut self, change: impl FnOnce(&mut Case)) -> Case {
        change(&mut self);
        self
    }
}

#[test]
fn every_planted_mistake_is_named() {
    let table = table();
    assert!(table.len() >= 100);
    let mut wrong = Vec::new();
    for (number, (planted, case)) in table.iter().enumerate() {
        let explanation = explained(case);
        let named: Vec<&str> = explanation.mistakes().iter().map(|mistake| mistake.name()).collect();
        let mut expected = planted.to_vec();
        let mut found = named.clone();
        expected.sort_unstable();
        found.sort_unstable();
        if found != expected {
            wrong.push(format!("{number}: planted {planted:?}, named {named:?}, refused {:?}", explanation.refusal()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_genuine_ones_have_no_mistake() {
    for case in [post(), get(), sms(SmsMethod::Sha256), sms(SmsMethod::Md5Hash)] {
        let explanation = explained(&case);
        assert!(explanation.refusal().is_none() && explanation.mistakes().is_empty());
        assert!(explanation.checks().iter().all(|check| check.outcome() == Outcome::Passed));
    }
}

/// A request that is wrong through and through, and looks like nothing in particular.
#[test]
fn none_fits_a_random_request() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |len: usize| -> Vec<u8> {
        let mut byte = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            u8::try_from(seed >> 56).unwrap()
        };
        (0..len).map(|_| byte()).collect()
    };
    for _ in 0..10 {
        let forged = Signer::new(ACCOUNT, &random(48)).unwrap();
        let text = STANDARD.encode(random(300));
        let body = format!(r#"{{"q":"{text}","b":17,"a":null}}"#);
        let cases = [
            Case { header: forged.sign_body(BODY.as_bytes(), NOW, "j").into_bytes(), ..post() },
            Case { header: forged.sign_query(QUERY, NOW, "j").unwrap().into_bytes(), ..get() },
            with_body(&body),
            with_body(random(500)),
            with_query(&format!("zeta={}&b=3&alpha=1", text.replace(['+', '/', '='], "-"))),
            Case { header: [b"Bearer ", text.as_bytes()].concat(), ..post() },
            Case { body: random(300), ..sms(SmsMethod::Sha256) },
            sms(SmsMethod::Sha256).with(|case| case.body.extend_from_slice(b"x")),
        ];
        for (number, case) in cases.iter().enumerate() {
            let explanation = explained(case);
            assert!(explanation.refusal().is_some(), "{number}");
            assert_eq!(explanation.mistakes(), [], "{number}");
            let failed = explanation.checks().iter().filter(|check| check.outcome() == Outcome::Failed);
            assert_eq!(failed.count(), 1, "{number}");
        }
    }
}

/// Neither a secret nor a token, a body or a hash of any of them is ever said.
#[test]
fn nothing_secret_is_said() {
    for (_, case) in table() {
        let text = explained(&case).to_json();
        let mut hidden = vec![SECRET.to_owned(), claims_of(&post())["payload_hash"].as_str().unwrap().to_owned()];
        hidden.extend(std::str::from_utf8(&case.header).unwrap().split(['.', ' ']).map(str::to_owned));
        hidden.extend(case.accounts.iter().map(|(_, secret)| String::from_utf8_lossy(secret).into_owned()));
        hidden.push("447700900321".to_owned());
        for word in hidden.iter().filter(|word| word.len() > 8) {
            assert!(!text.contains(word.as_str()), "{word}: {text}");
        }
    }
}

/// Two faults: the check that the verifier makes first is the one that failed, and what is behind it was not reached.
#[test]
fn checks_stand_in_the_verifier_s_order() {
    let outcomes = |case: &Case| -> Vec<(&'static str, &'static str)> {
        explained(case).checks().iter().map(|check| (check.name(), check.outcome().name())).collect()
    };
    let stages: [fn(&mut Case); 11] = [
        |case| case.method = "DELETE".to_owned(),
        |case| case.header = b"Basic x".to_vec(),
        |case| case.header = b"Bearer x".to_vec(),
        |case| case.accounts[0].0 = "efgh5678".to_owned(),
        |case| case.accounts[0].1 = b"wrong".to_vec(),
        |case| case.validity.not_after = Some(0),
        |case| case.expected = Some("x".to_owned()),
        |case| case.applications.push("x".to_owned()), // then the claim is required
        |case| case.policy.set_expected_issuer("x").unwrap(),
        |case| case.now += 301,
        |case| case.body.push(b'x'),
    ];
    let names = [
        "method",
        "header",
        "token",
        "account",
        "signature",
        "secret window",
        "expected account",
        "claims",
        "issuer",
        "time",
        "payload",
    ];
    for (at, name) in names.iter().enumerate() {
        let mut case = post();
        // The last ones first: an earlier fault in the header replaces a later one.
        for stage in stages[at..].iter().rev() {
            stage(&mut case);
        }
        let outcomes = outcomes(&case);
        let failed = outcomes.iter().position(|(_, outcome)| *outcome == "failed").unwrap();
        assert_eq!(outcomes[failed].0, *name);
        assert!(outcomes[..failed].iter().all(|(_, outcome)| *outcome == "passed"));
        assert!(outcomes[failed + 1..].iter().all(|(_, outcome)| *outcome == "not reached"));
    }
}

#[test]
fn the_json_form_has_all_of_it() {
    let json: Value = serde_json::from_str(&explained(&with_secret(format!("{SECRET}\n"))).to_json()).unwrap();
    assert_eq!((&json["reason"], &json["profile"]), (&json!("signature.invalid"), &json!("standard")));
    assert_eq!(json["mistakes"][0]["name"], "secret.newline");
    assert_eq!(json["mistakes"][0]["proven"], true);
    assert_eq!(json["mistakes"][0]["detail"], format!("secret production of account {ACCOUNT}"));
    assert_eq!(json["checks"][4]["outcome"], "failed");
    let json: Value = serde_json::from_str(&explained(&post()).to_json()).unwrap();
    assert_eq!((&json["reason"], &json["refusal"], &json["mistakes"]), (&Value::Null, &Value::Null, &json!([])));
}
