//! What a program does that takes a general library for tokens and hashes the body itself.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::Case;

/// jsonwebtoken with one key, and SHA-256 of the body. It looks no account up, judges no age and allows what a lenient
/// reader of JSON allows.
pub struct Peer {
    key: DecodingKey,
    validation: Validation,
}

/// The vendor's six claims.
#[derive(Deserialize)]
pub struct Claims {
    /// When the token was issued.
    pub iat: i64,
    /// The name of the token.
    pub jti: String,
    /// The issuer.
    pub iss: String,
    /// SHA-256 of the body in hexadecimal.
    pub payload_hash: String,
    /// The account.
    pub api_key: String,
    /// The application.
    pub application_id: String,
}

impl Peer {
    /// A decoder with the key of this case.
    pub fn new(case: &Case) -> Peer {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.set_issuer(&["Vonage"]);
        Peer { key: DecodingKey::from_secret(case.secret()), validation }
    }

    /// Decodes the token and compares the hash of the body.
    pub fn verify(&self, case: &Case) -> Claims {
        let claims = decode::<Claims>(case.token(), &self.key, &self.validation).unwrap().claims;
        let hash = Sha256::digest(&case.body);
        let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)]);
        assert!(hash.iter().flat_map(digits).eq(claims.payload_hash.bytes()));
        claims
    }
}
