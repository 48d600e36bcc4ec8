/* Receiving: the arguments one by one, duplicates, the host's own store, and streamed bodies. */
#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

/* No handle: the library must have written the out-parameter. */
static char byte;
#define UNSET(type) ((type *)(void *)&byte)

/* How each of the four functions answers to a call. */
struct answers {
    hookproof_status status[4];
    bool has_result[4];
    bool has_claim[2];
};

/* Claims are released again, so that one call can be made many times. */
static struct answers ask(const struct call *call, const hookproof_keyring *keyring, bool once)
{
    struct answers answers = {{0}, {false}, {false}};
    for (size_t i = 0; i < (once ? 4U : 2U); i++) {
        hookproof_result *result = UNSET(hookproof_result);
        hookproof_claim *claim = UNSET(hookproof_claim);
        switch (i) {
        case 0:
            answers.status[i] = call_receive(call, &result, &claim);
            break;
        case 1:
            answers.status[i] = call_receive_with_keyring(call, keyring, &result, &claim);
            break;
        case 2:
            answers.status[i] = call_verify_once(call, &result);
            break;
        default:
            answers.status[i] = call_verify_once_with_keyring(call, keyring, &result);
            break;
        }
        answers.has_result[i] = result != NULL;
        if (i < 2) {
            answers.has_claim[i] = claim != NULL;
            if (claim != NULL)
                CHECK_STATUS(hookproof_claim_release(claim, call->now), HOOKPROOF_OK);
            hookproof_claim_free(claim);
        }
        if (result != NULL)
            CHECK_STATUS(hookproof_result_status(result), answers.status[i]);
        hookproof_result_free(result);
    }
    return answers;
}

/* Every function refuses, and hands out a result exactly for a verdict. */
#define CHECK_REFUSED(call, keyring, expected)                                                                         \
    do {                                                                                                               \
        struct answers answers = ask((call), (keyring), true);                                                         \
        for (size_t each = 0; each < 4; each++) {                                                                      \
            CHECK_STATUS(answers.status[each], (expected));                                                            \
            CHECK(answers.has_result[each] == ((expected) >= HOOKPROOF_PENDING_BODY));                                 \
        }                                                                                                              \
        CHECK(!answers.has_claim[0] && !answers.has_claim[1]);                                                         \
    } while (0)

static void test_arguments(const struct call *good, const hookproof_keyring *keyring)
{
    struct call call = *good;
    struct answers answers = ask(&call, keyring, false);
    for (size_t i = 0; i < 2; i++) {
        CHECK_STATUS(answers.status[i], HOOKPROOF_OK);
        CHECK(answers.has_result[i] && answers.has_claim[i]);
    }

    call.verifier = NULL;
    CHECK_REFUSED(&call, keyring, HOOKPROOF_E_NULL);
    call = *good;
    call.store = NULL;
    CHECK_REFUSED(&call, keyring, HOOKPROOF_E_NULL);
    const int32_t numbers[] = {-1, 2, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        call = *good;
        call.duplicates = numbers[i];
        CHECK_REFUSED(&call, keyring, HOOKPROOF_E_ARGUMENT);
    }
    const size_t lengths[] = {1, SIZE_MAX};
    for (size_t i = 0; i < 2; i++) {
        call = *good;
        call.method = NULL, call.method_len = lengths[i];
        CHECK_REFUSED(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.header = NULL, call.header_len = lengths[i];
        CHECK_REFUSED(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.query = NULL, call.query_len = lengths[i];
        CHECK_REFUSED(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.route = NULL, call.route_len = lengths[i];
        CHECK_REFUSED(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.account = NULL, call.account_len = lengths[i];
        CHECK_REFUSED(&call, keyring, HOOKPROOF_E_NULL);
        call = *good;
        call.body = NULL, call.body_len = lengths[i];
        CHECK_REFUSED(&call, keyring, HOOKPROOF_E_NULL);
    }
    call = *good;
    call.header_len = SIZE_MAX;
    CHECK_REFUSED(&call, keyring, HOOKPROOF_E_ARGUMENT);
    call = *good;
    call.body_len = SIZE_MAX;
    CHECK_REFUSED(&call, keyring, HOOKPROOF_E_ARGUMENT);
    call = *good;
    call.header = NULL, call.header_len = 0, call.header_count = 0;
    CHECK_REFUSED(&call, keyring, HOOKPROOF_R_HEADER_MISSING);
    call = *good;
    call.body = NULL, call.body_len = 0;
    CHECK_REFUSED(&call, keyring, HOOKPROOF_R_PAYLOAD_MISMATCH);
    call = *good;
    call.account = "other", call.account_len = 5;
    CHECK_REFUSED(&call, keyring, HOOKPROOF_R_KEY_MISMATCH);
    call = *good;
    call.now = NOW + 301;
    CHECK_REFUSED(&call, keyring, HOOKPROOF_R_TIME_STALE);
}

static void test_outs(const struct call *good, const hookproof_keyring *keyring)
{
    hookproof_result *result = UNSET(hookproof_result);
    hookproof_claim *claim = UNSET(hookproof_claim);
    CHECK_STATUS(call_receive(good, NULL, &claim), HOOKPROOF_E_NULL);
    CHECK(claim == NULL);
    CHECK_STATUS(call_receive(good, &result, NULL), HOOKPROOF_E_NULL);
    CHECK(result == NULL);
    CHECK_STATUS(call_receive(good, NULL, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(call_receive_with_keyring(good, keyring, NULL, &claim), HOOKPROOF_E_NULL);
    CHECK_STATUS(call_receive_with_keyring(good, keyring, &result, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(call_verify_once(good, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(call_verify_once_with_keyring(good, keyring, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(call_receive_with_keyring(good, NULL, &result, &claim), HOOKPROOF_R_KEY_UNAVAILABLE);
    CHECK(claim == NULL);
    hookproof_result_free(result);
    CHECK_STATUS(call_verify_once_with_keyring(good, NULL, &result), HOOKPROOF_R_KEY_UNAVAILABLE);
    hookproof_result_free(result);
}

static void test_duplicates(hookproof_verifier *verifier, hookproof_signer *signer)
{
    hookproof_store *store = fixture_memory_store(16);
    hookproof_result *result = NULL;
    hookproof_claim *claim = NULL;
    struct call call = fixture_receive(verifier, store, fixture_signed_body(signer));

    /* In progress is not a duplicate, whatever becomes of those. */
    call.duplicates = HOOKPROOF_DUPLICATES_HAND_ON;
    CHECK_STATUS(call_receive(&call, &result, &claim), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_replay(result), "claimed");
    CHECK_STATUS(call_receive_and_forget(&call), HOOKPROOF_R_REPLAY_IN_PROGRESS);
    CHECK_STATUS(hookproof_claim_confirm(claim, NOW), HOOKPROOF_OK);
    hookproof_claim_free(claim);
    hookproof_result_free(result);

    CHECK_STATUS(call_receive(&call, &result, &claim), HOOKPROOF_OK);
    CHECK(claim == NULL);
    CHECK(hookproof_result_is_duplicate(result));
    CHECK_TEXT(hookproof_result_replay(result), "duplicate");
    CHECK_TEXT(hookproof_result_jti(result), JTI);
    CHECK(hookproof_result_http_status(result) == 200);
    CHECK_STATUS(hookproof_claim_confirm(claim, NOW), HOOKPROOF_NO_EFFECT);
    hookproof_result_free(result);
    CHECK_STATUS(call_verify_once(&call, &result), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_replay(result), "duplicate");
    hookproof_result_free(result);

    call.duplicates = HOOKPROOF_DUPLICATES_REFUSE;
    CHECK_STATUS(call_receive(&call, &result, &claim), HOOKPROOF_R_REPLAY_DUPLICATE);
    CHECK(claim == NULL);
    CHECK(!hookproof_result_is_duplicate(result));
    CHECK_TEXT(hookproof_result_replay(result), "");
    CHECK_TEXT(hookproof_result_jti(result), "");
    CHECK(hookproof_result_http_status(result) == 200);
    CHECK(!hookproof_result_sender_retries(result));
    hookproof_result_free(result);

    /* At most once: done before the work begins. */
    struct call once = fixture_receive(verifier, store, fixture_signed_jti(signer, NOW, "once"));
    CHECK_STATUS(call_verify_once(&once, &result), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_replay(result), "recorded");
    hookproof_result_free(result);
    CHECK_STATUS(call_verify_once(&once, &result), HOOKPROOF_R_REPLAY_DUPLICATE);
    hookproof_result_free(result);
    CHECK_STATUS(call_receive_and_forget(&once), HOOKPROOF_R_REPLAY_DUPLICATE);

    /* A request that is refused for something else uses nothing up. */
    struct call bad = fixture_receive(verifier, store, fixture_signed_jti(signer, NOW, "bad"));
    bad.body_len--;
    CHECK_STATUS(call_receive_and_forget(&bad), HOOKPROOF_R_PAYLOAD_MISMATCH);
    bad.body_len++;
    CHECK_STATUS(call_receive_and_confirm(&bad), HOOKPROOF_OK);
    /* And verifying asks no store. */
    CHECK_STATUS(call_verify(&bad, &result), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_replay(result), "not_checked");
    CHECK_TEXT(hookproof_result_replay_identity(result), "");
    CHECK_TEXT(hookproof_result_replay_owner(result), "");
    hookproof_result_free(result);
    hookproof_store_free(store);
}

/* Everything about claims is empty while the host has not answered. */
static void check_pending(const hookproof_result *result)
{
    hookproof_str text = {0};
    int64_t integer = 7;
    CHECK_STATUS(hookproof_result_status(result), HOOKPROOF_PENDING_REPLAY);
    CHECK_TEXT(hookproof_result_api_key(result), "");
    CHECK_TEXT(hookproof_result_jti(result), "");
    CHECK_TEXT(hookproof_result_application_id(result), "");
    CHECK_TEXT(hookproof_result_claims_json(result), "");
    CHECK_TEXT(hookproof_result_payload_form(result), "");
    CHECK_TEXT(hookproof_result_replay(result), "");
    CHECK_TEXT(hookproof_result_untrusted_api_key(result), "");
    CHECK(hookproof_result_issued_at(result) == 0);
    CHECK(!hookproof_result_claim_text(result, TEXT("iss"), &text));
    CHECK(!hookproof_result_claim_integer(result, TEXT("iat"), &integer) && integer == 0);
    CHECK(!hookproof_result_age_seconds(result, &integer));
    CHECK(!hookproof_result_is_duplicate(result));
    CHECK_TEXT(hookproof_result_key_label(result), LABEL);
    CHECK(hookproof_result_keyring_generation(result) == 1);
    CHECK(hookproof_result_http_status(result) == 503);
    CHECK(hookproof_result_sender_retries(result));
    CHECK(hookproof_result_retry_after(result) == 5);
    CHECK(strncmp(hookproof_result_detail(result).ptr, "pending.replay", 14) == 0);
    CHECK(strspn(hookproof_result_replay_identity(result).ptr, "0123456789abcdef") == 32);
    CHECK(strspn(hookproof_result_replay_owner(result).ptr, "0123456789abcdef") == 32);
    CHECK(hookproof_result_replay_identity(result).len == 32 && hookproof_result_replay_owner(result).len == 32);
    CHECK(hookproof_result_replay_keep_seconds(result) == 300 + 60 + 60);
}

static void test_host_answers(hookproof_verifier *verifier, hookproof_signer *signer)
{
    static const struct {
        int32_t answer;
        int32_t duplicates;
        hookproof_status status;
        const char *replay;
    } cases[] = {
        {HOOKPROOF_REPLAY_CLAIMED, HOOKPROOF_DUPLICATES_REFUSE, HOOKPROOF_OK, "claimed"},
        {HOOKPROOF_REPLAY_IN_PROGRESS, HOOKPROOF_DUPLICATES_HAND_ON, HOOKPROOF_R_REPLAY_IN_PROGRESS, ""},
        {HOOKPROOF_REPLAY_DUPLICATE, HOOKPROOF_DUPLICATES_REFUSE, HOOKPROOF_R_REPLAY_DUPLICATE, ""},
        {HOOKPROOF_REPLAY_DUPLICATE, HOOKPROOF_DUPLICATES_HAND_ON, HOOKPROOF_OK, "duplicate"},
        {HOOKPROOF_REPLAY_UNAVAILABLE, HOOKPROOF_DUPLICATES_HAND_ON, HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE, ""},
        {HOOKPROOF_REPLAY_FULL, HOOKPROOF_DUPLICATES_HAND_ON, HOOKPROOF_R_REPLAY_STORE_FULL, ""},
    };
    hookproof_store *store = NULL;
    CHECK_STATUS(hookproof_store_new_host(TEXT("shop"), &store), HOOKPROOF_OK);
    CHECK(strstr(hookproof_store_extent(store).ptr, "shop") != NULL);
    char last_owner[33] = "";
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        size_t at = i / 2;
        bool once = i % 2 == 1;
        hookproof_result *result = NULL;
        hookproof_claim *claim = UNSET(hookproof_claim);
        struct call call = fixture_receive(verifier, store, fixture_signed_body(signer));
        call.duplicates = cases[at].duplicates;
        if (once) {
            CHECK_STATUS(call_verify_once(&call, &result), HOOKPROOF_PENDING_REPLAY);
        } else {
            CHECK_STATUS(call_receive(&call, &result, &claim), HOOKPROOF_PENDING_REPLAY);
            CHECK(claim == NULL);
        }
        check_pending(result);
        CHECK(hookproof_result_replay_lease_seconds(result) == (once ? 0 : 30));
        hookproof_str identity = hookproof_result_replay_identity(result);
        hookproof_str owner = hookproof_result_replay_owner(result);
        CHECK(strcmp(owner.ptr, last_owner) != 0);
        memcpy(last_owner, owner.ptr, sizeof last_owner);

        /* What does not fit changes nothing. */
        claim = UNSET(hookproof_claim);
        CHECK_STATUS(hookproof_result_answer_replay(result, -1, NOW), HOOKPROOF_E_ARGUMENT);
        CHECK_STATUS(hookproof_result_answer_replay(result, 5, NOW), HOOKPROOF_E_ARGUMENT);
        CHECK_STATUS(hookproof_result_update(result, "x", 1), HOOKPROOF_E_STATE);
        CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_PENDING_REPLAY);
        CHECK_STATUS(hookproof_result_receive(result, store, HOOKPROOF_DUPLICATES_REFUSE, NOW, &claim),
                     HOOKPROOF_E_STATE);
        CHECK(claim == NULL);
        CHECK_STATUS(hookproof_result_finish_once(result, store, HOOKPROOF_DUPLICATES_REFUSE, NOW), HOOKPROOF_E_STATE);
        check_pending(result);

        hookproof_status status = hookproof_result_answer_replay(result, cases[at].answer, NOW);
        CHECK_STATUS(status, cases[at].status);
        CHECK_STATUS(hookproof_result_status(result), cases[at].status);
        bool recorded = once && cases[at].answer == HOOKPROOF_REPLAY_CLAIMED;
        CHECK_TEXT(hookproof_result_replay(result), recorded ? "recorded" : cases[at].replay);
        CHECK_TEXT(hookproof_result_jti(result), status == HOOKPROOF_OK ? JTI : "");
        CHECK_TEXT(hookproof_result_key_label(result), LABEL);
        /* The host confirms and releases by these. */
        CHECK(hookproof_result_replay_identity(result).ptr == identity.ptr);
        CHECK(hookproof_result_replay_owner(result).ptr == owner.ptr);
        CHECK_TEXT(owner, last_owner);
        CHECK_STATUS(hookproof_result_answer_replay(result, HOOKPROOF_REPLAY_CLAIMED, NOW), HOOKPROOF_E_STATE);
        CHECK_STATUS(hookproof_result_status(result), cases[at].status);
        hookproof_result_free(result);
    }

    /* The key is the same for ever, and another namespace is another key. */
    static const char claims[] = "{\"api_key\":\"" API_KEY "\",\"jti\":\"jti-1\",\"iss\":\"Vonage\",\"iat\":1767225600}";
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_dangerously_allow_missing_payload_hash(policy), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_policy_dangerously_accept_and_flag_store_failures(policy), HOOKPROOF_OK);
    hookproof_verifier *lax = fixture_verifier(policy);
    hookproof_result *result = NULL;
    struct call call = fixture_receive(lax, store, fixture_signed_claims(signer, claims));
    CHECK_STATUS(call_verify_once(&call, &result), HOOKPROOF_PENDING_REPLAY);
    CHECK_TEXT(hookproof_result_replay_identity(result), "147409519628047e2a9e80d69d0e3b48");
    CHECK_STATUS(hookproof_result_answer_replay(result, HOOKPROOF_REPLAY_UNAVAILABLE, NOW), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_replay(result), "unavailable");
    hookproof_result_free(result);
    /* A full store refuses whatever the policy says. */
    CHECK_STATUS(call_verify_once(&call, &result), HOOKPROOF_PENDING_REPLAY);
    CHECK_STATUS(hookproof_result_answer_replay(result, HOOKPROOF_REPLAY_FULL, NOW), HOOKPROOF_R_REPLAY_STORE_FULL);
    hookproof_result_free(result);
    /* Given up. */
    CHECK_STATUS(call_verify_once(&call, &result), HOOKPROOF_PENDING_REPLAY);
    hookproof_store_free(store);
    hookproof_verifier_free(lax);
    hookproof_policy_free(policy);
    check_pending(result);
    hookproof_result_free(result);
}

static hookproof_result *begun(const struct call *call)
{
    hookproof_result *result = NULL;
    CHECK_STATUS(call_begin(call, &result), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_update(result, call->body, call->body_len), HOOKPROOF_PENDING_BODY);
    return result;
}

static void test_streamed(hookproof_verifier *verifier, hookproof_signer *signer)
{
    hookproof_signer *second_signer = fixture_signer();
    hookproof_store *store = fixture_memory_store(16);
    hookproof_claim *claim = UNSET(hookproof_claim);
    struct call call = fixture_receive(verifier, store, fixture_signed_body(signer));

    /* A call that fails claims nothing and decides nothing. */
    hookproof_result *result = begun(&call);
    CHECK_STATUS(hookproof_result_receive(NULL, store, 0, NOW, &claim), HOOKPROOF_E_NULL);
    CHECK(claim == NULL);
    CHECK_STATUS(hookproof_result_receive(result, NULL, 0, NOW, &claim), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_result_receive(result, store, 0, NOW, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_result_receive(result, store, 2, NOW, &claim), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_result_finish_once(NULL, store, 0, NOW), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_result_finish_once(result, NULL, 0, NOW), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_result_finish_once(result, store, -1, NOW), HOOKPROOF_E_ARGUMENT);
    CHECK_STATUS(hookproof_result_answer_replay(result, HOOKPROOF_REPLAY_CLAIMED, NOW), HOOKPROOF_E_STATE);
    CHECK_STATUS(hookproof_result_status(result), HOOKPROOF_PENDING_BODY);

    /* The whole way. */
    CHECK_STATUS(hookproof_result_receive(result, store, HOOKPROOF_DUPLICATES_REFUSE, NOW, &claim), HOOKPROOF_OK);
    CHECK(hookproof_claim_is_open(claim));
    CHECK_TEXT(hookproof_result_replay(result), "claimed");
    CHECK_TEXT(hookproof_result_jti(result), JTI);
    hookproof_claim *second = UNSET(hookproof_claim);
    CHECK_STATUS(hookproof_result_receive(result, store, HOOKPROOF_DUPLICATES_REFUSE, NOW, &second), HOOKPROOF_E_STATE);
    CHECK(second == NULL);
    CHECK_STATUS(hookproof_result_finish_once(result, store, HOOKPROOF_DUPLICATES_REFUSE, NOW), HOOKPROOF_E_STATE);
    CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_claim_confirm(claim, NOW), HOOKPROOF_OK);
    hookproof_claim_free(claim);
    hookproof_result_free(result);

    /* A duplicate, refused and handed on. */
    result = begun(&call);
    CHECK_STATUS(hookproof_result_receive(result, store, HOOKPROOF_DUPLICATES_REFUSE, NOW, &claim),
                 HOOKPROOF_R_REPLAY_DUPLICATE);
    CHECK(claim == NULL);
    /* A refusal is final, with another store too. */
    hookproof_store *other = fixture_memory_store(16);
    CHECK_STATUS(hookproof_result_receive(result, other, HOOKPROOF_DUPLICATES_HAND_ON, NOW, &claim),
                 HOOKPROOF_R_REPLAY_DUPLICATE);
    CHECK_STATUS(hookproof_result_finish_once(result, other, HOOKPROOF_DUPLICATES_HAND_ON, NOW),
                 HOOKPROOF_R_REPLAY_DUPLICATE);
    hookproof_result_free(result);
    result = begun(&call);
    CHECK_STATUS(hookproof_result_receive(result, store, HOOKPROOF_DUPLICATES_HAND_ON, NOW, &claim), HOOKPROOF_OK);
    CHECK(claim == NULL && hookproof_result_is_duplicate(result));
    hookproof_result_free(result);

    /* Finished and accepted first, claimed then; the age counts once more. */
    result = begun(&call);
    CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_replay(result), "not_checked");
    CHECK_STATUS(hookproof_result_receive(result, other, HOOKPROOF_DUPLICATES_REFUSE, NOW + 300, &claim), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_replay(result), "claimed");
    CHECK_STATUS(hookproof_claim_release(claim, NOW), HOOKPROOF_OK);
    hookproof_claim_free(claim);
    hookproof_result_free(result);
    result = begun(&call);
    CHECK_STATUS(hookproof_result_finish(result, NOW), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_jti(result), JTI);
    CHECK_STATUS(hookproof_result_receive(result, other, HOOKPROOF_DUPLICATES_REFUSE, NOW + 301, &claim),
                 HOOKPROOF_R_TIME_STALE);
    CHECK(claim == NULL);
    CHECK_TEXT(hookproof_result_jti(result), "");
    hookproof_result_free(result);

    /* Once. */
    result = begun(&call);
    CHECK_STATUS(hookproof_result_finish_once(result, other, HOOKPROOF_DUPLICATES_REFUSE, NOW), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_result_replay(result), "recorded");
    hookproof_result_free(result);
    CHECK_STATUS(call_verify(&call, &result), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_result_finish_once(result, other, HOOKPROOF_DUPLICATES_REFUSE, NOW),
                 HOOKPROOF_R_REPLAY_DUPLICATE);
    CHECK(hookproof_result_http_status(result) == 200);
    hookproof_result_free(result);

    /* A body that is not the signed one claims nothing. */
    struct call fresh = fixture_receive(verifier, store, fixture_signed_jti(second_signer, NOW, "streamed"));
    result = begun(&fresh);
    CHECK_STATUS(hookproof_result_update(result, "x", 1), HOOKPROOF_PENDING_BODY);
    CHECK_STATUS(hookproof_result_receive(result, store, HOOKPROOF_DUPLICATES_REFUSE, NOW, &claim),
                 HOOKPROOF_R_PAYLOAD_MISMATCH);
    CHECK(claim == NULL);
    hookproof_result_free(result);
    result = begun(&fresh);
    CHECK_STATUS(hookproof_result_finish_once(result, store, HOOKPROOF_DUPLICATES_REFUSE, NOW + 301),
                 HOOKPROOF_R_TIME_STALE);
    hookproof_result_free(result);
    CHECK_STATUS(call_receive_and_confirm(&fresh), HOOKPROOF_OK);

    /* And with a store of the host's own. */
    hookproof_store *host = NULL;
    CHECK_STATUS(hookproof_store_new_host(TEXT("shop"), &host), HOOKPROOF_OK);
    result = begun(&call);
    CHECK_STATUS(hookproof_result_receive(result, host, HOOKPROOF_DUPLICATES_REFUSE, NOW, &claim),
                 HOOKPROOF_PENDING_REPLAY);
    CHECK(claim == NULL);
    check_pending(result);
    CHECK_STATUS(hookproof_result_answer_replay(result, HOOKPROOF_REPLAY_CLAIMED, NOW), HOOKPROOF_OK);
    hookproof_result_free(result);
    hookproof_store_free(host);
    hookproof_signer_free(second_signer);
    hookproof_store_free(other);
    hookproof_store_free(store);
}

static void test_null_getters(void)
{
    CHECK_STATUS(hookproof_result_answer_replay(NULL, HOOKPROOF_REPLAY_CLAIMED, NOW), HOOKPROOF_E_NULL);
    CHECK_TEXT(hookproof_result_replay(NULL), "");
    CHECK_TEXT(hookproof_result_replay_identity(NULL), "");
    CHECK_TEXT(hookproof_result_replay_owner(NULL), "");
    CHECK(hookproof_result_replay_lease_seconds(NULL) == 0);
    CHECK(hookproof_result_replay_keep_seconds(NULL) == 0);
    CHECK(!hookproof_result_is_duplicate(NULL));
}

void test_receive(void)
{
    hookproof_keyring *keyring = fixture_keyring(SECRET);
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    hookproof_store *store = fixture_memory_store(16);
    struct call good = fixture_receive(verifier, store, fixture_signed_body(signer));
    test_arguments(&good, keyring);
    test_outs(&good, keyring);
    /* After all that was refused the request is still new. */
    CHECK_STATUS(call_receive_and_confirm(&good), HOOKPROOF_OK);
    test_duplicates(verifier, signer);
    test_host_answers(verifier, signer);
    test_streamed(verifier, signer);
    test_null_getters();
    hookproof_store_free(store);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    hookproof_keyring_free(keyring);
}
