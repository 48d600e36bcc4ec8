//! The header field that carries the token: exactly one, `Bearer`, one token (RFC 6750 2.1, RFC 9110 11.1).

use crate::profile::Scheme;
use crate::reason::Reason;

/// What stands behind the scheme in a header field value. `count` is how many such fields the request had.
///
/// Nothing is trimmed: an HTTP server has taken the optional white space off the ends already, and what is left there
/// would give one token several spellings. Whether this is one token is [`is_one_token`]'s to say.
pub(crate) fn bearer_token(value: &[u8], count: usize, max_bytes: usize, scheme: Scheme) -> Result<&[u8], Reason> {
    if count > 1 {
        return Err(Reason::HeaderDuplicated);
    }
    if count == 0 || value.is_empty() {
        return Err(Reason::HeaderMissing);
    }
    if value.len() > max_bytes {
        return Err(Reason::TokenTooLarge);
    }
    if scheme == Scheme::BearerOrBare && is_one_token(value) {
        return Ok(value);
    }
    let (word, rest) = value.split_at_checked(BEARER.len()).ok_or(Reason::HeaderMalformed)?;
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    let token = rest.get(spaces..).unwrap_or_default();
    if word.eq_ignore_ascii_case(BEARER) && spaces > 0 && !token.is_empty() {
        Ok(token)
    } else {
        Err(Reason::HeaderMalformed)
    }
}

/// Whether there is no white space, no comma (which joins repeated fields) and no control character.
///
/// No well-formed token has any of these, so this need only be asked about one that is not: it tells a fault of the header
/// field from a fault of the token.
pub(crate) fn is_one_token(token: &[u8]) -> bool {
    !token.iter().any(|byte| *byte <= b' ' || *byte == b',' || *byte == 0x7f)
}

const BEARER: &[u8] = b"Bearer";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<&str, Reason> {
        let token = bearer_token(value.as_bytes(), 1, 64, Scheme::Bearer)?;
        if is_one_token(token) { Ok(std::str::from_utf8(token).unwrap()) } else { Err(Reason::HeaderMalformed) }
    }

    #[test]
    fn one_bearer_token() {
        for good in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c"] {
            assert_eq!(read(good), Ok("a.b.c"));
        }
        for bad in [
            "Bearer",
            "Bearer ",
            "Bearera.b.c",
            "Bearer\ta.b.c",
            " Bearer a.b.c",
            "Bearer a.b.c ",
            "Basic a.b.c",
            "a.b.c",
            "Bearer a b",
            "Bearer a.b.c,Bearer a.b.c",
            "Bearer a.b.c, Bearer a.b.c",
            "Bearer a\0",
            "Bearer a\x7f",
            "B",
            " ",
            "Bearer: a.b.c",
            "Bearer \t",
        ] {
            assert_eq!(read(bad), Err(Reason::HeaderMalformed), "{bad:?}");
        }
    }

    #[test]
    fn a_moved_token_may_stand_alone() {
        let read = |value: &'static str| bearer_token(value.as_bytes(), 1, 64, Scheme::BearerOrBare);
        assert_eq!((read("a.b.c"), read("Bearer a.b.c")), (Ok(&b"a.b.c"[..]), Ok(&b"a.b.c"[..])));
        assert_eq!((read("Basic a.b.c"), read(" a.b.c")), (Err(Reason::HeaderMalformed), Err(Reason::HeaderMalformed)));
    }

    #[test]
    fn missing_several_and_too_long_are_three_reasons() {
        assert_eq!(read(""), Err(Reason::HeaderMissing));
        assert_eq!(bearer_token(b"Bearer a", 0, 64, Scheme::Bearer), Err(Reason::HeaderMissing));
        assert_eq!(bearer_token(b"Bearer a", 2, 64, Scheme::Bearer), Err(Reason::HeaderDuplicated));
        assert_eq!(bearer_token(b"", 2, 64, Scheme::Bearer), Err(Reason::HeaderDuplicated));
        assert_eq!(bearer_token(b"Bearer a", 1, 8, Scheme::Bearer), Ok(&b"a"[..]));
        assert_eq!(bearer_token(b"Bearer aa", 1, 8, Scheme::Bearer), Err(Reason::TokenTooLarge));
    }
}
