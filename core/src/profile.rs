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
    /// How requests are signed that carry no token: the SMS API's own way.
    #[cfg(feature = "sms")]
    pub(crate) sms: Option<SmsMethod>,
}

/// What makes a signature of the SMS API: a setting of the account, which no request names.
///
/// The vendor's dashboard calls them "MD5 hash" (also found as its default), "MD5 HMAC", "SHA1 HMAC", "SHA-256 HMAC" and
/// "SHA-512 HMAC". Prefer the last two: MD5 and SHA-1 are kept for accounts that cannot change.
#[cfg(feature = "sms")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SmsMethod {
    /// MD5 over the parameters with the secret behind them. Weak: use it only where the account must.
    Md5Hash,
    /// HMAC-MD5.
    Md5,
    /// HMAC-SHA-1.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

#[cfg(feature = "sms")]
impl SmsMethod {
    /// The name in the vendor's guide: `md5hash`, `md5`, `sha1`, `sha256` or `sha512`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            SmsMethod::Md5Hash => "md5hash",
            SmsMethod::Md5 => "md5",
            SmsMethod::Sha1 => "sha1",
            SmsMethod::Sha256 => "sha256",
            SmsMethod::Sha512 => "sha512",
        }
    }

    /// The method with this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<SmsMethod> {
        use SmsMethod::{Md5, Md5Hash, Sha1, Sha256, Sha512};
        [Md5Hash, Md5, Sha1, Sha256, Sha512].into_iter().find(|method| method.name() == name)
    }

    /// Length of a signature, in bytes.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            SmsMethod::Md5Hash | SmsMethod::Md5 => 16,
            SmsMethod::Sha1 => 20,
            SmsMethod::Sha256 => 32,
            SmsMethod::Sha512 => 64,
        }
    }

    /// The other method whose signatures have the same length.
    pub(crate) const fn sibling(self) -> Option<SmsMethod> {
        match self {
            SmsMethod::Md5Hash => Some(SmsMethod::Md5),
            SmsMethod::Md5 => Some(SmsMethod::Md5Hash),
            SmsMethod::Sha1 | SmsMethod::Sha256 | SmsMethod::Sha512 => None,
        }
    }

    /// The profile of webhooks signed in this way.
    pub(crate) const fn profile(self) -> &'static Profile {
        match self {
            SmsMethod::Md5Hash => &SMS_MD5HASH,
            SmsMethod::Md5 => &SMS_MD5,
            SmsMethod::Sha1 => &SMS_SHA1,
            SmsMethod::Sha256 => &SMS_SHA256,
            SmsMethod::Sha512 => &SMS_SHA512,
        }
    }
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
    #[cfg(feature = "sms")]
    sms: None,
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

/// The SMS API and the US short codes: the parameters carry their own signature (the vendor's guide "Signing messages"). One
/// profile for each method, so that the method is always set.
#[cfg(feature = "sms")]
const fn sms(name: &'static str, method: SmsMethod) -> Profile {
    Profile { name, issuer: None, body_methods: &["POST"], sms: Some(method), ..STANDARD }
}
#[cfg(feature = "sms")]
pub(crate) const SMS_MD5HASH: Profile = sms("sms_md5hash", SmsMethod::Md5Hash);
#[cfg(feature = "sms")]
pub(crate) const SMS_MD5: Profile = sms("sms_md5", SmsMethod::Md5);
#[cfg(feature = "sms")]
pub(crate) const SMS_SHA1: Profile = sms("sms_sha1", SmsMethod::Sha1);
#[cfg(feature = "sms")]
pub(crate) const SMS_SHA256: Profile = sms("sms_sha256", SmsMethod::Sha256);
#[cfg(feature = "sms")]
pub(crate) const SMS_SHA512: Profile = sms("sms_sha512", SmsMethod::Sha512);

/// All of them.
pub(crate) const ALL: &[&Profile] = &[
    &STANDARD,
    &VIDEO,
    &CONTACT_CENTER,
    &CLOUD_RUNTIME,
    #[cfg(feature = "sms")]
    &SMS_MD5HASH,
    #[cfg(feature = "sms")]
    &SMS_MD5,
    #[cfg(feature = "sms")]
    &SMS_SHA1,
    #[cfg(feature = "sms")]
    &SMS_SHA256,
    #[cfg(feature = "sms")]
    &SMS_SHA512,
];
