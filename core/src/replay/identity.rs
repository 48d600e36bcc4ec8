//! What makes two requests the same one.

use sha2::{Digest, Sha256};

/// By what the secret was chosen: half of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selector<'a> {
    /// The verified `api_key` of the token.
    ApiKey(&'a str),
    /// The application's name for the endpoint, for profiles whose tokens name no account.
    Route(&'a str),
    /// The account of a webhook with the SMS API's own signature, whose nonces are another series than the tokens' `jti`.
    Sms(&'a str),
}

impl<'a> Selector<'a> {
    /// Keeps a route that is named like an account apart from it.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Selector::ApiKey(_) => "api_key",
            Selector::Route(_) => "route",
            Selector::Sms(_) => "sms",
        }
    }

    /// The text.
    #[must_use]
    pub const fn text(self) -> &'a str {
        match self {
            Selector::ApiKey(text) | Selector::Route(text) | Selector::Sms(text) => text,
        }
    }
}

/// What makes two requests the same one: the *verified* selector and `jti`. Never the token's text, which has several
/// forms for one token and changes with a rotation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    /// By what the secret was chosen.
    pub selector: Selector<'a>,
    /// Claim `jti`; the nonce of an SMS webhook.
    pub jti: &'a str,
}

impl Identity<'_> {
    /// The key of this identity in a shared store: the first 16 bytes of SHA-256 over `hookproof/1`, the namespace, the
    /// kind of the selector (`api_key`, `route` or `sms`), the selector and the `jti`, each behind its length as four
    /// big-endian bytes. It is the same in every language and for ever.
    #[must_use]
    pub fn key(&self, namespace: &str) -> [u8; 16] {
        let mut hash = Sha256::new();
        for part in ["hookproof/1", namespace, self.selector.kind(), self.selector.text(), self.jti] {
            // No part is near 4 GiB: claims and namespaces have their limits.
            hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            hash.update(part);
        }
        let mut key = [0; 16];
        for (to, from) in key.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        key
    }
}

impl std::fmt::Debug for Identity<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("selector", &self.selector).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_fixed_for_ever() {
        // printf '\0\0\0\013hookproof/1\0\0\0\004shop\0\0\0\007api_key\0\0\0\010a1b2c3d4\0\0\0\005jti-1' | sha256sum
        let identity = Identity { selector: Selector::ApiKey("a1b2c3d4"), jti: "jti-1" };
        assert_eq!(crate::encoding::to_hex(&identity.key("shop")), "147409519628047e2a9e80d69d0e3b48");
    }

    #[test]
    fn no_two_identities_run_together() {
        let keys = [
            Identity { selector: Selector::ApiKey("a"), jti: "bc" }.key("n"),
            Identity { selector: Selector::ApiKey("ab"), jti: "c" }.key("n"),
            Identity { selector: Selector::Route("a"), jti: "bc" }.key("n"),
            Identity { selector: Selector::ApiKey("a"), jti: "bc" }.key(""),
            Identity { selector: Selector::ApiKey("a"), jti: "bc" }.key("na"),
        ];
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[at + 1..].contains(key));
        }
    }
}
