/* Events and what a GET hands out: only from what was verified, or loudly from what was not. */
#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

#define INBOUND "{\"channel\":\"whatsapp\",\"message_uuid\":\"m-1\",\"to\":\"15550001111\",\"from\":\"447700900321\"," \
                "\"timestamp\":\"2026-01-01T00:00:00.250Z\",\"message_type\":\"text\",\"text\":\"Hi\",\"new\":1.50}"
#define QUERY "to=442079460000&from=447700900001&conversation_uuid=CON-1&uuid=u%2D1&endpoint_type=phone"

static hookproof_result *accepted_body(hookproof_signer *signer, const hookproof_verifier *verifier)
{
    hookproof_result *result = NULL;
    CHECK_STATUS(hookproof_signer_sign_body(signer, INBOUND, sizeof INBOUND - 1, NOW, TEXT(JTI)), HOOKPROOF_OK);
    struct call call = fixture_call(verifier, hookproof_signer_header(signer));
    call.body = INBOUND;
    call.body_len = sizeof INBOUND - 1;
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_OK);
    CHECK(hookproof_result_query_count(result) == 0);
    return result;
}

static void test_body(hookproof_signer *signer, const hookproof_verifier *verifier)
{
    hookproof_result *result = accepted_body(signer, verifier);
    hookproof_event *event = NULL;
    int64_t at = 1;
    CHECK_STATUS(hookproof_event_new(result, TEXT("{}"), &event), HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK(event == NULL);
    CHECK_STATUS(hookproof_event_new(result, NULL, 0, &event), HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK_STATUS(hookproof_event_new(result, NULL, 1, &event), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_event_new(result, TEXT(INBOUND), NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_event_new(result, TEXT(INBOUND), &event), HOOKPROOF_OK);
    hookproof_result_free(result);
    CHECK_TEXT(hookproof_event_api(event), "messages");
    CHECK_TEXT(hookproof_event_kind(event), "inbound/whatsapp");
    CHECK_TEXT(hookproof_event_id(event), "m-1");
    CHECK_TEXT(hookproof_event_from(event), "447700900321");
    CHECK_TEXT(hookproof_event_to(event), "15550001111");
    CHECK_TEXT(hookproof_event_status(event), "");
    CHECK(hookproof_event_is_signed(event));
    CHECK(hookproof_event_content_id(event).len == 64);
    CHECK(hookproof_event_occurred_at_ms(event, &at) && at == INT64_C(1767225600250));
    CHECK(hookproof_event_occurred_at_ms(event, NULL));
    /* What is unknown keeps its text. */
    CHECK(strstr(hookproof_event_json(event).ptr, "\"/new\":1.50") != NULL);
    hookproof_event_free(event);
}

static void test_query(hookproof_signer *signer, const hookproof_verifier *verifier)
{
    hookproof_result *result = NULL;
    hookproof_event *event = NULL;
    CHECK_STATUS(hookproof_signer_sign_query(signer, TEXT("a=1&a=2"), NOW, TEXT(JTI)), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_signer_sign_query(signer, TEXT(QUERY), NOW, TEXT(JTI)), HOOKPROOF_OK);
    struct call call = fixture_call(verifier, hookproof_signer_header(signer));
    call.method = "GET";
    call.method_len = 3;
    call.query = QUERY;
    call.query_len = sizeof QUERY - 1;
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK(strstr(hookproof_result_detail(result).ptr, "a GET has a body") != NULL);
    CHECK(hookproof_result_query_count(result) == 0);
    hookproof_result_free(result);
    call.body = NULL;
    call.body_len = 0;
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_payload_form(result), "query");
    CHECK(hookproof_result_query_count(result) == 5);
    CHECK_TEXT(hookproof_result_query_name(result, 3), "uuid");
    CHECK_TEXT(hookproof_result_query_value(result, 3), "u-1");
    CHECK(hookproof_result_query_name(result, 5).len == 0 && hookproof_result_query_value(result, SIZE_MAX).len == 0);
    CHECK_STATUS(hookproof_event_new(result, TEXT("x"), &event), HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK_STATUS(hookproof_event_new(result, NULL, 0, &event), HOOKPROOF_OK);
    hookproof_result_free(result);
    CHECK_TEXT(hookproof_event_api(event), "voice");
    CHECK_TEXT(hookproof_event_kind(event), "answer");
    CHECK_TEXT(hookproof_event_id(event), "u-1");
    CHECK(hookproof_event_is_signed(event));
    hookproof_event_free(event);
}

static void test_unsigned(void)
{
    static const char form[] = "msisdn=447700900321&to=447700900555&messageId=0C00000012AB34CD&text=Hi&type=text";
    hookproof_event *event = NULL;
    CHECK_STATUS(hookproof_event_new_unsigned(3, TEXT(form), &event), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_event_new_unsigned(HOOKPROOF_CARRIER_FORM, NULL, 1, &event), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_event_new_unsigned(HOOKPROOF_CARRIER_FORM, TEXT(form), NULL), HOOKPROOF_E_NULL);
    CHECK(event == NULL);
    CHECK_STATUS(hookproof_event_new_unsigned(HOOKPROOF_CARRIER_FORM, TEXT(form), &event), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_event_kind(event), "inbound");
    CHECK_TEXT(hookproof_event_from(event), "447700900321");
    CHECK(!hookproof_event_is_signed(event));
    hookproof_event_free(event);
    CHECK_STATUS(hookproof_event_new_unsigned(HOOKPROOF_CARRIER_JSON, NULL, 0, &event), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_event_kind(event), "unreadable");
    CHECK(!hookproof_event_occurred_at_ms(event, NULL));
    hookproof_event_free(event);
}

static void test_profiles(hookproof_signer *signer)
{
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_set_profile(policy, TEXT("voice")), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_set_profile(policy, TEXT("video")), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_set_profile(NULL, TEXT("video")), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_policy_add_payload_form(policy, TEXT("query")), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_add_payload_form(policy, TEXT("query_null")), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_add_own_query(policy, TEXT("?a=1")), HOOKPROOF_E_CONFIG);
    CHECK_STATUS(hookproof_policy_add_own_query(policy, TEXT("a=1")), HOOKPROOF_OK);
    hookproof_verifier *verifier = fixture_verifier(policy);
    struct call call = fixture_call(verifier, fixture_signed_body(signer));
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_R_KEY_UNKNOWN);
    call.route = API_KEY;
    call.route_len = sizeof API_KEY - 1;
    CHECK_STATUS(call_verify(&call, NULL), HOOKPROOF_OK);
    hookproof_verifier_free(verifier);
    hookproof_policy_free(policy);
}

static void test_nothing(const hookproof_verifier *verifier)
{
    hookproof_result *refused = NULL;
    hookproof_event *event = NULL;
    struct call call = fixture_call(verifier, (hookproof_str){"", 0});
    CHECK_STATUS(call_verify(&call, &refused), HOOKPROOF_R_HEADER_MISSING);
    CHECK_STATUS(hookproof_event_new(refused, TEXT("{}"), &event), HOOKPROOF_E_STATE);
    CHECK_STATUS(hookproof_event_new(NULL, TEXT("{}"), &event), HOOKPROOF_E_NULL);
    CHECK(event == NULL);
    hookproof_result_free(refused);
    hookproof_event_free(NULL);
    CHECK(hookproof_event_json(NULL).len == 0 && hookproof_event_api(NULL).len == 0);
    CHECK(!hookproof_event_is_signed(NULL) && !hookproof_event_occurred_at_ms(NULL, NULL));
    CHECK(hookproof_result_query_count(NULL) == 0 && hookproof_result_query_name(NULL, 0).len == 0);
}

void test_event(void)
{
    hookproof_signer *signer = fixture_signer();
    hookproof_verifier *verifier = fixture_verifier(NULL);
    test_body(signer, verifier);
    test_query(signer, verifier);
    test_unsigned();
    test_profiles(signer);
    test_nothing(verifier);
    hookproof_verifier_free(verifier);
    hookproof_signer_free(signer);
}
