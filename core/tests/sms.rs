//! Webhooks with the SMS API's own signature.
#![cfg(feature = "sms")]
#![allow(missing_docs)]

use hookproof::event;
use hookproof::replay::MemoryStore;
use hookproof::sign::{Signer, SmsCarrier};
use hookproof::{
    Duplicates, Keyring, Policy, Reason, Refusal, Request, RequestHead, SmsMethod, Validity, Verified, Verifier,
};

const NOW: i64 = 1_780_000_000;
const SECRET: &[u8] = b"sample-signature-secret-000000000000000000000000";
const MESSAGE: &str = "msisdn=447700900321&to=447700900555&messageId=0C00000012AB34CD&text=Hello+%26+welcome+%3D+yes\
&type=text&keyword=HELLO&api-key=abcd1234&message-timestamp=2026-05-28+20%3A26%3A40";
const NONCE: &str = "9d3a4c1e-0f5b-4a52-9c55-1f2f8f0f7c01";
const METHODS: [SmsMethod; 5] =
    [SmsMethod::Md5Hash, SmsMethod::Md5, SmsMethod::Sha1, SmsMethod::Sha256, SmsMethod::Sha512];

fn signer() -> Signer {
    Signer::new("abcd1234", SECRET).unwrap()
}

fn verifier_of(policy: Policy) -> Verifier {
    let mut keyring = Keyring::new();
    keyring.add_secret("abcd1234", "production", SECRET).unwrap();
    Verifier::new(policy, keyring).unwrap()
}

fn verifier(method: SmsMethod) -> Verifier {
    verifier_of(Policy::sms(method))
}

fn query(method: SmsMethod) -> String {
    signer().sign_sms(method, SmsCarrier::Form, MESSAGE, NOW, NONCE).unwrap()
}

/// Asks in both ways, which must agree.
fn ask(verifier: &Verifier, head: RequestHead<'_>, body: &[u8], now: i64) -> Result<Verified, Refusal> {
    let whole = verifier.verify(&Request::new(head, body), now);
    let streamed = verifier.begin(&head, now).and_then(|mut pending| {
        body.chunks(7).try_for_each(|chunk| pending.update(chunk))?;
        pending.finish(now)
    });
    let name = |verdict: &Result<Verified, Refusal>| verdict.as_ref().err().map(Refusal::reason);
    assert_eq!(name(&whole), name(&streamed));
    whole
}

fn get(verifier: &Verifier, query: &str) -> Result<Verified, Refusal> {
    ask(verifier, RequestHead::new(b"GET").query(query.as_bytes()), b"", NOW)
}

fn post(verifier: &Verifier, body: &str) -> Result<Verified, Refusal> {
    ask(verifier, RequestHead::new(b"POST"), body.as_bytes(), NOW)
}

#[test]
fn every_method_over_every_carrier() {
    for method in METHODS {
        let verifier = verifier(method);
        let form = query(method);
        let json = signer().sign_sms(method, SmsCarrier::Json, MESSAGE, NOW, NONCE).unwrap();
        let mut ids = Vec::new();
        for (verified, name, body) in [
            (get(&verifier, &form).unwrap(), "sms_query", None),
            (post(&verifier, &form).unwrap(), "sms_form", Some(&form)),
            (post(&verifier, &json).unwrap(), "sms_json", Some(&json)),
        ] {
            assert_eq!(verified.payload_form().name(), name);
            assert_eq!((verified.api_key(), verified.jti(), verified.issued_at()), ("abcd1234", NONCE, NOW));
            assert_eq!((verified.key_label(), verified.age_seconds()), ("production", 0));
            assert_eq!(verified.query_value("text"), Some("Hello & welcome = yes"));
            assert_eq!(verified.claim_text("msisdn").as_deref(), Some("447700900321"));
            let claims: serde_json::Value = serde_json::from_str(verified.claims_json()).unwrap();
            assert_eq!(claims["to"], "447700900555");

            let event = match body {
                None => event::parse_query(&verified).unwrap(),
                Some(body) => {
                    assert!(event::parse_query(&verified).is_none());
                    assert!(event::parse(&verified, b"{}").is_err());
                    event::parse(&verified, body.as_bytes()).unwrap()
                }
            };
            assert_eq!((event.api.name(), &*event.event, event.is_signed()), ("sms", "inbound", true));
            assert_eq!(event.envelope.from.get().unwrap().address, "447700900321");
            ids.push(event.content_id());
        }
        assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{}", method.name());
    }
}

/// The vendor's sample, made by other code than ours.
#[test]
fn samples_of_others_hold() {
    let sample = "msisdn=447700900321&to=447700900555&messageId=0C00000012AB34CD&text=Hello+%26+welcome+%3D+yes&type=text\
&keyword=HELLO&api-key=abcd1234&message-timestamp=2026-05-28+20%3A26%3A40&timestamp=1780000000\
&nonce=9d3a4c1e-0f5b-4a52-9c55-1f2f8f0f7c01&sig=07bbc7132c8150881d9214f5e4e621fd";
    assert!(get(&verifier(SmsMethod::Md5Hash), sample).is_ok());
    let upper = sample.replace("07bbc7132c8150881d9214f5e4e621fd", "07BBC7132C8150881D9214F5E4E621FD");
    assert!(get(&verifier(SmsMethod::Md5Hash), &upper).is_ok());
}

#[test]
fn every_changed_parameter_is_refused() {
    let verifier = verifier(SmsMethod::Sha256);
    let good = query(SmsMethod::Sha256);
    for (at, _) in good.match_indices('=') {
        let changed = format!("{}1{}", &good[..=at], &good[at + 1..]);
        let refusal = get(&verifier, &changed).unwrap_err();
        let reason = refusal.reason();
        let expected = [Reason::SmsSignatureInvalid, Reason::KeyUnknown, Reason::SmsMalformed];
        assert!(expected.contains(&reason), "{changed}: {reason:?}");
    }
    assert_eq!(get(&verifier, &format!("{good}&more=1")).unwrap_err().reason(), Reason::SmsSignatureInvalid);
    // The weakness of the scheme: these three signs are one to it.
    assert!(get(&verifier, &good.replace("Hello+%26+welcome", "Hello+_+welcome")).is_ok());
}

fn refused(verdict: Result<Verified, Refusal>) -> (Reason, Option<&'static str>) {
    let refusal = verdict.unwrap_err();
    (refusal.reason(), refusal.payload_fault())
}

#[test]
fn refusals_have_their_reasons() {
    let verifier = verifier(SmsMethod::Sha256);
    let good = query(SmsMethod::Sha256);
    let (unsigned, sig) = good.split_once("&sig=").unwrap();
    let sign = |parameters: &str, timestamp: i64, nonce: &str| {
        signer().sign_sms(SmsMethod::Sha256, SmsCarrier::Form, parameters, timestamp, nonce).unwrap()
    };
    let nested = r#"{"message_uuid":"m","to":{"type":"sms"}}"#;
    for (body, reason) in [
        ("", Reason::SmsUnsigned),
        ("{}", Reason::SmsUnsigned),
        (unsigned, Reason::SmsUnsigned),
        ("{", Reason::SmsMalformed),
        ("{\"a\":1}x", Reason::SmsMalformed),
        (nested, Reason::SmsMalformed),
        (r#"{"sig":"00","sig":"00"}"#, Reason::SmsMalformed),
        (r#"{"a=1&b":"2","sig":"00"}"#, Reason::SmsMalformed),
        (r#"{"a":null,"sig":"00"}"#, Reason::SmsMalformed),
        (r#"{"a":true,"sig":"00"}"#, Reason::SmsMalformed),
        ("a=%zz&sig=00", Reason::SmsMalformed),
        ("a=%ff&sig=00", Reason::SmsMalformed),
        ("a=1&a=1&sig=00", Reason::SmsMalformed),
        ("a%3Db=1&sig=00", Reason::SmsMalformed),
        ("sig=", Reason::SmsMalformed),
        ("sig=0", Reason::SmsMalformed),
        ("sig=xyz", Reason::SmsMalformed),
        (&format!("{unsigned}&sig={}", &sig[2..]), Reason::SmsMalformed),
        (&format!("{unsigned}&sig={}", &sig[..32]), Reason::SmsSignatureInvalid),
        (&format!("{unsigned}&sig={}", &sig[..40]), Reason::SmsSignatureInvalid),
        (&format!("{unsigned}&sig={sig}{sig}"), Reason::SmsSignatureInvalid),
        (&format!("{unsigned}&sig={}0", &sig[..63]), Reason::SmsSignatureInvalid),
        (&sign("api-key=other", NOW, NONCE), Reason::KeyUnknown),
        (&sign("api-key=%00", NOW, NONCE), Reason::SmsMalformed),
        (&sign("a=1", NOW, ""), Reason::SmsMissing),
        (&sign("a=1", NOW, "%\n"), Reason::SmsMalformed),
        (&sign("a=1", NOW - 301, NONCE), Reason::TimeStale),
        (&sign("a=1", NOW + 61, NONCE), Reason::TimeFuture),
        (&sign("a=1", -1, NONCE), Reason::SmsMalformed),
        (&sign("a=1", NOW * 1000, NONCE), Reason::SmsMalformed),
    ] {
        let (got, _) = refused(post(&verifier, body));
        // A cut signature may by chance end in the digit that is put there.
        if !body.ends_with(sig) {
            assert_eq!(got, reason, "{body}");
        }
    }
    // Judged at the edges, both inclusive.
    assert!(post(&verifier, &sign("a=1", NOW - 300, NONCE)).is_ok());
    assert!(post(&verifier, &sign("a=1", NOW + 60, NONCE)).is_ok());
    // No timestamp at all, but well signed.
    let bare = sign("a=1", NOW, NONCE);
    assert!(bare.contains("timestamp="));
    let head = RequestHead::new(b"GET").query(good.as_bytes());
    assert_eq!(refused(ask(&verifier, head, b"x", NOW)).0, Reason::PayloadMismatch);
    assert_eq!(refused(ask(&verifier, RequestHead::new(b"PUT"), b"", NOW)).0, Reason::RequestUnsupported);
    assert_eq!(refused(ask(&verifier, RequestHead::new(b""), b"", NOW)).0, Reason::RequestUnsupported);
}

#[test]
fn the_method_is_the_one_that_is_set() {
    for signed in METHODS {
        for set in METHODS {
            let verdict = get(&verifier(set), &query(signed));
            if signed == set {
                assert!(verdict.is_ok());
            } else {
                let (reason, words) = refused(verdict);
                assert_eq!(reason, Reason::SmsSignatureInvalid);
                assert!(words.unwrap().contains(signed.name()), "{words:?}");
            }
        }
    }
}

#[test]
fn the_secret_is_chosen_by_the_account_the_route_or_its_being_the_only_one() {
    let sms = || Policy::sms(SmsMethod::Sha512);
    let sign = |parameters| signer().sign_sms(SmsMethod::Sha512, SmsCarrier::Json, parameters, NOW, NONCE).unwrap();
    let nameless = sign("text=x");
    assert!(post(&verifier_of(sms()), &nameless).is_ok());

    let mut keyring = Keyring::new();
    keyring.add_secret("abcd1234", "a", SECRET).unwrap();
    keyring.add_secret("other", "b", b"another secret").unwrap();
    let two = Verifier::new(sms(), keyring).unwrap();
    let (reason, words) = refused(post(&two, &nameless));
    assert!(reason == Reason::KeyUnknown && words.unwrap().contains("route"));
    let routed = |route: &[u8]| {
        let route = route.to_vec();
        ask(&two, RequestHead::new(b"POST").route(&route), nameless.as_bytes(), NOW)
    };
    assert_eq!(routed(b"abcd1234").unwrap().api_key(), "abcd1234");
    assert_eq!(refused(routed(b"other")).0, Reason::SmsSignatureInvalid);
    assert_eq!(refused(routed(b"nobody")).0, Reason::KeyUnknown);
    assert_eq!(refused(routed(b"\xff")).0, Reason::KeyUnknown);

    let named = sign("text=x&api-key=abcd1234");
    let expects = |account: &[u8]| {
        let account = account.to_vec();
        ask(&two, RequestHead::new(b"POST").route(b"other").expected_account(&account), named.as_bytes(), NOW)
    };
    assert_eq!(expects(b"abcd1234").unwrap().api_key(), "abcd1234");
    assert_eq!(refused(expects(b"other")).0, Reason::KeyMismatch);

    let mut dated = Keyring::new();
    let validity = Validity { not_before: None, not_after: Some(NOW - 1) };
    dated.add_dated_secret("abcd1234", "old", SECRET, validity).unwrap();
    let dated = Verifier::new(sms(), dated).unwrap();
    assert_eq!(refused(post(&dated, &named)).0, Reason::KeyInactive);

    let per_call = Verifier::with_keys_per_call(sms());
    let request = Request::new(RequestHead::new(b"POST"), named.as_bytes());
    assert_eq!(per_call.verify(&request, NOW).unwrap_err().reason(), Reason::KeyUnavailable);
    let mut keyring = Keyring::new();
    keyring.add_secret("abcd1234", "a", SECRET).unwrap();
    assert_eq!(per_call.verify_with_keyring(&request, Some(&keyring), NOW).unwrap().key_label(), "a");
    let mut pending = per_call.begin_with_keyring(&RequestHead::new(b"POST"), Some(&keyring), NOW).unwrap();
    drop(keyring);
    pending.update(named.as_bytes()).unwrap();
    assert_eq!(pending.finish(NOW).unwrap().key_label(), "a");
}

#[test]
fn repeats_are_refused_whichever_way_they_come() {
    let verifier = verifier(SmsMethod::Md5);
    let store = MemoryStore::new(8).unwrap();
    let form = query(SmsMethod::Md5);
    let request = Request::new(RequestHead::new(b"GET").query(form.as_bytes()), b"");
    let mut received = verifier.receive(&request, &store, Duplicates::Refuse, NOW).unwrap();
    received.confirm(NOW).unwrap();
    let json = signer().sign_sms(SmsMethod::Md5, SmsCarrier::Json, MESSAGE, NOW, NONCE).unwrap();
    for body in [form.as_bytes(), json.as_bytes()] {
        let again = verifier.receive(&Request::new(RequestHead::new(b"POST"), body), &store, Duplicates::Refuse, NOW);
        assert_eq!(again.unwrap_err().reason(), Reason::ReplayDuplicate);
    }
}

#[test]
fn without_a_nonce_the_signature_is_the_identity() {
    let mut policy = Policy::sms(SmsMethod::Sha256);
    policy.dangerously_allow_missing_nonce();
    let verifier = verifier_of(policy);
    let signed = signer().sign_sms(SmsMethod::Sha256, SmsCarrier::Form, "text=x", NOW, "").unwrap();
    let (head, sig) = signed.split_once("&sig=").unwrap();
    let upper = format!("{head}&sig={}", sig.to_ascii_uppercase());
    let store = MemoryStore::new(8).unwrap();
    let receive = |body: &str| {
        let request = Request::new(RequestHead::new(b"POST"), body.as_bytes());
        verifier.verify_once(&request, &store, Duplicates::Refuse, NOW).map(|verified| verified.jti().to_owned())
    };
    assert_eq!(receive(&upper).unwrap(), sig);
    assert_eq!(receive(&signed).unwrap_err().reason(), Reason::ReplayDuplicate);
}

#[test]
fn a_webhook_of_the_other_kind_is_called_by_its_name() {
    let body = br#"{"message_uuid":"m","text":"hello"}"#;
    let header = Signer::new("abcd1234", SECRET).unwrap().sign_body(body, NOW, "j");
    let request = Request::post(header.as_bytes(), body);
    let refusal = verifier(SmsMethod::Sha256).verify(&request, NOW).unwrap_err();
    assert_eq!(refusal.reason(), Reason::SmsUnsigned);
    assert!(refusal.to_string().contains("profile standard"), "{refusal}");

    let mut keyring = Keyring::new();
    keyring.add_secret("abcd1234", "production", SECRET).unwrap();
    let standard = Verifier::new(Policy::standard(), keyring).unwrap();
    let form = query(SmsMethod::Sha256);
    let json = signer().sign_sms(SmsMethod::Sha256, SmsCarrier::Json, MESSAGE, NOW, NONCE).unwrap();
    for request in [
        Request::new(RequestHead::new(b"GET").query(form.as_bytes()), b""),
        Request::new(RequestHead::new(b"POST"), form.as_bytes()),
        Request::new(RequestHead::new(b"POST"), json.as_bytes()),
    ] {
        let refusal = standard.verify(&request, NOW).unwrap_err();
        assert_eq!(refusal.reason(), Reason::HeaderMissing);
        assert!(refusal.to_string().contains("profile sms_"), "{refusal}");
    }
    let plain = standard.verify(&Request::new(RequestHead::new(b"POST"), b"signature=1&timestamp=2"), NOW);
    assert_eq!(plain.unwrap_err().payload_fault(), None);
}

#[test]
fn own_parameters_of_the_url_may_stand_before_the_signed_ones() {
    let mut policy = Policy::sms(SmsMethod::Sha256);
    policy.add_own_query("token=x").unwrap();
    let verifier = verifier_of(policy);
    let signed = query(SmsMethod::Sha256);
    assert_eq!(get(&verifier, &format!("token=x&{signed}")).unwrap().query_value("token"), None);
    assert_eq!(refused(get(&verifier, &format!("token=y&{signed}"))).0, Reason::SmsSignatureInvalid);
}

#[test]
fn the_body_has_its_ceiling() {
    let mut policy = Policy::sms(SmsMethod::Sha256);
    policy.set_max_body_bytes(1000).unwrap();
    let verifier = verifier_of(policy);
    let large = vec![b'a'; 1001];
    assert_eq!(refused(ask(&verifier, RequestHead::new(b"POST"), &large, NOW)).0, Reason::PayloadTooLarge);
    let head = RequestHead::new(b"POST").declared_length(1001);
    assert_eq!(verifier.begin(&head, NOW).unwrap_err().reason(), Reason::PayloadTooLarge);
    let mut pending = verifier.begin(&RequestHead::new(b"POST"), NOW).unwrap();
    assert_eq!(pending.update(&large).unwrap_err().reason(), Reason::PayloadTooLarge);
    assert_eq!(pending.update(b"").unwrap_err().reason(), Reason::PayloadTooLarge);
    assert_eq!(pending.finish(NOW).unwrap_err().reason(), Reason::PayloadTooLarge);
}

#[test]
fn nothing_secret_is_printed() {
    let verifier = verifier(SmsMethod::Sha256);
    let good = query(SmsMethod::Sha256);
    let (_, sig) = good.split_once("&sig=").unwrap();
    let bad = good.replace("keyword=HELLO", "keyword=OTHER");
    let refusal = get(&verifier, &bad).unwrap_err();
    let pending = verifier.begin(&RequestHead::new(b"POST"), NOW).unwrap();
    for text in [format!("{refusal}"), format!("{refusal:?}"), format!("{verifier:?}"), format!("{pending:?}")] {
        assert!(!text.contains("sample-signature") && !text.contains(sig) && !text.contains("OTHER"), "{text}");
    }
}
