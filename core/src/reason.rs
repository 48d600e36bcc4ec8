//! The one table of reasons: number, dotted name, sentence, hint, family and advice.
//!
//! Every other list of reasons (the C enum, the bindings, the documentation page) is generated from this table.
//! Numbers are never reused; gaps are left on purpose. 1000..=1099 are the older SMS signature.

/// What a refusal should make the server answer, before the policy's choices are applied.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Neither a genuine webhook nor a fault of ours can produce it: 401, and the sender drops it.
    Final,
    /// A rotation, a clock, a proxy or our own configuration can cause it: the retry status, and the sender keeps it.
    Retry,
    /// As `Retry`, but the conventional table answers 401.
    RetryUnlessConventional,
    /// The body is too large: 413.
    TooLarge,
    /// The work is done already: 200 ends the sender's retries.
    Done,
}

macro_rules! reasons {
    ($($code:literal $variant:ident $name:literal $family:ident $answer:ident $sentence:literal $hint:literal)*) => {
        /// Why a request was refused.
        ///
        /// Reasons are for logs and metrics. An HTTP answer must not tell them apart: use [`Advice`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Reason {
            $(#[doc = concat!("`", $name, "`: ", $sentence)] $variant = $code,)*
        }

        impl Reason {
            /// All reasons, by number.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant,)*];

            const fn row(self) -> Row {
                match self {
                    $(Reason::$variant => Row {
                        code: $code,
                        name: $name,
                        family: Family::$family,
                        answer: Answer::$answer,
                        sentence: $sentence,
                        hint: $hint,
                    },)*
                }
            }
        }
    };
}

struct Row {
    code: u16,
    name: &'static str,
    family: Family,
    answer: Answer,
    sentence: &'static str,
    hint: &'static str,
}

reasons! {
    100 HeaderMissing "header.missing" Header Retry
        "The request carries no signature header."
        "Some servers strip Authorization before the application sees it (Apache CGI and FPM need CGIPassAuth On, mod_wsgi needs WSGIPassAuthorization On, gateways may consume it); signed webhooks may be switched off for this application; the API may be one that never signs, such as Number Insight or the SMS API; in rare cases the sender itself omits it and signs the retry."
    101 HeaderMalformed "header.malformed" Header Final
        "The signature header is not the word Bearer, spaces and one token."
        "Another authentication scheme may share the header; a proxy may have joined several fields with a comma."
    102 HeaderDuplicated "header.duplicated" Header Final
        "The signature header stands in the request more than once."
        "A proxy may add its own Authorization field instead of replacing the one it received."
    200 TokenTooLarge "token.too_large" Token Final
        "The signature header is longer than the policy allows."
        "A genuine token has about 400 bytes; this one was not sent by Vonage."
    201 TokenMalformed "token.malformed" Token Final
        "The token is not a well-formed JSON Web Token in compact serialization."
        "Something may have cut, padded, trimmed or re-encoded the token on its way."
    202 TokenAlgorithm "token.algorithm" Token Final
        "The token's algorithm is not HS256."
        "A token of the outbound API (RS256) is no webhook signature; on Vonage Cloud Runtime the router's own token stands in Authorization."
    203 TokenCritical "token.critical" Token Final
        "The token's header asks for an extension that webhooks do not use."
        "crit, b64, zip and enc never stand in a webhook's token."
    300 KeyUnknown "key.unknown" Key RetryUnlessConventional
        "The keyring has no account with the token's api_key."
        "The account's secret may be missing from the keyring; a subaccount has an api_key and a secret of its own; look at the untrusted api_key in the log."
    301 KeyInactive "key.inactive" Key RetryUnlessConventional
        "The secret that signed the token is outside its validity window."
        "The window may end before the last retries arrive (the sender retries for 24 hours); our clock may be wrong."
    302 KeyMismatch "key.mismatch" Key RetryUnlessConventional
        "The token is valid, but of another account than the call expects."
        "The webhook URL of one account may be configured in another."
    303 KeyUnavailable "key.unavailable" Key RetryUnlessConventional
        "The secrets for this request could not be loaded."
        "The host reported that its key database did not answer; the verifier may have been built without a keyring and called without one."
    400 SignatureInvalid "signature.invalid" Signature RetryUnlessConventional
        "No secret of the account produces the token's signature."
        "The API secret may stand where the signature secret belongs; the secret may have been rotated; white space or quotes may have been copied with it (see the lints of the secrets tried)."
    500 ClaimsMalformed "claims.malformed" Claims Retry
        "A claim has a wrong type or form."
        "Times must be whole seconds, not milliseconds or text; payload_hash must be 64 hexadecimal digits."
    501 ClaimsMissing "claims.missing" Claims Retry
        "A required claim is absent."
        "Tokens of some products have no api_key or payload_hash and need their own profile; application_id is required where the keyring names applications for the account."
    520 IssuerMismatch "issuer.mismatch" Issuer Retry
        "The issuer is not the expected one."
        "The token may have been made by a test tool that holds the same secret."
    530 ApplicationMismatch "application.mismatch" Application Retry
        "The token's application_id is none of those expected for the account."
        "A new application may be missing from the keyring; the webhook URL may be shared by several applications."
    600 TimeStale "time.stale" Time Retry
        "The token is older than the policy allows."
        "Our clock may be ahead; a proxy or queue may hold requests back; a late retry may carry its first token (see the retry window)."
    601 TimeFuture "time.future" Time Retry
        "The token was issued further in the future than the leeway allows."
        "Our clock is probably behind: check NTP."
    602 TimeExpired "time.expired" Time Retry
        "The token's exp has passed."
        "Our clock may be ahead; the request may have been held back on its way."
    603 TimeNotYetValid "time.not_yet_valid" Time Retry
        "The token's nbf has not come yet."
        "Our clock is probably behind: check NTP."
    700 PayloadTooLarge "payload.too_large" Payload TooLarge
        "The body is larger than the policy allows."
        "Raise the policy's ceiling if a genuine webhook was refused."
    701 PayloadMismatch "payload.mismatch" Payload Retry
        "The SHA-256 of the payload is not the token's payload_hash."
        "The body must be the raw bytes received: a framework may have parsed and serialised it again, decoded its characters, trimmed it or read it empty before; a proxy may rewrite bodies. For a GET it must be the raw query, in its order: gateways that hand over decoded parameters only (API Gateway payload version 1, load balancers in front of functions) need payload version 2, whose rawQueryString is the one."
    800 ReplayDuplicate "replay.duplicate" Replay Done
        "The request was accepted before, and its work is done."
        "The sender may not have seen our answer to the first one; somebody may be sending a captured request again; two endpoints may share one store."
    801 ReplayInProgress "replay.in_progress" Replay Retry
        "The same request is being worked on elsewhere."
        "The sender's time-out may be shorter than the handler's run; after a crash the claim is free again when its lease ends."
    802 ReplayStoreUnavailable "replay.store_unavailable" Replay Retry
        "The replay store did not answer within its budget."
        "The store may be down, slow, full of other work or refused by its rules (see the store's own detail in the log); a memory store with the strict cold start refuses what was issued before it began."
    803 ReplayStoreFull "replay.store_full" Replay Retry
        "The replay store has no room for another identity."
        "Its capacity may be too small for the rate and the window, or the disk may be full; a store forgets nothing to make room."
    900 RequestUnsupported "request.unsupported" Request Retry
        "The request's method is none that the policy verifies."
        "Set the webhook's method to POST in the dashboard (Voice may use GET), or name the method in the policy."
    1000 SmsUnsigned "sms.unsigned" Sms Retry
        "The SMS webhook carries no sig."
        "Signatures on SMS webhooks are added only after asking the vendor's support for them; an account whose SMS setting is the Messages API gets webhooks that are signed by a token instead: verify those with the profile standard."
    1001 SmsMalformed "sms.malformed" Sms Retry
        "The SMS webhook's parameters, or its sig, timestamp or nonce, have a wrong form."
        "The body must be the raw bytes received: a form or one flat JSON object; a GET must come with its raw query and without a body; a webhook of the Messages API has nested values and is signed by a token."
    1002 SmsMissing "sms.missing" Sms Retry
        "The SMS webhook's timestamp or nonce is absent."
        "A request without them could be sent again at any time; old captures and tests of other libraries have no nonce."
    1003 SmsSignatureInvalid "sms.signature_invalid" Sms RetryUnlessConventional
        "No secret of the account makes the SMS webhook's sig by the method that is set."
        "The account's signature method in the dashboard may be another one (md5hash and md5 differ); the API secret may stand where the signature secret belongs; a framework or proxy may have changed, trimmed or dropped a parameter."
}

impl Reason {
    /// The number of this reason in every language and in the C ABI.
    #[must_use]
    pub const fn code(self) -> u16 {
        self.row().code
    }

    /// The dotted name, the same in every language: `token.malformed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// One sentence that says what is wrong.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.row().sentence
    }

    /// The likely causes, the most likely first.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        self.row().hint
    }

    /// The family, which is the part of the name before the dot.
    #[must_use]
    pub const fn family(self) -> Family {
        self.row().family
    }

    /// What to answer, by the given table and with the given retry status (503 or 429).
    #[must_use]
    pub const fn advice(self, table: AdviceTable, retry_status: u16) -> Advice {
        let refused = Advice { http_status: 401, sender_retries: false, retry_after: None };
        let retry = Advice::retry(retry_status);
        match (self.row().answer, table) {
            (Answer::Final, _) | (Answer::RetryUnlessConventional, AdviceTable::Conventional) => refused,
            (Answer::Retry, _) | (Answer::RetryUnlessConventional, AdviceTable::Lossless) => retry,
            (Answer::TooLarge, _) => Advice { http_status: 413, sender_retries: false, retry_after: None },
            (Answer::Done, _) => Advice::accepted(),
        }
    }

    /// The reason with this number, if there is one.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Reason> {
        Reason::ALL.iter().copied().find(|reason| reason.code() == code)
    }

    /// The reason with this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Reason> {
        Reason::ALL.iter().copied().find(|reason| reason.name() == name)
    }
}

macro_rules! families {
    ($($variant:ident $name:literal $about:literal)*) => {
        /// The part of a request that a reason is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Family {
            $(#[doc = $about] $variant,)*
        }

        impl Family {
            /// The name, the same in every language.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Family::$variant => $name,)*
                }
            }
        }
    };
}

families! {
    Header "header" "The header field that carries the token."
    Token "token" "The form of the token."
    Key "key" "The choice of the secret."
    Signature "signature" "The signature."
    Claims "claims" "Presence and types of the claims."
    Issuer "issuer" "The issuer."
    Application "application" "The application."
    Time "time" "The age of the token and its own bounds."
    Payload "payload" "The body."
    Replay "replay" "Whether the request was there before."
    Request "request" "The request as a whole."
    Sms "sms" "The older signature of the SMS API."
}

/// Which of the two tables of advice a policy answers by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdviceTable {
    /// 401 only for what neither a genuine webhook nor a fault of ours can produce; all else gets the retry status,
    /// so that the sender keeps the message for up to 24 hours while we mend. The default.
    #[default]
    Lossless,
    /// As `Lossless`, but key and signature refusals answer 401 too.
    Conventional,
}

/// What a server should answer, and what the sender will then do.
///
/// Every documented API retries 429 and 503; a 401 or 413 is final for Messages, Dispatch, SMS and Voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// The HTTP status to answer.
    pub http_status: u16,
    /// Whether the sender will send the request again.
    pub sender_retries: bool,
    /// Seconds for a `Retry-After` field, where one should be sent.
    pub retry_after: Option<u32>,
}

impl Advice {
    /// Seconds named in `Retry-After` beside the retry status: the sender's own first pause.
    const RETRY_AFTER: u32 = 5;

    /// What to answer to a request that was accepted and handled.
    #[must_use]
    pub const fn accepted() -> Advice {
        Advice { http_status: 200, sender_retries: false, retry_after: None }
    }

    /// What makes the sender try again, by the given retry status.
    pub(crate) const fn retry(http_status: u16) -> Advice {
        Advice { http_status, sender_retries: true, retry_after: Some(Advice::RETRY_AFTER) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_and_names_carry_their_family() {
        for pair in Reason::ALL.windows(2) {
            assert!(pair[0].code() < pair[1].code(), "{:?} {:?}", pair[0], pair[1]);
        }
        for reason in Reason::ALL {
            let (family, detail) = reason.name().split_once('.').unwrap();
            assert_eq!(family, reason.family().name());
            assert!(!detail.is_empty() && reason.sentence().ends_with('.') && reason.hint().ends_with('.'));
            assert_eq!(Reason::from_code(reason.code()), Some(*reason));
            assert_eq!(Reason::from_name(reason.name()), Some(*reason));
            assert!(reason.code() >= 100);
        }
    }

    #[test]
    fn only_what_nobody_genuine_can_send_is_final() {
        for reason in Reason::ALL {
            let advice = reason.advice(AdviceTable::Lossless, 503);
            let is_final = matches!(reason.family(), Family::Token)
                || matches!(reason, Reason::HeaderMalformed | Reason::HeaderDuplicated);
            let expected = if is_final {
                401
            } else if *reason == Reason::PayloadTooLarge {
                413
            } else if *reason == Reason::ReplayDuplicate {
                200
            } else {
                503
            };
            assert_eq!(advice.http_status, expected, "{}", reason.name());
            assert_eq!(advice.sender_retries, expected == 503);
            assert_eq!(advice.retry_after.is_some(), expected == 503);
            let conventional = reason.advice(AdviceTable::Conventional, 429).http_status;
            let refused =
                matches!(reason.family(), Family::Key | Family::Signature) || *reason == Reason::SmsSignatureInvalid;
            assert_eq!(
                conventional,
                if refused {
                    401
                } else if expected == 503 {
                    429
                } else {
                    expected
                }
            );
        }
    }
}
