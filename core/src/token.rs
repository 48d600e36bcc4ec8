//! A JSON Web Token in compact serialization (RFC 7515 3.1), read strictly: three parts, HS256, no extension.

use crate::claims::ClaimSet;
use crate::encoding::Base64Url;
use crate::hs256::SIGNATURE_BYTES;
use crate::json::{self, Slot, Span};
use crate::reason::Reason;

/// A token whose signature has not been checked. It offers the selector of the secret, and what the check needs.
pub(crate) struct UntrustedToken<'t> {
    parts: Parts<'t>,
    claims: ClaimSet,
}

impl<'t> UntrustedToken<'t> {
    /// Reads a token; the JOSE header is judged before the claims are decoded.
    pub(crate) fn read(token: &'t [u8], base64url: &Base64Url) -> Result<UntrustedToken<'t>, Reason> {
        let parts = Parts::split(token, base64url)?;
        let claims = ClaimSet::read(parts.claims, base64url).ok_or(Reason::TokenMalformed)?;
        Ok(UntrustedToken { parts, claims })
    }

    pub(crate) fn untrusted_api_key(&self) -> Result<&str, Reason> {
        self.claims.untrusted_api_key()
    }

    pub(crate) fn signing_input(&self) -> &'t [u8] {
        self.parts.signing_input
    }

    pub(crate) fn signature(&self) -> &[u8; SIGNATURE_BYTES] {
        &self.parts.signature
    }

    /// The claims, which ask for the proof of the signature before they tell more than the selector.
    pub(crate) fn claims(&self) -> &ClaimSet {
        &self.claims
    }

    pub(crate) fn into_claims(self) -> ClaimSet {
        self.claims
    }
}

/// The layer of RFC 7515: parts, header and signature, whatever the second part holds.
pub(crate) struct Parts<'t> {
    pub(crate) signing_input: &'t [u8],
    pub(crate) claims: &'t [u8],
    pub(crate) signature: [u8; SIGNATURE_BYTES],
}

impl<'t> Parts<'t> {
    pub(crate) fn split(token: &'t [u8], base64url: &Base64Url) -> Result<Parts<'t>, Reason> {
        // The dots are searched for, never split at: a text of dots must cost nothing.
        let dot = |text: &[u8]| memchr::memchr(b'.', text);
        let (header, rest) = dot(token).and_then(|at| cut(token, at)).ok_or(Reason::TokenMalformed)?;
        let (claims, signature) = dot(rest).and_then(|at| cut(rest, at)).ok_or(Reason::TokenMalformed)?;
        if dot(signature).is_some() {
            return Err(Reason::TokenMalformed);
        }
        check_header(header, base64url)?;
        let signing_input = header.len().checked_add(claims.len()).and_then(|len| token.get(..len.checked_add(1)?));
        let mut room = [0; SIGNATURE_BYTES + 2];
        let written = base64url.decode(signature, &mut room);
        match (signing_input, room.first_chunk(), written) {
            (Some(signing_input), Some(signature), Some(SIGNATURE_BYTES)) if !claims.is_empty() => {
                Ok(Parts { signing_input, claims, signature: *signature })
            }
            _ => Err(Reason::TokenMalformed),
        }
    }
}

/// What stands before and behind the byte at this place.
fn cut(text: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.split_first()?.1))
}

const HEADER_NAMES: [&str; 6] = ["alg", "typ", "crit", "b64", "zip", "enc"];

/// Room for the decoded header of a genuine token twice over; a longer one is decoded on the heap.
const USUAL_HEADER_BYTES: usize = 128;

/// `alg` is exactly HS256, no extension is asked for, and `typ`, if there, says JWT. Key hints (`kid`, `jku`, `jwk`,
/// `x5*`) are never read: the header never picks the key.
fn check_header(part: &[u8], base64url: &Base64Url) -> Result<(), Reason> {
    if USUAL_HEADERS.contains(&part) {
        return Ok(());
    }
    read_header(part, base64url)
}

/// `{"alg":"HS256","typ":"JWT"}`, as the vendor's tokens have it, and the same members in the other order, as most
/// libraries write them. The same text always reads the same, so these are not read again for every request.
const USUAL_HEADERS: [&[u8]; 2] = [b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", b"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9"];

fn read_header(part: &[u8], base64url: &Base64Url) -> Result<(), Reason> {
    let room = Base64Url::room(part);
    let mut usual = [0; 2 * USUAL_HEADER_BYTES];
    let mut large;
    let buffer = if room <= USUAL_HEADER_BYTES {
        &mut usual[..]
    } else {
        large = vec![0; room.saturating_mul(2)];
        &mut large[..]
    };
    let len = base64url.decode(part, buffer).ok_or(Reason::TokenMalformed)?;
    let slots = json::read(buffer, len, &HEADER_NAMES).map_err(|_| Reason::TokenMalformed)?;
    let [alg, typ, extensions @ ..] = slots;
    let text = |span: Span| span.of(buffer);
    if !matches!(alg, Slot::Text(span) if text(span) == b"HS256") {
        return Err(Reason::TokenAlgorithm);
    }
    if extensions.iter().any(|slot| *slot != Slot::Absent) {
        return Err(Reason::TokenCritical);
    }
    let says_jwt = |typ: &[u8]| typ.eq_ignore_ascii_case(b"JWT") || typ.eq_ignore_ascii_case(b"application/jwt");
    match typ {
        Slot::Absent => Ok(()),
        Slot::Text(span) if says_jwt(text(span)) => Ok(()),
        _ => Err(Reason::TokenMalformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_base64url(bytes: &[u8]) -> String {
        Base64Url::new().encode(bytes)
    }

    fn read(token: &str) -> Result<(), Reason> {
        UntrustedToken::read(token.as_bytes(), &Base64Url::new()).map(|_| ())
    }

    fn header(json: &str) -> Result<(), Reason> {
        let signature = to_base64url(&[7; 32]);
        let token = format!("{}.{}.{signature}", to_base64url(json.as_bytes()), to_base64url(b"{}"));
        read(&token)
    }

    #[test]
    fn the_usual_headers_are_what_reading_them_finds() {
        let texts = [&br#"{"alg":"HS256","typ":"JWT"}"#[..], br#"{"typ":"JWT","alg":"HS256"}"#];
        assert_eq!(texts.map(|text| to_base64url(text).into_bytes()), USUAL_HEADERS);
        for header in USUAL_HEADERS {
            assert_eq!(read_header(header, &Base64Url::new()), Ok(()));
        }
    }

    #[test]
    fn the_header_is_hs256_without_extensions() {
        for good in [
            r#"{"alg":"HS256"}"#,
            r#"{"typ":"jwt","alg":"HS256","kid":"../../x","jwk":{"k":"AA"}}"#,
            r#"{"alg":"\u0048S256","typ":"Application/JWT"}"#,
        ] {
            assert_eq!(header(good), Ok(()), "{good}");
        }
        for bad in
            ["{}", r#"{"alg":"hs256"}"#, r#"{"alg":["HS256"]}"#, r#"{"alg":null}"#, r#"{"alg":"none","crit":[]}"#]
        {
            assert_eq!(header(bad), Err(Reason::TokenAlgorithm), "{bad}");
        }
        for name in ["crit", "b64", "zip", "enc"] {
            for value in ["null", "[]", "{}", "\"\"", "true", "0"] {
                let json = format!(r#"{{"alg":"HS256","{name}":{value}}}"#);
                assert_eq!(header(&json), Err(Reason::TokenCritical), "{json}");
            }
        }
        for bad in [
            "",
            "[]",
            r#"{"alg":"HS256","typ":null}"#,
            r#"{"alg":"HS256","typ":"JWS"}"#,
            r#"{"alg":"HS256","alg":"HS256"}"#,
        ] {
            assert_eq!(header(bad), Err(Reason::TokenMalformed), "{bad}");
        }
        let long = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(5000));
        assert_eq!(header(&long), Ok(()));
    }

    #[test]
    fn three_parts_no_more_no_fewer() {
        let good =
            format!("{}.{}.{}", to_base64url(br#"{"alg":"HS256"}"#), to_base64url(b"{}"), to_base64url(&[7; 32]));
        assert!(read(&good).is_ok());
        let parts: Vec<_> = good.split('.').collect();
        for bad in [
            String::new(),
            ".".repeat(100_000),
            parts[0].to_owned(),
            format!("{}.{}", parts[0], parts[1]),
            format!("{good}."),
            format!(".{good}"),
            format!("{good}.{}", parts[2]),
            format!("{}..{}", parts[0], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}.{}", parts[0], parts[1], to_base64url(&[7; 31])),
            format!("{}.{}.{}", parts[0], parts[1], to_base64url(&[7; 33])),
            format!("{good}="),
        ] {
            assert_eq!(read(&bad), Err(Reason::TokenMalformed), "{bad:.80}");
        }
    }
}
