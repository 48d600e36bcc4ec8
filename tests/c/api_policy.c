#include "api.h"
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

static void test_nulls(void)
{
    hookproof_policy *policy = hookproof_policy_new();
    CHECK(policy != NULL);
    CHECK_STATUS(hookproof_policy_set_max_age(NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_leeway(NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_max_header_bytes(NULL, 256), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_max_body_bytes(NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_header_name(NULL, TEXT("X-Name")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_header_name(policy, NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_expected_issuer(NULL, TEXT("Vonage")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_expected_issuer(policy, NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_add_body_method(NULL, TEXT("DELETE")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_add_body_method(policy, NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_advice(NULL, HOOKPROOF_ADVICE_LOSSLESS), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_retry_status(NULL, 503), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_dangerously_allow_missing_payload_hash(NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_set_lease(NULL, 30), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_dangerously_accept_and_flag_store_failures(NULL), HOOKPROOF_E_NULL);
    CHECK_TEXT(hookproof_policy_error(NULL), "");
    hookproof_policy_free(NULL);
    hookproof_policy_free(policy);
}

static void test_limits(void)
{
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_TEXT(hookproof_policy_error(policy), "");
    CHECK_STATUS(hookproof_policy_set_max_age(policy, 604800), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_max_age(policy, 604801), HOOKPROOF_E_CONFIG);
    CHECK(hookproof_policy_error(policy).len > 0);
    CHECK_STATUS(hookproof_policy_set_max_age(policy, UINT32_MAX), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_max_age(policy, HOOKPROOF_RETRY_WINDOW), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_policy_error(policy), "");
    CHECK_STATUS(hookproof_policy_set_leeway(policy, 0), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_leeway(policy, 3600), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_leeway(policy, 3601), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_lease(policy, 1), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_lease(policy, 3600), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_lease(policy, 0), HOOKPROOF_E_CONFIG);
    CHECK(hookproof_policy_error(policy).len > 0);
    CHECK_STATUS(hookproof_policy_set_lease(policy, 3601), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_dangerously_accept_and_flag_store_failures(policy), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_max_header_bytes(policy, 256), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_max_header_bytes(policy, 255), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_max_header_bytes(policy, 65536), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_max_header_bytes(policy, 65537), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_max_header_bytes(policy, SIZE_MAX), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_max_body_bytes(policy, 0), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_max_body_bytes(policy, UINT64_C(1) << 30), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_max_body_bytes(policy, (UINT64_C(1) << 30) + 1), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_header_name(policy, NULL, 0), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_header_name(policy, TEXT("two words")), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_header_name(policy, TEXT("X-Name\r\n")), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_header_name(policy, TEXT("\xff")), HOOKPROOF_E_UTF8);
    CHECK_STATUS(hookproof_policy_set_header_name(policy, "X", SIZE_MAX), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_policy_set_expected_issuer(policy, NULL, 0), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_expected_issuer(policy, TEXT("\xff")), HOOKPROOF_E_UTF8);
    CHECK_STATUS(hookproof_policy_add_body_method(policy, NULL, 0), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_add_body_method(policy, TEXT("GE T")), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_advice(policy, HOOKPROOF_ADVICE_CONVENTIONAL), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_advice(policy, 2), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_policy_set_advice(policy, -1), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_policy_set_retry_status(policy, 429), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_retry_status(policy, 503), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_retry_status(policy, 500), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_retry_status(policy, 200), HOOKPROOF_E_CONFIG);
    CHECK(hookproof_policy_set_retry_status(policy, -1) != HOOKPROOF_OK);
    CHECK(hookproof_policy_set_retry_status(policy, 65536 + 503) != HOOKPROOF_OK);
    hookproof_policy_free(policy);
}

/* The status of a token with these claims at this time, under this policy. */
static hookproof_status judge(const hookproof_policy *policy, const char *claims, int64_t now)
{
    hookproof_verifier *verifier = fixture_verifier(policy);
    hookproof_signer *signer = fixture_signer();
    struct call call = fixture_call(verifier, fixture_signed_claims(signer, claims));
    call.now = now;
    hookproof_status status = call_verify(&call, NULL);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    return status;
}

/* Claims for an empty policy that does not ask for a hash: issued at NOW, and more. */
static hookproof_status judge_unhashed(const hookproof_policy *policy, const char *more, int64_t now)
{
    char claims[256];
    snprintf(claims, sizeof claims, "{\"api_key\":\"" API_KEY "\",\"jti\":\"j\",\"iat\":1767225600%s}", more);
    return judge(policy, claims, now);
}

#define ISS ",\"iss\":\"Vonage\""

static void test_time(void)
{
    static const struct {
        uint32_t max_age, leeway;
        const char *more;
        int64_t now;
        hookproof_status status;
    } cases[] = {
        {300, 60, ISS, NOW + 300, HOOKPROOF_OK},
        {300, 60, ISS, NOW + 301, HOOKPROOF_R_TIME_STALE},
        {300, 60, ISS, NOW - 60, HOOKPROOF_OK},
        {300, 60, ISS, NOW - 61, HOOKPROOF_R_TIME_FUTURE},
        {0, 0, ISS, NOW, HOOKPROOF_OK},
        {0, 0, ISS, NOW + 1, HOOKPROOF_R_TIME_STALE},
        {0, 0, ISS, NOW - 1, HOOKPROOF_R_TIME_FUTURE},
        {HOOKPROOF_RETRY_WINDOW, 60, ISS, NOW + HOOKPROOF_RETRY_WINDOW, HOOKPROOF_OK},
        {300, 60, ISS ",\"exp\":1767225610", NOW + 9, HOOKPROOF_OK},
        {300, 60, ISS ",\"exp\":1767225610", NOW + 10, HOOKPROOF_R_TIME_EXPIRED},
        {300, 60, ISS ",\"nbf\":1767225670", NOW + 10, HOOKPROOF_OK},
        {300, 60, ISS ",\"nbf\":1767225670", NOW + 9, HOOKPROOF_R_TIME_NOT_YET_VALID},
        {300, 60, ISS ",\"nbf\":253402300799", NOW, HOOKPROOF_R_TIME_NOT_YET_VALID},
        {300, 60, ISS ",\"nbf\":253402300800", NOW, HOOKPROOF_R_CLAIMS_MALFORMED},
        {300, 60, ISS ",\"exp\":\"1767225610\"", NOW, HOOKPROOF_R_CLAIMS_MALFORMED},
        {300, 60, ISS, INT64_MAX, HOOKPROOF_R_TIME_STALE},
        {300, 60, ISS, INT64_MIN, HOOKPROOF_R_TIME_FUTURE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hookproof_policy *policy = hookproof_policy_new();
        CHECK_STATUS(hookproof_policy_dangerously_allow_missing_payload_hash(policy), HOOKPROOF_OK);
        CHECK_STATUS(hookproof_policy_set_max_age(policy, cases[i].max_age), HOOKPROOF_OK);
        CHECK_STATUS(hookproof_policy_set_leeway(policy, cases[i].leeway), HOOKPROOF_OK);
        CHECK_STATUS(judge_unhashed(policy, cases[i].more, cases[i].now), cases[i].status);
        hookproof_policy_free(policy);
    }
}

static void test_choices(void)
{
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(judge_unhashed(policy, ISS, NOW), HOOKPROOF_R_CLAIMS_MISSING);
    CHECK_STATUS(hookproof_policy_dangerously_allow_missing_payload_hash(policy), HOOKPROOF_OK);
    CHECK_STATUS(judge_unhashed(policy, ISS, NOW), HOOKPROOF_OK);
    /* A hash that is there counts all the same. */
    CHECK_STATUS(judge_unhashed(policy, ISS ",\"payload_hash\":\"0000000000000000000000000000000000000000000000000000"
                                            "000000000000\"",
                                NOW),
                 HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK_STATUS(judge_unhashed(policy, ",\"iss\":\"vonage\"", NOW), HOOKPROOF_R_ISSUER_MISMATCH);
    CHECK_STATUS(hookproof_policy_set_expected_issuer(policy, TEXT("vonage")), HOOKPROOF_OK);
    CHECK_STATUS(judge_unhashed(policy, ",\"iss\":\"vonage\"", NOW), HOOKPROOF_OK);
    CHECK_STATUS(judge_unhashed(policy, ISS, NOW), HOOKPROOF_R_ISSUER_MISMATCH);
    CHECK_STATUS(hookproof_policy_set_header_name(policy, TEXT("X-Signed-By")), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_max_body_bytes(policy, 5), HOOKPROOF_OK);

    hookproof_verifier *verifier = fixture_verifier(policy);
    CHECK_TEXT(hookproof_verifier_header_name(verifier), "X-Signed-By");
    CHECK(hookproof_verifier_max_body_bytes(verifier) == 5);
    /* The verifier keeps its own copy. */
    CHECK_STATUS(hookproof_policy_set_max_body_bytes(policy, 6), HOOKPROOF_OK);
    hookproof_policy_free(policy);
    CHECK(hookproof_verifier_max_body_bytes(verifier) == 5);
    hookproof_verifier_free(verifier);
}

static void test_methods(void)
{
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_add_body_method(policy, TEXT("DELETE")), HOOKPROOF_OK);
    hookproof_verifier *verifier = fixture_verifier(policy);
    hookproof_signer *signer = fixture_signer();
    struct call call = fixture_call(verifier, fixture_signed_body(signer));
    static const char *const taken[] = {"POST", "PUT", "PATCH", "DELETE"};
    static const char *const refused[] = {"post", "Post", "", "POST ", "delete", "OPTIONS", "\xff"};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        call.method = taken[i];
        call.method_len = strlen(taken[i]);
        CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_OK);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        call.method = refused[i];
        call.method_len = strlen(refused[i]);
        CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_REQUEST_UNSUPPORTED);
    }
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    hookproof_policy_free(policy);
}

/* The HTTP status and the delay that results advise for a token with another secret's signature. */
static void test_advice(void)
{
    static const struct {
        int32_t advice, retry_status, http_status;
        uint32_t retry_after;
    } cases[] = {
        {HOOKPROOF_ADVICE_LOSSLESS, 503, 503, 5},
        {HOOKPROOF_ADVICE_LOSSLESS, 429, 429, 5},
        {HOOKPROOF_ADVICE_CONVENTIONAL, 503, 401, 0},
    };
    hookproof_signer *signer = NULL;
    CHECK_STATUS(hookproof_signer_new(TEXT(API_KEY), TEXT(OTHER_SECRET), &signer), HOOKPROOF_OK);
    hookproof_str header = fixture_signed_body(signer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hookproof_policy *policy = hookproof_policy_new();
        hookproof_result *result = NULL;
        CHECK_STATUS(hookproof_policy_set_advice(policy, cases[i].advice), HOOKPROOF_OK);
        CHECK_STATUS(hookproof_policy_set_retry_status(policy, cases[i].retry_status), HOOKPROOF_OK);
        hookproof_verifier *verifier = fixture_verifier(policy);
        struct call call = fixture_call(verifier, header);
        CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_SIGNATURE_INVALID);
        CHECK(hookproof_result_http_status(result) == cases[i].http_status);
        CHECK(hookproof_result_retry_after(result) == cases[i].retry_after);
        CHECK(hookproof_result_sender_retries(result) == (cases[i].retry_after > 0));
        hookproof_result_free(result);
        hookproof_verifier_free(verifier);
        hookproof_policy_free(policy);
    }
    hookproof_signer_free(signer);
}

void test_policy(void)
{
    test_nulls();
    test_limits();
    test_time();
    test_choices();
    test_methods();
    test_advice();
}
