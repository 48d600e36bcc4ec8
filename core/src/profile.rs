//! Profiles: what differs between the vendor's dialects of signed webhooks, as data.
//!
//! Where the vendor documents nothing the strict reading stands; what is only known from its samples is said at the row.

/// A dialect of signed webhooks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The name in configurations.
    pub(crate) name: &'static str,
    /// The name of the header field that carries the token.
    pub(crate) header_name: &'static str,
    /// How the token stands in that field.
    pub(crate) scheme: Scheme,
    /// By what the secret is chosen.
    pub(crate) key_by: KeyBy,
    /// What `iss` must be, byte for byte; not looked at where the dialect's issuer is not known and none was set.
    pub(crate) issuer: Option<&'static str>,
    /// Whether `exp` must be there.
    pub(crate) expires: bool,
    /// The methods whose payload is the body, unless the policy names more.
    pub(crate) body_methods: &'static [&'static str],
    /// The methods whose payload is the query.
    pub(crate) query_methods: &'static [&'static str],
}

/// How a token stands in its header field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// Behind the word `Bearer`.
    Bearer,
    /// Behind that word, or alone: what a router that moves the token to another field leaves is documented nowhere.
    BearerOrBare,
}

/// By what the secret is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyBy {
    /// The token's `api_key` claim.
    ApiKeyClaim,
    /// The route that the call names: the accounts of the keyring are routes.
    Route,
}

/// Messages, Dispatch, Verify v2 and Voice: the secret is chosen by the `api_key` claim, the payload of a POST is its
/// body and that of a GET its query (the vendor's guide "Webhooks", section on signed webhooks; help article 19033783342876).
pub(crate) const STANDARD: Profile = Profile {
    name: "standard",
    header_name: "Authorization",
    scheme: Scheme::Bearer,
    key_by: KeyBy::ApiKeyClaim,
    issuer: Some("Vonage"),
    expires: false,
    body_methods: &["POST", "PUT", "PATCH"],
    query_methods: &["GET"],
};

/// Video: each type of callback has a secret of its own (the vendor's guide "Secure callbacks").
pub(crate) const VIDEO: Profile = Profile { name: "video", key_by: KeyBy::Route, query_methods: &[], ..STANDARD };

/// The contact centre: a subscription has its own secret, given in base64, and tokens say when they expire (its guide to
/// webhooks, pages 4368039953 and 4188340249). The issuer is documented nowhere.
pub(crate) const CONTACT_CENTER: Profile = Profile {
    name: "contact_center",
    header_name: "Vonage-Signature",
    key_by: KeyBy::Route,
    issuer: None,
    expires: true,
    query_methods: &[],
    ..STANDARD
};

/// Code that runs on Vonage Cloud Runtime: the router's own token stands in Authorization, and the webhook's token was moved (its
/// code snippet "Verify auth").
pub(crate) const CLOUD_RUNTIME: Profile = Profile {
    name: "cloud_runtime",
    header_name: "X-Vonage-Webhook-Auth-Token",
    scheme: Scheme::BearerOrBare,
    ..STANDARD
};

/// All of them.
pub(crate) const ALL: [&Profile; 4] = [&STANDARD, &VIDEO, &CONTACT_CENTER, &CLOUD_RUNTIME];
