//! The claims of a token (RFC 7519 4 and the vendor's guide): presence, types, and the checks against the policy.
//!
//! A [`ClaimSet`] has been read and not been believed: it tells the `api_key` by which a secret is looked up, and
//! nothing else. The proof of the signature turns it into [`Claims`].

use crate::encoding::{self, Base64Url};
use crate::hs256::{self, Authentic};
use crate::json::{self, Slot, Span};
use crate::limits::{MAX_API_KEY_BYTES, MAX_JTI_BYTES, MAX_NUMERIC_DATE};
use crate::reason::Reason;

/// The claims that are looked at, in the order in which presence and types are judged; the selector, judged first, last.
const NAMES: [&str; 8] = ["iat", "jti", "iss", "payload_hash", "application_id", "exp", "nbf", "api_key"];

/// The claims part of a token whose signature has not been checked.
pub(crate) struct ClaimSet {
    /// The decoded JSON, and behind it the unescaped form of strings that have escapes.
    buffer: Vec<u8>,
    json_len: usize,
    slots: [Slot; NAMES.len()],
}

impl ClaimSet {
    /// Decodes and reads the second part of a token, if it is canonical base64url of a strict JSON object.
    #[expect(
        clippy::slow_vector_initialization,
        reason = "zeroing this little is cheaper than memory that comes zeroed"
    )]
    pub(crate) fn read(part: &[u8], base64url: &Base64Url) -> Option<ClaimSet> {
        let room = Base64Url::room(part);
        let whole = room.checked_mul(2)?;
        let mut buffer = Vec::with_capacity(whole);
        buffer.resize(whole, 0);
        let json_len = base64url.decode(part, &mut buffer)?;
        let slots = json::read(&mut buffer, json_len, &NAMES).ok()?;
        Some(ClaimSet { buffer, json_len, slots })
    }

    /// The `api_key` claim: an opaque selector from a token that anybody may have written.
    pub(crate) fn untrusted_api_key(&self) -> Result<&str, Reason> {
        let [.., api_key] = self.slots;
        let span = identifier(&self.buffer, api_key, MAX_API_KEY_BYTES)?.ok_or(Reason::ClaimsMissing)?;
        Ok(text_of(&self.buffer, span))
    }

    /// Judges presence and types of the claims, now that the signature holds.
    pub(crate) fn facts(&self, _proof: &Authentic, required: Required) -> Result<Facts, Reason> {
        let [iat, jti, iss, payload_hash, application_id, exp, nbf, api_key] = self.slots;
        let issued_at = numeric_date(iat)?.ok_or(Reason::ClaimsMissing)?;
        let jti = identifier(&self.buffer, jti, MAX_JTI_BYTES)?.ok_or(Reason::ClaimsMissing)?;
        let issuer = text(iss)?;
        if required.issuer && issuer.is_none() {
            return Err(Reason::ClaimsMissing);
        }
        let payload_hash = match text(payload_hash)? {
            Some(span) => Some(encoding::sha256_hex(span.of(&self.buffer)).ok_or(Reason::ClaimsMalformed)?),
            None if required.payload_hash => return Err(Reason::ClaimsMissing),
            None => None,
        };
        let application_id = text(application_id)?;
        if required.application_id && application_id.is_none() {
            return Err(Reason::ClaimsMissing);
        }
        let expires_at = match numeric_date(exp)? {
            Some(seconds) => seconds,
            None if required.expires => return Err(Reason::ClaimsMissing),
            None => i64::MAX,
        };
        let not_before = numeric_date(nbf)?.unwrap_or(i64::MIN);
        let api_key = identifier(&self.buffer, api_key, MAX_API_KEY_BYTES)?;
        Ok(Facts { issued_at, jti, issuer, payload_hash, application_id, expires_at, not_before, api_key })
    }

    /// The claims, once their facts are known.
    pub(crate) fn with(self, facts: Facts) -> Claims {
        Claims { buffer: self.buffer, json_len: self.json_len, facts }
    }
}

/// Which of the claims that may be absent must be there.
#[derive(Clone, Copy)]
pub(crate) struct Required {
    pub(crate) payload_hash: bool,
    pub(crate) application_id: bool,
    pub(crate) issuer: bool,
    pub(crate) expires: bool,
}

/// The bounds of a token's time, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Freshness {
    pub(crate) max_age: u32,
    pub(crate) leeway: u32,
}

/// What the claims say, with the right types.
pub(crate) struct Facts {
    issued_at: i64,
    jti: Span,
    issuer: Option<Span>,
    payload_hash: Option<[u8; 32]>,
    application_id: Option<Span>,
    /// The end of time for a token without `exp`.
    expires_at: i64,
    /// The beginning of time for a token without `nbf`.
    not_before: i64,
    /// Always there where it has chosen the secret.
    api_key: Option<Span>,
}

/// The claims of a token whose signature held.
pub(crate) struct Claims {
    buffer: Vec<u8>,
    json_len: usize,
    facts: Facts,
}

impl Claims {
    /// What the SMS API's own signature covers, in the shape of claims: its parameters as one JSON object.
    #[cfg(feature = "sms")]
    pub(crate) fn of_sms(
        parameters: Vec<u8>,
        issued_at: i64,
        nonce: &str,
        api_key: &str,
        payload_hash: Option<[u8; 32]>,
    ) -> Option<Claims> {
        let mut buffer = parameters;
        let json_len = buffer.len();
        let mut keep = |text: &str| {
            let span = Span::new(buffer.len(), text.len());
            buffer.extend_from_slice(text.as_bytes());
            span
        };
        let (jti, api_key) = (keep(nonce)?, keep(api_key)?);
        let facts = Facts {
            issued_at,
            jti,
            issuer: None,
            payload_hash,
            application_id: None,
            expires_at: i64::MAX,
            not_before: i64::MIN,
            api_key: Some(api_key),
        };
        Some(Claims { buffer, json_len, facts })
    }

    pub(crate) fn issued_at(&self) -> i64 {
        self.facts.issued_at
    }

    pub(crate) fn jti(&self) -> &str {
        text_of(&self.buffer, self.facts.jti)
    }

    /// Empty where the token has none, which only a profile that chooses the secret by route lets pass.
    pub(crate) fn api_key(&self) -> &str {
        self.facts.api_key.map(|span| text_of(&self.buffer, span)).unwrap_or_default()
    }

    pub(crate) fn application_id(&self) -> Option<&str> {
        self.facts.application_id.map(|span| text_of(&self.buffer, span))
    }

    /// The claims as the token has them.
    pub(crate) fn json(&self) -> &str {
        std::str::from_utf8(self.buffer.get(..self.json_len).unwrap_or_default()).unwrap_or_default()
    }

    /// One claim by name: its text, or its value if it is an integer that fits.
    pub(crate) fn claim(&self, name: &str) -> Option<Claim> {
        let mut buffer = self.json().as_bytes().to_vec();
        let len = buffer.len();
        buffer.resize(len.checked_mul(2)?, 0);
        match json::read(&mut buffer, len, &[name]).ok()? {
            [Slot::Text(span)] => String::from_utf8(span.of(&buffer).to_vec()).ok().map(Claim::Text),
            [Slot::Integer(number)] => Some(Claim::Integer(number)),
            [Slot::Absent | Slot::Other] => None,
        }
    }

    /// Whether the issuer is the expected one; none expected means any, and none.
    pub(crate) fn check_issuer(&self, expected: Option<&str>) -> Result<(), Reason> {
        let issuer = self.facts.issuer.map(|span| span.of(&self.buffer)).unwrap_or_default();
        if expected.is_none_or(|expected| issuer == expected.as_bytes()) { Ok(()) } else { Err(Reason::IssuerMismatch) }
    }

    /// Whether the application is one of those expected; none expected means any.
    pub(crate) fn check_application(&self, expected: &[Box<str>]) -> Result<(), Reason> {
        let ours = |id: &str| expected.iter().any(|known| **known == *id);
        if expected.is_empty() || self.application_id().is_some_and(ours) {
            Ok(())
        } else {
            Err(Reason::ApplicationMismatch)
        }
    }

    /// Seconds since the token was issued; negative when it comes from the future.
    pub(crate) fn age(&self, now: i64) -> i64 {
        now.saturating_sub(self.facts.issued_at)
    }

    /// The age, and `exp` and `nbf` where the token has them (RFC 7519 4.1.4 and 4.1.5).
    pub(crate) fn check_time(&self, now: i64, bounds: Freshness) -> Result<(), Reason> {
        let age = self.age(now);
        let leeway = i64::from(bounds.leeway);
        if age > i64::from(bounds.max_age) {
            Err(Reason::TimeStale)
        } else if age < leeway.saturating_neg() {
            Err(Reason::TimeFuture)
        } else if now >= self.facts.expires_at {
            Err(Reason::TimeExpired)
        } else if self.facts.not_before > now.saturating_add(leeway) {
            Err(Reason::TimeNotYetValid)
        } else {
            Ok(())
        }
    }

    /// Whether the token names a hash at all.
    pub(crate) fn has_payload_hash(&self) -> bool {
        self.facts.payload_hash.is_some()
    }

    /// Whether the payload's SHA-256 is the one the token names, in constant time; nothing if the token names none,
    /// which [`ClaimSet::facts`] lets pass only where the policy says so.
    pub(crate) fn payload_matches(&self, hash: &[u8; 32]) -> Option<bool> {
        self.facts.payload_hash.map(|expected| hs256::equal(&expected, hash).into())
    }
}

/// A claim asked for by name.
pub(crate) enum Claim {
    Text(String),
    Integer(i64),
}

fn text_of(buffer: &[u8], span: Span) -> &str {
    // Every span lies on whole characters of checked text, so this never falls back.
    std::str::from_utf8(span.of(buffer)).unwrap_or_default()
}

fn text(slot: Slot) -> Result<Option<Span>, Reason> {
    match slot {
        Slot::Absent => Ok(None),
        Slot::Text(span) => Ok(Some(span)),
        Slot::Integer(_) | Slot::Other => Err(Reason::ClaimsMalformed),
    }
}

/// A string of 1 to `most` bytes without control characters.
fn identifier(buffer: &[u8], slot: Slot, most: usize) -> Result<Option<Span>, Reason> {
    let span = text(slot)?;
    let bytes = span.map(|span| span.of(buffer));
    // No early exit: the compiler then looks at many bytes at once.
    let control = |bytes: &[u8]| bytes.iter().fold(false, |found, byte| found | byte.is_ascii_control());
    let good = |bytes: &[u8]| (1..=most).contains(&bytes.len()) && !control(bytes);
    if bytes.is_none_or(good) { Ok(span) } else { Err(Reason::ClaimsMalformed) }
}

/// A whole number of seconds since 1970 (RFC 7519 2, without fractions).
fn numeric_date(slot: Slot) -> Result<Option<i64>, Reason> {
    match slot {
        Slot::Absent => Ok(None),
        Slot::Integer(seconds) if (0..=MAX_NUMERIC_DATE).contains(&seconds) => Ok(Some(seconds)),
        Slot::Integer(_) | Slot::Text(_) | Slot::Other => Err(Reason::ClaimsMalformed),
    }
}
