#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

#define PARAMETERS "msisdn=447700900321&to=447700900555&messageId=0C00000012AB34CD&text=Hi+%26+all&type=text"
#define NONCE "9d3a4c1e-0f5b-4a52-9c55-1f2f8f0f7c01"

static const char *const methods[] = {"md5hash", "md5", "sha1", "sha256", "sha512"};

static hookproof_verifier *verifier_of(const char *method, bool nonce_required)
{
    char profile[32] = "sms_";
    strcat(profile, method);
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_set_profile(policy, profile, strlen(profile)), HOOKPROOF_OK);
    if (!nonce_required)
        CHECK_STATUS(hookproof_policy_dangerously_allow_missing_nonce(policy), HOOKPROOF_OK);
    hookproof_verifier *verifier = fixture_verifier(policy);
    hookproof_policy_free(policy);
    return verifier;
}

/* The signed parameters. Borrowed from the signer. */
static hookproof_str sign(hookproof_signer *signer, const char *method, int32_t carrier, const char *nonce)
{
    CHECK_STATUS(hookproof_signer_sign_sms(signer, method, strlen(method), carrier, TEXT(PARAMETERS), NOW, nonce,
                                           strlen(nonce)),
                 HOOKPROOF_OK);
    return hookproof_signer_header(signer);
}

/* A POST of this body, or a GET of it as the query. */
static struct call call_of(const hookproof_verifier *verifier, hookproof_str payload, bool get)
{
    struct call call = fixture_call(verifier, (hookproof_str){"", 0});
    call.header = NULL;
    call.header_len = call.header_count = 0;
    call.body = get ? NULL : payload.ptr;
    call.body_len = get ? 0 : payload.len;
    if (get) {
        call.method = "GET";
        call.method_len = 3;
        call.query = payload.ptr;
        call.query_len = payload.len;
    }
    return call;
}

static void test_accepted(hookproof_signer *signer)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        hookproof_verifier *verifier = verifier_of(methods[i], true);
        const struct {
            int32_t carrier;
            bool get;
            const char *form;
        } ways[] = {{HOOKPROOF_SMS_FORM, true, "sms_query"},
                    {HOOKPROOF_SMS_FORM, false, "sms_form"},
                    {HOOKPROOF_SMS_JSON, false, "sms_json"}};
        for (size_t way = 0; way < 3; way++) {
            struct call call = call_of(verifier, sign(signer, methods[i], ways[way].carrier, NONCE), ways[way].get);
            hookproof_result *result = NULL;
            CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_OK);
            CHECK_TEXT(hookproof_result_payload_form(result), ways[way].form);
            CHECK_TEXT(hookproof_result_api_key(result), API_KEY);
            CHECK_TEXT(hookproof_result_jti(result), NONCE);
            CHECK_TEXT(hookproof_result_key_label(result), LABEL);
            CHECK(hookproof_result_issued_at(result) == NOW);
            CHECK(hookproof_result_query_count(result) == 8);
            hookproof_str text;
            CHECK(hookproof_result_claim_text(result, TEXT("text"), &text));
            CHECK_TEXT(text, "Hi & all");

            hookproof_event *event = NULL;
            CHECK_STATUS(hookproof_event_new(result, call.body, call.body_len, &event), HOOKPROOF_OK);
            CHECK_TEXT(hookproof_event_api(event), "sms");
            CHECK_TEXT(hookproof_event_kind(event), "inbound");
            CHECK_TEXT(hookproof_event_from(event), "447700900321");
            CHECK(hookproof_event_is_signed(event));
            hookproof_event_free(event);
            CHECK_STATUS(hookproof_event_new(result, TEXT("{}"), &event), HOOKPROOF_R_PAYLOAD_MISMATCH);
            hookproof_result_free(result);

            /* In pieces: of a body nothing is settled before it is complete. */
            hookproof_result *pending = NULL;
            CHECK_STATUS(call_begin(&call, &pending), HOOKPROOF_PENDING_BODY);
            for (size_t at = 0; at < call.body_len; at++)
                CHECK_STATUS(hookproof_result_update(pending, (const char *)call.body + at, 1), HOOKPROOF_PENDING_BODY);
            CHECK_STATUS(hookproof_result_finish(pending, NOW), HOOKPROOF_OK);
            CHECK_TEXT(hookproof_result_api_key(pending), API_KEY);
            hookproof_result_free(pending);
        }
        hookproof_verifier_free(verifier);
    }
}

static void test_refused(hookproof_signer *signer)
{
    hookproof_verifier *verifier = verifier_of("sha256", true);
    const struct {
        const char *body;
        hookproof_status status;
    } cases[] = {
        {"", HOOKPROOF_R_SMS_UNSIGNED},          {"{}", HOOKPROOF_R_SMS_UNSIGNED},
        {"a=1&a=1&sig=00", HOOKPROOF_R_SMS_MALFORMED}, {"{\"a\":{}}", HOOKPROOF_R_SMS_MALFORMED},
        {"sig=xyz", HOOKPROOF_R_SMS_MALFORMED},
        {"sig=00000000000000000000000000000000", HOOKPROOF_R_SMS_SIGNATURE_INVALID},
        {"api-key=nobody&sig=0000000000000000000000000000000000000000000000000000000000000000",
         HOOKPROOF_R_KEY_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct call call = call_of(verifier, (hookproof_str){cases[i].body, strlen(cases[i].body)}, false);
        CHECK_STATUS(call_verify(&call, NULL), cases[i].status);
        hookproof_result *pending = NULL;
        CHECK_STATUS(call_begin(&call, &pending), HOOKPROOF_PENDING_BODY);
        CHECK_STATUS(hookproof_result_update(pending, call.body, call.body_len), HOOKPROOF_PENDING_BODY);
        CHECK_STATUS(hookproof_result_finish(pending, NOW), cases[i].status);
        CHECK(hookproof_result_detail(pending).len > 0);
        hookproof_result_free(pending);
    }

    struct call call = call_of(verifier, sign(signer, "sha256", HOOKPROOF_SMS_JSON, ""), false);
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_SMS_MISSING);
    hookproof_verifier *lenient = verifier_of("sha256", false);
    call.verifier = lenient;
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_OK);
    hookproof_verifier_free(lenient);
    hookproof_verifier_free(verifier);
}

static void test_account(hookproof_signer *signer)
{
    hookproof_verifier *verifier = verifier_of("sha1", true);
    char out[HOOKPROOF_MAX_API_KEY_BYTES + 1];
    size_t len = 1;
#define ASK(method, header, count, query, route, body)                                                                 \
    hookproof_verifier_untrusted_account(verifier, TEXT(method), TEXT(header), (count), TEXT(query), TEXT(route),       \
                                         TEXT(body), out, sizeof out, &len)
    CHECK_STATUS(ASK("GET", "", 0, "api-key=abc&sig=1", "", ""), HOOKPROOF_OK);
    CHECK(len == 3 && strcmp(out, "abc") == 0);
    CHECK_STATUS(ASK("POST", "", 0, "", "", "{\"api-key\":\"abcd\"}"), HOOKPROOF_OK);
    CHECK(len == 4 && strcmp(out, "abcd") == 0);
    CHECK_STATUS(ASK("POST", "", 0, "", "route", "text=x"), HOOKPROOF_OK);
    CHECK(strcmp(out, "route") == 0);
    CHECK_STATUS(ASK("POST", "", 0, "", "", "text=x"), HOOKPROOF_R_KEY_UNKNOWN);
    CHECK(len == 0 && out[0] == '\0');
    CHECK_STATUS(ASK("POST", "", 0, "", "", "{"), HOOKPROOF_R_SMS_MALFORMED);
    CHECK_STATUS(ASK("PUT", "", 0, "", "", ""), HOOKPROOF_R_REQUEST_UNSUPPORTED);
    CHECK_STATUS(hookproof_verifier_untrusted_account(NULL, TEXT("GET"), NULL, 0, 0, NULL, 0, NULL, 0, NULL, 0, out,
                                                      sizeof out, NULL),
                 HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_verifier_untrusted_account(verifier, TEXT("GET"), NULL, 0, 0, NULL, 1, NULL, 0, NULL, 0, out,
                                                      sizeof out, NULL),
                 HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_verifier_untrusted_account(verifier, TEXT("GET"), NULL, 0, 0, NULL, 0, NULL, 0, NULL, 0, out,
                                                      HOOKPROOF_MAX_API_KEY_BYTES, NULL),
                 HOOKPROOF_E_ARGUMENT);
    hookproof_verifier_free(verifier);

    verifier = fixture_verifier(NULL);
    hookproof_str header = fixture_signed_body(signer);
    CHECK_STATUS(hookproof_verifier_untrusted_account(verifier, TEXT("POST"), header.ptr, header.len, 1, NULL, 0, NULL, 0,
                                                      NULL, 0, out, sizeof out, &len),
                 HOOKPROOF_OK);
    CHECK(strcmp(out, API_KEY) == 0);
    CHECK_STATUS(ASK("POST", "", 0, "", "", ""), HOOKPROOF_R_HEADER_MISSING);
#undef ASK
    hookproof_verifier_free(verifier);
}

void test_sms(void)
{
    hookproof_signer *signer = fixture_signer();
    CHECK_STATUS(hookproof_policy_dangerously_allow_missing_nonce(NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_sign_sms(NULL, TEXT("md5"), HOOKPROOF_SMS_FORM, TEXT("a=1"), NOW, TEXT(NONCE)),
                 HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_signer_sign_sms(signer, TEXT("md6"), HOOKPROOF_SMS_FORM, TEXT("a=1"), NOW, TEXT(NONCE)),
                 HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_signer_sign_sms(signer, TEXT("md5"), 7, TEXT("a=1"), NOW, TEXT(NONCE)),
                 HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_signer_sign_sms(signer, TEXT("md5"), HOOKPROOF_SMS_FORM, TEXT("a=1&a=2"), NOW, TEXT(NONCE)),
                 HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_signer_sign_sms(signer, TEXT("md5"), HOOKPROOF_SMS_FORM, TEXT("sig=2"), NOW, TEXT(NONCE)),
                 HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_signer_sign_sms(signer, NULL, 1, HOOKPROOF_SMS_FORM, TEXT("a=1"), NOW, TEXT(NONCE)),
                 HOOKPROOF_E_NULL);
    test_accepted(signer);
    test_refused(signer);
    test_account(signer);
    hookproof_signer_free(signer);
}
