//! What is done to a genuine webhook before it is sent, so that a server has something to refuse.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::ValueEnum;
use hookproof::Keyring;

use crate::clock;
use crate::failure::Failure;
use crate::sample::{Carrier, Sample};
use crate::signed::{Signed, Unsigned};
use crate::signing::Signing;

/// A genuine webhook, or what is wrong about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Variant {
    /// As the vendor sends it.
    Genuine,
    /// One letter of the payload changed after signing.
    Tampered,
    /// Without a signature.
    Unsigned,
    /// Signed with another secret.
    WrongSecret,
    /// Signed eight days ago.
    Stale,
    /// Signed two hours from now.
    Future,
    /// A token that says it needs no signature.
    AlgNone,
    /// The signature header twice.
    TwoHeaders,
}

/// A request, but for the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wire {
    pub(crate) carrier: Carrier,
    pub(crate) payload: Vec<u8>,
    /// The header field that carries the signature, and how often.
    pub(crate) header: Option<(String, String)>,
    pub(crate) header_count: usize,
}

/// Older and newer than any policy can be set to accept.
const STALE: i64 = 8 * 24 * 3600;
const FUTURE: i64 = 2 * 3600;

/// Whoever holds it is nobody.
const WRONG_SECRET: &[u8] = b"this is the secret of another account entirely";

/// Signs samples for one account.
pub(crate) struct Maker {
    pub(crate) signing: Signing,
    pub(crate) account: String,
}

impl Maker {
    pub(crate) fn is_sms(&self) -> bool {
        self.signing.is_sms()
    }

    /// The sample as this variant, issued `age` seconds ago.
    pub(crate) fn make(&self, sample: &Sample, variant: Variant, age: i64) -> Result<Wire, Failure> {
        let issued_at = match variant {
            Variant::Stale => clock::now() - STALE,
            Variant::Future => clock::now() + FUTURE,
            _ => clock::now() - age,
        };
        let (carrier, payload) = (sample.carrier, sample.payload.as_bytes());
        let mut wire = if variant == Variant::WrongSecret {
            let mut keyring = Keyring::new();
            let refused = |error| Failure::new(error, "another --api-key");
            keyring.add_secret(&self.account, "wrong", WRONG_SECRET).map_err(refused)?;
            let unsigned = unsigned(carrier, payload);
            Wire::of(carrier, self.signing.sign_by(&keyring, &self.account, unsigned, issued_at, "")?, self.is_sms())
        } else {
            self.sign(carrier, payload, issued_at)?
        };
        match variant {
            Variant::Tampered => tamper(&mut wire.payload),
            Variant::Unsigned if wire.header.is_some() => wire.header = None,
            Variant::Unsigned => wire.payload = payload.to_vec(),
            Variant::AlgNone => {
                if let Some((_, value)) = &mut wire.header {
                    *value = unsecured(value);
                }
            }
            Variant::TwoHeaders => wire.header_count = 2,
            _ => {}
        }
        Ok(wire)
    }

    /// This payload with a signature.
    pub(crate) fn sign(&self, carrier: Carrier, payload: &[u8], issued_at: i64) -> Result<Wire, Failure> {
        let signed = self.signing.sign(&self.account, unsigned(carrier, payload), issued_at, "")?;
        Ok(Wire::of(carrier, signed, self.is_sms()))
    }
}

impl Wire {
    fn of(carrier: Carrier, signed: Signed, is_sms: bool) -> Wire {
        let payload = if carrier == Carrier::Query { signed.query.into_bytes() } else { signed.body };
        // The signature's field stands first.
        let header = signed.fields.into_iter().next().filter(|_| !is_sms);
        Wire { carrier, payload, header, header_count: 1 }
    }
}

fn unsigned(carrier: Carrier, payload: &[u8]) -> Unsigned {
    let is_query = carrier == Carrier::Query;
    Unsigned {
        method: carrier.method().to_owned(),
        query: if is_query { String::from_utf8_lossy(payload).into_owned() } else { String::new() },
        body: if is_query { Vec::new() } else { payload.to_vec() },
        content_type: carrier.content_type().map(ToOwned::to_owned),
    }
}

impl Variant {
    /// Whether there is such a thing where no token signs.
    pub(crate) fn needs_token(self) -> bool {
        matches!(self, Variant::AlgNone | Variant::TwoHeaders)
    }

    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Changes the last digit, or the last letter of a payload without one: it stays as well-formed as it was.
fn tamper(payload: &mut [u8]) {
    let place =
        payload.iter().rposition(u8::is_ascii_digit).or_else(|| payload.iter().rposition(u8::is_ascii_lowercase));
    if let Some(letter) = place.and_then(|place| payload.get_mut(place)) {
        *letter = match *letter {
            b'9' => b'8',
            b'z' => b'y',
            other => other + 1,
        };
    }
}

/// The same claims in a token without a signature (RFC 7519 6).
fn unsecured(header: &str) -> String {
    let claims = header.split('.').nth(1).unwrap_or_default();
    format!("Bearer {}.{claims}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#))
}

#[cfg(test)]
mod tests {
    use hookproof::{Policy, Request, RequestHead, Verifier};

    use super::*;

    fn verdict(profile: &str, sample: &Sample, variant: Variant) -> &'static str {
        let mut keyring = Keyring::new();
        keyring.add_secret("abcd1234", "given", b"a secret of thirty-two bytes, yes").unwrap();
        let policy = Policy::for_profile(profile).unwrap();
        let signing = Signing::new(policy.clone(), keyring.clone());
        let maker = Maker { signing, account: "abcd1234".to_owned() };
        let wire = maker.make(sample, variant, 0).unwrap();
        let mut head = RequestHead::new(wire.carrier.method().as_bytes());
        if let Some((_, value)) = &wire.header {
            head = head.header(value.as_bytes(), wire.header_count);
        }
        let request = if wire.carrier == Carrier::Query {
            Request::new(head.query(&wire.payload), b"")
        } else {
            Request::new(head, &wire.payload)
        };
        let verifier = Verifier::new(policy, keyring).unwrap();
        verifier.verify(&request, clock::now()).map_or_else(|refusal| refusal.reason().name(), |_| "ok")
    }

    #[test]
    fn each_variant_is_refused_for_its_own_reason() {
        for (variant, reason) in [
            (Variant::Genuine, "ok"),
            (Variant::Tampered, "payload.mismatch"),
            (Variant::Unsigned, "header.missing"),
            (Variant::WrongSecret, "signature.invalid"),
            (Variant::Stale, "time.stale"),
            (Variant::Future, "time.future"),
            (Variant::AlgNone, "token.algorithm"),
            (Variant::TwoHeaders, "header.duplicated"),
        ] {
            for name in ["messages-inbound-whatsapp-text", "voice-answer"] {
                assert_eq!(verdict("standard", Sample::named(name).unwrap(), variant), reason, "{name}");
            }
        }
        for (variant, reason) in [
            (Variant::Genuine, "ok"),
            (Variant::Tampered, "sms.signature_invalid"),
            (Variant::Unsigned, "sms.unsigned"),
            (Variant::WrongSecret, "sms.signature_invalid"),
            (Variant::Stale, "time.stale"),
        ] {
            let sample =
                crate::sample::SAMPLES.iter().find(|sample| sample.signing == crate::sample::Signing::Sms).unwrap();
            assert_eq!(verdict("sms_sha256", sample, variant), reason);
        }
    }
}
