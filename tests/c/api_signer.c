#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

void test_signer(void)
{
    hookproof_signer *signer = (hookproof_signer *)-1;
    CHECK_STATUS(hookproof_signer_new(TEXT(API_KEY), TEXT(SECRET), NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_new(NULL, 1, TEXT(SECRET), &signer), HOOKPROOF_E_NULL);
    CHECK(signer == NULL);
    CHECK_STATUS(hookproof_signer_new(TEXT(API_KEY), NULL, 1, &signer), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_new(TEXT("\xff"), TEXT(SECRET), &signer), HOOKPROOF_E_UTF8);
    CHECK_STATUS(hookproof_signer_new(TEXT(API_KEY), SECRET, SIZE_MAX, &signer), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_signer_new(TEXT(API_KEY), NULL, 0, &signer), HOOKPROOF_E_CONFIG);
    CHECK(signer == NULL);

    CHECK_STATUS(hookproof_signer_set_application_id(NULL, TEXT("app")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_sign_body(NULL, TEXT(BODY), NOW, TEXT(JTI)), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_sign_claims(NULL, TEXT("{}")), HOOKPROOF_E_NULL);
    CHECK_TEXT(hookproof_signer_header(NULL), "");
    hookproof_signer_free(NULL);

    signer = fixture_signer();
    CHECK_TEXT(hookproof_signer_header(signer), "");
    CHECK_STATUS(hookproof_signer_set_application_id(signer, NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_set_application_id(signer, TEXT("\xff")), HOOKPROOF_E_UTF8);
    CHECK_STATUS(hookproof_signer_sign_body(signer, NULL, 1, NOW, TEXT(JTI)), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_sign_body(signer, TEXT(BODY), NOW, NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_sign_body(signer, TEXT(BODY), NOW, TEXT("\xff")), HOOKPROOF_E_UTF8);
    CHECK_STATUS(hookproof_signer_sign_claims(signer, NULL, 1), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_sign_claims(signer, "{}", SIZE_MAX), HOOKPROOF_E_ARGUMENT);
    CHECK_TEXT(hookproof_signer_header(signer), "");

    /* Any bytes are signed, so that a test can hand over what must be refused. */
    hookproof_verifier *verifier = fixture_verifier(NULL);
    const struct {
        const char *claims;
        size_t len;
    } refused[] = {{NULL, 0}, {TEXT("\xff\xfe")}, {TEXT("[]")}, {TEXT("{")}};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        CHECK_STATUS(hookproof_signer_sign_claims(signer, refused[i].claims, refused[i].len), HOOKPROOF_OK);
        struct call call = fixture_call(verifier, hookproof_signer_header(signer));
        CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_TOKEN_MALFORMED);
    }
    CHECK(strncmp(hookproof_signer_header(signer).ptr, "Bearer ey", 9) == 0);
    hookproof_verifier_free(verifier);
    hookproof_signer_free(signer);
}
