//! The one table of known mistakes: dotted name, how surely it is told, sentence and remedy.

use std::fmt;

/// How surely a mistake is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Without it the verifier gets further.
    Proven,
    /// It looks like it.
    Seen,
}

macro_rules! mistakes {
    ($($variant:ident $name:literal $proof:ident $sentence:literal $remedy:literal)*) => {
        /// The known mistakes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $($variant,)*
        }

        impl Kind {
            const ALL: &'static [Kind] = &[$(Kind::$variant,)*];

            const fn row(self) -> Row {
                match self {
                    $(Kind::$variant => Row { name: $name, proof: Proof::$proof, sentence: $sentence, remedy: $remedy },)*
                }
            }
        }
    };
}

struct Row {
    name: &'static str,
    proof: Proof,
    sentence: &'static str,
    remedy: &'static str,
}

mistakes! {
    MethodCase "method.case" Proven
        "The method is not in capital letters."
        "Pass the method as it stands in the request line; a framework may offer a changed one."
    MethodGetAsPost "method.get_as_post" Proven
        "A GET was verified as a request with a body: what was signed are the parameters of its query."
        "Pass the method and the raw query of the request as they are."
    MethodPostAsGet "method.post_as_get" Proven
        "A request with a body was verified as a GET: what was signed is its body."
        "Pass the method of the request as it is."

    HeaderStripped "header.stripped" Seen
        "The webhook is of an API that signs, and its signature header did not arrive."
        "Let the server pass Authorization on (Apache CGI and FPM: CGIPassAuth On; mod_wsgi: WSGIPassAuthorization On; gateways may consume it), or switch signed webhooks on for the application."
    HeaderOtherName "header.other_name" Proven
        "The token stands in a header field of another name."
        "Set the header name in the policy, or let the proxy leave the field as it was."
    HeaderNoBearer "header.no_bearer" Proven
        "The word Bearer before the token is missing."
        "Pass the whole value of the header field: the verifier takes the word off itself."
    HeaderOtherWord "header.other_word" Proven
        "Another word than Bearer, or another sign than a space, stands before the token."
        "Pass the header field as it arrived; look for what rewrites it."
    HeaderTrimmed "header.white_space" Proven
        "White space or a line end surrounds the header's value."
        "Take the value as the HTTP server gives it, without its line end."
    HeaderQuoted "header.quoted" Proven
        "The token or the whole header value stands in quotation marks."
        "Look for what quotes it: a log, a template, a shell script."
    HeaderEncoded "header.encoded" Proven
        "The header's value was URL-encoded."
        "Pass the header field as it arrived."
    HeaderJoined "header.joined" Proven
        "A proxy has joined several header fields with a comma; one of them holds the webhook's token."
        "Let the proxy replace Authorization only where it must, or move its own token to another field."
    HeaderAdded "header.added" Proven
        "The signature header stands several times; one of them holds the webhook's token."
        "Find the proxy that adds a field of its own."
    HeaderBasic "header.basic" Seen
        "The header holds a name and a password (Basic), not a token."
        "A proxy or the URL configured at the vendor (https://user:password@...) sets it; use a URL without a password, or another header field."

    TokenOutbound "token.outbound" Seen
        "The token is one of the outbound API: RS256, made with an application's private key."
        "It was sent by your own side, not by a webhook: look for a client or a test that calls the webhook URL with the application's token; on Vonage Cloud Runtime use the profile cloud_runtime."
    TokenUnsigned "token.unsigned" Seen
        "The token says alg none: it is not signed."
        "The vendor never sends such a token: somebody tries the door, or a test tool made it."
    TokenOtherAlgorithm "token.other_algorithm" Seen
        "The token is signed by another algorithm than HS256."
        "The vendor signs webhooks by HS256 alone, whatever the account's signature method says: look for the tool that made this token."
    TokenRecoded "token.recoded" Proven
        "The token was encoded again: padded, or in the other alphabet of base64."
        "Pass the token letter by letter as it arrived."
    TokenCut "token.cut" Seen
        "The token's end is missing."
        "Look for a limit on header fields in a proxy or a log, or for a column too short."

    RouteMissing "route.missing" Seen
        "The profile chooses the secret by the route, and the call names none."
        "Pass the route: the name that the keyring has for this callback."
    AccountSpelling "account.spelling" Proven
        "The keyring spells the account's api_key otherwise than the token does."
        "Copy the API key from the dashboard: it is compared byte for byte."
    AccountExpected "account.expected" Seen
        "The request is genuine, and of another account than the endpoint expects."
        "The webhook URL of one account is configured in another, or the endpoint expects the wrong one."

    SecretOtherAccount "secret.other_account" Proven
        "The signature was made with the secret of another account in the keyring."
        "Put the secret beside the api_key it belongs to: a subaccount has both of its own."
    SecretNewline "secret.newline" Proven
        "The secret ends with a newline that does not belong to it."
        "Write it without one: printf '%s' does, echo and editors do not."
    SecretNewlineMissing "secret.newline_missing" Proven
        "The sender's secret ends with a newline, and this one does not."
        "Set the secret at the sender without a newline."
    SecretWhiteSpace "secret.white_space" Proven
        "White space or invisible characters surround the secret."
        "Copy the secret without what stands around it."
    SecretQuoted "secret.quoted" Proven
        "The secret stands in quotation marks that do not belong to it."
        "Take the quotation marks off; Docker's --env-file and Kubernetes keep them as part of the value."
    SecretBom "secret.bom" Proven
        "The secret begins with a byte order mark."
        "Save the file as UTF-8 without BOM."
    SecretNul "secret.nul" Proven
        "The secret ends with zero bytes."
        "Look for a buffer of fixed size that is passed whole."
    SecretBase64 "secret.base64" Proven
        "The secret is in base64 and must be decoded before it is used."
        "In the keyring write it as secret_base64."
    SecretBase64Decoded "secret.base64_decoded" Proven
        "The secret was decoded from base64, but it is to be used as the text it is."
        "In the keyring write it as secret, not as secret_base64."
    SecretHex "secret.hex" Proven
        "The secret is in hexadecimal digits and must be decoded before it is used."
        "The vendor uses secrets as text: look for the tool that has signed with the decoded one."
    SecretHexDecoded "secret.hex_decoded" Proven
        "The secret was decoded from hexadecimal digits, but it is to be used as the text it is."
        "Use the text of the dashboard as it is."
    SecretCase "secret.case" Proven
        "The secret's letters are in the wrong case."
        "Copy it from the dashboard; some systems change the case of values."
    SecretAssignment "secret.assignment" Proven
        "The secret still has the name of its variable before it."
        "Keep only what stands behind the = sign."
    SecretEscaped "secret.escaped" Proven
        "The secret was escaped, for a URL, for HTML or with backslashes."
        "Use the text of the dashboard as it is."
    SecretCharset "secret.charset" Proven
        "The secret was written in another character set."
        "Save the file as UTF-8; PowerShell's > writes UTF-16 unless told otherwise."
    SecretTooLong "secret.too_long" Proven
        "The secret is longer than the 50 characters that the dashboard keeps."
        "Use the 50 characters that the dashboard shows."
    SecretTwice "secret.twice" Proven
        "The secret was pasted twice."
        "Use it once."
    SecretApiSecret "secret.api_secret" Seen
        "The secret looks like the API secret, 16 letters and digits, and not like the signature secret."
        "Take the signature secret from the dashboard's API settings."
    SecretPlaceholder "secret.placeholder" Seen
        "The secret looks like a placeholder that nobody has filled in."
        "Set the variable where the program starts."
    SecretPem "secret.pem" Seen
        "The secret looks like a PEM file, such as the application's private key."
        "Take the signature secret from the dashboard's API settings."
    SecretApplicationId "secret.application_id" Seen
        "The secret looks like an application id."
        "Take the signature secret from the dashboard's API settings."
    SecretWindow "secret.window" Seen
        "The secret that made the signature is outside its validity window."
        "Lengthen the window: the sender repeats for 24 hours what an old secret has signed."
    TokenTestSecret "token.test_secret" Proven
        "The signature was made with a secret that everybody knows, from a manual or a test tool."
        "The vendor did not send this. If it was your own test, sign with the account's secret."

    ClaimsMilliseconds "claims.milliseconds" Seen
        "A time in the token is in milliseconds."
        "Times in tokens are seconds: divide by 1000 in the tool that made it."
    ClaimsTimeForm "claims.time_form" Seen
        "A time in the token is text or has a fraction."
        "Times in tokens are whole numbers of seconds."
    ClaimsHashForm "claims.hash_form" Seen
        "The token's payload_hash is not in hexadecimal digits."
        "The vendor writes 64 hexadecimal digits: look for the tool that made this token."
    IssuerSpelling "issuer.spelling" Seen
        "The issuer differs from the expected one in case or white space only."
        "The vendor writes Vonage: look for the tool that made this token, or at the policy's expected issuer."
    ApplicationSpelling "application.spelling" Seen
        "The application id differs from the keyring's in case, white space or braces only."
        "Copy it from the dashboard: it is compared byte for byte."

    ProfileOther "profile.other" Proven
        "The webhook is of another of the vendor's products, and fits another profile."
        "Verify this endpoint with that profile."
    ProfileSeen "profile.other_header" Seen
        "The request carries the signature header of another of the vendor's products."
        "Verify this endpoint with the profile of that product."
    SmsInsteadOfToken "sms.instead_of_token" Proven
        "The webhook carries the SMS API's own signature where a token is expected."
        "Verify this endpoint with the profile named, or set the account's SMS setting to the Messages API, which signs by tokens."
    SmsSeen "sms.sig_instead_of_token" Seen
        "The webhook carries the SMS API's own signature, sig, where a token is expected."
        "Verify this endpoint with the profile sms_ and the account's method."
    TokenInsteadOfSms "sms.token_instead" Proven
        "The webhook is signed by a token where the SMS API's own signature is expected."
        "Verify this endpoint with the profile named."
    SmsMethod "sms.method" Proven
        "The account signs by another method than the one set."
        "Set the method that the account has in the dashboard."
    SmsParameterAdded "sms.parameter_added" Proven
        "A parameter was added that the sender did not sign."
        "Look for the framework or proxy that adds it, and pass what arrived."
    ApiNeverSigns "api.never_signs" Seen
        "The webhook is of an API that does not sign, or signs only after the vendor's support has switched it on."
        "Protect this endpoint otherwise; read such a webhook by the loudly named call for unsigned ones."

    ClockMilliseconds "clock.milliseconds" Proven
        "The time passed to the verifier is in milliseconds."
        "Pass Unix seconds."
    ClockUnset "clock.unset" Seen
        "The time passed to the verifier is long before any webhook: the clock is not set."
        "Set the clock (NTP), or pass the current time."
    ClockTimeZone "clock.time_zone" Seen
        "The difference between our clock and the sender's is as large as between two time zones."
        "Pass Unix seconds in UTC; a local time was probably read as UTC."
    ClockBehind "clock.behind" Seen
        "Our clock is behind the sender's."
        "Set the clock (NTP)."
    TimeLateRetry "time.late_retry" Seen
        "The token is as old as a retry may be: the sender repeats for up to 24 hours."
        "If retries carry their first token, set the retry window with a store that survives restarts; else look for a queue that holds requests back, and at the clock."
    TimeRecorded "time.recorded" Seen
        "The token is older than any retry: it is a recorded request."
        "Judge a recorded request at the time when it arrived (--at of the command)."

    BodyEmpty "body.empty" Seen
        "The body is empty: something has read it before."
        "Take the raw body before the framework parses it, and keep it."
    BodyCut "body.cut" Seen
        "The body is shorter than its Content-Length says."
        "Read the body to its end."
    BodyNewlineAdded "body.newline_added" Proven
        "A newline was added at the end of the body."
        "Pass the bytes as they arrived; editors and echo add a newline to a saved body."
    BodyNewlineRemoved "body.newline_removed" Proven
        "The newline at the end of the body was taken off."
        "Pass the bytes as they arrived, untrimmed."
    BodyWhiteSpace "body.white_space" Proven
        "White space was added around the body."
        "Pass the bytes as they arrived."
    BodyLineEndings "body.line_endings" Proven
        "The line ends in the body were changed (CRLF and LF)."
        "Pass the bytes as they arrived; files are best read in binary mode."
    BodyBom "body.bom" Proven
        "A byte order mark was added to the body or taken off."
        "Pass the bytes as they arrived."
    BodyBase64 "body.base64" Proven
        "The body is still in base64, as functions behind a gateway receive it."
        "Decode it where the event says isBase64Encoded."
    BodyLambdaEvent "body.lambda_event" Proven
        "The whole event of a function was passed instead of the body within it."
        "Pass the event's body, decoded where it says isBase64Encoded."
    BodyJsonString "body.json_string" Proven
        "The body was serialised once more, as a JSON string."
        "Pass the bytes as they arrived."
    BodyCompressed "body.compressed" Proven
        "The body is still compressed."
        "Decompress it before it is verified, as the Content-Encoding says."
    BodyDecompressed "body.decompressed" Seen
        "The Content-Encoding says that the body came compressed; somewhere it was decompressed or changed."
        "Verify what was signed: try the body as it came, and as it was before the compression."
    BodyFormEncoded "body.form_encoded" Proven
        "The body was encoded as a form."
        "Pass the bytes as they arrived; a client that sends recorded bodies must not encode them (curl: --data-binary)."
    BodyFormDecoded "body.form_decoded" Proven
        "The body was decoded as a form, which has changed its + signs or escapes."
        "Pass the bytes as they arrived, before a form parser reads them."
    BodyCharset "body.charset" Proven
        "The body's characters were decoded or encoded in the wrong character set."
        "Pass the bytes as they arrived, and not a decoded string."
    BodyReplacement "body.replacement" Seen
        "The body has the replacement character U+FFFD: it was decoded in the wrong character set, which cannot be undone."
        "Pass the bytes as they arrived, and not a decoded string."
    BodyHtml "body.html" Proven
        "The body was escaped for HTML."
        "Pass the bytes as they arrived, before a sanitiser sees them."
    BodyBackslashes "body.backslashes" Proven
        "Backslashes were added before quotation marks in the body."
        "Pass the bytes as they arrived, before anything escapes them for a database or a shell."
    BodyJsonSpacing "body.json_spacing" Proven
        "The JSON of the body was serialised again with other white space."
        "Take the raw bytes of the body, not what a JSON parser makes of them."
    BodyJsonKeyOrder "body.json_key_order" Proven
        "The JSON of the body was serialised again with its members in another order."
        "Take the raw bytes of the body, not what a JSON parser makes of them."
    BodyJsonSorted "body.json_sorted" Seen
        "The members of the body's JSON stand in alphabetical order, as the sender never writes them."
        "Take the raw bytes of the body, not what a JSON parser makes of them."
    BodyJsonSlashes "body.json_slashes" Proven
        "The JSON of the body was serialised again with other escapes of slashes."
        "Take the raw bytes of the body; PHP's json_encode writes \\/ unless told otherwise."
    BodyJsonUnicode "body.json_unicode" Proven
        "The JSON of the body was serialised again with other \\u escapes."
        "Take the raw bytes of the body; Python's json.dumps and PHP's json_encode escape all that is not ASCII unless told otherwise."
    BodyJsonHtml "body.json_html" Proven
        "The JSON of the body was serialised again with escapes of <, > and &."
        "Take the raw bytes of the body; Go's encoding/json escapes these."

    QueryEmpty "query.empty" Seen
        "The query is empty."
        "Pass the raw query of the URL; gateways may hand it over apart from the path, or decoded only."
    QueryQuestionMark "query.question_mark" Proven
        "The question mark, or the path before it, was passed with the query."
        "Pass only what stands behind the question mark."
    QueryWithBody "query.body" Proven
        "The GET came with a body, which nothing signs."
        "Look for what adds a body, and pass none."
    QueryInBody "query.in_body" Proven
        "The query of a GET was passed as the body."
        "Pass the method GET and the raw query."
    QueryDecoded "query.decoded" Proven
        "The query was decoded before it was passed, so that decoding it again gives other values."
        "Pass the raw query of the request."
    QueryEncodedTwice "query.encoded_twice" Proven
        "The query was encoded once more on its way."
        "Pass the raw query of the request; look for a proxy that escapes % signs."
    QueryOrder "query.order" Proven
        "The parameters of the query stand in another order."
        "Pass the raw query of the request; a proxy or a framework has sorted it."
    QuerySorted "query.sorted" Seen
        "The parameters of the query stand in alphabetical order, as the sender never writes them."
        "Pass the raw query of the request; a proxy or a framework has sorted it."
    QueryOwn "query.own" Proven
        "The query has parameters that the sender did not sign, such as those of the URL that was configured."
        "Name them in the policy (own query), or find what adds them."
    QueryCharset "query.charset" Proven
        "The query's escapes were written in another character set."
        "Pass the raw query of the request."
    QueryForm "query.form" Proven
        "The hash fits a form of the query that is not enabled."
        "Enable the form in the policy, if your webhooks have it."
    QueryRawHash "query.raw_hash" Proven
        "The token's payload_hash is over the query as text, where the vendor has it over the decoded parameters."
        "Look for the tool that made this token."
}

impl Kind {
    /// This mistake, without detail.
    pub(super) fn bare(self) -> Mistake {
        Mistake { kind: self, detail: None }
    }

    /// This mistake, with what is known beside it. No byte of a secret, a token or a body.
    pub(super) fn with(self, detail: impl Into<String>) -> Mistake {
        Mistake { kind: self, detail: Some(detail.into()) }
    }
}

/// A known mistake that explains a refusal.
#[derive(Clone, PartialEq, Eq)]
pub struct Mistake {
    kind: Kind,
    detail: Option<String>,
}

impl Mistake {
    /// All known mistakes, for documentation.
    pub fn known() -> impl Iterator<Item = Mistake> {
        Kind::ALL.iter().map(|kind| kind.bare())
    }

    /// The dotted name: `secret.newline`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.kind.row().name
    }

    /// One sentence that says what is wrong.
    #[must_use]
    pub const fn sentence(&self) -> &'static str {
        self.kind.row().sentence
    }

    /// What to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        self.kind.row().remedy
    }

    /// Whether the verifier gets further without it. What is not proven is told by its looks.
    #[must_use]
    pub const fn is_proven(&self) -> bool {
        matches!(self.kind.row().proof, Proof::Proven)
    }

    /// What is known beside it, such as the label of a secret or the name of a profile.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

impl fmt::Debug for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mistake").field("name", &self.name()).field("detail", &self.detail).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_stands_once_and_every_row_says_something() {
        let rows: Vec<Mistake> = Mistake::known().collect();
        let names: BTreeSet<&str> = rows.iter().map(Mistake::name).collect();
        assert_eq!(names.len(), rows.len());
        for row in &rows {
            assert!(row.name().split_once('.').is_some_and(|(family, rest)| !family.is_empty() && !rest.is_empty()));
            assert!(row.sentence().ends_with('.') && row.remedy().ends_with(['.', ')']), "{}", row.name());
        }
    }
}
