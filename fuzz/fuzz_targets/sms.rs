//! The SMS API's own signature. Any bytes get the same answer whole and in pieces; what is signed is accepted over each carrier, and
//! with any letter of the signature changed it is not.
#![no_main]

use hookproof::sign::{Signer, SmsCarrier};
use hookproof::{Keyring, Policy, Refusal, Request, RequestHead, SmsMethod, Verified, Verifier};
use libfuzzer_sys::fuzz_target;

const SECRET: &[u8] = b"the signature secret of the dashboard";
const NOW: i64 = 1_767_225_600;

fn ask(verifier: &Verifier, method: &[u8], query: &[u8], body: &[u8]) -> Result<Verified, Refusal> {
    let head = RequestHead::new(method).query(query);
    let whole = verifier.verify(&Request::new(head, body), NOW);
    let streamed = verifier.begin(&head, NOW).and_then(|mut pending| {
        body.chunks(3).try_for_each(|chunk| pending.update(chunk))?;
        pending.finish(NOW)
    });
    let name = |verdict: &Result<Verified, Refusal>| verdict.as_ref().map(|_| ()).map_err(Refusal::reason);
    assert_eq!(name(&whole), name(&streamed));
    whole
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, input)) = input.split_first() else { return };
    let methods = [SmsMethod::Md5Hash, SmsMethod::Md5, SmsMethod::Sha1, SmsMethod::Sha256, SmsMethod::Sha512];
    let method = methods[usize::from(*choice) % methods.len()];
    let mut keyring = Keyring::new();
    keyring.add_secret("a1", "fuzz", SECRET).unwrap();
    let verifier = Verifier::new(Policy::sms(method), keyring).unwrap();

    assert!(ask(&verifier, b"POST", b"", input).is_err());
    assert!(ask(&verifier, b"GET", input, b"").is_err());

    let Ok(parameters) = std::str::from_utf8(input) else { return };
    let signer = Signer::new("a1", SECRET).unwrap();
    let Ok(form) = signer.sign_sms(method, SmsCarrier::Form, parameters, NOW, "n") else { return };
    let json = signer.sign_sms(method, SmsCarrier::Json, parameters, NOW, "n").unwrap();
    let by_query = ask(&verifier, b"GET", form.as_bytes(), b"");
    let by_form = ask(&verifier, b"POST", b"", form.as_bytes());
    let by_json = ask(&verifier, b"POST", b"", json.as_bytes());
    if let Ok(verified) = by_query {
        let sorted = |verified: &Verified| {
            let mut pairs = verified
                .query_pairs()
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect::<Vec<_>>();
            pairs.sort_unstable();
            pairs
        };
        // A form that begins with a brace reads as JSON; nothing else differs.
        if !form.trim_start().starts_with('{') {
            assert_eq!(sorted(&verified), sorted(&by_form.unwrap()));
        }
        assert_eq!(sorted(&verified), sorted(&by_json.unwrap()));
        let last = if form.ends_with('0') { '1' } else { '0' };
        let forged = format!("{}{last}", &form[..form.len() - 1]);
        assert!(ask(&verifier, b"GET", forged.as_bytes(), b"").is_err());
    } else {
        assert!(by_json.is_err());
    }
});
