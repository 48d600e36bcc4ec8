<?php

declare(strict_types=1);

namespace Hookproof;

/**
 * Why a request is refused. Generated from the core's table (`cargo xtask php`).
 *
 * The values are for logs and metrics: the body of an answer must not say which check failed.
 */
enum Reason: string
{
    /** The request carries no signature header. */
    case HeaderMissing = 'header.missing';

    /** The signature header is not the word Bearer, spaces and one token. */
    case HeaderMalformed = 'header.malformed';

    /** The signature header stands in the request more than once. */
    case HeaderDuplicated = 'header.duplicated';

    /** The signature header is longer than the policy allows. */
    case TokenTooLarge = 'token.too_large';

    /** The token is not a well-formed JSON Web Token in compact serialization. */
    case TokenMalformed = 'token.malformed';

    /** The token's algorithm is not HS256. */
    case TokenAlgorithm = 'token.algorithm';

    /** The token's header asks for an extension that webhooks do not use. */
    case TokenCritical = 'token.critical';

    /** The keyring has no account with the token's api_key. */
    case KeyUnknown = 'key.unknown';

    /** The secret that signed the token is outside its validity window. */
    case KeyInactive = 'key.inactive';

    /** The token is valid, but of another account than the call expects. */
    case KeyMismatch = 'key.mismatch';

    /** The secrets for this request could not be loaded. */
    case KeyUnavailable = 'key.unavailable';

    /** No secret of the account produces the token's signature. */
    case SignatureInvalid = 'signature.invalid';

    /** A claim has a wrong type or form. */
    case ClaimsMalformed = 'claims.malformed';

    /** A required claim is absent. */
    case ClaimsMissing = 'claims.missing';

    /** The issuer is not the expected one. */
    case IssuerMismatch = 'issuer.mismatch';

    /** The token's application_id is none of those expected for the account. */
    case ApplicationMismatch = 'application.mismatch';

    /** The token is older than the policy allows. */
    case TimeStale = 'time.stale';

    /** The token was issued further in the future than the leeway allows. */
    case TimeFuture = 'time.future';

    /** The token's exp has passed. */
    case TimeExpired = 'time.expired';

    /** The token's nbf has not come yet. */
    case TimeNotYetValid = 'time.not_yet_valid';

    /** The body is larger than the policy allows. */
    case PayloadTooLarge = 'payload.too_large';

    /** The SHA-256 of the payload is not the token's payload_hash. */
    case PayloadMismatch = 'payload.mismatch';

    /** The request was accepted before, and its work is done. */
    case ReplayDuplicate = 'replay.duplicate';

    /** The same request is being worked on elsewhere. */
    case ReplayInProgress = 'replay.in_progress';

    /** The replay store did not answer within its budget. */
    case ReplayStoreUnavailable = 'replay.store_unavailable';

    /** The replay store has no room for another identity. */
    case ReplayStoreFull = 'replay.store_full';

    /** The request's method is none that the policy verifies. */
    case RequestUnsupported = 'request.unsupported';

    /** The SMS webhook carries no sig. */
    case SmsUnsigned = 'sms.unsigned';

    /** The SMS webhook's parameters, or its sig, timestamp or nonce, have a wrong form. */
    case SmsMalformed = 'sms.malformed';

    /** The SMS webhook's timestamp or nonce is absent. */
    case SmsMissing = 'sms.missing';

    /** No secret of the account makes the SMS webhook's sig by the method that is set. */
    case SmsSignatureInvalid = 'sms.signature_invalid';

    /** The reason with a number, the same in every language; null for one that this version does not know. */
    public static function ofCode(int $code): ?self
    {
        return match ($code) {
            100 => self::HeaderMissing,
            101 => self::HeaderMalformed,
            102 => self::HeaderDuplicated,
            200 => self::TokenTooLarge,
            201 => self::TokenMalformed,
            202 => self::TokenAlgorithm,
            203 => self::TokenCritical,
            300 => self::KeyUnknown,
            301 => self::KeyInactive,
            302 => self::KeyMismatch,
            303 => self::KeyUnavailable,
            400 => self::SignatureInvalid,
            500 => self::ClaimsMalformed,
            501 => self::ClaimsMissing,
            520 => self::IssuerMismatch,
            530 => self::ApplicationMismatch,
            600 => self::TimeStale,
            601 => self::TimeFuture,
            602 => self::TimeExpired,
            603 => self::TimeNotYetValid,
            700 => self::PayloadTooLarge,
            701 => self::PayloadMismatch,
            800 => self::ReplayDuplicate,
            801 => self::ReplayInProgress,
            802 => self::ReplayStoreUnavailable,
            803 => self::ReplayStoreFull,
            900 => self::RequestUnsupported,
            1000 => self::SmsUnsigned,
            1001 => self::SmsMalformed,
            1002 => self::SmsMissing,
            1003 => self::SmsSignatureInvalid,
            default => null,
        };
    }

    /** The number, the same in every language. */
    public function code(): int
    {
        return match ($this) {
            self::HeaderMissing => 100,
            self::HeaderMalformed => 101,
            self::HeaderDuplicated => 102,
            self::TokenTooLarge => 200,
            self::TokenMalformed => 201,
            self::TokenAlgorithm => 202,
            self::TokenCritical => 203,
            self::KeyUnknown => 300,
            self::KeyInactive => 301,
            self::KeyMismatch => 302,
            self::KeyUnavailable => 303,
            self::SignatureInvalid => 400,
            self::ClaimsMalformed => 500,
            self::ClaimsMissing => 501,
            self::IssuerMismatch => 520,
            self::ApplicationMismatch => 530,
            self::TimeStale => 600,
            self::TimeFuture => 601,
            self::TimeExpired => 602,
            self::TimeNotYetValid => 603,
            self::PayloadTooLarge => 700,
            self::PayloadMismatch => 701,
            self::ReplayDuplicate => 800,
            self::ReplayInProgress => 801,
            self::ReplayStoreUnavailable => 802,
            self::ReplayStoreFull => 803,
            self::RequestUnsupported => 900,
            self::SmsUnsigned => 1000,
            self::SmsMalformed => 1001,
            self::SmsMissing => 1002,
            self::SmsSignatureInvalid => 1003,
        };
    }

    /** One sentence that says what it means. */
    public function sentence(): string
    {
        return match ($this) {
            self::HeaderMissing => 'The request carries no signature header.',
            self::HeaderMalformed => 'The signature header is not the word Bearer, spaces and one token.',
            self::HeaderDuplicated => 'The signature header stands in the request more than once.',
            self::TokenTooLarge => 'The signature header is longer than the policy allows.',
            self::TokenMalformed => 'The token is not a well-formed JSON Web Token in compact serialization.',
            self::TokenAlgorithm => 'The token\'s algorithm is not HS256.',
            self::TokenCritical => 'The token\'s header asks for an extension that webhooks do not use.',
            self::KeyUnknown => 'The keyring has no account with the token\'s api_key.',
            self::KeyInactive => 'The secret that signed the token is outside its validity window.',
            self::KeyMismatch => 'The token is valid, but of another account than the call expects.',
            self::KeyUnavailable => 'The secrets for this request could not be loaded.',
            self::SignatureInvalid => 'No secret of the account produces the token\'s signature.',
            self::ClaimsMalformed => 'A claim has a wrong type or form.',
            self::ClaimsMissing => 'A required claim is absent.',
            self::IssuerMismatch => 'The issuer is not the expected one.',
            self::ApplicationMismatch => 'The token\'s application_id is none of those expected for the account.',
            self::TimeStale => 'The token is older than the policy allows.',
            self::TimeFuture => 'The token was issued further in the future than the leeway allows.',
            self::TimeExpired => 'The token\'s exp has passed.',
            self::TimeNotYetValid => 'The token\'s nbf has not come yet.',
            self::PayloadTooLarge => 'The body is larger than the policy allows.',
            self::PayloadMismatch => 'The SHA-256 of the payload is not the token\'s payload_hash.',
            self::ReplayDuplicate => 'The request was accepted before, and its work is done.',
            self::ReplayInProgress => 'The same request is being worked on elsewhere.',
            self::ReplayStoreUnavailable => 'The replay store did not answer within its budget.',
            self::ReplayStoreFull => 'The replay store has no room for another identity.',
            self::RequestUnsupported => 'The request\'s method is none that the policy verifies.',
            self::SmsUnsigned => 'The SMS webhook carries no sig.',
            self::SmsMalformed => 'The SMS webhook\'s parameters, or its sig, timestamp or nonce, have a wrong form.',
            self::SmsMissing => 'The SMS webhook\'s timestamp or nonce is absent.',
            self::SmsSignatureInvalid => 'No secret of the account makes the SMS webhook\'s sig by the method that is set.',
        };
    }

    /** The likely causes, the most likely first. */
    public function hint(): string
    {
        return match ($this) {
            self::HeaderMissing => 'Some servers strip Authorization before the application sees it (Apache CGI and FPM need CGIPassAuth On, mod_wsgi needs WSGIPassAuthorization On, gateways may consume it); signed webhooks may be switched off for this application; the API may be one that never signs, such as Number Insight or the SMS API; in rare cases the sender itself omits it and signs the retry.',
            self::HeaderMalformed => 'Another authentication scheme may share the header; a proxy may have joined several fields with a comma.',
            self::HeaderDuplicated => 'A proxy may add its own Authorization field instead of replacing the one it received.',
            self::TokenTooLarge => 'A genuine token has about 400 bytes; this one was not sent by Vonage.',
            self::TokenMalformed => 'Something may have cut, padded, trimmed or re-encoded the token on its way.',
            self::TokenAlgorithm => 'A token of the outbound API (RS256) is no webhook signature; on Vonage Cloud Runtime the router\'s own token stands in Authorization.',
            self::TokenCritical => 'crit, b64, zip and enc never stand in a webhook\'s token.',
            self::KeyUnknown => 'The account\'s secret may be missing from the keyring; a subaccount has an api_key and a secret of its own; look at the untrusted api_key in the log.',
            self::KeyInactive => 'The window may end before the last retries arrive (the sender retries for 24 hours); our clock may be wrong.',
            self::KeyMismatch => 'The webhook URL of one account may be configured in another.',
            self::KeyUnavailable => 'The host reported that its key database did not answer; the verifier may have been built without a keyring and called without one.',
            self::SignatureInvalid => 'The API secret may stand where the signature secret belongs; the secret may have been rotated; white space or quotes may have been copied with it (see the lints of the secrets tried).',
            self::ClaimsMalformed => 'Times must be whole seconds, not milliseconds or text; payload_hash must be 64 hexadecimal digits.',
            self::ClaimsMissing => 'Tokens of some products have no api_key or payload_hash and need their own profile; application_id is required where the keyring names applications for the account.',
            self::IssuerMismatch => 'The token may have been made by a test tool that holds the same secret.',
            self::ApplicationMismatch => 'A new application may be missing from the keyring; the webhook URL may be shared by several applications.',
            self::TimeStale => 'Our clock may be ahead; a proxy or queue may hold requests back; a late retry may carry its first token (see the retry window).',
            self::TimeFuture => 'Our clock is probably behind: check NTP.',
            self::TimeExpired => 'Our clock may be ahead; the request may have been held back on its way.',
            self::TimeNotYetValid => 'Our clock is probably behind: check NTP.',
            self::PayloadTooLarge => 'Raise the policy\'s ceiling if a genuine webhook was refused.',
            self::PayloadMismatch => 'The body must be the raw bytes received: a framework may have parsed and serialised it again, decoded its characters, trimmed it or read it empty before; a proxy may rewrite bodies. For a GET it must be the raw query, in its order: gateways that hand over decoded parameters only (API Gateway payload version 1, load balancers in front of functions) need payload version 2, whose rawQueryString is the one.',
            self::ReplayDuplicate => 'The sender may not have seen our answer to the first one; somebody may be sending a captured request again; two endpoints may share one store.',
            self::ReplayInProgress => 'The sender\'s time-out may be shorter than the handler\'s run; after a crash the claim is free again when its lease ends.',
            self::ReplayStoreUnavailable => 'The store may be down, slow, full of other work or refused by its rules (see the store\'s own detail in the log); a memory store with the strict cold start refuses what was issued before it began.',
            self::ReplayStoreFull => 'Its capacity may be too small for the rate and the window, or the disk may be full; a store forgets nothing to make room.',
            self::RequestUnsupported => 'Set the webhook\'s method to POST in the dashboard (Voice may use GET), or name the method in the policy.',
            self::SmsUnsigned => 'Signatures on SMS webhooks are added only after asking the vendor\'s support for them; an account whose SMS setting is the Messages API gets webhooks that are signed by a token instead: verify those with the profile standard.',
            self::SmsMalformed => 'The body must be the raw bytes received: a form or one flat JSON object; a GET must come with its raw query and without a body; a webhook of the Messages API has nested values and is signed by a token.',
            self::SmsMissing => 'A request without them could be sent again at any time; old captures and tests of other libraries have no nonce.',
            self::SmsSignatureInvalid => 'The account\'s signature method in the dashboard may be another one (md5hash and md5 differ); the API secret may stand where the signature secret belongs; a framework or proxy may have changed, trimmed or dropped a parameter.',
        };
    }

    /** The exception of its family.
     *
     * @return class-string<Exception\WebhookRefused>
     */
    public function exception(): string
    {
        return match ($this) {
            self::HeaderMissing => Exception\HeaderRefused::class,
            self::HeaderMalformed => Exception\HeaderRefused::class,
            self::HeaderDuplicated => Exception\HeaderRefused::class,
            self::TokenTooLarge => Exception\TokenRefused::class,
            self::TokenMalformed => Exception\TokenRefused::class,
            self::TokenAlgorithm => Exception\TokenRefused::class,
            self::TokenCritical => Exception\TokenRefused::class,
            self::KeyUnknown => Exception\KeyRefused::class,
            self::KeyInactive => Exception\KeyRefused::class,
            self::KeyMismatch => Exception\KeyRefused::class,
            self::KeyUnavailable => Exception\KeyRefused::class,
            self::SignatureInvalid => Exception\SignatureRefused::class,
            self::ClaimsMalformed => Exception\ClaimsRefused::class,
            self::ClaimsMissing => Exception\ClaimsRefused::class,
            self::IssuerMismatch => Exception\IssuerRefused::class,
            self::ApplicationMismatch => Exception\ApplicationRefused::class,
            self::TimeStale => Exception\TimeRefused::class,
            self::TimeFuture => Exception\TimeRefused::class,
            self::TimeExpired => Exception\TimeRefused::class,
            self::TimeNotYetValid => Exception\TimeRefused::class,
            self::PayloadTooLarge => Exception\PayloadRefused::class,
            self::PayloadMismatch => Exception\PayloadRefused::class,
            self::ReplayDuplicate => Exception\ReplayRefused::class,
            self::ReplayInProgress => Exception\ReplayRefused::class,
            self::ReplayStoreUnavailable => Exception\ReplayRefused::class,
            self::ReplayStoreFull => Exception\ReplayRefused::class,
            self::RequestUnsupported => Exception\RequestRefused::class,
            self::SmsUnsigned => Exception\SmsRefused::class,
            self::SmsMalformed => Exception\SmsRefused::class,
            self::SmsMissing => Exception\SmsRefused::class,
            self::SmsSignatureInvalid => Exception\SmsRefused::class,
        };
    }
}
