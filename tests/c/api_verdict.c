/* The functions that judge a request: their arguments, one by one. */
#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

/* How each of the four functions answers to a call. The two that begin say pending where the others
   judge the body. */
struct answers {
    hookproof_status verify;
    hookproof_status verify_with_keyring;
    hookproof_status begin;
    hookproof_status begin_with_keyring;
};

static struct answers ask(const struct call *call, const hookproof_keyring *keyring)
{
    struct answers answers;
    hookproof_result *results[4];
    /* Every path must set the out-parameter. */
    memset(results, 0xff, sizeof results);
    answers.verify = call_verify(call, &results[0]);
    answers.verify_with_keyring = call_verify_with_keyring(call, keyring, &results[1]);
    answers.begin = call_begin(call, &results[2]);
    answers.begin_with_keyring = call_begin_with_keyring(call, keyring, &results[3]);
    const hookproof_status statuses[] = {answers.verify, answers.verify_with_keyring, answers.begin,
                                         answers.begin_with_keyring};
    for (size_t i = 0; i < 4; i++) {
        bool failed = statuses[i] > HOOKPROOF_OK && statuses[i] < HOOKPROOF_PENDING_BODY;
        CHECK((results[i] == NULL) == failed);
        if (!failed)
            CHECK_STATUS(hookproof_result_status(results[i]), statuses[i]);
        hookproof_result_free(results[i]);
    }
    return answers;
}

#define CHECK_HEAD(call, keyring, expected)                                                                            \
    do {                                                                                                               \
        struct answers answers = ask((call), (keyring));                                                               \
        CHECK_STATUS(answers.verify, (expected));                                                                      \
        CHECK_STATUS(answers.verify_with_keyring, (expected));                                                         \
        CHECK_STATUS(answers.begin, (expected) == HOOKPROOF_OK ? HOOKPROOF_PENDING_BODY : (expected));                 \
        CHECK_STATUS(answers.begin_with_keyring, (expected) == HOOKPROOF_OK ? HOOKPROOF_PENDING_BODY : (expected));    \
    } while (0)

static void test_pointers(const struct call *good, const hookproof_keyring *keyring)
{
    struct call call = *good;
    CHECK_HEAD(&call, keyring, HOOKPROOF_OK);
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_OK);
    CHECK_STATUS(call_verify_with_keyring(&call, keyring, NULL), HOOKPROOF_OK);
    CHECK_STATUS(call_begin(&call, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(call_begin_with_keyring(&call, keyring, NULL), HOOKPROOF_E_NULL);
    call.verifier = NULL;
    CHECK_HEAD(&call, keyring, HOOKPROOF_E_NULL);

    /* Each pointer with a length that it cannot have, then absent. */
    const size_t lengths[] = {1, SIZE_MAX};
    for (size_t i = 0; i < 2; i++) {
        call = *good;
        call.method = NULL, call.method_len = lengths[i];
        CHECK_HEAD(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.header = NULL, call.header_len = lengths[i];
        CHECK_HEAD(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.query = NULL, call.query_len = lengths[i];
        CHECK_HEAD(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.route = NULL, call.route_len = lengths[i];
        CHECK_HEAD(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.account = NULL, call.account_len = lengths[i];
        CHECK_HEAD(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.body = NULL, call.body_len = lengths[i];
        CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_E_NULL);
        CHECK_STATUS(call_verify_with_keyring(&call, keyring, NULL), HOOKPROOF_E_NULL);
    }
    call = *good;
    call.method_len = SIZE_MAX;
    CHECK_HEAD(&call, keyring, HOOKPROOF_E_ARGUMENT);
    call = *good;
    call.header_len = SIZE_MAX;
    CHECK_HEAD(&call, keyring, HOOKPROOF_E_ARGUMENT);
    call = *good;
    call.query = "", call.query_len = SIZE_MAX;
    CHECK_HEAD(&call, keyring, HOOKPROOF_E_ARGUMENT);
    call = *good;
    call.route = "", call.route_len = SIZE_MAX;
    CHECK_HEAD(&call, keyring, HOOKPROOF_E_ARGUMENT);
    call = *good;
    call.account = "", call.account_len = SIZE_MAX;
    CHECK_HEAD(&call, keyring, HOOKPROOF_E_ARGUMENT);
    call = *good;
    call.body_len = SIZE_MAX;
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(call_verify_with_keyring(&call, keyring, NULL), HOOKPROOF_E_ARGUMENT);
}

static void test_empty_values(const struct call *good, const hookproof_keyring *keyring)
{
    struct call call = *good;
    call.method = NULL, call.method_len = 0;
    CHECK_HEAD(&call, keyring, HOOKPROOF_R_REQUEST_UNSUPPORTED);
    call = *good;
    call.header = NULL, call.header_len = 0;
    CHECK_HEAD(&call, keyring, HOOKPROOF_R_HEADER_MISSING);
    call = *good;
    call.header_len = 0;
    CHECK_HEAD(&call, keyring, HOOKPROOF_R_HEADER_MISSING);
    call = *good;
    call.header_count = 0;
    CHECK_HEAD(&call, keyring, HOOKPROOF_R_HEADER_MISSING);
    call = *good;
    call.header_count = SIZE_MAX;
    CHECK_HEAD(&call, keyring, HOOKPROOF_R_HEADER_DUPLICATED);
    call = *good;
    call.query = "", call.route = "";
    CHECK_HEAD(&call, keyring, HOOKPROOF_OK);
    call = *good;
    call.query = "a=\xff", call.query_len = 3, call.route = "\xff", call.route_len = 1;
    CHECK_HEAD(&call, keyring, HOOKPROOF_OK);
    call = *good;
    call.body = NULL, call.body_len = 0;
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_PAYLOAD_MISMATCH);
    call = *good;
    call.account = API_KEY, call.account_len = strlen(API_KEY);
    CHECK_HEAD(&call, keyring, HOOKPROOF_OK);
    call.account = "a1b2c3d5";
    CHECK_HEAD(&call, keyring, HOOKPROOF_R_KEY_MISMATCH);
    /* Empty and meant: an endpoint whose account was not configured serves nobody. */
    call.account = "", call.account_len = 0;
    CHECK_HEAD(&call, keyring, HOOKPROOF_R_KEY_MISMATCH);
}

static void test_body(const struct call *good, const hookproof_keyring *keyring)
{
    struct call call = *good;
    call.body = BODY " ", call.body_len = sizeof BODY;
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK_STATUS(call_verify_with_keyring(&call, keyring, NULL), HOOKPROOF_R_PAYLOAD_MISMATCH);
    call = *good;
    call.declared_len = UINT64_C(1) << 20;
    CHECK_STATUS(ask(&call, keyring).begin, HOOKPROOF_PENDING_BODY);
    call.declared_len = (UINT64_C(1) << 20) + 1;
    CHECK_STATUS(ask(&call, keyring).begin, HOOKPROOF_R_PAYLOAD_TOO_LARGE);
    CHECK_STATUS(ask(&call, keyring).begin_with_keyring, HOOKPROOF_R_PAYLOAD_TOO_LARGE);
    call.declared_len = UINT64_MAX - 1;
    CHECK_STATUS(ask(&call, keyring).begin, HOOKPROOF_R_PAYLOAD_TOO_LARGE);
}

static void test_empty_body(const struct call *good)
{
    hookproof_signer *signer = fixture_signer();
    struct call call = *good;
    CHECK_STATUS(hookproof_signer_sign_body(signer, NULL, 0, NOW, TEXT(JTI)), HOOKPROOF_OK);
    hookproof_str header = hookproof_signer_header(signer);
    call.header = header.ptr, call.header_len = header.len;
    call.body = NULL, call.body_len = 0;
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_OK);
    call.body = "";
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_OK);
    hookproof_signer_free(signer);
}

void test_verdict(void)
{
    hookproof_keyring *keyring = fixture_keyring(SECRET);
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    struct call good = fixture_call(verifier, fixture_signed_body(signer));
    test_pointers(&good, keyring);
    test_empty_values(&good, keyring);
    test_body(&good, keyring);
    test_empty_body(&good);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    hookproof_keyring_free(keyring);
}
