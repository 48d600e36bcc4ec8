//! A signer for tests: it stands in for the vendor. A server has no use for it.
//!
//! ```
//! use hookproof::sign::Signer;
//!
//! let signer = Signer::new("a1b2c3d4", b"the signature secret of the dashboard")?;
//! let header = signer.sign_body(br#"{"text":"hello"}"#, 1_767_225_600, "jti-1");
//! assert!(header.starts_with("Bearer eyJ"));
//! # Ok::<(), hookproof::ConfigError>(())
//! ```

#[cfg(any(feature = "sms", feature = "explain"))]
use std::sync::Arc;

use serde_json::{Map, Value};
use signature::Signer as _;

use crate::config_error::ConfigError;
use crate::encoding::{self, Base64Url};
use crate::hs256::Hs256Key;
#[cfg(any(feature = "sms", feature = "explain"))]
use crate::keyring::Keyring;
use crate::limits;
use crate::payload::{self, PayloadForm};
#[cfg(feature = "sms")]
use crate::profile::SmsMethod;
use crate::query::Parameters;
use crate::secret::Secret;
#[cfg(feature = "sms")]
use crate::sms;

/// The JOSE header of the vendor's tokens, letter by letter.
const HEADER: &[u8] = br#"{"alg":"HS256","typ":"JWT"}"#;

/// How an SMS webhook carries its parameters.
#[cfg(feature = "sms")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SmsCarrier {
    /// The query of a GET, or the body of a form.
    Form,
    /// A JSON object.
    Json,
}

/// Signs webhooks as the vendor does, for one account. For tests.
pub struct Signer {
    api_key: String,
    key: Hs256Key,
    #[cfg(feature = "sms")]
    secret: Arc<Secret>,
    /// Claims in place of the usual ones; without a value the claim is left out.
    claims: Vec<(String, Option<Value>)>,
}

impl Signer {
    /// A signer for this account. The `api_key` is not judged, so that tests can sign what a verifier must refuse.
    ///
    /// # Errors
    /// A secret that is empty or longer than 4,096 bytes.
    pub fn new(api_key: &str, secret: &[u8]) -> Result<Signer, ConfigError> {
        let secret = Secret::copied(secret).filter(|secret| secret.expose().len() <= limits::MAX_SECRET_BYTES);
        let secret = secret.and_then(|secret| Some((Hs256Key::new(&secret)?, secret)));
        let (key, _secret) = secret.ok_or_else(|| ConfigError::new("secret", "must have 1 to 4096 bytes"))?;
        Ok(Signer {
            api_key: api_key.to_owned(),
            key,
            #[cfg(feature = "sms")]
            secret: Arc::new(_secret),
            claims: Vec::new(),
        })
    }

    /// A signer for an account of a keyring, by its secret with this label; without one by its first.
    ///
    /// # Errors
    /// An account or a label that the keyring does not have.
    #[cfg(any(feature = "sms", feature = "explain"))]
    pub fn of_keyring(keyring: &Keyring, api_key: &str, label: Option<&str>) -> Result<Signer, ConfigError> {
        let known = keyring.key_of(api_key, label);
        let known = known.ok_or_else(|| ConfigError::new("keyring", "has no such account or label"))?;
        Ok(Signer::of_key(api_key, known))
    }

    /// A signer for an account of a keyring, by its first secret that is valid at `now`, in Unix seconds.
    ///
    /// # Errors
    /// An account that the keyring does not have, or that has no valid secret.
    #[cfg(any(feature = "sms", feature = "explain"))]
    pub fn of_account(keyring: &Keyring, api_key: &str, now: i64) -> Result<Signer, ConfigError> {
        let known = keyring.valid_key_of(api_key, now);
        let known =
            known.ok_or_else(|| ConfigError::new("keyring", "has no secret of the account that is valid then"))?;
        Ok(Signer::of_key(api_key, known))
    }

    #[cfg(any(feature = "sms", feature = "explain"))]
    fn of_key(api_key: &str, (key, _secret): (Hs256Key, Arc<Secret>)) -> Signer {
        Signer {
            api_key: api_key.to_owned(),
            key,
            #[cfg(feature = "sms")]
            secret: _secret,
            claims: Vec::new(),
        }
    }

    /// Puts this `application_id` into the tokens from now on.
    pub fn set_application_id(&mut self, application_id: &str) {
        self.set("application_id", Some(Value::from(application_id)));
    }

    /// Puts this claim into the tokens from now on, in place of the usual one of its name. The value is JSON text.
    ///
    /// # Errors
    /// A value that is no JSON.
    pub fn set_claim(&mut self, name: &str, json: &str) -> Result<(), ConfigError> {
        let value = serde_json::from_str(json).map_err(|_| ConfigError::new("claim", "must have a value of JSON"))?;
        self.set(name, Some(value));
        Ok(())
    }

    /// Leaves this claim out of the tokens from now on.
    pub fn remove_claim(&mut self, name: &str) {
        self.set(name, None);
    }

    fn set(&mut self, name: &str, value: Option<Value>) {
        self.claims.retain(|(known, _)| known != name);
        self.claims.push((name.to_owned(), value));
    }

    /// The header value for a webhook with this body, issued at `iat` (Unix seconds) with this `jti`.
    #[must_use]
    pub fn sign_body(&self, body: &[u8], iat: i64, jti: &str) -> String {
        self.sign_hash(&payload::hash(body), iat, jti)
    }

    /// The header value for a GET webhook with this raw query, in the form that the vendor documents.
    ///
    /// # Errors
    /// A query that has no one reading.
    pub fn sign_query(&self, query: &str, iat: i64, jti: &str) -> Result<String, ConfigError> {
        let parameters =
            Parameters::decode(query.as_bytes()).map_err(|fault| ConfigError::new("query", fault.words()))?;
        Ok(self.sign_hash(&parameters.hash(PayloadForm::Query), iat, jti))
    }

    fn sign_hash(&self, hash: &[u8; 32], iat: i64, jti: &str) -> String {
        let mut claims = Map::new();
        claims.insert("iat".to_owned(), Value::from(iat));
        claims.insert("jti".to_owned(), Value::from(jti));
        claims.insert("iss".to_owned(), Value::from("Vonage"));
        claims.insert("payload_hash".to_owned(), Value::from(encoding::to_hex(hash)));
        claims.insert("api_key".to_owned(), Value::from(self.api_key.as_str()));
        for (name, value) in &self.claims {
            match value {
                Some(value) => drop(claims.insert(name.clone(), value.clone())),
                None => drop(claims.remove(name)),
            }
        }
        self.sign_claims(Value::Object(claims).to_string().as_bytes())
    }

    /// The query, form or JSON object of an SMS webhook with the SMS API's own signature: the parameters, given as a query or
    /// form, behind them `timestamp` (Unix seconds), `nonce` unless it is empty, and `sig`. The `api-key` is one of the
    /// parameters, where there is one.
    ///
    /// # Errors
    /// Parameters that have no one reading, or that name one of those three themselves.
    #[cfg(feature = "sms")]
    pub fn sign_sms(
        &self,
        method: SmsMethod,
        carrier: SmsCarrier,
        parameters: &str,
        timestamp: i64,
        nonce: &str,
    ) -> Result<String, ConfigError> {
        let decoded = Parameters::decode(parameters.as_bytes());
        let decoded = decoded.map_err(|fault| ConfigError::new("parameters", fault.words()))?;
        if ["timestamp", "nonce", "sig"].iter().any(|name| decoded.value(name).is_some()) {
            return Err(ConfigError::new("parameters", "must not have timestamp, nonce or sig, which are added"));
        }
        let mut pairs: Vec<_> = decoded.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        pairs.push(("timestamp".to_owned(), timestamp.to_string()));
        if !nonce.is_empty() {
            pairs.push(("nonce".to_owned(), nonce.to_owned()));
        }
        let signature =
            sms::sign(method, &self.secret, &Parameters::of_pairs(pairs.iter().map(|(name, value)| (name, value))));
        pairs.push(("sig".to_owned(), signature));
        Ok(match carrier {
            SmsCarrier::Form => {
                let pieces: Vec<_> = pairs
                    .iter()
                    .map(|(name, value)| format!("{}={}", encoding::form(name), encoding::form(value)))
                    .collect();
                pieces.join("&")
            }
            SmsCarrier::Json => String::from_utf8_lossy(&Parameters::of_pairs(pairs).to_json()).into_owned(),
        })
    }

    /// The header value for a token with these bytes as its claims, whatever they are.
    #[must_use]
    pub fn sign_claims(&self, claims: &[u8]) -> String {
        let base64url = Base64Url::new();
        let input = format!("{}.{}", base64url.encode(HEADER), base64url.encode(claims));
        let signature = self.key.sign(input.as_bytes());
        format!("Bearer {input}.{}", base64url.encode(&signature))
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("api_key", &self.api_key).finish_non_exhaustive()
    }
}
