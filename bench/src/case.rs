//! One request that is accepted, and the verifier that accepts it.

use std::fs;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use hookproof::{Keyring, Policy, Request, RequestHead, Verified, Verifier};
use serde_json::json;
use sha2::{Digest, Sha256};

/// When every request of the benchmark was signed and arrives, in Unix seconds.
pub const NOW: i64 = 1_767_225_600;

const API_KEY: &str = "a1b2c3d";
const SECRET: &str = "ZYtdTtGV3BCFN7tWmOWr1md66XsquMggr4W2cTtXtcPgfnI0Xw";
const JTI: &str = "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5";
const APPLICATION_ID: &str = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
/// The vendor's JOSE header.
const JOSE: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
/// Another text with the same meaning, which is read in full.
const JOSE_OTHER: &str = r#"{"typ":"jwt","alg":"HS256"}"#;
const ACCOUNTS: usize = 100;
const TOKEN_BYTES: usize = 396;
const CHUNK_BYTES: usize = 256;

/// A genuine request and a verifier with a hundred accounts.
pub struct Case {
    /// The value of the header field.
    pub header: String,
    /// The body that the token covers.
    pub body: Vec<u8>,
    /// The verifier.
    pub verifier: Verifier,
}

impl Case {
    /// A request with the vendor's six claims and a body of this length.
    pub fn new(body_bytes: usize) -> Case {
        Case::with_header(JOSE, body_bytes)
    }

    /// The same with a token's header that is not known by its text.
    pub fn with_other_header(body_bytes: usize) -> Case {
        Case::with_header(JOSE_OTHER, body_bytes)
    }

    fn with_header(jose: &str, body_bytes: usize) -> Case {
        let case = Case::signed(jose, body_bytes, "iat", ToOwned::to_owned);
        assert_eq!(case.token().len(), TOKEN_BYTES);
        case
    }

    /// The same claims, with an escape in one name and in the value of every one that is a string.
    pub fn with_escapes(body_bytes: usize) -> Case {
        let escaped = |text: &str| format!("\\u{:04x}{}", u32::from(text.as_bytes()[0]), &text[1..]);
        Case::signed(JOSE, body_bytes, r"i\u0061t", escaped)
    }

    fn signed(jose: &str, body_bytes: usize, iat: &str, written: impl Fn(&str) -> String) -> Case {
        let body = vec![b'x'; body_bytes];
        let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
        let claims = format!(
            r#"{{"{iat}":{NOW},"jti":"{}","iss":"{}","payload_hash":"{}","api_key":"{}","application_id":"{}"}}"#,
            written(JTI),
            written("Vonage"),
            written(&hash),
            written(API_KEY),
            written(APPLICATION_ID),
        );
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(jose), URL_SAFE_NO_PAD.encode(claims));
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(&input).finalize();
        Case::with(format!("Bearer {input}.{}", URL_SAFE_NO_PAD.encode(mac.into_bytes())), body)
    }

    fn with(header: String, body: Vec<u8>) -> Case {
        let verifier = Verifier::new(Policy::standard(), Keyring::from_json(&keyring()).unwrap()).unwrap();
        let case = Case { header, body, verifier };
        assert_eq!(case.verify().jti(), JTI);
        assert_eq!(case.verify_streamed().jti(), JTI);
        case
    }

    /// The token without the scheme.
    pub fn token(&self) -> &str {
        &self.header["Bearer ".len()..]
    }

    /// What the signature covers.
    pub fn signing_input(&self) -> &[u8] {
        let token = self.token();
        &token.as_bytes()[..token.rfind('.').unwrap()]
    }

    /// The secret that signed the token.
    pub fn secret(&self) -> &[u8] {
        SECRET.as_bytes()
    }

    /// Verifies the request as a whole.
    pub fn verify(&self) -> Verified {
        self.verifier.verify(&Request::post(self.header.as_bytes(), &self.body), NOW).unwrap()
    }

    /// Verifies the head and then the body in pieces.
    pub fn verify_streamed(&self) -> Verified {
        let head = RequestHead::new(b"POST").header(self.header.as_bytes(), 1);
        let mut pending = self.verifier.begin(&head, NOW).unwrap();
        for chunk in self.body.chunks(CHUNK_BYTES) {
            pending.update(chunk).unwrap();
        }
        pending.finish(NOW).unwrap()
    }

    /// Writes everything into a directory, for programs in other languages.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        fs::write(directory.join("header"), &self.header)?;
        fs::write(directory.join("body"), &self.body)?;
        fs::write(directory.join("secret"), SECRET)?;
        fs::write(directory.join("keyring.json"), keyring())?;
        fs::write(directory.join("now"), NOW.to_string())
    }
}

fn keyring() -> String {
    let account = |api_key: &str, secret: &str| json!({"api_key": api_key, "secrets": [{"label": "production", "secret": secret}]});
    let mut accounts: Vec<_> = (1..ACCOUNTS)
        .map(|number| account(&format!("acc{number:05}"), &format!("the signature secret of account {number:05}")))
        .collect();
    accounts.push(account(API_KEY, SECRET));
    json!({"version": 1, "accounts": accounts}).to_string()
}
