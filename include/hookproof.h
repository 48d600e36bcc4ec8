/*
 * hookproof: strict verification of signed Vonage webhooks.
 *
 * This header is the manual of the C interface. It is generated from the library's source.
 *
 *     hookproof_keyring *keyring = hookproof_keyring_new();
 *     if (hookproof_keyring_add_json(keyring, json, json_len) != HOOKPROOF_OK)
 *         die(hookproof_keyring_error(keyring).ptr);
 *     hookproof_verifier *verifier = NULL;
 *     if (hookproof_verifier_new(NULL, keyring, &verifier) != HOOKPROOF_OK)
 *         die("no account in the keyring");
 *     hookproof_keyring_free(keyring);
 *
 *     hookproof_result *result = NULL;                        (for each request)
 *     if (hookproof_verifier_verify(verifier, "POST", 4, header, header_len, header_count, NULL, 0,
 *                                   NULL, 0, NULL, 0, body, body_len, hookproof_now(), &result)
 *         == HOOKPROOF_OK)
 *         process(body, body_len);
 *     else
 *         log(hookproof_result_detail(result).ptr);
 *     answer(hookproof_result_http_status(result));
 *     hookproof_result_free(result);
 *
 * Verdicts. A function that ends in a verdict returns 0, HOOKPROOF_OK, only for a request that is
 * accepted. Every other number means that it is not, also one this header does not know:
 * HOOKPROOF_E_* the call failed, HOOKPROOF_PENDING_* there is no verdict yet, HOOKPROOF_R_* the request
 * is refused. Functions that configure return 0 for done.
 *
 * Ownership, in three words. Owned: yours, to be freed once with the function that is named. Borrowed:
 * belongs to the handle that is named and is valid until the call that is named. Copied: the library
 * made its own copy during the call, and yours may go. No handle needs another one to stay alive:
 * free them in any order. Freeing NULL does nothing.
 *
 * Threads, in two words. Shareable: any number of threads may use the handle at once. Exclusive: one
 * thread at a time. A parameter `const T *` shares the handle and a parameter `T *` needs it
 * exclusively; freeing always does.
 *
 * Texts and bytes come in as a pointer and a length, and need no NUL. The pointer may be NULL exactly
 * when the length is 0, and nothing is read then; NULL with another length is HOOKPROOF_E_NULL, a
 * length that no object can have is HOOKPROOF_E_ARGUMENT. Configuration must be UTF-8, else
 * HOOKPROOF_E_UTF8; what comes from a request may be any bytes. Texts go out as hookproof_str, with a
 * NUL behind them.
 *
 * NULL for a handle is HOOKPROOF_E_NULL from functions that return a status, and empty, 0 or false from
 * the others unless they say otherwise. An out-parameter for a handle is set on every path: to the
 * handle or to NULL.
 *
 * Time is Unix seconds and always an argument. Lengths are bytes.
 *
 * A bug in the library (a panic) is caught and becomes HOOKPROOF_E_INTERNAL, or the empty value; it never
 * reads as accepted and does not end the process. Its message goes to standard error and holds no
 * data. The library starts no thread, does nothing when it is loaded, and may be used on both sides of
 * a fork.
 */

#ifndef HOOKPROOF_H
#define HOOKPROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef HOOKPROOF_API
#if defined(__GNUC__)
#define HOOKPROOF_API __attribute__((visibility("default")))
#else
#define HOOKPROOF_API
#endif
#endif

/* Marks functions whose answer decides something: the compiler warns where it is thrown away. */
#if defined(__GNUC__)
#define HOOKPROOF_MUST_USE __attribute__((warn_unused_result))
#else
#define HOOKPROOF_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Types ---- */

/**
 * A text the library lends out: `len` bytes at `ptr`, followed by a NUL that `len` does not count.
 *
 * `ptr` is never NULL and the text is UTF-8; an absent text has length 0. Use `len` rather than the
 * NUL where the content comes from a request: a claim may contain a NUL of its own.
 *
 * Always Borrowed, and never freed by the caller. The function that returns it says from which
 * handle and until when; texts about statuses and versions stay valid as long as the process lives.
 */
typedef struct hookproof_str {
  /**
   * First byte; never NULL.
   */
  const char *ptr;
  /**
   * Number of bytes before the closing NUL.
   */
  size_t len;
} hookproof_str;

/**
 * What a function answers: 0, or why not. See the enumeration below.
 *
 * 0 is the only success. Treat every other number as "not accepted", also one that the header you
 * compiled with does not know: a newer library may have more reasons.
 */
typedef int32_t hookproof_status;

/**
 * The accounts whose webhooks are accepted, each with its secrets and the applications expected.
 *
 * Owned: made by hookproof_keyring_new, freed with hookproof_keyring_free, which wipes the secrets.
 * A verifier copies the keyring, so it may be freed or changed at any time without effect on
 * verifiers.
 *
 * Exclusive while it is being filled; Shareable while nobody changes it.
 */
typedef struct hookproof_keyring hookproof_keyring;

/**
 * The rules a verifier applies. A new policy is strict and complete: set only what must differ.
 *
 * Owned: made by hookproof_policy_new, freed with hookproof_policy_free. A verifier copies the
 * policy, so it may be freed or changed at any time without effect on verifiers.
 *
 * Exclusive while it is being set; Shareable while nobody changes it.
 */
typedef struct hookproof_policy hookproof_policy;

/**
 * Judges requests by a policy and a keyring, both Copied when it was made.
 *
 * Owned: made by hookproof_verifier_new, freed with hookproof_verifier_free. Make one at start-up
 * and keep it. Results do not need it and may outlive it.
 *
 * Shareable: any number of threads may use it at once, also while another replaces the keyring;
 * only freeing needs that no other thread uses it any more.
 */
typedef struct hookproof_verifier hookproof_verifier;

/**
 * The verdict on one request with everything that is known about it; or, after
 * hookproof_verifier_begin, the request while its body is read.
 *
 * Owned: made by the verify and begin functions, freed with hookproof_result_free. It needs neither
 * the verifier, nor the keyring, nor the request's buffers, which may all be freed before it. Every
 * text it hands out is Borrowed from it until it changes state (hookproof_result_update with an
 * answer other than HOOKPROOF_PENDING_BODY, hookproof_result_finish) or is freed.
 *
 * Exclusive while it is fed and finished. With its verdict it never changes again and is Shareable.
 *
 * The answers about claims are empty, 0 or false unless the status is 0: nothing unverified can be
 * read by accident.
 */
typedef struct hookproof_result hookproof_result;

/**
 * Stands in for Vonage in the tests of programs that use this library.
 *
 * Owned: made by hookproof_signer_new, freed with hookproof_signer_free, which wipes the secret. It
 * needs no other handle.
 *
 * Exclusive.
 */
typedef struct hookproof_signer hookproof_signer;

/* ---- Versions and build ---- */

/** Changes only when a compiled program would break. Compare with hookproof_abi_version(). */
#define HOOKPROOF_ABI_VERSION 1

/* The version of this header; hookproof_version() is that of the loaded library. */
#define HOOKPROOF_VERSION_MAJOR 0
#define HOOKPROOF_VERSION_MINOR 1
#define HOOKPROOF_VERSION_PATCH 0
/** 0xMMmmpp, to compare in the preprocessor. */
#define HOOKPROOF_VERSION_NUMBER 0x000100
#define HOOKPROOF_VERSION_STRING "0.1.0"

/**
 * The ABI number of the loaded library. A program works with it exactly when it equals the
 * HOOKPROOF_ABI_VERSION the program was compiled with; language bindings check this at load.
 */
HOOKPROOF_API uint32_t hookproof_abi_version(void);

/**
 * The version of the loaded library, "0.1.0". Static.
 */
HOOKPROOF_API hookproof_str hookproof_version(void);

/**
 * The features the loaded library was built with, separated by spaces; empty when there are none.
 * Static.
 */
HOOKPROOF_API hookproof_str hookproof_features(void);

/**
 * Whether the loaded library was built with the named feature. An unknown or empty name is false.
 */
HOOKPROOF_API bool hookproof_has_feature(const char *name, size_t name_len);

/**
 * The system clock in Unix seconds: the value to pass as `now`. No other function of the library
 * reads a clock, so tests may pass any time they like.
 */
HOOKPROOF_API int64_t hookproof_now(void);

/* ---- Status ---- */

/**
 * The numbers of hookproof_status. New ones may come, none is ever given to something else: end a
 * switch with a default that refuses. hookproof_status_hint has the likely causes of each.
 */
enum {
  /** The request was accepted, or the call was carried out. */
  HOOKPROOF_OK = 0,
  /** A pointer is NULL where the function needs a value. */
  HOOKPROOF_E_NULL = 1,
  /** A text of the configuration is not valid UTF-8. */
  HOOKPROOF_E_UTF8 = 2,
  /** A number, a size or a choice is outside of the range the function allows. */
  HOOKPROOF_E_ARGUMENT = 3,
  /** A configuration value was refused; nothing was changed. */
  HOOKPROOF_E_CONFIG = 4,
  /** The call does not fit the state of the handle. */
  HOOKPROOF_E_STATE = 5,
  /** The library met a bug of its own and did not accept the request. */
  HOOKPROOF_E_INTERNAL = 6,
  /** Everything before the body holds; the verdict needs the body. */
  HOOKPROOF_PENDING_BODY = 50,
  /** The request carries no signature header. */
  HOOKPROOF_R_HEADER_MISSING = 100,
  /** The signature header is not the word Bearer, spaces and one token. */
  HOOKPROOF_R_HEADER_MALFORMED = 101,
  /** The signature header stands in the request more than once. */
  HOOKPROOF_R_HEADER_DUPLICATED = 102,
  /** The signature header is longer than the policy allows. */
  HOOKPROOF_R_TOKEN_TOO_LARGE = 200,
  /** The token is not a well-formed JSON Web Token in compact serialization. */
  HOOKPROOF_R_TOKEN_MALFORMED = 201,
  /** The token's algorithm is not HS256. */
  HOOKPROOF_R_TOKEN_ALGORITHM = 202,
  /** The token's header asks for an extension that webhooks do not use. */
  HOOKPROOF_R_TOKEN_CRITICAL = 203,
  /** The keyring has no account with the token's api_key. */
  HOOKPROOF_R_KEY_UNKNOWN = 300,
  /** The secret that signed the token is outside its validity window. */
  HOOKPROOF_R_KEY_INACTIVE = 301,
  /** The token is valid, but of another account than the call expects. */
  HOOKPROOF_R_KEY_MISMATCH = 302,
  /** The secrets for this request could not be loaded. */
  HOOKPROOF_R_KEY_UNAVAILABLE = 303,
  /** No secret of the account produces the token's signature. */
  HOOKPROOF_R_SIGNATURE_INVALID = 400,
  /** A claim has a wrong type or form. */
  HOOKPROOF_R_CLAIMS_MALFORMED = 500,
  /** A required claim is absent. */
  HOOKPROOF_R_CLAIMS_MISSING = 501,
  /** The issuer is not the expected one. */
  HOOKPROOF_R_ISSUER_MISMATCH = 520,
  /** The token's application_id is none of those expected for the account. */
  HOOKPROOF_R_APPLICATION_MISMATCH = 530,
  /** The token is older than the policy allows. */
  HOOKPROOF_R_TIME_STALE = 600,
  /** The token was issued further in the future than the leeway allows. */
  HOOKPROOF_R_TIME_FUTURE = 601,
  /** The token's exp has passed. */
  HOOKPROOF_R_TIME_EXPIRED = 602,
  /** The token's nbf has not come yet. */
  HOOKPROOF_R_TIME_NOT_YET_VALID = 603,
  /** The body is larger than the policy allows. */
  HOOKPROOF_R_PAYLOAD_TOO_LARGE = 700,
  /** The SHA-256 of the body is not the token's payload_hash. */
  HOOKPROOF_R_PAYLOAD_MISMATCH = 701,
  /** The request's method is none that the policy verifies. */
  HOOKPROOF_R_REQUEST_UNSUPPORTED = 900,
};

/**
 * The dotted name of a status, for logs and metrics: "ok", "error.null", "pending.body",
 * "token.malformed". The same in every language; "unknown" for a number this library does not know.
 * Static.
 */
HOOKPROOF_API hookproof_str hookproof_status_name(int32_t status);

/**
 * One sentence that says what a status means; also for a number this library does not know. Static.
 */
HOOKPROOF_API hookproof_str hookproof_status_message(int32_t status);

/**
 * The likely causes of a status, the most likely first; empty when there is nothing to add. Static.
 */
HOOKPROOF_API hookproof_str hookproof_status_hint(int32_t status);

/**
 * Whether a status is a reason for refusing the request: every number from 100 on, also one this
 * library does not know. Success, call errors and pending states are not, and only 0 is accepted.
 */
HOOKPROOF_API bool hookproof_status_is_refusal(int32_t status);

/**
 * The HTTP status to answer by the default (lossless) table: 200 for 0, the reason's own for a
 * reason, 503 for call errors, pending states and unknown numbers. A result knows the policy's
 * choice: prefer hookproof_result_http_status where there is one.
 */
HOOKPROOF_API int32_t hookproof_status_http_status(int32_t status);

/* ---- Keyring ---- */

/**
 * Makes an empty keyring. Owned: free it with hookproof_keyring_free. NULL only after an internal
 * failure.
 */
HOOKPROOF_API hookproof_keyring *hookproof_keyring_new(void);

/**
 * Adds a secret to an account, and the account if it is new. Everything is Copied.
 *
 * `api_key` names the account: 1 to 128 bytes. `label` names the secret in logs ("production",
 * "old") and must be new to the account: 1 to 64 bytes. `secret` is the signature secret as raw
 * bytes, taken as it is, nothing is trimmed or decoded: 1 to 4096 bytes. An account may have
 * several secrets; every one of them is tried.
 *
 * HOOKPROOF_E_CONFIG: a value was refused, see hookproof_keyring_error; the keyring is unchanged.
 */
HOOKPROOF_API
hookproof_status hookproof_keyring_add_secret(hookproof_keyring *keyring,
                                              const char *api_key,
                                              size_t api_key_len,
                                              const char *label,
                                              size_t label_len,
                                              const void *secret,
                                              size_t secret_len);

/**
 * As hookproof_keyring_add_secret, for a secret that counts only from `not_before` to `not_after`:
 * Unix seconds, both inclusive, judged by the `now` of each verification. INT64_MIN and INT64_MAX
 * leave their end open. A request signed with it outside of the window is HOOKPROOF_R_KEY_INACTIVE.
 *
 * Leave an old secret in for a day after a rotation: the sender retries with it for 24 hours.
 */
HOOKPROOF_API
hookproof_status hookproof_keyring_add_dated_secret(hookproof_keyring *keyring,
                                                    const char *api_key,
                                                    size_t api_key_len,
                                                    const char *label,
                                                    size_t label_len,
                                                    const void *secret,
                                                    size_t secret_len,
                                                    int64_t not_before,
                                                    int64_t not_after);

/**
 * Names an application that may send to this account. Once one is named, a token of the account
 * without an application_id, or with another, is refused; call again to allow more. The account
 * must have a secret already. Copied.
 *
 * HOOKPROOF_E_CONFIG: a value was refused, see hookproof_keyring_error; the keyring is unchanged.
 */
HOOKPROOF_API
hookproof_status hookproof_keyring_add_application_id(hookproof_keyring *keyring,
                                                      const char *api_key,
                                                      size_t api_key_len,
                                                      const char *application_id,
                                                      size_t application_id_len);

/**
 * Adds the accounts of a keyring text, the same JSON that every language binding and the command
 * line read. All of it or nothing is added. Copied.
 *
 * HOOKPROOF_E_CONFIG: the text was refused; hookproof_keyring_error names the place, never a value.
 *
 *     {"version": 1, "accounts": [
 *       {"api_key": "a1b2c3d4",
 *        "secrets": [{"label": "production", "secret": "text"},
 *                    {"label": "old", "secret_base64": "YmFzZTY0", "not_after": 1767312000}],
 *        "application_ids": ["aaaaaaaa-bbbb-cccc-dddd-0123456789ab"]}]}
 */
HOOKPROOF_API
hookproof_status hookproof_keyring_add_json(hookproof_keyring *keyring,
                                            const char *json,
                                            size_t json_len);

/**
 * The number of accounts. NULL: 0.
 */
HOOKPROOF_API size_t hookproof_keyring_len(const hookproof_keyring *keyring);

/**
 * The number of lints: remarks on secrets that are allowed but look wrong. NULL: 0.
 */
HOOKPROOF_API size_t hookproof_keyring_lint_count(const hookproof_keyring *keyring);

/**
 * One lint, such as "a1b2c3d4/production: ends with a newline"; never a secret. Log them at
 * start-up. Empty past the end and for NULL. Borrowed from `keyring` until its next change or free.
 */
HOOKPROOF_API hookproof_str hookproof_keyring_lint(const hookproof_keyring *keyring, size_t index);

/**
 * Why the last changing call on this keyring was refused; empty when it was carried out, and for
 * NULL. Names the argument or the place in the text, never a value. Borrowed from `keyring` until
 * the next call that changes or frees it.
 */
HOOKPROOF_API hookproof_str hookproof_keyring_error(const hookproof_keyring *keyring);

/**
 * Frees a keyring and wipes its secrets. NULL does nothing. Verifiers keep their own copy.
 */
HOOKPROOF_API void hookproof_keyring_free(hookproof_keyring *keyring);

/* ---- Policy ---- */

/** A max_age, in seconds, that accepts every retry of the sender: 24 hours and a quarter. */
#define HOOKPROOF_RETRY_WINDOW 87300

/* The tables of hookproof_policy_set_advice. */
/** 401 only for what neither a genuine webhook nor a fault on your side can produce. */
#define HOOKPROOF_ADVICE_LOSSLESS 0
/** 401 for key and signature refusals too. */
#define HOOKPROOF_ADVICE_CONVENTIONAL 1

/**
 * Makes the standard policy: Messages, Dispatch, Verify v2 and Voice, with the defaults named
 * below. Owned: free it with hookproof_policy_free. NULL only after an internal failure.
 */
HOOKPROOF_API hookproof_policy *hookproof_policy_new(void);

/**
 * How old a token may be, in seconds, inclusive: 0 to 604800, 300 by default.
 * HOOKPROOF_RETRY_WINDOW accepts every retry the sender makes; then remember what was processed.
 *
 * HOOKPROOF_E_CONFIG: out of range; the policy is unchanged. The same holds for every setter here.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_max_age(hookproof_policy *policy,
                                              uint32_t seconds);

/**
 * How far in the future a token may have been issued, in seconds, inclusive: 0 to 3600, 60 by
 * default.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_leeway(hookproof_policy *policy,
                                             uint32_t seconds);

/**
 * The longest header value, in bytes: 256 to 65536, 8192 by default.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_max_header_bytes(hookproof_policy *policy,
                                                       size_t bytes);

/**
 * The largest body, in bytes: 0 to 1073741824 (1 GiB), 1048576 (1 MiB) by default.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_max_body_bytes(hookproof_policy *policy,
                                                     uint64_t bytes);

/**
 * The name of the header that carries the token, "Authorization" by default. The library does not
 * read headers: it hands the name back through hookproof_verifier_header_name. Copied.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_header_name(hookproof_policy *policy,
                                                  const char *name,
                                                  size_t name_len);

/**
 * The `iss` that tokens must carry, byte for byte; "Vonage" by default. Copied.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_expected_issuer(hookproof_policy *policy,
                                                      const char *issuer,
                                                      size_t issuer_len);

/**
 * Allows one more method whose signed payload is the body, besides POST, PUT and PATCH. Methods are
 * case-sensitive. Copied.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_add_body_method(hookproof_policy *policy,
                                                  const char *method,
                                                  size_t method_len);

/**
 * Which HTTP statuses results advise: HOOKPROOF_ADVICE_LOSSLESS, the default, or
 * HOOKPROOF_ADVICE_CONVENTIONAL. HOOKPROOF_E_ARGUMENT: another number.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_advice(hookproof_policy *policy,
                                             int32_t advice);

/**
 * The HTTP status that makes the sender keep a message and send it again: 503, the default, or 429.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_retry_status(hookproof_policy *policy,
                                                   int32_t http_status);

/**
 * Accepts tokens without payload_hash. DANGEROUS: nothing then ties the body to the signature, and
 * whoever sees one token can send any body with it until the token is stale. A hash that is there
 * is still compared; hookproof_result_payload_form says "unhashed" when there was none.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_dangerously_allow_missing_payload_hash(hookproof_policy *policy);

/**
 * Why the last setter on this policy was refused; empty when it was carried out, and for NULL.
 * Borrowed from `policy` until the next call that changes or frees it.
 */
HOOKPROOF_API hookproof_str hookproof_policy_error(const hookproof_policy *policy);

/**
 * Frees a policy. NULL does nothing. Verifiers keep their own copy.
 */
HOOKPROOF_API void hookproof_policy_free(hookproof_policy *policy);

/* ---- Verifier ---- */

/** The longest api_key, in bytes, without a NUL. */
#define HOOKPROOF_MAX_API_KEY_BYTES 128

/** The declared_len of a request that announced no length. */
#define HOOKPROOF_LENGTH_UNKNOWN UINT64_MAX

/**
 * Makes a verifier. `policy` NULL: the standard policy. `keyring` NULL: there is none, and a
 * keyring comes with each call (hookproof_verifier_verify_with_keyring,
 * hookproof_verifier_begin_with_keyring). Both are Copied.
 *
 * 0: `*out` is the verifier, Owned: free it with hookproof_verifier_free. Else `*out` is NULL.
 * HOOKPROOF_E_CONFIG: the keyring has no account. HOOKPROOF_E_NULL: `out` is NULL.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_new(const hookproof_policy *policy,
                                        const hookproof_keyring *keyring,
                                        hookproof_verifier **out);

/**
 * Replaces the whole keyring at once; `keyring` is Copied. May be called while other threads
 * verify: a verification under way keeps the keyring it began with.
 *
 * HOOKPROOF_E_CONFIG: the keyring has no account, and the old one stays.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_replace_keyring(const hookproof_verifier *verifier,
                                                    const hookproof_keyring *keyring);

/**
 * Counts the keyrings: 1 for the first, one more after each replacement; 0 without one, and for
 * NULL.
 */
HOOKPROOF_API uint64_t hookproof_verifier_generation(const hookproof_verifier *verifier);

/**
 * The name of the header to read from the request, "Authorization" by default. NULL: empty.
 * Borrowed from `verifier` until it is freed.
 */
HOOKPROOF_API hookproof_str hookproof_verifier_header_name(const hookproof_verifier *verifier);

/**
 * The largest body, in bytes. Read no more than one byte beyond it. NULL: 0.
 */
HOOKPROOF_API uint64_t hookproof_verifier_max_body_bytes(const hookproof_verifier *verifier);

/**
 * Reads the api_key that the token claims, for programs that load the account's secrets from a
 * database and then call hookproof_verifier_verify_with_keyring. It is NOT verified: use it to look
 * secrets up and for nothing else.
 *
 * `header` and `header_count` are as for hookproof_verifier_verify. The key is copied to `out` with
 * a NUL behind it; `out_size` must be at least HOOKPROOF_MAX_API_KEY_BYTES + 1, else
 * HOOKPROOF_E_ARGUMENT. `*out_len` is its length without the NUL; `out_len` may be NULL.
 *
 * 0: copied. Else the reason the request would be refused for, and `out` holds the empty text.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_untrusted_api_key(const hookproof_verifier *verifier,
                                                      const char *header,
                                                      size_t header_len,
                                                      size_t header_count,
                                                      char *out,
                                                      size_t out_size,
                                                      size_t *out_len);

/**
 * Verifies one request whose body is in memory.
 *
 * - `method`: as in the request line, case-sensitive.
 * - `header`: the value of the header hookproof_verifier_header_name names, as received;
 *   `header_count`: how many such fields the request had. With none pass NULL, 0, 0; with several,
 *   any one of them.
 * - `query`: the raw query without the question mark; NULL, 0 when there is none.
 * - `route`: your name for the endpoint; NULL, 0 when there is none. The standard profile ignores
 *   it.
 * - `account`: the api_key this endpoint serves; a valid token of another is
 *   HOOKPROOF_R_KEY_MISMATCH. NULL, 0: any account of the keyring. An empty text that is not NULL
 *   matches none.
 * - `body`: the raw bytes received, before any parser touched them.
 * - `now`: Unix seconds, usually hookproof_now().
 *
 * None of the texts needs to be UTF-8, and all of them are read during the call only.
 *
 * 0: the request is genuine, intact and fresh. A reason, or HOOKPROOF_E_NULL, HOOKPROOF_E_ARGUMENT,
 * HOOKPROOF_E_INTERNAL: it is not accepted. `out` may be NULL when the number is enough; else
 * `*out` is the result, Owned: free it with hookproof_result_free; or NULL after HOOKPROOF_E_*.
 *
 * What the signature does not cover: method, query of a POST, route and other headers.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_verify(const hookproof_verifier *verifier,
                                           const char *method,
                                           size_t method_len,
                                           const char *header,
                                           size_t header_len,
                                           size_t header_count,
                                           const char *query,
                                           size_t query_len,
                                           const char *route,
                                           size_t route_len,
                                           const char *account,
                                           size_t account_len,
                                           const void *body,
                                           size_t body_len,
                                           int64_t now,
                                           hookproof_result **out);

/**
 * As hookproof_verifier_verify, with a keyring for this call alone. `keyring` NULL: the secrets
 * could not be loaded, and a request that is otherwise in order up to there is
 * HOOKPROOF_R_KEY_UNAVAILABLE, so that the sender keeps it. A keyring without the account gives
 * HOOKPROOF_R_KEY_UNKNOWN. `keyring` is read during the call only.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_verify_with_keyring(const hookproof_verifier *verifier,
                                                        const hookproof_keyring *keyring,
                                                        const char *method,
                                                        size_t method_len,
                                                        const char *header,
                                                        size_t header_len,
                                                        size_t header_count,
                                                        const char *query,
                                                        size_t query_len,
                                                        const char *route,
                                                        size_t route_len,
                                                        const char *account,
                                                        size_t account_len,
                                                        const void *body,
                                                        size_t body_len,
                                                        int64_t now,
                                                        hookproof_result **out);

/**
 * Judges everything in the header before one byte of the body is read. The arguments are those of
 * hookproof_verifier_verify; `declared_len` is the Content-Length, or HOOKPROOF_LENGTH_UNKNOWN: a
 * body that is too large is refused here. `out` must not be NULL.
 *
 * HOOKPROOF_PENDING_BODY: feed the body with hookproof_result_update and end it with
 * hookproof_result_finish; it is not accepted before that gives 0. A reason: refuse without reading
 * the body. In both cases `*out` is the result, Owned: free it with hookproof_result_free. It is
 * NULL after HOOKPROOF_E_*. Never 0.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_begin(const hookproof_verifier *verifier,
                                          const char *method,
                                          size_t method_len,
                                          const char *header,
                                          size_t header_len,
                                          size_t header_count,
                                          const char *query,
                                          size_t query_len,
                                          const char *route,
                                          size_t route_len,
                                          const char *account,
                                          size_t account_len,
                                          uint64_t declared_len,
                                          int64_t now,
                                          hookproof_result **out);

/**
 * As hookproof_verifier_begin, with a keyring for this call alone; `keyring` is as for
 * hookproof_verifier_verify_with_keyring, and the result does not need it any more.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_begin_with_keyring(const hookproof_verifier *verifier,
                                                       const hookproof_keyring *keyring,
                                                       const char *method,
                                                       size_t method_len,
                                                       const char *header,
                                                       size_t header_len,
                                                       size_t header_count,
                                                       const char *query,
                                                       size_t query_len,
                                                       const char *route,
                                                       size_t route_len,
                                                       const char *account,
                                                       size_t account_len,
                                                       uint64_t declared_len,
                                                       int64_t now,
                                                       hookproof_result **out);

/**
 * Frees a verifier. NULL does nothing. Results stay valid. No other thread may be using it.
 */
HOOKPROOF_API void hookproof_verifier_free(hookproof_verifier *verifier);

/* ---- Result ---- */

/**
 * Feeds the next piece of the body. `chunk` is read during the call only.
 *
 * HOOKPROOF_PENDING_BODY: go on. HOOKPROOF_R_PAYLOAD_TOO_LARGE: the verdict; stop reading.
 * HOOKPROOF_E_STATE: the verdict had already fallen.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_result_update(hookproof_result *result,
                                         const void *chunk,
                                         size_t chunk_len);

/**
 * Ends the body and gives the verdict: 0 or a reason. `now` is the time when the body was complete,
 * in Unix seconds; the age is checked again. Called after a verdict, it gives the same verdict
 * again.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_result_finish(hookproof_result *result,
                                         int64_t now);

/**
 * The verdict: 0, a reason, or HOOKPROOF_PENDING_BODY before it has fallen. NULL: HOOKPROOF_E_NULL.
 * HOOKPROOF_E_INTERNAL: a bug took the verdict away; it stays so.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_result_status(const hookproof_result *result);

/**
 * One line for logs: the reason's name and sentence, and what is known about the case. Never token,
 * body or secret; what it quotes from the request is escaped and bounded. NULL: empty. Borrowed
 * from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_detail(const hookproof_result *result);

/**
 * On a refusal, the api_key the token claims, escaped and bounded, for logs: anybody may have
 * written it. Empty when none was read, and unless refused: see hookproof_result_api_key for the
 * verified one. NULL: empty. Borrowed from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_untrusted_api_key(const hookproof_result *result);

/**
 * The verified account. Empty unless accepted, and for NULL. Borrowed from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_api_key(const hookproof_result *result);

/**
 * The verified unique id of the token, 1 to 256 bytes. Remember the pair of api_key and jti to
 * notice a request that comes twice: this verifier does not. Empty unless accepted, and for NULL.
 * Borrowed from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_jti(const hookproof_result *result);

/**
 * The verified application. Empty when the token names none, unless accepted, and for NULL.
 * Borrowed from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_application_id(const hookproof_result *result);

/**
 * All verified claims, the JSON object as it stood in the token. Empty unless accepted, and for
 * NULL. Borrowed from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_claims_json(const hookproof_result *result);

/**
 * When the token was issued (iat), in Unix seconds. 0 unless accepted, and for NULL.
 */
HOOKPROOF_API int64_t hookproof_result_issued_at(const hookproof_result *result);

/**
 * Looks up a verified claim at the top of the object that is a string.
 *
 * True: it is there, and `*out` is its value without JSON escapes, Borrowed from `result`. False:
 * it is absent or no string, the request is not accepted, or `result` is NULL; `*out` is empty.
 * `out` may be NULL to ask only whether it is there.
 */
HOOKPROOF_API
bool hookproof_result_claim_text(const hookproof_result *result,
                                 const char *name,
                                 size_t name_len,
                                 hookproof_str *out);

/**
 * Looks up a verified claim at the top of the object that is a whole number from 0 to INT64_MAX.
 *
 * True: it is there, and `*out` is its value. False: it is absent or no such number, the request is
 * not accepted, or `result` is NULL; `*out` is 0. `out` may be NULL to ask only whether it is
 * there.
 */
HOOKPROOF_API
bool hookproof_result_claim_integer(const hookproof_result *result,
                                    const char *name,
                                    size_t name_len,
                                    int64_t *out);

/**
 * The label of the secret that signed the request: known once the signature held, so also while the
 * body is read and on a later refusal. Empty before, and for NULL. Borrowed from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_key_label(const hookproof_result *result);

/**
 * Which keyring of the verifier judged the request: 1 for the first, one more after each
 * replacement. 0 while it is not known, for a keyring that came with the call, and for NULL.
 */
HOOKPROOF_API uint64_t hookproof_result_keyring_generation(const hookproof_result *result);

/**
 * The age of the token in seconds, negative if it comes from the future. Known once the signature
 * held and the issue time was read, so also on a later refusal.
 *
 * True: `*out` is the age. False: not known, or `result` is NULL; `*out` is 0. `out` may be NULL.
 */
HOOKPROOF_API bool hookproof_result_age_seconds(const hookproof_result *result, int64_t *out);

/**
 * What the signature covered: "body", or "unhashed" when the policy dangerously allowed a token
 * without payload_hash and this was one. Empty unless accepted, and for NULL. Borrowed from
 * `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_payload_form(const hookproof_result *result);

/**
 * The HTTP status to answer: 200 when accepted, else by the policy's advice. 503 while the verdict
 * is pending and for NULL. The body of the answer must not say which check failed.
 */
HOOKPROOF_API int32_t hookproof_result_http_status(const hookproof_result *result);

/**
 * Whether the sender will send the request again if it gets that answer. NULL: true.
 */
HOOKPROOF_API bool hookproof_result_sender_retries(const hookproof_result *result);

/**
 * Seconds to answer in Retry-After; 0: send no such field. While the verdict is pending and for
 * NULL: what goes with 503.
 */
HOOKPROOF_API uint32_t hookproof_result_retry_after(const hookproof_result *result);

/**
 * The number of lints about the secrets that were tried, on a refusal. NULL: 0.
 */
HOOKPROOF_API size_t hookproof_result_lint_count(const hookproof_result *result);

/**
 * One lint, such as "production: ends with a newline"; never a secret. Empty past the end and for
 * NULL. Borrowed from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_lint(const hookproof_result *result, size_t index);

/**
 * Frees a result and every text Borrowed from it. NULL does nothing. Freeing one that is pending
 * gives the request up.
 */
HOOKPROOF_API void hookproof_result_free(hookproof_result *result);

/* ---- Test signer ---- */

/**
 * Makes a signer for one account. Both values are Copied.
 *
 * 0: `*out` is the signer, Owned: free it with hookproof_signer_free. Else `*out` is NULL.
 * HOOKPROOF_E_CONFIG: the secret does not have 1 to 4096 bytes; the api_key is not judged, so that
 * tests can sign what must be refused. HOOKPROOF_E_NULL: `out` is NULL.
 */
HOOKPROOF_API
hookproof_status hookproof_signer_new(const char *api_key,
                                      size_t api_key_len,
                                      const void *secret,
                                      size_t secret_len,
                                      hookproof_signer **out);

/**
 * Sets the application_id of tokens signed from now on. Copied.
 */
HOOKPROOF_API
hookproof_status hookproof_signer_set_application_id(hookproof_signer *signer,
                                                     const char *application_id,
                                                     size_t application_id_len);

/**
 * Signs a body as Vonage does, with the given issue time (Unix seconds) and unique id. Read the
 * header with hookproof_signer_header. `body` and `jti` are read during the call only.
 */
HOOKPROOF_API
hookproof_status hookproof_signer_sign_body(hookproof_signer *signer,
                                            const void *body,
                                            size_t body_len,
                                            int64_t iat,
                                            const char *jti,
                                            size_t jti_len);

/**
 * Signs any bytes as the claims, as they stand: for tests of refusals. Read the header with
 * hookproof_signer_header. `claims_json` is read during the call only and need not be JSON.
 */
HOOKPROOF_API
hookproof_status hookproof_signer_sign_claims(hookproof_signer *signer,
                                              const char *claims_json,
                                              size_t claims_json_len);

/**
 * The header value of the last token signed: "Bearer " and the token. Empty before, and for NULL.
 * Borrowed from `signer` until it signs again or is freed.
 */
HOOKPROOF_API hookproof_str hookproof_signer_header(const hookproof_signer *signer);

/**
 * Frees a signer and wipes its secret. NULL does nothing.
 */
HOOKPROOF_API void hookproof_signer_free(hookproof_signer *signer);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* HOOKPROOF_H */
