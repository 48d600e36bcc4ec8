/* No text that leaves the library holds a secret, a token's signature or a body. */
#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

static const char *signature_of(hookproof_str header)
{
    return strrchr(header.ptr, '.') + 1;
}

static void check_text_holds_nothing(hookproof_str text, const char *signature)
{
    CHECK(text.ptr != NULL && text.ptr[text.len] == '\0');
    CHECK(strstr(text.ptr, "unmistakable") == NULL);
    CHECK(strstr(text.ptr, "quite-different") == NULL);
    CHECK(strstr(text.ptr, "body of the request") == NULL);
    CHECK(signature == NULL || strstr(text.ptr, signature) == NULL);
}

static void check_result_holds_nothing(const hookproof_result *result, const char *signature)
{
    check_text_holds_nothing(hookproof_result_detail(result), signature);
    check_text_holds_nothing(hookproof_result_untrusted_api_key(result), signature);
    check_text_holds_nothing(hookproof_result_key_label(result), signature);
    check_text_holds_nothing(hookproof_result_claims_json(result), signature);
    for (size_t i = 0; i < hookproof_result_lint_count(result); i++)
        check_text_holds_nothing(hookproof_result_lint(result, i), signature);
}

static void test_keyring_texts(void)
{
    static const char duplicate[] =
        "{\"version\": 1, \"accounts\": [{\"api_key\": \"b1\", \"secrets\": [{\"label\": \"p\", \"secret\": \"" SECRET
        "\"}, {\"label\": \"p\", \"secret\": \"" OTHER_SECRET "\"}]}]}";
    static const char misplaced[] =
        "{\"version\": 1, \"accounts\": [{\"api_key\": \"b1\", \"secrets\": [\"" SECRET "\"]}]}";
    static const char unknown[] = "{\"version\": 1, \"accounts\": [], \"" SECRET "\": 1}";
    static const char base64[] =
        "{\"version\": 1, \"accounts\": [{\"api_key\": \"b1\", \"secrets\": [{\"label\": \"p\", \"secret_base64\": "
        "\"" SECRET "\"}]}]}";
    static const char unfinished[] = "{\"version\": 1, \"accounts\": [{\"secret\": \"" SECRET;
    static const char *const texts[] = {duplicate, misplaced, unknown, base64, unfinished};
    hookproof_keyring *keyring = fixture_keyring(SECRET);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CHECK_STATUS(hookproof_keyring_add_json(keyring, texts[i], strlen(texts[i])), HOOKPROOF_E_CONFIG);
        CHECK(hookproof_keyring_error(keyring).len > 0);
        check_text_holds_nothing(hookproof_keyring_error(keyring), NULL);
    }
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT(LABEL), TEXT(OTHER_SECRET)),
                 HOOKPROOF_E_CONFIG);
    check_text_holds_nothing(hookproof_keyring_error(keyring), NULL);
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT("quoted"), TEXT("\"" SECRET "\" \n")),
                 HOOKPROOF_OK);
    CHECK(hookproof_keyring_lint_count(keyring) > 0);
    for (size_t i = 0; i < hookproof_keyring_lint_count(keyring); i++)
        check_text_holds_nothing(hookproof_keyring_lint(keyring, i), NULL);
    hookproof_keyring_free(keyring);
}

static void test_result_texts(void)
{
    hookproof_keyring *keyring = hookproof_keyring_new();
    hookproof_verifier *verifier = NULL;
    hookproof_signer *signer = fixture_signer();
    hookproof_result *result = NULL;
    hookproof_str header = fixture_signed_body(signer);
    const char *signature = signature_of(header);

    /* The secret with a newline behind it: the classic mistake, which the refusal names. */
    CHECK_STATUS(hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT(LABEL), TEXT(SECRET "\n")), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_verifier_new(NULL, keyring, &verifier), HOOKPROOF_OK);
    struct call call = fixture_call(verifier, header);
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_SIGNATURE_INVALID);
    CHECK(hookproof_result_lint_count(result) == 1);
    CHECK_TEXT(hookproof_result_lint(result, 0), LABEL ": ends with a newline");
    CHECK_TEXT(hookproof_result_lint(result, 1), "");
    check_result_holds_nothing(result, signature);
    hookproof_result_free(result);
    hookproof_verifier_free(verifier);

    verifier = fixture_verifier(NULL);
    call.verifier = verifier;
    call.body_len--;
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_PAYLOAD_MISMATCH);
    check_result_holds_nothing(result, signature);
    hookproof_result_free(result);
    call.header_len--;
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_TOKEN_MALFORMED);
    check_result_holds_nothing(result, signature);
    hookproof_result_free(result);
    call.header = SECRET, call.header_len = strlen(SECRET);
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_HEADER_MALFORMED);
    check_result_holds_nothing(result, signature);
    hookproof_result_free(result);
    call = fixture_call(verifier, header);
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_OK);
    check_result_holds_nothing(result, signature);
    hookproof_result_free(result);
    hookproof_verifier_free(verifier);
    hookproof_signer_free(signer);
    hookproof_keyring_free(keyring);
}

void test_secrecy(void)
{
    test_keyring_texts();
    test_result_texts();
}
