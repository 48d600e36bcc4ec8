//! Webhooks signed as the vendor signs them, by any profile: for `listen`, which replays them, and `send`.

use hookproof::sign::{Signer, SmsCarrier};
use hookproof::{ConfigError, Keyring, Policy, SmsMethod};

use crate::sample::Carrier;

/// How long tokens of the contact centre live, in seconds.
const CONTACT_CENTER_LIFETIME: u32 = 300;

/// Signs by one profile.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    profile: &'static str,
    header: String,
    sms: Option<SmsMethod>,
}

/// What is to be signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unsigned<'a> {
    pub(crate) carrier: Carrier,
    /// The query or the body.
    pub(crate) payload: &'a [u8],
}

/// What goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// The header field that carries the signature, where one does.
    pub(crate) header: Option<(String, String)>,
    pub(crate) payload: Vec<u8>,
}

impl Signing {
    pub(crate) fn new(policy: &Policy) -> Signing {
        let profile = policy.profile_name();
        let sms = profile.strip_prefix("sms_").and_then(SmsMethod::from_name);
        Signing { profile, header: policy.header_name().to_owned(), sms }
    }

    /// Signs for this account, which is the route where the profile chooses the secret by it.
    ///
    /// # Errors
    /// An account without a valid secret, and a payload that has no one reading.
    pub(crate) fn sign(
        &self,
        keyring: &Keyring,
        account: &str,
        unsigned: Unsigned<'_>,
        iat: i64,
        jti: &str,
    ) -> Result<Signed, ConfigError> {
        let mut signer = Signer::of_account(keyring, account, iat)?;
        if self.profile == "contact_center" {
            signer.set_lifetime(CONTACT_CENTER_LIFETIME);
        }
        if let Some(method) = self.sms {
            return sign_sms(&signer, account, method, unsigned, iat, jti);
        }
        let header = match unsigned.carrier {
            Carrier::Query => signer.sign_query(text(unsigned.payload)?, iat, jti)?,
            Carrier::Form | Carrier::Json => signer.sign_body(unsigned.payload, iat, jti),
        };
        Ok(Signed { header: Some((self.header.clone(), header)), payload: unsigned.payload.to_vec() })
    }
}

/// The parameters of an SMS webhook with a signature behind them, whatever signature and account they had.
fn sign_sms(
    signer: &Signer,
    account: &str,
    method: SmsMethod,
    unsigned: Unsigned<'_>,
    timestamp: i64,
    nonce: &str,
) -> Result<Signed, ConfigError> {
    let payload = text(unsigned.payload)?;
    let unreadable = || ConfigError::new("payload", "must be a form, or one flat JSON object of texts");
    let mut pairs: Vec<(String, String)> = if unsigned.carrier == Carrier::Json {
        let members: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(payload).map_err(|_| unreadable())?;
        let pair = |(name, value)| match value {
            serde_json::Value::String(text) => Ok((name, text)),
            serde_json::Value::Number(number) => Ok((name, number.to_string())),
            _ => Err(unreadable()),
        };
        members.into_iter().map(pair).collect::<Result<_, _>>()?
    } else {
        form_urlencoded::parse(payload.as_bytes()).into_owned().collect()
    };
    pairs.retain(|(name, _)| !matches!(name.as_str(), "sig" | "timestamp" | "nonce"));
    for (_, value) in pairs.iter_mut().filter(|(name, _)| name == "api-key") {
        account.clone_into(value);
    }
    let parameters = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let carrier = if unsigned.carrier == Carrier::Json { SmsCarrier::Json } else { SmsCarrier::Form };
    let payload = signer.sign_sms(method, carrier, &parameters, timestamp, nonce)?.into_bytes();
    Ok(Signed { header: None, payload })
}

fn text(bytes: &[u8]) -> Result<&str, ConfigError> {
    std::str::from_utf8(bytes).map_err(|_| ConfigError::new("payload", "is not valid UTF-8"))
}

/// A new identity: a UUID, as the vendor's are (RFC 9562, version 4).
pub(crate) fn new_jti() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    let number = u128::from_be_bytes(bytes);
    let number = number & !(0xf << 76) & !(0b11 << 62) | (0x4 << 76) | (0b10 << 62);
    let digits = format!("{number:032x}");
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    Ok([part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-"))
}

#[cfg(test)]
mod tests {
    use hookproof::{Request, RequestHead, Verifier};

    use super::*;

    #[test]
    fn every_profile_accepts_what_is_signed_for_it() {
        let mut keyring = Keyring::new();
        keyring.add_secret("abcd1234", "given", b"a secret of thirty-two bytes, yes").unwrap();
        let cases = [
            ("standard", Carrier::Json, r#"{"a":1}"#),
            ("standard", Carrier::Query, "from=1&to=2"),
            ("video", Carrier::Json, "{}"),
            ("contact_center", Carrier::Json, "{}"),
            ("cloud_runtime", Carrier::Json, "{}"),
            ("sms_md5hash", Carrier::Query, "api-key=another&text=a+b%26c"),
            ("sms_sha512", Carrier::Form, "api-key=abcd1234&text=a&sig=old&timestamp=1&nonce=old"),
            ("sms_sha256", Carrier::Json, r#"{"api-key":"abcd1234","text":"ü","sig":"x"}"#),
        ];
        for (profile, carrier, payload) in cases {
            let policy = Policy::for_profile(profile).unwrap();
            let signing = Signing::new(&policy);
            let unsigned = Unsigned { carrier, payload: payload.as_bytes() };
            let signed = signing.sign(&keyring, "abcd1234", unsigned, 1_800_000_000, &new_jti().unwrap()).unwrap();
            let (name, header) = signed.header.unwrap_or_default();
            assert_eq!(name.is_empty(), profile.starts_with("sms_"));
            let mut head = RequestHead::new(carrier.method().as_bytes()).route(b"abcd1234");
            if !header.is_empty() {
                assert_eq!(name, policy.header_name());
                head = head.header(header.as_bytes(), 1);
            }
            let request = if carrier == Carrier::Query {
                Request::new(head.query(&signed.payload), b"")
            } else {
                Request::new(head, &signed.payload)
            };
            let verifier = Verifier::new(policy, keyring.clone()).unwrap();
            let verdict = verifier.verify(&request, 1_800_000_001);
            assert!(verdict.is_ok(), "{profile}: {verdict:?}");
        }
        let signing = Signing::new(&Policy::standard());
        let unsigned = Unsigned { carrier: Carrier::Json, payload: b"{}" };
        assert!(signing.sign(&keyring, "another", unsigned, 0, "j").is_err());
    }

    #[test]
    fn identities_are_uuids() {
        let (one, other) = (new_jti().unwrap(), new_jti().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 36);
        assert_eq!(one.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&one.as_bytes()[19]));
    }
}
