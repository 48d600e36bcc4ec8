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
 *     hookproof_store *store = NULL;                          (which requests were there)
 *     if (hookproof_store_new_file(path, path_len, HOOKPROOF_DURABILITY_PROCESS_CRASH, &store)
 *         != HOOKPROOF_OK)
 *         die(hookproof_store_error(store).ptr);
 *
 * Receive: each request is worked on once, also when it comes twice or to two processes at once.
 *
 *     hookproof_result *result = NULL;                        (for each request)
 *     hookproof_claim *claim = NULL;
 *     if (hookproof_verifier_receive(verifier, store, "POST", 4, header, header_len, header_count,
 *                                    NULL, 0, NULL, 0, NULL, 0, body, body_len,
 *                                    HOOKPROOF_DUPLICATES_REFUSE, hookproof_now(), &result, &claim)
 *         == HOOKPROOF_OK) {
 *         if (process(body, body_len)) {                      (the work)
 *             hookproof_claim_confirm(claim, hookproof_now());
 *             answer(200);
 *         } else {
 *             hookproof_claim_release(claim, hookproof_now());
 *             answer(503);                                    (the sender tries again)
 *         }
 *     } else {
 *         log(hookproof_result_detail(result).ptr);
 *         answer(hookproof_result_http_status(result));
 *     }
 *     hookproof_claim_free(claim);
 *     hookproof_result_free(result);
 *
 * Verify: the same checks, and no store. The request may be one that was there before.
 *
 *     hookproof_result *result = NULL;
 *     if (hookproof_verifier_verify(verifier, "POST", 4, header, header_len, header_count, NULL, 0,
 *                                   NULL, 0, NULL, 0, body, body_len, hookproof_now(), &result)
 *         == HOOKPROOF_OK)
 *         process(body, body_len);
 *     answer(hookproof_result_http_status(result));
 *     hookproof_result_free(result);
 *
 * Verdicts. A function that ends in a verdict returns 0, HOOKPROOF_OK, only for a request that is
 * accepted. Every other number means that it is not, also one this header does not know:
 * HOOKPROOF_E_* the call failed, HOOKPROOF_PENDING_* there is no verdict yet, HOOKPROOF_R_* the request
 * is refused. Functions that configure return 0 for done. Confirm and release may also answer
 * HOOKPROOF_NO_EFFECT, which is no error.
 *
 * Ownership, in three words. Owned: yours, to be freed once with the function that is named. Borrowed:
 * belongs to the handle that is named and is valid until the call that is named. Copied: the library
 * made its own copy during the call, and yours may go. No handle needs another one to stay alive:
 * what a claim needs of its store is counted. Free them in any order. Freeing NULL does nothing.
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
 * a fork; hookproof_store says what that means for stores.
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
 * Remembers which requests were there, so that one that comes twice is worked on once.
 *
 * A store is Memory (the threads of one process), a File (the processes of one machine), Redis
 * (many machines) or your own (Host). It is not tied to a verifier: any number of them may share
 * one, and it outlives every change of keys. It never forgets to make room; when it is full it
 * refuses.
 *
 * Owned: made by one of the hookproof_store_new functions, freed with hookproof_store_free. What is
 * behind the handle is counted: a claim keeps it as long as it needs it, so that handles may be
 * freed in any order; what a memory store knows goes with the last of them.
 *
 * Shareable: any number of threads may use it at once. Exclusive for hookproof_store_set_budget_ms,
 * before it is shared.
 *
 * Fork: a memory store goes on, in the child, with what the parent knew at that moment, and from
 * then on neither learns of the other: use a file store where several processes answer. A file or
 * Redis store that was made before a fork may be used on both sides.
 */
typedef struct hookproof_store hookproof_store;

/**
 * Judges requests by a policy and a keyring, both Copied when it was made.
 *
 * Owned: made by hookproof_verifier_new, freed with hookproof_verifier_free. Make one at start-up
 * and keep it. Results and claims do not need it and may outlive it. It has no store: each call
 * that needs one names it.
 *
 * Shareable: any number of threads may use it at once, also while another replaces the keyring;
 * only freeing needs that no other thread uses it any more.
 */
typedef struct hookproof_verifier hookproof_verifier;

/**
 * The verdict on one request with everything that is known about it; or, after
 * hookproof_verifier_begin, the request while its body is read; or, with a store of your own, the
 * request while you ask it.
 *
 * Owned: made by the receive, verify and begin functions, freed with hookproof_result_free. It
 * needs neither the verifier, nor the keyring, nor the store, nor the claim, nor the request's
 * buffers, which may all be freed before it. Every text it hands out is Borrowed from it until it
 * changes state (hookproof_result_update with an answer other than HOOKPROOF_PENDING_BODY,
 * hookproof_result_finish and _finish_once, hookproof_result_receive,
 * hookproof_result_answer_replay) or is freed; what to ask a store of your own
 * (hookproof_result_replay_identity, hookproof_result_replay_owner) stays until it is freed.
 *
 * Exclusive while it is fed, finished, received and answered. With its verdict it never changes
 * again, unless you receive it then, and is Shareable.
 *
 * The answers about claims are empty, 0 or false unless the status is 0: nothing unverified can be
 * read by accident.
 */
typedef struct hookproof_result hookproof_result;

/**
 * The right to work on one request, which no other holder of the store has at the same time.
 *
 * Do the work, then end it: hookproof_claim_confirm when the work is done, hookproof_claim_release
 * when it failed. A claim that is not ended ends by itself when the policy's lease is over
 * (hookproof_policy_set_lease), so that the sender's retry is worked on after a crash.
 *
 * Owned: made by the receive functions, freed with hookproof_claim_free, ended or not. It keeps
 * what it needs of the store: result, store and verifier may be freed before it.
 *
 * Exclusive.
 */
typedef struct hookproof_claim hookproof_claim;

/**
 * What a webhook says, as typed values: one envelope for the events of every API, and a record
 * for each kind, as JSON.
 *
 * Owned: made by hookproof_event_new and hookproof_event_new_unsigned, freed with
 * hookproof_event_free. It keeps what it needs: the result and the body may be freed before it.
 * Every text it hands out is Borrowed from it until it is freed.
 *
 * Shareable: it never changes.
 */
typedef struct hookproof_event hookproof_event;

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
 * The features the loaded library was built with, separated by spaces: "memory-store" and
 * "file-store", which every build of this version has, "redis" and "redis-tls". Static.
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
  /** Everything but the replay check holds; the verdict needs the answer of your own store. */
  HOOKPROOF_PENDING_REPLAY = 51,
  /** The claim had ended before, or another owner has it: nothing was confirmed or released. */
  HOOKPROOF_NO_EFFECT = 52,
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
  /** The SHA-256 of the payload is not the token's payload_hash. */
  HOOKPROOF_R_PAYLOAD_MISMATCH = 701,
  /** The request was accepted before, and its work is done. */
  HOOKPROOF_R_REPLAY_DUPLICATE = 800,
  /** The same request is being worked on elsewhere. */
  HOOKPROOF_R_REPLAY_IN_PROGRESS = 801,
  /** The replay store did not answer within its budget. */
  HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE = 802,
  /** The replay store has no room for another identity. */
  HOOKPROOF_R_REPLAY_STORE_FULL = 803,
  /** The request's method is none that the policy verifies. */
  HOOKPROOF_R_REQUEST_UNSUPPORTED = 900,
  /** The SMS webhook carries no sig. */
  HOOKPROOF_R_SMS_UNSIGNED = 1000,
  /** The SMS webhook's parameters, or its sig, timestamp or nonce, have a wrong form. */
  HOOKPROOF_R_SMS_MALFORMED = 1001,
  /** The SMS webhook's timestamp or nonce is absent. */
  HOOKPROOF_R_SMS_MISSING = 1002,
  /** No secret of the account makes the SMS webhook's sig by the method that is set. */
  HOOKPROOF_R_SMS_SIGNATURE_INVALID = 1003,
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
 * library does not know. Success, call errors, pending states and HOOKPROOF_NO_EFFECT are not, and
 * only 0 is accepted.
 */
HOOKPROOF_API bool hookproof_status_is_refusal(int32_t status);

/**
 * The HTTP status to answer by the default (lossless) table: 200 for 0, the reason's own for a
 * reason (200 for HOOKPROOF_R_REPLAY_DUPLICATE, whose work is done), 503 for everything else and
 * for unknown numbers. A result knows the policy's choice: prefer hookproof_result_http_status
 * where there is one.
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
 * HOOKPROOF_RETRY_WINDOW accepts every retry the sender makes: then use a store that survives
 * restarts.
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
 * Changes the profile, and keeps every other setting: "standard" (Messages, Dispatch, Verify v2 and
 * Voice; the default), "video", "contact_center" or "cloud_runtime". With "video" and
 * "contact_center" the secret is chosen by the `route` of the call: the accounts of the keyring are
 * your names for the endpoints. Read the name of the header from hookproof_verifier_header_name.
 *
 * The SMS API and US short codes sign their parameters in a way of their own: "sms_md5hash",
 * "sms_md5", "sms_sha1", "sms_sha256" or "sms_sha512", by the method the account has set. The
 * secret is chosen by the parameter api-key; without it by `route`; without that too it is the
 * keyring's only account. Pass no header. The signature is in the query of a GET and in the body of
 * a POST, which is then kept until it is complete. The claims are the parameters: read them with
 * hookproof_result_claim_text or as the pairs of a query.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_profile(hookproof_policy *policy,
                                              const char *name,
                                              size_t name_len);

/**
 * Accepts one more form of a GET's payload, by its name: "query_nested", "query_null" or
 * "query_nested_null". Only "query" is documented and proven; the detail of a refusal names the
 * form that would have fitted.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_add_payload_form(hookproof_policy *policy,
                                                   const char *name,
                                                   size_t name_len);

/**
 * Names parameters of your own in the URL you gave Vonage: "token=x" of
 * https://example.com/answer?token=x. A GET whose query begins with exactly this text is tried with
 * it and, if the hash does not fit, without it. Copied.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_add_own_query(hookproof_policy *policy,
                                                const char *query,
                                                size_t query_len);

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
 * Accepts SMS webhooks without nonce. DANGEROUS: their signature is then what makes two requests
 * the same one, and two messages that are equal to the second are one.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_dangerously_allow_missing_nonce(hookproof_policy *policy);

/**
 * How long a claim holds a request before a retry of the sender may take it over, in seconds: 1 to
 * 3600, 30 by default. It must be longer than any handler runs, and is how long a retry waits after
 * a crash.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_set_lease(hookproof_policy *policy,
                                            uint32_t seconds);

/**
 * Accepts requests while the store is unavailable, and flags them: hookproof_result_replay says
 * "unavailable". DANGEROUS: whoever can disturb the store can have a request worked on twice. A
 * full store still refuses, and so does a store that could not be made.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_dangerously_accept_and_flag_store_failures(hookproof_policy *policy);

/**
 * Lets hookproof_verifier_source_hint compare addresses with the networks that Vonage has
 * published, as far as they are known. It is a hint for logs, refuses nothing, and is off unless
 * asked for.
 */
HOOKPROOF_API hookproof_status hookproof_policy_use_published_networks(hookproof_policy *policy);

/**
 * Adds a network of your own to those of hookproof_policy_use_published_networks, which goes first,
 * or to none: "192.0.2.0/24", "2001:db8::/32" or one address. Copied.
 */
HOOKPROOF_API
hookproof_status hookproof_policy_add_network(hookproof_policy *policy,
                                              const char *network,
                                              size_t network_len);

/**
 * Why the last setter on this policy was refused; empty when it was carried out, and for NULL.
 * Borrowed from `policy` until the next call that changes or frees it.
 */
HOOKPROOF_API hookproof_str hookproof_policy_error(const hookproof_policy *policy);

/**
 * Frees a policy. NULL does nothing. Verifiers keep their own copy.
 */
HOOKPROOF_API void hookproof_policy_free(hookproof_policy *policy);

/* ---- Store ---- */

/** Identities that a memory store holds if you do not know better. */
#define HOOKPROOF_DEFAULT_STORE_CAPACITY 262144
/** Most identities of a memory store. */
#define HOOKPROOF_MAX_STORE_CAPACITY 100000000
/** Longest budget of a store, in milliseconds. */
#define HOOKPROOF_MAX_STORE_BUDGET_MS 60000

/* What a memory store does with requests from before it was made: hookproof_store_new_memory. */
/** It takes them for new. */
#define HOOKPROOF_COLD_START_ALLOW 0
/** It refuses them. */
#define HOOKPROOF_COLD_START_REFUSE 1

/* What a file store survives: hookproof_store_new_file. */
/** The end of any process. */
#define HOOKPROOF_DURABILITY_PROCESS_CRASH 0
/** The end of the machine's power too. */
#define HOOKPROOF_DURABILITY_POWER_LOSS 1

/**
 * Makes a store in the memory of this process, for its threads: nothing is shared with other
 * processes, and a restart forgets everything.
 *
 * - `capacity`: how many identities it can hold, HOOKPROOF_DEFAULT_STORE_CAPACITY unless you know
 *   better: requests per second times the seconds the policy accepts (max_age and leeway), and a
 *   minute. The memory is taken here, and none later. When it is full, requests are
 *   HOOKPROOF_R_REPLAY_STORE_FULL.
 * - `cold_start`: HOOKPROOF_COLD_START_ALLOW takes everything for new that it does not know, so
 *   that a request from before a restart may be worked on once more. HOOKPROOF_COLD_START_REFUSE
 *   refuses what was issued at `now` or before, as HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE; the
 *   sender's retries of such a request are refused too.
 * - `now`: Unix seconds, usually hookproof_now().
 *
 * 0: `*out` is the store. HOOKPROOF_E_CONFIG: the capacity is out of range; `*out` is a store all
 * the same, with the reason in hookproof_store_error, and every receive with it is
 * HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE, whatever the policy says. In both cases it is Owned: free
 * it with hookproof_store_free. Else `*out` is NULL. HOOKPROOF_E_ARGUMENT: another cold_start.
 * HOOKPROOF_E_NULL: `out` is NULL. The same holds for every function that makes a store.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_store_new_memory(uint64_t capacity,
                                            int32_t cold_start,
                                            int64_t now,
                                            hookproof_store **out);

/**
 * Makes a store in a file, for all processes of one machine, whatever language they are written in:
 * each makes its own with the same path. It survives restarts.
 *
 * - `path`: where the file is or shall be, in a directory that exists, on a file system of this
 *   machine and none of the network. Any bytes but NUL; Copied. The file is made here if it is not
 *   there, for its owner alone; each process opens it at its first use, with others of its name
 *   beside it.
 * - `durability`: HOOKPROOF_DURABILITY_PROCESS_CRASH: what was answered survives the end of any
 *   process; a machine that loses its power may forget the last moments.
 *   HOOKPROOF_DURABILITY_POWER_LOSS: it survives that too, and each answer waits for the disk.
 *
 * Statuses are as for hookproof_store_new_memory. HOOKPROOF_E_CONFIG: something is wrong with the
 * place or with what is there.
 * HOOKPROOF_E_ARGUMENT: another durability.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_store_new_file(const char *path,
                                          size_t path_len,
                                          int32_t durability,
                                          hookproof_store **out);

/**
 * Makes a store on a Redis or Valkey server, for many machines. Needs a library built with the
 * feature "redis", and "redis-tls" for rediss: hookproof_has_feature tells.
 *
 * - `url`: redis://, rediss:// or redis+unix://, with the user and the password if there are any.
 *   Copied, and never shown in an error.
 * - `name_space`: part of every key, so that applications can share a server: 1 to 64 letters,
 *   digits, '-', '_' or '.'. Copied. Programs that share it protect each other.
 *
 * The server is asked at the first use, and must not evict. Statuses are as for
 * hookproof_store_new_memory. HOOKPROOF_E_CONFIG: a value is refused, or the feature is not there.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_store_new_redis(const char *url,
                                           size_t url_len,
                                           const char *name_space,
                                           size_t name_space_len,
                                           hookproof_store **out);

/**
 * Makes a store that you ask yourself, in your own database. The library never calls back: a
 * receive with it answers HOOKPROOF_PENDING_REPLAY, and the result says what to ask
 * (hookproof_result_replay_identity, _owner, _lease_seconds, _keep_seconds). Run one atomic
 * statement: insert the identity with its owner and the end of its lease; or take it over if it is
 * there, not done, and its lease is over; else leave it. Then call hookproof_result_answer_replay.
 *
 * Confirm and release are statements of yours too, and must compare the owner; there is no
 * hookproof_claim.
 *
 * `name_space`: as for hookproof_store_new_redis. Statuses are as for hookproof_store_new_memory.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_store_new_host(const char *name_space,
                                          size_t name_space_len,
                                          hookproof_store **out);

/**
 * How long the store may take for one answer, in milliseconds: 1 to HOOKPROOF_MAX_STORE_BUDGET_MS,
 * 50 by default. A file or Redis store that takes longer is HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE.
 * Memory and host stores have nothing to wait for; the value is taken and changes nothing.
 *
 * HOOKPROOF_E_ARGUMENT: out of range. HOOKPROOF_E_STATE: the store has been used.
 * HOOKPROOF_E_CONFIG: the store could not be made.
 */
HOOKPROOF_API
hookproof_status hookproof_store_set_budget_ms(hookproof_store *store,
                                               uint32_t milliseconds);

/**
 * Why the store could not be made; empty when it was, and for NULL. Never a password. Borrowed from
 * `store` until it is freed.
 */
HOOKPROOF_API hookproof_str hookproof_store_error(const hookproof_store *store);

/**
 * What the store covers, in words for a log at start-up: threads, processes or machines, and
 * whether it survives a restart. Empty when it could not be made, and for NULL. Borrowed from
 * `store` until it is freed.
 */
HOOKPROOF_API hookproof_str hookproof_store_extent(const hookproof_store *store);

/**
 * Frees a store. NULL does nothing. Claims stay valid. No other thread may be using the handle.
 */
HOOKPROOF_API void hookproof_store_free(hookproof_store *store);

/* ---- Verifier ---- */

/** The longest api_key, in bytes, without a NUL. */
#define HOOKPROOF_MAX_API_KEY_BYTES 128

/** The declared_len of a request that announced no length. */
#define HOOKPROOF_LENGTH_UNKNOWN UINT64_MAX

/* What becomes of a repeat whose work is done: hookproof_verifier_receive. */
/** It is refused, with the answer 200. */
#define HOOKPROOF_DUPLICATES_REFUSE 0
/** It is accepted once more, marked, and without a claim. */
#define HOOKPROOF_DUPLICATES_HAND_ON 1

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
 * How the address a request came from relates to the networks of the policy: "not_checked" (the
 * policy has none, and for NULL), "published", "added", "elsewhere", or "unreadable" for a text
 * that is no address. A port behind the address does no harm. It is a hint for logs, NEVER a proof:
 * networks change, and behind a proxy the address is the proxy's. Static.
 */
HOOKPROOF_API
hookproof_str hookproof_verifier_source_hint(const hookproof_verifier *verifier,
                                             const char *address,
                                             size_t address_len);

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
 * Reads which account a request names, whatever the profile: the api_key that the token claims,
 * the route, or the api-key of an SMS webhook with its own signature. It is NOT verified: use it
 * to look secrets up, for hookproof_verifier_verify_with_keyring, and for nothing else.
 *
 * The request is given as to hookproof_verifier_verify, the answer as by
 * hookproof_verifier_untrusted_api_key. HOOKPROOF_R_KEY_UNKNOWN: it names none.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_untrusted_account(const hookproof_verifier *verifier,
                                                      const char *method,
                                                      size_t method_len,
                                                      const char *header,
                                                      size_t header_len,
                                                      size_t header_count,
                                                      const char *query,
                                                      size_t query_len,
                                                      const char *route,
                                                      size_t route_len,
                                                      const void *body,
                                                      size_t body_len,
                                                      char *out,
                                                      size_t out_size,
                                                      size_t *out_len);

/**
 * Verifies one request whose body is in memory. It asks no store: the request may be a repeat. To
 * work on each request once, use hookproof_verifier_receive.
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
 * As hookproof_verifier_verify, for the most common request: a POST with exactly one `header`, no
 * route, and any account of the keyring. For callers to whom each argument costs, as in PHP's FFI.
 * NULL, 0 for `header` is an empty one, not a missing one.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_verify_post(const hookproof_verifier *verifier,
                                                const char *header,
                                                size_t header_len,
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
 * Verifies one request whose body is in memory and claims it in a store, last of all: the way to
 * work on each request once. A request that is refused uses nothing up.
 *
 * `store` must not be NULL. `method` to `body` and `now` are as for hookproof_verifier_verify.
 * `duplicates` says what becomes of a repeat whose work is done: HOOKPROOF_DUPLICATES_REFUSE
 * refuses it as HOOKPROOF_R_REPLAY_DUPLICATE, whose answer is 200. HOOKPROOF_DUPLICATES_HAND_ON
 * accepts it once more, without a claim, and hookproof_result_is_duplicate says so: for endpoints
 * whose answer has content (a Voice answer URL), which must give it again and must not do the work
 * again.
 *
 * 0: accepted. `*out_claim` is the claim, Owned: do the work, then end it with
 * hookproof_claim_confirm or hookproof_claim_release and free it with hookproof_claim_free. It is
 * NULL where there is nothing to end: a duplicate handed on, and a store failure that the policy
 * accepts; confirm and release take NULL. HOOKPROOF_PENDING_REPLAY: the store is yours to ask, see
 * hookproof_store_new_host. A reason: refused; HOOKPROOF_R_REPLAY_IN_PROGRESS while another owner
 * works on it. Unless it is 0, `*out_claim` is NULL.
 *
 * `*out` is the result, Owned: free it with hookproof_result_free; NULL after HOOKPROOF_E_*, and
 * then nothing was claimed, except perhaps for one lease after HOOKPROOF_E_INTERNAL. Neither `out`
 * nor `out_claim` may be NULL. HOOKPROOF_E_ARGUMENT: another `duplicates`.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_receive(const hookproof_verifier *verifier,
                                            const hookproof_store *store,
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
                                            int32_t duplicates,
                                            int64_t now,
                                            hookproof_result **out,
                                            hookproof_claim **out_claim);

/**
 * As hookproof_verifier_receive, with a keyring for this call alone; `keyring` is as for
 * hookproof_verifier_verify_with_keyring.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_receive_with_keyring(const hookproof_verifier *verifier,
                                                         const hookproof_keyring *keyring,
                                                         const hookproof_store *store,
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
                                                         int32_t duplicates,
                                                         int64_t now,
                                                         hookproof_result **out,
                                                         hookproof_claim **out_claim);

/**
 * At most once: verifies one request whose body is in memory and records it as done before the work
 * begins. If the work then fails, the event is lost, for its retry is a duplicate;
 * hookproof_verifier_receive loses none.
 *
 * Arguments and answers are those of hookproof_verifier_receive; there is no claim. With a store of
 * your own the answer is HOOKPROOF_PENDING_REPLAY, and hookproof_result_replay_lease_seconds is 0.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_verify_once(const hookproof_verifier *verifier,
                                                const hookproof_store *store,
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
                                                int32_t duplicates,
                                                int64_t now,
                                                hookproof_result **out);

/**
 * As hookproof_verifier_verify_once, with a keyring for this call alone; `keyring` is as for
 * hookproof_verifier_verify_with_keyring.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_verifier_verify_once_with_keyring(const hookproof_verifier *verifier,
                                                             const hookproof_keyring *keyring,
                                                             const hookproof_store *store,
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
                                                             int32_t duplicates,
                                                             int64_t now,
                                                             hookproof_result **out);

/**
 * Judges everything in the header before one byte of the body is read. The arguments are those of
 * hookproof_verifier_verify; `declared_len` is the Content-Length, or HOOKPROOF_LENGTH_UNKNOWN: a
 * body that is too large is refused here. `out` must not be NULL.
 *
 * HOOKPROOF_PENDING_BODY: feed the body with hookproof_result_update and end it with
 * hookproof_result_receive, hookproof_result_finish_once or hookproof_result_finish; it is not
 * accepted before that gives 0. A reason: refuse without reading the body. In both cases `*out` is
 * the result, Owned: free it with hookproof_result_free. It is NULL after HOOKPROOF_E_*. Never 0.
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
 * Frees a verifier. NULL does nothing. Results and claims stay valid. No other thread may be using
 * it.
 */
HOOKPROOF_API void hookproof_verifier_free(hookproof_verifier *verifier);

/* ---- Result ---- */

/* What a store of your own said: hookproof_result_answer_replay. */
/** The identity was free, or its lease was over, and it is yours now. */
#define HOOKPROOF_REPLAY_CLAIMED 0
/** Another owner holds it, and its lease runs. */
#define HOOKPROOF_REPLAY_IN_PROGRESS 1
/** It is done. */
#define HOOKPROOF_REPLAY_DUPLICATE 2
/** The store did not answer in time. */
#define HOOKPROOF_REPLAY_UNAVAILABLE 3
/** The store has no room. */
#define HOOKPROOF_REPLAY_FULL 4

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
 * in Unix seconds; the age is checked again. It asks no store: the request may be a repeat; see
 * hookproof_result_receive. Called after a verdict, it gives the same verdict again.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_result_finish(hookproof_result *result,
                                         int64_t now);

/**
 * Ends the body and claims the request in a store: what hookproof_result_finish does, then what
 * hookproof_verifier_receive does with store, `duplicates` and `*out_claim`. Also for a result that
 * is accepted and was asked of no store yet: a refusal by the store is its verdict from then on.
 * `now` is the time of the call, in Unix seconds; the age is checked again.
 *
 * 0, HOOKPROOF_PENDING_REPLAY, a reason. A result that is refused gives the same reason again.
 * HOOKPROOF_E_STATE: a store was asked before; the state stays. HOOKPROOF_E_ARGUMENT: another
 * `duplicates`; nothing is claimed, and the state stays. HOOKPROOF_E_NULL: `result`, `store` or
 * `out_claim` is NULL; the same. Unless it is 0, `*out_claim` is NULL.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_result_receive(hookproof_result *result,
                                          const hookproof_store *store,
                                          int32_t duplicates,
                                          int64_t now,
                                          hookproof_claim **out_claim);

/**
 * Ends the body and records the request as done, at most once: to hookproof_result_receive what
 * hookproof_verifier_verify_once is to hookproof_verifier_receive. Statuses are as for
 * hookproof_result_receive.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_result_finish_once(hookproof_result *result,
                                              const hookproof_store *store,
                                              int32_t duplicates,
                                              int64_t now);

/**
 * What to ask a store of your own for: the identity of the request, 32 hexadecimal digits, the same
 * in every language. Empty unless a host store was asked, and for NULL. Borrowed from `result`
 * until it is freed: it stays after the verdict, to confirm and release by.
 */
HOOKPROOF_API hookproof_str hookproof_result_replay_identity(const hookproof_result *result);

/**
 * Who claims it: 32 hexadecimal digits, never the same twice. Write it with the claim, and confirm
 * and release only where it still stands. Otherwise as hookproof_result_replay_identity.
 */
HOOKPROOF_API hookproof_str hookproof_result_replay_owner(const hookproof_result *result);

/**
 * How long the claim is held unless it is confirmed or released, in seconds. 0: write it as done at
 * once (hookproof_verifier_verify_once, hookproof_result_finish_once); also unless a host store was
 * asked, and for NULL.
 */
HOOKPROOF_API uint32_t hookproof_result_replay_lease_seconds(const hookproof_result *result);

/**
 * How long the identity must be kept from now on, in seconds, at least: until its token has long
 * been stale. 0 unless a host store was asked, and for NULL.
 */
HOOKPROOF_API uint64_t hookproof_result_replay_keep_seconds(const hookproof_result *result);

/**
 * Tells what your store said, and gives the verdict. `answer` is one of HOOKPROOF_REPLAY_CLAIMED,
 * HOOKPROOF_REPLAY_IN_PROGRESS, HOOKPROOF_REPLAY_DUPLICATE, HOOKPROOF_REPLAY_UNAVAILABLE (also when
 * it took too long) and HOOKPROOF_REPLAY_FULL. `now` is Unix seconds: of a claim
 * the age is judged once more, and one that took beyond the window is HOOKPROOF_R_TIME_STALE.
 *
 * 0: accepted. A reason: refused. HOOKPROOF_E_ARGUMENT: another number; the result stays pending.
 * HOOKPROOF_E_STATE: it waits for no answer, and nothing changes.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_result_answer_replay(hookproof_result *result,
                                                int32_t answer,
                                                int64_t now);

/**
 * What was found out about a repeat: "claimed", the only one, to be confirmed or released;
 * "recorded", the only one, and done at once; "duplicate", a repeat that was handed on;
 * "unavailable", the store did not answer and the policy accepts that; "not_checked", no store was
 * asked. Empty unless accepted, and for NULL. Borrowed from `result`.
 */
HOOKPROOF_API hookproof_str hookproof_result_replay(const hookproof_result *result);

/**
 * Whether the request was accepted as a repeat of what is done (HOOKPROOF_DUPLICATES_HAND_ON): give
 * the answer again, and do not do the work again. False unless accepted, and for NULL.
 */
HOOKPROOF_API bool hookproof_result_is_duplicate(const hookproof_result *result);

/**
 * The verdict: 0, a reason, or HOOKPROOF_PENDING_* before it has fallen. NULL: HOOKPROOF_E_NULL.
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
 * The verified unique id of the token, 1 to 256 bytes. A request that comes twice has the same pair
 * of api_key and jti: a store remembers it. Empty unless accepted, and for NULL. Borrowed from
 * `result`.
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
 * verdict is pending and on a later refusal. Empty before, and for NULL. Borrowed from `result`.
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
 * What the signature covered: "body"; "query" for a GET, or the name of another form that the
 * policy enabled; or "unhashed" when the policy dangerously allowed a token without payload_hash
 * and this was one. Empty unless accepted, and for NULL. Borrowed from `result`.
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
 * The number of decoded parameters of a GET, which are what its signature covers. 0 unless
 * accepted, for a request with a body, whose query nothing signs, and for NULL.
 */
HOOKPROOF_API size_t hookproof_result_query_count(const hookproof_result *result);

/**
 * The name of one of these parameters, in the order of the URL. Use these rather than what a
 * framework has decoded. Empty past the end and for NULL. Borrowed from `result`.
 */
HOOKPROOF_API
hookproof_str hookproof_result_query_name(const hookproof_result *result,
                                          size_t index);

/**
 * The value of one of these parameters. Empty past the end and for NULL. Borrowed from `result`.
 */
HOOKPROOF_API
hookproof_str hookproof_result_query_value(const hookproof_result *result,
                                           size_t index);

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

/* ---- Claim ---- */

/**
 * The work is done: a repeat is a duplicate from now on. `now` is Unix seconds, usually
 * hookproof_now().
 *
 * 0: it is recorded; also when it was before. HOOKPROOF_NO_EFFECT: the lease was over and another
 * owner has taken the request, or the claim was released, or `claim` is NULL: nothing is wrong with
 * the request, but after a lease that ended the work may be done twice; count it.
 * HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE: the store did not answer, see hookproof_claim_error; the
 * claim stays open, and the call may be repeated. In every case send the answer: the work is done.
 */
HOOKPROOF_API hookproof_status hookproof_claim_confirm(hookproof_claim *claim, int64_t now);

/**
 * The work failed: the sender's retry shall be worked on. Answer with a status that makes the
 * sender retry, 503 for one. `now` is Unix seconds, usually hookproof_now().
 *
 * 0: the request is free again. HOOKPROOF_NO_EFFECT: the claim had ended before, by its lease and
 * another owner or by a confirm or release, or `claim` is NULL.
 * HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE: the store did not answer, see hookproof_claim_error; the
 * claim stays open and ends with its lease.
 */
HOOKPROOF_API hookproof_status hookproof_claim_release(hookproof_claim *claim, int64_t now);

/**
 * Whether the claim has not been ended by a call. It does not ask the store: the lease may be over.
 * NULL: false.
 */
HOOKPROOF_API bool hookproof_claim_is_open(const hookproof_claim *claim);

/**
 * Why the store did not answer the last confirm or release; empty when it did, and for NULL.
 * Borrowed from `claim` until the next call that ends or frees it.
 */
HOOKPROOF_API hookproof_str hookproof_claim_error(const hookproof_claim *claim);

/**
 * Frees a claim. NULL does nothing. It asks no store: a claim that is still open holds its request
 * until the lease is over.
 */
HOOKPROOF_API void hookproof_claim_free(hookproof_claim *claim);

/* ---- Event ---- */

/* What carries an unsigned event: hookproof_event_new_unsigned. */
/** A body of application/json. */
#define HOOKPROOF_CARRIER_JSON 0
/** A body of application/x-www-form-urlencoded. */
#define HOOKPROOF_CARRIER_FORM 1
/** The raw query, without the question mark. */
#define HOOKPROOF_CARRIER_QUERY 2

/**
 * Reads what an accepted request says. `body` is the body that was verified, given again: it is
 * hashed and compared, so that nothing unverified can be read as verified. For a GET pass NULL,
 * 0.
 *
 * 0: `*out` is the event, Owned: free it with hookproof_event_free. A body that was verified
 * cannot fail to be read; one of no known kind is the event "other" or "unreadable". Else `*out`
 * is NULL. HOOKPROOF_R_PAYLOAD_MISMATCH: it is another body. HOOKPROOF_E_STATE: the request is
 * not accepted. HOOKPROOF_E_NULL: `result` or `out` is NULL, or `body` with a length.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_event_new(const hookproof_result *result,
                                     const void *body,
                                     size_t body_len,
                                     hookproof_event **out);

/**
 * Reads what NOBODY HAS SIGNED: anybody may have written it. For APIs that sign no token: SMS
 * and US short codes, whose own signature must be checked by other means, Number Insight, and
 * conversation events while signing is off. `carrier` is HOOKPROOF_CARRIER_JSON,
 * HOOKPROOF_CARRIER_FORM or HOOKPROOF_CARRIER_QUERY.
 *
 * 0: `*out` is the event, Owned: free it with hookproof_event_free. Else `*out` is NULL.
 * HOOKPROOF_E_ARGUMENT: another carrier. HOOKPROOF_E_NULL: `out` is NULL, or `payload` with a
 * length.
 */
HOOKPROOF_API
HOOKPROOF_MUST_USE
hookproof_status hookproof_event_new_unsigned(int32_t carrier,
                                              const void *payload,
                                              size_t payload_len,
                                              hookproof_event **out);

/**
 * The whole event as a JSON object, its keys in a fixed order: api, event, signed, content_id,
 * the envelope, record, detail, unknown, duplicates, damaged. Numbers and times that the sender
 * writes as text are numbers and RFC 3339; nothing is lost. Empty for NULL.
 */
HOOKPROOF_API hookproof_str hookproof_event_json(const hookproof_event *event);

/**
 * The API: "messages", "voice", "sms", "verify", "number-insight", "video", "conversation-rtc"
 * and so on; "other". Empty for NULL.
 */
HOOKPROOF_API hookproof_str hookproof_event_api(const hookproof_event *event);

/**
 * The kind of event, such as "answered", "inbound/whatsapp" or "dlr"; "other" for a kind that is
 * not known, "unreadable" for a body that is no JSON object. Empty for NULL.
 */
HOOKPROOF_API hookproof_str hookproof_event_kind(const hookproof_event *event);

/**
 * The sender's id of the message, call leg, recording or request; empty without one and for
 * NULL.
 */
HOOKPROOF_API hookproof_str hookproof_event_id(const hookproof_event *event);

/**
 * Who the message or call is from; empty where that is not said and for NULL.
 */
HOOKPROOF_API hookproof_str hookproof_event_from(const hookproof_event *event);

/**
 * Who the message or call is to; empty where that is not said and for NULL.
 */
HOOKPROOF_API hookproof_str hookproof_event_to(const hookproof_event *event);

/**
 * What has become of the message, call or request, in the sender's word; empty without one and
 * for NULL.
 */
HOOKPROOF_API hookproof_str hookproof_event_status(const hookproof_event *event);

/**
 * The account and the content in 64 hexadecimal digits: the key to handle an event once, however
 * often the sender repeats it under new tokens. Empty for NULL.
 */
HOOKPROOF_API hookproof_str hookproof_event_content_id(const hookproof_event *event);

/**
 * When it happened. True: `*out` is the time in milliseconds since 1970. False: it is not said,
 * or `event` is NULL; `*out` is 0. `out` may be NULL.
 */
HOOKPROOF_API bool hookproof_event_occurred_at_ms(const hookproof_event *event, int64_t *out);

/**
 * Whether the token covers what was read, so that it is from the account and unchanged. NULL:
 * false.
 */
HOOKPROOF_API bool hookproof_event_is_signed(const hookproof_event *event);

/**
 * Frees an event. NULL does nothing.
 */
HOOKPROOF_API void hookproof_event_free(hookproof_event *event);

/* ---- Test signer ---- */

/* How a signed SMS webhook carries its parameters: hookproof_signer_sign_sms. */
/** A query of a GET, or the body of a form. */
#define HOOKPROOF_SMS_FORM 0
/** A JSON object. */
#define HOOKPROOF_SMS_JSON 1

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
 * Signs the raw query of a GET as Vonage does. As hookproof_signer_sign_body otherwise.
 * HOOKPROOF_E_CONFIG: the query has no one reading.
 */
HOOKPROOF_API
hookproof_status hookproof_signer_sign_query(hookproof_signer *signer,
                                             const char *query,
                                             size_t query_len,
                                             int64_t iat,
                                             const char *jti,
                                             size_t jti_len);

/**
 * Signs the parameters of an SMS webhook in the SMS API's own way. `parameters` is them as a raw
 * query, api-key among them where there is one; `method` is md5hash, md5, sha1, sha256 or sha512;
 * `timestamp` is in Unix seconds; an empty `nonce` is left out; `carrier` is HOOKPROOF_SMS_FORM or
 * HOOKPROOF_SMS_JSON. Read the whole query, form or JSON object, signed, with
 * hookproof_signer_header. All texts are read during the call only.
 *
 * HOOKPROOF_E_ARGUMENT: another method or carrier. HOOKPROOF_E_CONFIG: the parameters have no one
 * reading, or have timestamp, nonce or sig, which are added.
 */
HOOKPROOF_API
hookproof_status hookproof_signer_sign_sms(hookproof_signer *signer,
                                           const char *method,
                                           size_t method_len,
                                           int32_t carrier,
                                           const char *parameters,
                                           size_t parameters_len,
                                           int64_t timestamp,
                                           const char *nonce,
                                           size_t nonce_len);

/**
 * Signs any bytes as the claims, as they stand: for tests of refusals. Read the header with
 * hookproof_signer_header. `claims_json` is read during the call only and need not be JSON.
 */
HOOKPROOF_API
hookproof_status hookproof_signer_sign_claims(hookproof_signer *signer,
                                              const char *claims_json,
                                              size_t claims_json_len);

/**
 * The header value of the last token signed: "Bearer " and the token; after
 * hookproof_signer_sign_sms the signed parameters. Empty before, and for NULL.
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
