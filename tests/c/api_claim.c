/* Confirm and release: once, twice, after the lease, after another owner, without a claim, and while the store
   fails. */

/* For limits, which C alone does not have. */
#define _XOPEN_SOURCE 700

#include "api.h"
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

/* The lease of the standard policy. */
enum { LEASE = 30 };

struct setting {
    hookproof_verifier *verifier;
    hookproof_signer *signer;
    hookproof_store *store;
    struct call call;
};

static void prepare(struct setting *setting, hookproof_store *store)
{
    setting->verifier = fixture_verifier(NULL);
    setting->signer = fixture_signer();
    setting->store = store;
    setting->call = fixture_receive(setting->verifier, store, fixture_signed_body(setting->signer));
}

static void clear(struct setting *setting)
{
    hookproof_store_free(setting->store);
    hookproof_signer_free(setting->signer);
    hookproof_verifier_free(setting->verifier);
}

/* Receives at a time, which must succeed. */
static hookproof_claim *claimed(const struct call *like, int64_t now)
{
    struct call call = *like;
    call.now = now;
    hookproof_result *result = NULL;
    hookproof_claim *claim = NULL;
    CHECK_STATUS(call_receive(&call, &result, &claim), HOOKPROOF_OK);
    CHECK(claim != NULL && hookproof_claim_is_open(claim));
    CHECK_TEXT(hookproof_result_replay(result), "claimed");
    CHECK(!hookproof_result_is_duplicate(result));
    hookproof_result_free(result);
    return claim;
}

static hookproof_status again(const struct call *like, int64_t now)
{
    struct call call = *like;
    call.now = now;
    return call_receive_and_forget(&call);
}

static void test_null(void)
{
    CHECK_STATUS(hookproof_claim_confirm(NULL, NOW), HOOKPROOF_NO_EFFECT);
    CHECK_STATUS(hookproof_claim_release(NULL, NOW), HOOKPROOF_NO_EFFECT);
    CHECK(!hookproof_claim_is_open(NULL));
    CHECK_TEXT(hookproof_claim_error(NULL), "");
    hookproof_claim_free(NULL);
}

static void test_confirm(hookproof_store *store)
{
    struct setting setting;
    prepare(&setting, store);
    hookproof_claim *claim = claimed(&setting.call, NOW);
    CHECK_STATUS(again(&setting.call, NOW), HOOKPROOF_R_REPLAY_IN_PROGRESS);
    CHECK_STATUS(hookproof_claim_confirm(claim, NOW + 1), HOOKPROOF_OK);
    CHECK(!hookproof_claim_is_open(claim));
    CHECK_TEXT(hookproof_claim_error(claim), "");
    CHECK_STATUS(hookproof_claim_confirm(claim, NOW + 1), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_claim_release(claim, NOW + 1), HOOKPROOF_NO_EFFECT);
    CHECK_STATUS(again(&setting.call, NOW + 1), HOOKPROOF_R_REPLAY_DUPLICATE);
    CHECK_STATUS(again(&setting.call, NOW + 300), HOOKPROOF_R_REPLAY_DUPLICATE);
    CHECK_STATUS(again(&setting.call, NOW + 301), HOOKPROOF_R_TIME_STALE);
    hookproof_claim_free(claim);
    clear(&setting);
}

static void test_release(hookproof_store *store)
{
    struct setting setting;
    prepare(&setting, store);
    hookproof_claim *claim = claimed(&setting.call, NOW);
    CHECK_STATUS(hookproof_claim_release(claim, NOW + 1), HOOKPROOF_OK);
    CHECK(!hookproof_claim_is_open(claim));
    CHECK_STATUS(hookproof_claim_release(claim, NOW + 1), HOOKPROOF_NO_EFFECT);
    CHECK_STATUS(hookproof_claim_confirm(claim, NOW + 1), HOOKPROOF_NO_EFFECT);
    hookproof_claim *next = claimed(&setting.call, NOW + 1);
    CHECK_STATUS(hookproof_claim_confirm(next, NOW + 1), HOOKPROOF_OK);
    hookproof_claim_free(next);
    hookproof_claim_free(claim);
    clear(&setting);
}

/* The lease ends a claim that nobody ended, to the second; whoever was late has no effect then. */
static void test_lease(hookproof_store *store)
{
    struct setting setting;
    prepare(&setting, store);
    hookproof_claim *first = claimed(&setting.call, NOW);
    CHECK_STATUS(again(&setting.call, NOW + LEASE - 1), HOOKPROOF_R_REPLAY_IN_PROGRESS);
    hookproof_claim *second = claimed(&setting.call, NOW + LEASE);
    CHECK_STATUS(hookproof_claim_confirm(first, NOW + LEASE), HOOKPROOF_NO_EFFECT);
    CHECK(!hookproof_claim_is_open(first));
    CHECK_STATUS(hookproof_claim_release(first, NOW + LEASE), HOOKPROOF_NO_EFFECT);
    CHECK_STATUS(again(&setting.call, NOW + LEASE), HOOKPROOF_R_REPLAY_IN_PROGRESS);
    CHECK_STATUS(hookproof_claim_release(second, NOW + LEASE + 1), HOOKPROOF_OK);

    /* A lease that is over and that nobody took still belongs to its owner. */
    hookproof_claim *third = claimed(&setting.call, NOW + LEASE + 1);
    CHECK_STATUS(hookproof_claim_confirm(third, NOW + 3 * LEASE), HOOKPROOF_OK);
    CHECK_STATUS(again(&setting.call, NOW + 3 * LEASE), HOOKPROOF_R_REPLAY_DUPLICATE);
    hookproof_claim_free(third);
    hookproof_claim_free(second);
    hookproof_claim_free(first);
    clear(&setting);
}

/* Taken over and released since: the first owner has no part in it any more. */
static void test_lost_claim(hookproof_store *store)
{
    struct setting setting;
    prepare(&setting, store);
    hookproof_claim *first = claimed(&setting.call, NOW);
    hookproof_claim *second = claimed(&setting.call, NOW + LEASE);
    CHECK_STATUS(hookproof_claim_release(second, NOW + LEASE), HOOKPROOF_OK);
    CHECK_STATUS(hookproof_claim_confirm(first, NOW + LEASE), HOOKPROOF_NO_EFFECT);
    hookproof_claim *third = claimed(&setting.call, NOW + LEASE);
    CHECK_STATUS(hookproof_claim_confirm(third, NOW + LEASE), HOOKPROOF_OK);
    hookproof_claim_free(third);
    hookproof_claim_free(second);
    hookproof_claim_free(first);
    clear(&setting);
}

/* A policy of its own. */
static void test_longer_lease(void)
{
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_set_lease(policy, 100), HOOKPROOF_OK);
    hookproof_verifier *verifier = fixture_verifier(policy);
    hookproof_store *store = fixture_memory_store(16);
    hookproof_signer *signer = fixture_signer();
    struct call call = fixture_receive(verifier, store, fixture_signed_body(signer));
    hookproof_claim *claim = claimed(&call, NOW);
    CHECK_STATUS(again(&call, NOW + 99), HOOKPROOF_R_REPLAY_IN_PROGRESS);
    CHECK_STATUS(again(&call, NOW + 100), HOOKPROOF_OK);
    hookproof_claim_free(claim);
    hookproof_signer_free(signer);
    hookproof_store_free(store);
    hookproof_verifier_free(verifier);
    hookproof_policy_free(policy);
}

/* Every order of freeing: whoever is left works. */
static void test_orders(void)
{
    for (int order = 0; order < 6; order++) {
        hookproof_verifier *verifier = fixture_verifier(NULL);
        hookproof_store *store = fixture_memory_store(16);
        hookproof_signer *signer = fixture_signer();
        struct call call = fixture_receive(verifier, store, fixture_signed_body(signer));
        hookproof_result *result = NULL;
        hookproof_claim *claim = NULL;
        CHECK_STATUS(call_receive(&call, &result, &claim), HOOKPROOF_OK);
        hookproof_str jti = hookproof_result_jti(result);
        hookproof_signer_free(signer);
        hookproof_verifier_free(verifier);
        /* 0 store, 1 result, 2 claim, in the six orders. */
        static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        bool result_is_there = true;
        for (int step = 0; step < 3; step++) {
            switch (orders[order][step]) {
            case 0:
                hookproof_store_free(store);
                break;
            case 1:
                CHECK_TEXT(hookproof_result_api_key(result), API_KEY);
                hookproof_result_free(result);
                result_is_there = false;
                break;
            default:
                CHECK_STATUS(hookproof_claim_confirm(claim, NOW + 1), HOOKPROOF_OK);
                hookproof_claim_free(claim);
                break;
            }
            if (result_is_there)
                CHECK_TEXT(jti, JTI);
        }
    }
}

/* Takes the file of a store away, or brings it back. */
static void move_file(const char *from, const char *to)
{
    CHECK(rename(from, to) == 0);
}

/* The store is lost between the work and its end, and comes back. */
static void test_failing_store(void)
{
    char path[128];
    char away[128];
    snprintf(path, sizeof path, "%s/failing", fixture_directory());
    snprintf(away, sizeof away, "%s/failing-away", fixture_directory());
    struct setting setting;
    prepare(&setting, fixture_file_store(path));
    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_dangerously_accept_and_flag_store_failures(policy), HOOKPROOF_OK);
    hookproof_verifier *flagging = fixture_verifier(policy);
    hookproof_claim *claim = claimed(&setting.call, NOW);
    hookproof_claim *other = NULL;
    hookproof_result *result = NULL;
    hookproof_result *flagged = NULL;
    hookproof_signer *signer = fixture_signer();
    struct call call = fixture_receive(setting.verifier, setting.store,
                                       fixture_signed_jti(signer, NOW, "while the store fails"));

    move_file(path, away);
    CHECK_STATUS(hookproof_claim_confirm(claim, NOW), HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE);
    CHECK(hookproof_claim_error(claim).len > 0);
    CHECK(hookproof_claim_is_open(claim));
    CHECK_STATUS(hookproof_claim_release(claim, NOW), HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE);
    CHECK(hookproof_claim_is_open(claim));
    CHECK_STATUS(call_receive(&call, &result, &other), HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE);
    CHECK(other == NULL);
    call.verifier = flagging;
    CHECK_STATUS(call_receive(&call, &flagged, &other), HOOKPROOF_OK);
    CHECK(other == NULL);
    move_file(away, path);

    CHECK(strstr(hookproof_result_detail(result).ptr, "replay store: ") != NULL);
    CHECK(hookproof_result_http_status(result) == 503);
    CHECK_TEXT(hookproof_result_replay(result), "");
    CHECK_TEXT(hookproof_result_replay(flagged), "unavailable");
    CHECK(strstr(hookproof_result_detail(flagged).ptr, "replay store: ") != NULL);
    CHECK(!hookproof_result_is_duplicate(flagged));
    CHECK_STATUS(hookproof_claim_confirm(claim, NOW), HOOKPROOF_OK);
    CHECK_TEXT(hookproof_claim_error(claim), "");
    CHECK_STATUS(again(&setting.call, NOW), HOOKPROOF_R_REPLAY_DUPLICATE);
    hookproof_result_free(flagged);
    hookproof_result_free(result);
    hookproof_claim_free(claim);
    hookproof_signer_free(signer);
    hookproof_verifier_free(flagging);
    hookproof_policy_free(policy);
    clear(&setting);
}

void test_claim(void)
{
    test_null();
    test_longer_lease();
    test_orders();
    test_failing_store();
    static void (*const tests[])(hookproof_store *) = {test_confirm, test_release, test_lease, test_lost_claim};
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/claim-%zu", fixture_directory(), i);
        tests[i](fixture_memory_store(16));
        tests[i](fixture_file_store(path));
    }
}
