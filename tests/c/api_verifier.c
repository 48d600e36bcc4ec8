#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

static void test_nulls(void)
{
    hookproof_verifier *verifier = (hookproof_verifier *)-1;
    hookproof_keyring *empty = hookproof_keyring_new();
    hookproof_keyring *keyring = fixture_keyring(SECRET);

    CHECK_STATUS(hookproof_verifier_new(NULL, keyring, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_verifier_new(NULL, empty, &verifier), HOOKPROOF_E_CONFIG);
    CHECK(verifier == NULL);
    CHECK_STATUS(hookproof_verifier_new(NULL, NULL, &verifier), HOOKPROOF_OK);
    CHECK(verifier != NULL);
    CHECK(hookproof_verifier_generation(verifier) == 0);
    CHECK_STATUS(hookproof_verifier_replace_keyring(NULL, keyring), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_verifier_replace_keyring(verifier, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_verifier_replace_keyring(verifier, empty), HOOKPROOF_E_CONFIG);
    CHECK(hookproof_verifier_generation(verifier) == 0);
    CHECK_STATUS(hookproof_verifier_replace_keyring(verifier, keyring), HOOKPROOF_OK);
    CHECK(hookproof_verifier_generation(verifier) == 1);
    CHECK_STATUS(hookproof_verifier_replace_keyring(verifier, empty), HOOKPROOF_E_CONFIG);
    CHECK(hookproof_verifier_generation(verifier) == 1);
    CHECK(hookproof_verifier_generation(NULL) == 0);
    CHECK_TEXT(hookproof_verifier_header_name(NULL), "");
    CHECK_TEXT(hookproof_verifier_header_name(verifier), "Authorization");
    CHECK(hookproof_verifier_max_body_bytes(NULL) == 0);
    CHECK_TEXT(hookproof_verifier_source_hint(NULL, TEXT("192.0.2.1")), "not_checked");
    CHECK_TEXT(hookproof_verifier_source_hint(verifier, TEXT("192.0.2.1")), "not_checked");
    CHECK(hookproof_verifier_max_body_bytes(verifier) == UINT64_C(1) << 20);
    hookproof_verifier_free(NULL);
    hookproof_verifier_free(verifier);
    hookproof_keyring_free(keyring);
    hookproof_keyring_free(empty);
}

/* The short form gives the verdicts of the long one. */
static void test_post(void)
{
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    hookproof_result *result = NULL;
    hookproof_result *refused = (hookproof_result *)-1;
    struct call call = fixture_call(verifier, fixture_signed_body(signer));

    CHECK_STATUS(hookproof_verifier_verify_post(verifier, call.header, call.header_len, call.body, call.body_len, NOW,
                                                &result),
                 HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_payload_form(result), "body");
    CHECK_STATUS(hookproof_verifier_verify_post(verifier, call.header, call.header_len, call.body, call.body_len, NOW,
                                                NULL),
                 HOOKPROOF_OK);
    CHECK_STATUS(hookproof_verifier_verify_post(verifier, call.header, call.header_len, NULL, 0, NOW, &refused),
                 HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK(refused != NULL);
    hookproof_result_free(refused);
    CHECK_STATUS(hookproof_verifier_verify_post(verifier, NULL, 0, NULL, 0, NOW, NULL), HOOKPROOF_R_HEADER_MISSING);
    refused = (hookproof_result *)-1;
    CHECK_STATUS(hookproof_verifier_verify_post(NULL, call.header, call.header_len, call.body, call.body_len, NOW,
                                                &refused),
                 HOOKPROOF_E_NULL);
    CHECK(refused == NULL);
    CHECK_STATUS(hookproof_verifier_verify_post(verifier, NULL, 1, call.body, call.body_len, NOW, NULL),
                 HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_verifier_verify_post(verifier, call.header, call.header_len, NULL, 1, NOW, NULL),
                 HOOKPROOF_E_NULL);
    hookproof_result_free(result);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
}

/* A replaced keyring counts from the next request on, and not for one under way. */
static void test_replacement(void)
{
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_keyring *empty = hookproof_keyring_new();
    hookproof_keyring *other = fixture_keyring(OTHER_SECRET);
    hookproof_signer *signer = fixture_signer();
    hookproof_result *pending = NULL;
    struct call call = fixture_call(verifier, fixture_signed_body(signer));

    CHECK_STATUS(call_begin(&call, &pending), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_verifier_replace_keyring(verifier, empty), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_verifier_replace_keyring(verifier, other), HOOKPROOF_OK);
    hookproof_keyring_free(other);
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_SIGNATURE_INVALID);
    /* The verifier goes first: what it began needs it no more. */
    hookproof_verifier_free(verifier);
    CHECK_STATUS(hookproof_result_update(pending, call.body, call.body_len), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_finish(pending, NOW), HOOKPROOF_OK);
    CHECK(hookproof_result_keyring_generation(pending) == 1);
    hookproof_result_free(pending);
    hookproof_signer_free(signer);
    hookproof_keyring_free(empty);
}

static void test_keys_per_call(void)
{
    hookproof_verifier *verifier = NULL;
    hookproof_keyring *keyring = fixture_keyring(SECRET);
    hookproof_keyring *other = fixture_keyring(OTHER_SECRET);
    hookproof_keyring *empty = hookproof_keyring_new();
    hookproof_signer *signer = fixture_signer();
    hookproof_result *result = NULL;
    CHECK_STATUS(hookproof_verifier_new(NULL, NULL, &verifier), HOOKPROOF_OK);
    struct call call = fixture_call(verifier, fixture_signed_body(signer));

    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_KEY_UNAVAILABLE);
    CHECK_STATUS(call_verify_with_keyring(&call, NULL, NULL), HOOKPROOF_R_KEY_UNAVAILABLE);
    CHECK_STATUS(call_verify_with_keyring(&call, empty, NULL), HOOKPROOF_R_KEY_UNKNOWN);
    CHECK_STATUS(call_verify_with_keyring(&call, other, NULL), HOOKPROOF_R_SIGNATURE_INVALID);
    CHECK_STATUS(call_verify_with_keyring(&call, keyring, &result), HOOKPROOF_OK);
    CHECK(hookproof_result_keyring_generation(result) == 0);
    hookproof_result_free(result);
    CHECK_STATUS(call_begin_with_keyring(&call, NULL, &result), HOOKPROOF_R_KEY_UNAVAILABLE);
    hookproof_result_free(result);
    CHECK_STATUS(call_begin_with_keyring(&call, keyring, &result), HOOKPROOF_PENDING_BODY);
    hookproof_keyring_free(keyring);
    CHECK_STATUS(hookproof_result_update(result, call.body, call.body_len), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_OK);
    hookproof_result_free(result);
    hookproof_signer_free(signer);
    hookproof_keyring_free(empty);
    hookproof_keyring_free(other);
    hookproof_verifier_free(verifier);
}

static hookproof_status peek(const hookproof_verifier *verifier, hookproof_str header, char *out, size_t size,
                             size_t *len)
{
    return hookproof_verifier_untrusted_api_key(verifier, header.ptr, header.len, 1, out, size, len);
}

static void test_untrusted_api_key(void)
{
    enum { ENOUGH = HOOKPROOF_MAX_API_KEY_BYTES + 1 };
    char out[ENOUGH + 1];
    char longest[HOOKPROOF_MAX_API_KEY_BYTES + 1];
    size_t len = 7;
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    hookproof_str header = fixture_signed_body(signer);

    CHECK_STATUS(peek(NULL, header, out, ENOUGH, &len), HOOKPROOF_E_NULL);
    CHECK_STATUS(peek(verifier, header, NULL, ENOUGH, &len), HOOKPROOF_E_NULL);
    CHECK_STATUS(peek(verifier, header, NULL, 0, &len), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_verifier_untrusted_api_key(verifier, NULL, 1, 1, out, ENOUGH, &len), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_verifier_untrusted_api_key(verifier, header.ptr, SIZE_MAX, 1, out, ENOUGH, &len),
                 HOOKPROOF_E_ARGUMENT);
    memset(out, 'x', sizeof out);
    CHECK_STATUS(peek(verifier, header, out, 0, &len), HOOKPROOF_E_ARGUMENT);
    CHECK(out[0] == 'x' && len == 0);
    CHECK_STATUS(peek(verifier, header, out, ENOUGH - 1, &len), HOOKPROOF_E_ARGUMENT);
    CHECK(out[0] == '\0' && out[1] == 'x');
    CHECK_STATUS(peek(verifier, header, out, ENOUGH, NULL), HOOKPROOF_OK);
    CHECK_STATUS(peek(verifier, header, out, ENOUGH, &len), HOOKPROOF_OK);
    CHECK(len == strlen(API_KEY) && strcmp(out, API_KEY) == 0);

    CHECK_STATUS(hookproof_verifier_untrusted_api_key(verifier, NULL, 0, 0, out, ENOUGH, &len),
                 HOOKPROOF_R_HEADER_MISSING);
    CHECK(len == 0 && out[0] == '\0');
    CHECK_STATUS(hookproof_verifier_untrusted_api_key(verifier, header.ptr, header.len, 2, out, ENOUGH, &len),
                 HOOKPROOF_R_HEADER_DUPLICATED);
    CHECK_STATUS(hookproof_verifier_untrusted_api_key(verifier, header.ptr, header.len - 1, 1, out, ENOUGH, &len),
                 HOOKPROOF_R_TOKEN_MALFORMED);
    CHECK_STATUS(peek(verifier, fixture_signed_claims(signer, "{}"), out, ENOUGH, &len), HOOKPROOF_R_CLAIMS_MISSING);
    CHECK_STATUS(peek(verifier, fixture_signed_claims(signer, "{\"api_key\":1}"), out, ENOUGH, &len),
                 HOOKPROOF_R_CLAIMS_MALFORMED);
    hookproof_signer_free(signer);

    memset(longest, 'k', sizeof longest);
    memset(out, 'x', sizeof out);
    CHECK_STATUS(hookproof_signer_new(longest, HOOKPROOF_MAX_API_KEY_BYTES, TEXT(SECRET), &signer), HOOKPROOF_OK);
    CHECK_STATUS(peek(verifier, fixture_signed_body(signer), out, ENOUGH, &len), HOOKPROOF_OK);
    CHECK(len == HOOKPROOF_MAX_API_KEY_BYTES && memcmp(out, longest, len) == 0);
    CHECK(out[ENOUGH - 1] == '\0' && out[ENOUGH] == 'x');
    hookproof_signer_free(signer);
    CHECK_STATUS(hookproof_signer_new(longest, sizeof longest, TEXT(SECRET), &signer), HOOKPROOF_OK);
    CHECK_STATUS(peek(verifier, fixture_signed_body(signer), out, ENOUGH, &len), HOOKPROOF_R_CLAIMS_MALFORMED);
    CHECK(len == 0 && out[0] == '\0');
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
}

static void test_networks(void)
{
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_use_published_networks(NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_add_network(NULL, TEXT("192.0.2.0/24")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_add_network(policy, NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_add_network(policy, TEXT("192.0.2.0/33")), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_use_published_networks(policy), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_add_network(policy, TEXT("192.0.2.0/24")), HOOKPROOF_OK);
    hookproof_verifier *verifier = fixture_verifier(policy);
    CHECK_TEXT(hookproof_verifier_source_hint(verifier, TEXT("192.0.2.1")), "added");
    CHECK_TEXT(hookproof_verifier_source_hint(verifier, TEXT("::ffff:169.63.86.164")), "published");
    CHECK_TEXT(hookproof_verifier_source_hint(verifier, TEXT("[::ffff:169.63.86.164]:5000")), "published");
    CHECK_TEXT(hookproof_verifier_source_hint(verifier, TEXT("203.0.113.1")), "elsewhere");
    CHECK_TEXT(hookproof_verifier_source_hint(verifier, TEXT("\xff")), "unreadable");
    CHECK_TEXT(hookproof_verifier_source_hint(verifier, NULL, 0), "unreadable");
    CHECK_TEXT(hookproof_verifier_source_hint(verifier, NULL, 1), "unreadable");
    hookproof_verifier_free(verifier);
    hookproof_policy_free(policy);
}

void test_verifier(void)
{
    test_networks();
    test_nulls();
    test_post();
    test_replacement();
    test_keys_per_call();
    test_untrusted_api_key();
}
