#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

static const char claims[] = "{\"api_key\":\"" API_KEY "\",\"jti\":\"j-1\",\"iss\":\"Vonage\",\"iat\":1767225600,"
                             "\"application_id\":\"app\",\"text\":\"a\\u0000\\u00e9\",\"big\":18446744073709551615,"
                             "\"low\":-5,\"part\":1.5,\"none\":null,\"list\":[1],\"empty\":\"\"}";

/* Everything about claims is empty until the verdict is 0. */
static void check_no_claims(const hookproof_result *result)
{
    hookproof_str text = {0};
    int64_t integer = 7;
    CHECK_TEXT(hookproof_result_api_key(result), "");
    CHECK_TEXT(hookproof_result_jti(result), "");
    CHECK_TEXT(hookproof_result_application_id(result), "");
    CHECK_TEXT(hookproof_result_claims_json(result), "");
    CHECK(hookproof_result_issued_at(result) == 0);
    CHECK_TEXT(hookproof_result_payload_form(result), "");
    CHECK(!hookproof_result_claim_text(result, TEXT("iss"), &text));
    CHECK_TEXT(text, "");
    CHECK(!hookproof_result_claim_integer(result, TEXT("iat"), &integer));
    CHECK(integer == 0);
}

static void test_null(void)
{
    int64_t age = 7;
    CHECK_STATUS(hookproof_result_update(NULL, "x", 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_result_finish(NULL, NOW), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_result_status(NULL), HOOKPROOF_E_NULL);
    CHECK_TEXT(hookproof_result_detail(NULL), "");
    CHECK_TEXT(hookproof_result_untrusted_api_key(NULL), "");
    check_no_claims(NULL);
    CHECK_TEXT(hookproof_result_key_label(NULL), "");
    CHECK(hookproof_result_keyring_generation(NULL) == 0);
    CHECK(!hookproof_result_age_seconds(NULL, &age));
    CHECK(age == 0);
    CHECK(!hookproof_result_age_seconds(NULL, NULL));
    CHECK(hookproof_result_http_status(NULL) == 503);
    CHECK(hookproof_result_sender_retries(NULL));
    CHECK(hookproof_result_retry_after(NULL) == 5);
    CHECK(hookproof_result_lint_count(NULL) == 0);
    CHECK_TEXT(hookproof_result_lint(NULL, 0), "");
    hookproof_result_free(NULL);
}

static void check_accepted(const hookproof_result *result)
{
    hookproof_str text = {0};
    int64_t integer = 7;
    CHECK_STATUS(hookproof_result_status(result), HOOKPROOF_OK);
    CHECK(hookproof_result_detail(result).len > 0);
    CHECK_TEXT(hookproof_result_untrusted_api_key(result), "");
    CHECK_TEXT(hookproof_result_api_key(result), API_KEY);
    CHECK_TEXT(hookproof_result_jti(result), "j-1");
    CHECK_TEXT(hookproof_result_application_id(result), "app");
    CHECK_TEXT(hookproof_result_claims_json(result), claims);
    CHECK(hookproof_result_issued_at(result) == NOW);
    CHECK_TEXT(hookproof_result_key_label(result), LABEL);
    CHECK(hookproof_result_keyring_generation(result) == 1);
    CHECK(hookproof_result_age_seconds(result, &integer) && integer == 10);
    CHECK(hookproof_result_age_seconds(result, NULL));
    CHECK_TEXT(hookproof_result_payload_form(result), "unhashed");
    CHECK(hookproof_result_http_status(result) == 200);
    CHECK(!hookproof_result_sender_retries(result));
    CHECK(hookproof_result_retry_after(result) == 0);
    CHECK(hookproof_result_lint_count(result) == 0);

    CHECK(hookproof_result_claim_text(result, TEXT("iss"), &text));
    CHECK_TEXT(text, "Vonage");
    CHECK(hookproof_result_claim_text(result, TEXT("iss"), NULL));
    CHECK(hookproof_result_claim_text(result, TEXT("text"), &text));
    CHECK(text.len == 4 && memcmp(text.ptr, "a\0\xc3\xa9", 5) == 0);
    CHECK(hookproof_result_claim_text(result, TEXT("empty"), &text));
    CHECK_TEXT(text, "");
    CHECK(hookproof_result_claim_integer(result, TEXT("iat"), &integer) && integer == NOW);
    CHECK(hookproof_result_claim_integer(result, TEXT("iat"), NULL));
}

static void check_other_claims(const hookproof_result *result)
{
    static const char *const no_texts[] = {"iat", "low", "part", "none", "list", "absent", "", "\xff"};
    static const char *const no_integers[] = {"iss", "big", "part", "none", "list", "absent", "", "\xff"};
    for (size_t i = 0; i < sizeof no_texts / sizeof no_texts[0]; i++) {
        hookproof_str text = {0};
        CHECK(!hookproof_result_claim_text(result, no_texts[i], strlen(no_texts[i]), &text));
        CHECK_TEXT(text, "");
    }
    for (size_t i = 0; i < sizeof no_integers / sizeof no_integers[0]; i++) {
        int64_t integer = 7;
        CHECK(!hookproof_result_claim_integer(result, no_integers[i], strlen(no_integers[i]), &integer));
        CHECK(integer == 0);
    }
    CHECK(!hookproof_result_claim_text(result, NULL, 0, NULL));
    CHECK(!hookproof_result_claim_text(result, NULL, 1, NULL));
    CHECK(!hookproof_result_claim_integer(result, NULL, 0, NULL));
    CHECK(!hookproof_result_claim_integer(result, NULL, 1, NULL));
    int64_t low = 0;
    CHECK(hookproof_result_claim_integer(result, TEXT("low"), &low) && low == -5);
}

static void test_accepted(void)
{
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_dangerously_allow_missing_payload_hash(policy), HOOKPROOF_OK);
    hookproof_verifier *verifier = fixture_verifier(policy);
    hookproof_signer *signer = fixture_signer();
    hookproof_result *result = NULL;
    struct call call = fixture_call(verifier, fixture_signed_claims(signer, claims));
    call.now = NOW + 10;
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_OK);
    /* A result needs no other handle. */
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    hookproof_policy_free(policy);
    check_accepted(result);
    check_other_claims(result);
    hookproof_result_free(result);
}

static void test_refused(void)
{
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    hookproof_result *result = NULL;
    int64_t age = 7;
    struct call call = fixture_call(verifier, fixture_signed_body(signer));

    call.now = NOW + 301;
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_TIME_STALE);
    check_no_claims(result);
    CHECK_TEXT(hookproof_result_untrusted_api_key(result), API_KEY);
    CHECK_TEXT(hookproof_result_key_label(result), LABEL);
    CHECK(hookproof_result_keyring_generation(result) == 1);
    CHECK(hookproof_result_age_seconds(result, &age) && age == 301);
    CHECK(hookproof_result_http_status(result) == 503);
    CHECK(hookproof_result_sender_retries(result));
    CHECK(hookproof_result_retry_after(result) == 5);
    CHECK(strncmp(hookproof_result_detail(result).ptr, "time.stale", 10) == 0);
    hookproof_result_free(result);

    call.header_len--;
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_TOKEN_MALFORMED);
    check_no_claims(result);
    CHECK_TEXT(hookproof_result_untrusted_api_key(result), "");
    CHECK_TEXT(hookproof_result_key_label(result), "");
    CHECK(!hookproof_result_age_seconds(result, &age) && age == 0);
    CHECK(hookproof_result_http_status(result) == 401);
    CHECK(!hookproof_result_sender_retries(result));
    CHECK(hookproof_result_retry_after(result) == 0);
    CHECK_STATUS(hookproof_result_update(result, "x", 1), HOOKPROOF_E_STATE);
    CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_R_TOKEN_MALFORMED);
    CHECK_STATUS(hookproof_result_status(result), HOOKPROOF_R_TOKEN_MALFORMED);
    hookproof_result_free(result);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
}

/* What an api_key of a stranger does to the log: escaped and bounded. */
static void test_untrusted_text(void)
{
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    hookproof_result *result = NULL;
    struct call call =
        fixture_call(verifier, fixture_signed_claims(signer, "{\"api_key\":\"a\\u009b\\u202e\\u2028\\\"z\"}"));
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_KEY_UNKNOWN);
    const hookproof_str texts[] = {hookproof_result_untrusted_api_key(result), hookproof_result_detail(result)};
    for (size_t i = 0; i < 2; i++)
        for (size_t at = 0; at < texts[i].len; at++)
            CHECK(texts[i].ptr[at] >= ' ' && texts[i].ptr[at] < 0x7f);
    CHECK(texts[0].len > 0);
    hookproof_result_free(result);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
}

static void test_streaming(void)
{
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    hookproof_result *result = NULL;
    int64_t age = 7;
    struct call call = fixture_call(verifier, fixture_signed_body(signer));

    CHECK_STATUS(call_begin(&call, &result), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_status(result), HOOKPROOF_PENDING_BODY);
    check_no_claims(result);
    CHECK(hookproof_result_detail(result).len > 0);
    CHECK(!hookproof_result_age_seconds(result, &age));
    CHECK(hookproof_result_http_status(result) == 503);
    CHECK(hookproof_result_sender_retries(result));
    CHECK_STATUS(hookproof_result_update(result, NULL, 0), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_update(result, "", 0), HOOKPROOF_PENDING_BODY);
    /* A call that fails feeds nothing and decides nothing. */
    CHECK_STATUS(hookproof_result_update(result, NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_result_update(result, BODY, SIZE_MAX), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_result_update(result, BODY, 5), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_update(result, &BODY[5], sizeof BODY - 6), HOOKPROOF_PENDING_BODY);
    check_no_claims(result);
    CHECK_STATUS(hookproof_result_finish(result, NOW + 300), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_jti(result), JTI);
    CHECK_TEXT(hookproof_result_payload_form(result), "body");
    CHECK(hookproof_result_age_seconds(result, &age) && age == 300);
    CHECK_STATUS(hookproof_result_update(result, NULL, 0), HOOKPROOF_E_STATE);
    CHECK_STATUS(hookproof_result_finish(result, NOW + 1000), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_result_status(result), HOOKPROOF_OK);
    hookproof_result_free(result);

    /* A body that took longer than the window is stale, and stays so. */
    CHECK_STATUS(call_begin(&call, &result), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_update(result, call.body, call.body_len), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_finish(result, NOW + 301), HOOKPROOF_R_TIME_STALE);
    CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_R_TIME_STALE);
    check_no_claims(result);
    hookproof_result_free(result);

    /* Finished before the body came. */
    CHECK_STATUS(call_begin(&call, &result), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK_STATUS(hookproof_result_update(result, call.body, call.body_len), HOOKPROOF_E_STATE);
    CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_R_PAYLOAD_MISMATCH);
    hookproof_result_free(result);

    /* Given up. */
    CHECK_STATUS(call_begin(&call, &result), HOOKPROOF_PENDING_BODY);
    hookproof_result_free(result);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
}

static void test_large_body(void)
{
    static char body[1001];
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_set_max_body_bytes(policy, sizeof body - 1), HOOKPROOF_OK);
    hookproof_verifier *verifier = fixture_verifier(policy);
    hookproof_signer *signer = fixture_signer();
    hookproof_result *result = NULL;

    CHECK_STATUS(hookproof_signer_sign_body(signer, body, sizeof body - 1, NOW, TEXT(JTI)), HOOKPROOF_OK);
    struct call call = fixture_call(verifier, hookproof_signer_header(signer));
    call.body = body, call.body_len = sizeof body - 1;
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_signer_sign_body(signer, body, sizeof body, NOW, TEXT(JTI)), HOOKPROOF_OK);
    call = fixture_call(verifier, hookproof_signer_header(signer));
    call.body = body, call.body_len = sizeof body;
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_PAYLOAD_TOO_LARGE);
    CHECK_STATUS(call_begin(&call, &result), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_update(result, body, sizeof body - 1), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_update(result, body, 1), HOOKPROOF_R_PAYLOAD_TOO_LARGE);
    CHECK(hookproof_result_http_status(result) == 413);
    CHECK_STATUS(hookproof_result_update(result, body, 1), HOOKPROOF_E_STATE);
    CHECK_STATUS(hookproof_result_finish(result, NOW + 1000), HOOKPROOF_R_PAYLOAD_TOO_LARGE);
    hookproof_result_free(result);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    hookproof_policy_free(policy);
}

static void test_applications(void)
{
    hookproof_keyring *keyring = fixture_keyring(SECRET);
    hookproof_verifier *verifier = NULL;
    hookproof_signer *signer = fixture_signer();
    CHECK_STATUS(hookproof_keyring_add_application_id(keyring, TEXT(API_KEY), TEXT("one")), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_keyring_add_application_id(keyring, TEXT(API_KEY), TEXT("two")), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_verifier_new(NULL, keyring, &verifier), HOOKPROOF_OK);
    static const struct {
        const char *application_id;
        hookproof_status status;
    } cases[] = {
        {NULL, HOOKPROOF_R_CLAIMS_MISSING},
        {"one", HOOKPROOF_OK},
        {"two", HOOKPROOF_OK},
        {"ONE", HOOKPROOF_R_APPLICATION_MISMATCH},
        {"", HOOKPROOF_R_APPLICATION_MISMATCH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *id = cases[i].application_id;
        if (id != NULL)
            CHECK_STATUS(hookproof_signer_set_application_id(signer, id, strlen(id)), HOOKPROOF_OK);
        struct call call = fixture_call(verifier, fixture_signed_body(signer));
        CHECK_STATUS(call_verify(&call, NULL), cases[i].status);
    }
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    hookproof_keyring_free(keyring);
}

void test_result(void)
{
    test_null();
    test_accepted();
    test_refused();
    test_untrusted_text();
    test_streaming();
    test_large_body();
    test_applications();
}
