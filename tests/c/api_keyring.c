#include "api.h"
#include "check.h"
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static void test_nulls(void)
{
    hookproof_keyring *keyring = hookproof_keyring_new();
    CHECK(keyring != NULL);
    CHECK_STATUS(hookproof_keyring_add_secret(NULL, TEXT(API_KEY), TEXT(LABEL), TEXT(SECRET)), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, NULL, 1, TEXT(LABEL), TEXT(SECRET)), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), NULL, 1, TEXT(SECRET)), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT(LABEL), NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_dated_secret(NULL, TEXT(API_KEY), TEXT(LABEL), TEXT(SECRET), 0, 1),
                 HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_dated_secret(keyring, NULL, 1, TEXT(LABEL), TEXT(SECRET), 0, 1),
                 HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_dated_secret(keyring, TEXT(API_KEY), NULL, 1, TEXT(SECRET), 0, 1),
                 HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_dated_secret(keyring, TEXT(API_KEY), TEXT(LABEL), NULL, 1, 0, 1),
                 HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_application_id(NULL, TEXT(API_KEY), TEXT("app")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_application_id(keyring, NULL, 1, TEXT("app")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_application_id(keyring, TEXT(API_KEY), NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_json(NULL, TEXT("{}")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_keyring_add_json(keyring, NULL, 1), HOOKPROOF_E_NULL);
    CHECK(hookproof_keyring_len(keyring) == 0);
    CHECK(hookproof_keyring_len(NULL) == 0);
    CHECK(hookproof_keyring_lint_count(NULL) == 0);
    CHECK_TEXT(hookproof_keyring_lint(NULL, 0), "");
    CHECK_TEXT(hookproof_keyring_error(NULL), "");
    hookproof_keyring_free(NULL);
    hookproof_keyring_free(keyring);
}

static void test_refused_values(void)
{
    hookproof_keyring *keyring = fixture_keyring(SECRET);
    char longest[129];
    memset(longest, 'k', sizeof longest);
    char *large = calloc(1, 4097);

    CHECK_TEXT(hookproof_keyring_error(keyring), "");
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, NULL, 0, TEXT("x"), TEXT(SECRET)), HOOKPROOF_E_CONFIG);
    CHECK(hookproof_keyring_error(keyring).len > 0);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), NULL, 0, TEXT(SECRET)), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT("x"), NULL, 0), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT("x"), "", 0), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT("x"), large, 4097), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT(LABEL), TEXT(OTHER_SECRET)),
                 HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT("a\nb"), TEXT("x"), TEXT(SECRET)), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, longest, 129, TEXT("x"), TEXT(SECRET)), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), longest, 65, TEXT(SECRET)), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT("\xff"), TEXT("x"), TEXT(SECRET)), HOOKPROOF_E_UTF8);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT("\xc3"), TEXT(SECRET)), HOOKPROOF_E_UTF8);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, API_KEY, SIZE_MAX, TEXT("x"), TEXT(SECRET)),
                 HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT("x"), SECRET, SIZE_MAX),
                 HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_keyring_add_dated_secret(keyring, TEXT(API_KEY), TEXT("x"), TEXT(SECRET), 2, 1),
                 HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_application_id(keyring, TEXT("nobody"), TEXT("app")), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_application_id(keyring, TEXT(API_KEY), NULL, 0), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_application_id(keyring, TEXT(API_KEY), TEXT("\xff")), HOOKPROOF_E_UTF8);
    CHECK(hookproof_keyring_len(keyring) == 1);

    CHECK_STATUS(hookproof_keyring_add_secret(keyring, longest, 128, longest, 64, large, 4096), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_keyring_error(keyring), "");
    CHECK_STATUS(hookproof_keyring_add_dated_secret(keyring, TEXT(API_KEY), TEXT("y"), TEXT(SECRET), 1, 1),
                 HOOKPROOF_OK);
    CHECK_STATUS(hookproof_keyring_add_application_id(keyring, TEXT(API_KEY), TEXT("app")), HOOKPROOF_OK);
    CHECK(hookproof_keyring_len(keyring) == 2);
    hookproof_keyring_free(keyring);
    free(large);
}

static void test_json(void)
{
    static const char good[] =
        "{\"version\": 1, \"accounts\": [{\"api_key\": \"b1\", \"secrets\": [{\"label\": \"production\", \"secret\": "
        "\"" SECRET "\"}, {\"label\": \"old\", \"secret_base64\": \"YmFzZTY0\", \"not_before\": 1, \"not_after\": 2}],"
        " \"application_ids\": [\"app\"]}, {\"api_key\": \"b2\", \"secrets\": [{\"label\": \"p\", \"secret\": \"s\"}]}]}";
    static const char *const bad[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"version\": 2, \"accounts\": []}",
        "{\"version\": 1, \"accounts\": [], \"more\": 1}",
        "{\"version\": 1, \"version\": 1, \"accounts\": []}",
        "{\"version\": 1, \"accounts\": [{\"api_key\": \"b3\", \"secrets\": []}]} x",
        /* The first account is good, and must not be added when the second is not. */
        ("{\"version\": 1, \"accounts\": [{\"api_key\": \"b3\", \"secrets\": [{\"label\": \"p\", \"secret\": \"s\"}]},"
         " {\"api_key\": \"b4\", \"secrets\": [{\"label\": \"p\", \"secret\": \"\"}]}]}"),
    };
    hookproof_keyring *keyring = hookproof_keyring_new();
    CHECK_STATUS(hookproof_keyring_add_json(keyring, TEXT(good)), HOOKPROOF_OK);
    CHECK(hookproof_keyring_len(keyring) == 2);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_STATUS(hookproof_keyring_add_json(keyring, bad[i], strlen(bad[i])), HOOKPROOF_E_CONFIG);
        CHECK(hookproof_keyring_error(keyring).len > 0);
        CHECK(hookproof_keyring_len(keyring) == 2);
    }
    CHECK_STATUS(hookproof_keyring_add_json(keyring, NULL, 0), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_keyring_add_json(keyring, TEXT("\xff")), HOOKPROOF_E_UTF8);
    CHECK_STATUS(hookproof_keyring_add_json(keyring, good, SIZE_MAX), HOOKPROOF_E_ARGUMENT);
    hookproof_keyring_free(keyring);
}

static void test_lints(void)
{
    hookproof_keyring *keyring = fixture_keyring(SECRET);
    CHECK(hookproof_keyring_lint_count(keyring) == 0);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT("old"), TEXT(OTHER_SECRET "\n")),
                 HOOKPROOF_OK);
    CHECK(hookproof_keyring_lint_count(keyring) == 1);
    CHECK_TEXT(hookproof_keyring_lint(keyring, 0), API_KEY "/old: ends with a newline");
    CHECK_TEXT(hookproof_keyring_lint(keyring, 1), "");
    CHECK_TEXT(hookproof_keyring_lint(keyring, SIZE_MAX), "");
    hookproof_keyring_free(keyring);
}

/* Both ends of a secret's window are inclusive. */
static void test_window(void)
{
    static const struct {
        int64_t not_before, not_after, now;
        hookproof_status status;
    } cases[] = {
        {NOW, NOW + 10, NOW - 1, HOOKPROOF_R_KEY_INACTIVE},
        {NOW, NOW + 10, NOW, HOOKPROOF_OK},
        {NOW, NOW + 10, NOW + 10, HOOKPROOF_OK},
        {NOW, NOW + 10, NOW + 11, HOOKPROOF_R_KEY_INACTIVE},
        {INT64_MIN, NOW, NOW, HOOKPROOF_OK},
        {INT64_MIN, NOW, NOW + 1, HOOKPROOF_R_KEY_INACTIVE},
        {NOW, INT64_MAX, NOW, HOOKPROOF_OK},
        {NOW, INT64_MAX, NOW - 1, HOOKPROOF_R_KEY_INACTIVE},
        {INT64_MIN, INT64_MAX, NOW, HOOKPROOF_OK},
        {INT64_MIN, INT64_MAX, INT64_MIN, HOOKPROOF_R_TIME_FUTURE},
        {INT64_MIN, INT64_MAX, INT64_MAX, HOOKPROOF_R_TIME_STALE},
    };
    hookproof_signer *signer = fixture_signer();
    hookproof_str header = fixture_signed_body(signer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hookproof_keyring *keyring = hookproof_keyring_new();
        hookproof_verifier *verifier = NULL;
        CHECK_STATUS(hookproof_keyring_add_dated_secret(keyring, TEXT(API_KEY), TEXT(LABEL), TEXT(SECRET),
                                                        cases[i].not_before, cases[i].not_after),
                     HOOKPROOF_OK);
        CHECK_STATUS(hookproof_verifier_new(NULL, keyring, &verifier), HOOKPROOF_OK);
        hookproof_keyring_free(keyring);
        struct call call = fixture_call(verifier, header);
        call.now = cases[i].now;
        CHECK_STATUS(call_verify(&call, NULL), cases[i].status);
        hookproof_verifier_free(verifier);
    }
    hookproof_signer_free(signer);
}

void test_keyring(void)
{
    test_nulls();
    test_refused_values();
    test_json();
    test_lints();
    test_window();
}
