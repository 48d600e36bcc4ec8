//! Requests to compare verdicts on: signed here, by code that shares nothing with the library's signer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hookproof::{Keyring, Policy, Reason, Request, Verifier};
use sha2::{Digest as _, Sha256};

/// The clock of every comparison, in Unix seconds.
pub const NOW: i64 = 1_767_225_600;

/// The account and its secret.
pub const ACCOUNT: &str = "a1b2c3d4";
/// See [`ACCOUNT`].
pub const SECRET: &[u8] = b"a signature secret of forty bytes length";

/// The usual JOSE header.
pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// A token over any header and claims text, correctly signed.
pub fn sign(header: &[u8], claims: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length of key");
    mac.update(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// The claims of a genuine token for this body.
pub fn claims(body: &[u8], iat: i64) -> String {
    let hash: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        r#"{{"iat":{iat},"jti":"c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5","iss":"Vonage","payload_hash":"{hash}","api_key":"{ACCOUNT}"}}"#
    )
}

/// A verifier that knows the account.
pub fn verifier() -> Verifier {
    verifier_with(Policy::standard(), SECRET)
}

/// A verifier with this policy that knows the account by this secret.
pub fn verifier_with(policy: Policy, secret: &[u8]) -> Verifier {
    let mut keyring = Keyring::new();
    keyring.add_secret(ACCOUNT, "only", secret).expect("a good secret");
    Verifier::new(policy, keyring).expect("a good keyring")
}

/// The reason against a request, or nothing if it is accepted.
pub fn reason(verifier: &Verifier, token: &[u8], body: &[u8], now: i64) -> Option<Reason> {
    let header = [b"Bearer ", token].concat();
    verifier.verify(&Request::post(&header, body), now).err().map(|refusal| refusal.reason())
}

/// Texts that mutations put into claims and headers: what JSON readers have been found to disagree on.
pub const SPLICES: &[&str] = &[
    "",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\u0061",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e400",
    "-0",
    "NaN",
    "0.0",
    "01",
    "1767225600.0",
    "1767225600000",
    "9007199254740993",
    "\"iat\":1",
    ",\"exp\":1",
    ",\"exp\":null",
    ",\"nbf\":99999999999",
    ",\"exp\":99999999999",
    ",\"jti\":\"x\"",
    ",\"iss\":\"Vonage\"",
    ",\"aud\":\"x\"",
    ",\"crit\":[]",
    ",\"b64\":false",
    ",\"kid\":\"x\"",
    ",\"x\":[[[]]]",
    ",\"x\":{\"y\":{}}",
    ",\"\":0",
    "\u{feff}",
    " ",
    "\n",
    "\u{0}",
    "é",
    "\u{1F600}",
    ",\"typ\":\"jwt\"",
    "Vonage",
    "HS256",
    "none",
    "RS256",
];

/// Changes a text at a place by one of the splices: inserted, or in place of `cut` bytes.
pub fn mutate(text: &str, at: usize, cut: usize, splice: usize) -> Vec<u8> {
    let bytes = text.as_bytes();
    let at = at % (bytes.len() + 1);
    let end = (at + cut).min(bytes.len());
    [&bytes[..at], SPLICES[splice % SPLICES.len()].as_bytes(), &bytes[end..]].concat()
}
