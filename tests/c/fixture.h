/* What most tests of the C ABI need: an account, its verifier, and a signer in the sender's place. */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <hookproof.h>
#include <stddef.h>
#include <stdint.h>

#define API_KEY "a1b2c3d4"
#define LABEL "production"
#define SECRET "an-unmistakable-signature-secret-4711"
#define OTHER_SECRET "another-quite-different-secret-0815-xyz"
#define BODY "{\"text\":\"the body of the request\"}"
#define JTI "aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb"
#define NOW INT64_C(1767225600)

/* A text and its length, as two arguments. */
#define TEXT(literal) (literal), sizeof(literal) - 1

/* All arguments of the functions that judge a request. */
struct call {
    const hookproof_verifier *verifier;
    const char *method;
    size_t method_len;
    const char *header;
    size_t header_len;
    size_t header_count;
    const char *query;
    size_t query_len;
    const char *route;
    size_t route_len;
    const char *account;
    size_t account_len;
    const void *body;
    size_t body_len;
    uint64_t declared_len;
    int64_t now;
    const hookproof_store *store;
    int32_t duplicates;
};

/* These end the program if the library does not give them a handle. */
hookproof_keyring *fixture_keyring(const char *secret);
hookproof_verifier *fixture_verifier(const hookproof_policy *policy);
hookproof_signer *fixture_signer(void);

hookproof_store *fixture_memory_store(uint64_t capacity);
hookproof_store *fixture_file_store(const char *path);

/* A directory of this process, made at the first call and removed with its files when the program ends. */
const char *fixture_directory(void);

/* The header of a token with these claims, or for BODY at NOW. Borrowed from the signer. */
hookproof_str fixture_signed_claims(hookproof_signer *signer, const char *claims);
hookproof_str fixture_signed_body(hookproof_signer *signer);
hookproof_str fixture_signed_jti(hookproof_signer *signer, int64_t iat, const char *jti);

/* Header values of `count` requests that differ in nothing but their id. Free with fixture_free_tokens. */
struct token {
    char *header;
    size_t len;
};
struct token *fixture_tokens(size_t count);
void fixture_free_tokens(struct token *tokens, size_t count);

/* A POST of BODY at NOW with this header. */
struct call fixture_call(const hookproof_verifier *verifier, hookproof_str header);

/* The same, with a store. */
struct call fixture_receive(const hookproof_verifier *verifier, const hookproof_store *store, hookproof_str header);

hookproof_status call_verify(const struct call *call, hookproof_result **out);
hookproof_status call_verify_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                          hookproof_result **out);
hookproof_status call_begin(const struct call *call, hookproof_result **out);
hookproof_status call_begin_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                         hookproof_result **out);
hookproof_status call_receive(const struct call *call, hookproof_result **out, hookproof_claim **out_claim);
hookproof_status call_receive_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                           hookproof_result **out, hookproof_claim **out_claim);
hookproof_status call_verify_once(const struct call *call, hookproof_result **out);
hookproof_status call_verify_once_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                               hookproof_result **out);

/* Receives and ends the claim at once, if there is one: confirmed, or only freed. The verdict. */
hookproof_status call_receive_and_confirm(const struct call *call);
hookproof_status call_receive_and_forget(const struct call *call);

#endif
