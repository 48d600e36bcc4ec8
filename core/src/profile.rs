//! Profiles: what differs between the vendor's dialects of signed webhooks, as data.

/// A dialect of signed webhooks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The name of the header field that carries the token.
    pub(crate) header_name: &'static str,
    /// What `iss` must be, byte for byte.
    pub(crate) issuer: &'static str,
    /// The methods whose payload is the body, unless the policy names more.
    pub(crate) body_methods: &'static [&'static str],
}

/// Messages, Dispatch, Verify v2 and Voice: the secret is chosen by the `api_key` claim, the payload of a POST is its
/// body (the vendor's guide "Webhooks", section on signed webhooks).
pub(crate) const STANDARD: Profile =
    Profile { header_name: "Authorization", issuer: "Vonage", body_methods: &["POST", "PUT", "PATCH"] };
