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
};

/* These end the program if the library does not give them a handle. */
hookproof_keyring *fixture_keyring(const char *secret);
hookproof_verifier *fixture_verifier(const hookproof_policy *policy);
hookproof_signer *fixture_signer(void);

/* The header of a token with these claims, or for BODY at NOW. Borrowed from the signer. */
hookproof_str fixture_signed_claims(hookproof_signer *signer, const char *claims);
hookproof_str fixture_signed_body(hookproof_signer *signer);

/* A POST of BODY at NOW with this header. */
struct call fixture_call(const hookproof_verifier *verifier, hookproof_str header);

hookproof_status call_verify(const struct call *call, hookproof_result **out);
hookproof_status call_verify_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                          hookproof_result **out);
hookproof_status call_begin(const struct call *call, hookproof_result **out);
hookproof_status call_begin_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                         hookproof_result **out);

#endif
