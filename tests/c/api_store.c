/* Making stores, what they say of themselves, and what each kind promises by its making. */
#include "api.h"
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

/* No handle: the library must have written the out-parameter. */
static hookproof_store *unset(void)
{
    static char byte;
    return (hookproof_store *)(void *)&byte;
}

static void test_nulls(void)
{
    hookproof_store *store = unset();
    CHECK_STATUS(hookproof_store_new_memory(16, HOOKPROOF_COLD_START_ALLOW, NOW, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_store_new_file(TEXT("x"), HOOKPROOF_DURABILITY_PROCESS_CRASH, NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_store_new_redis(TEXT("redis://127.0.0.1"), TEXT("shop"), NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_store_new_host(TEXT("shop"), NULL), HOOKPROOF_E_NULL);
    CHECK_STATUS(hookproof_store_new_file(NULL, 1, HOOKPROOF_DURABILITY_PROCESS_CRASH, &store), HOOKPROOF_E_NULL);
    CHECK(store == NULL);
    store = unset();
    CHECK_STATUS(hookproof_store_new_redis(NULL, 1, TEXT("shop"), &store), HOOKPROOF_E_NULL);
    CHECK(store == NULL);
    store = unset();
    CHECK_STATUS(hookproof_store_new_redis(TEXT("redis://127.0.0.1"), NULL, 1, &store), HOOKPROOF_E_NULL);
    CHECK(store == NULL);
    store = unset();
    CHECK_STATUS(hookproof_store_new_host(NULL, 1, &store), HOOKPROOF_E_NULL);
    CHECK(store == NULL);
    CHECK_STATUS(hookproof_store_set_budget_ms(NULL, 50), HOOKPROOF_E_NULL);
    CHECK_TEXT(hookproof_store_error(NULL), "");
    CHECK_TEXT(hookproof_store_extent(NULL), "");
    hookproof_store_free(NULL);
}

static void test_wrong_values(void)
{
    const int32_t numbers[] = {-1, 2, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        hookproof_store *store = unset();
        CHECK_STATUS(hookproof_store_new_memory(16, numbers[i], NOW, &store), HOOKPROOF_E_ARGUMENT);
        CHECK(store == NULL);
        store = unset();
        CHECK_STATUS(hookproof_store_new_file(TEXT("x"), numbers[i], &store), HOOKPROOF_E_ARGUMENT);
        CHECK(store == NULL);
    }
    hookproof_store *store = unset();
    CHECK_STATUS(hookproof_store_new_file("x", SIZE_MAX, HOOKPROOF_DURABILITY_POWER_LOSS, &store),
                 HOOKPROOF_E_ARGUMENT);
    CHECK(store == NULL);
    store = unset();
    CHECK_STATUS(hookproof_store_new_host(TEXT("\xff"), &store), HOOKPROOF_E_UTF8);
    CHECK(store == NULL);
    store = unset();
    CHECK_STATUS(hookproof_store_new_redis(TEXT("\xff"), TEXT("shop"), &store), HOOKPROOF_E_UTF8);
    CHECK(store == NULL);
}

/* A store that could not be made is a store all the same: it says why and refuses everything, also under a
   policy that accepts while a store is down. */
static void check_failed(hookproof_store *store, hookproof_status status)
{
    CHECK_STATUS(status, HOOKPROOF_E_CONFIG);
    CHECK(store != NULL);
    CHECK(hookproof_store_error(store).len > 0);
    CHECK_TEXT(hookproof_store_extent(store), "");
    CHECK_STATUS(hookproof_store_set_budget_ms(store, 50), HOOKPROOF_E_CONFIG);

    hookproof_policy *policy = hookproof_policy_new();
    CHECK_STATUS(hookproof_policy_dangerously_accept_and_flag_store_failures(policy), HOOKPROOF_OK);
    hookproof_verifier *verifier = fixture_verifier(policy);
    hookproof_signer *signer = fixture_signer();
    struct call call = fixture_receive(verifier, store, fixture_signed_body(signer));
    hookproof_result *result = NULL;
    hookproof_claim *claim = NULL;
    CHECK_STATUS(call_receive(&call, &result, &claim), HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE);
    CHECK(claim == NULL);
    CHECK(strstr(hookproof_result_detail(result).ptr, hookproof_store_error(store).ptr) != NULL);
    CHECK_TEXT(hookproof_result_api_key(result), "");
    CHECK(hookproof_result_http_status(result) == 503);
    hookproof_result_free(result);
    CHECK_STATUS(call_verify_once(&call, &result), HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE);
    hookproof_result_free(result);
    /* What else stands against a request comes first, as with any store. */
    call.now = NOW + 301;
    CHECK_STATUS(call_verify_once(&call, &result), HOOKPROOF_R_TIME_STALE);
    hookproof_result_free(result);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    hookproof_policy_free(policy);
    hookproof_store_free(store);
}

static void test_failed(void)
{
    static const char *const namespaces[] = {"", "two words", "a:b", "a*",
                                             "a-name-of-sixty-five-letters-which-is-one-more-than-the-most-it-may"};
    hookproof_store *store = NULL;
    hookproof_status status = hookproof_store_new_memory(0, HOOKPROOF_COLD_START_ALLOW, NOW, &store);
    check_failed(store, status);
    status = hookproof_store_new_memory(HOOKPROOF_MAX_STORE_CAPACITY + UINT64_C(1), HOOKPROOF_COLD_START_ALLOW, NOW,
                                        &store);
    check_failed(store, status);
    status = hookproof_store_new_memory(UINT64_MAX, HOOKPROOF_COLD_START_REFUSE, NOW, &store);
    check_failed(store, status);
    status = hookproof_store_new_file(NULL, 0, HOOKPROOF_DURABILITY_PROCESS_CRASH, &store);
    check_failed(store, status);
    status = hookproof_store_new_file("a\0b", 3, HOOKPROOF_DURABILITY_PROCESS_CRASH, &store);
    check_failed(store, status);
    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++) {
        status = hookproof_store_new_host(namespaces[i], strlen(namespaces[i]), &store);
        check_failed(store, status);
    }
    status = hookproof_store_new_redis(TEXT("redis://127.0.0.1:1"), TEXT("two words"), &store);
    check_failed(store, status);
    if (!hookproof_has_feature(TEXT("redis"))) {
        status = hookproof_store_new_redis(TEXT("redis://:password@127.0.0.1:1"), TEXT("shop"), &store);
        CHECK_TEXT(hookproof_store_error(store), "this library was built without the feature redis");
        check_failed(store, status);
    }
}

static void test_budget(void)
{
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    char path[128];
    snprintf(path, sizeof path, "%s/budget", fixture_directory());
    hookproof_store *stores[3] = {fixture_memory_store(16), NULL, NULL};
    CHECK_STATUS(hookproof_store_new_file(path, strlen(path), HOOKPROOF_DURABILITY_PROCESS_CRASH, &stores[1]),
                 HOOKPROOF_OK);
    CHECK_STATUS(hookproof_store_new_host(TEXT("shop"), &stores[2]), HOOKPROOF_OK);
    for (size_t i = 0; i < 3; i++) {
        CHECK_STATUS(hookproof_store_set_budget_ms(stores[i], 0), HOOKPROOF_E_ARGUMENT);
        CHECK_STATUS(hookproof_store_set_budget_ms(stores[i], HOOKPROOF_MAX_STORE_BUDGET_MS + 1), HOOKPROOF_E_ARGUMENT);
        CHECK_STATUS(hookproof_store_set_budget_ms(stores[i], UINT32_MAX), HOOKPROOF_E_ARGUMENT);
        CHECK_STATUS(hookproof_store_set_budget_ms(stores[i], 1), HOOKPROOF_OK);
        CHECK_STATUS(hookproof_store_set_budget_ms(stores[i], HOOKPROOF_MAX_STORE_BUDGET_MS), HOOKPROOF_OK);
        CHECK_TEXT(hookproof_store_error(stores[i]), "");
        struct call call = fixture_receive(verifier, stores[i], fixture_signed_body(signer));
        CHECK_STATUS(call_receive_and_forget(&call), i == 2 ? HOOKPROOF_PENDING_REPLAY : HOOKPROOF_OK);
        CHECK_STATUS(hookproof_store_set_budget_ms(stores[i], 50), HOOKPROOF_E_STATE);
        hookproof_store_free(stores[i]);
    }
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
}

static void test_memory(void)
{
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    hookproof_store *store = fixture_memory_store(2);
    CHECK(hookproof_store_extent(store).len > 0);

    /* Full: it refuses, and forgets none of what it holds. */
    static const char *const jtis[] = {"one", "two", "three"};
    for (size_t i = 0; i < 3; i++) {
        struct call call = fixture_receive(verifier, store, fixture_signed_jti(signer, NOW, jtis[i]));
        CHECK_STATUS(call_receive_and_confirm(&call), i < 2 ? HOOKPROOF_OK : HOOKPROOF_R_REPLAY_STORE_FULL);
    }
    for (size_t i = 0; i < 3; i++) {
        struct call call = fixture_receive(verifier, store, fixture_signed_jti(signer, NOW, jtis[i]));
        CHECK_STATUS(call_receive_and_confirm(&call),
                     i < 2 ? HOOKPROOF_R_REPLAY_DUPLICATE : HOOKPROOF_R_REPLAY_STORE_FULL);
    }
    hookproof_store_free(store);

    /* A start that trusts nothing issued before it. */
    store = NULL;
    CHECK_STATUS(hookproof_store_new_memory(2, HOOKPROOF_COLD_START_REFUSE, NOW, &store), HOOKPROOF_OK);
    struct call call = fixture_receive(verifier, store, fixture_signed_jti(signer, NOW, "one"));
    CHECK_STATUS(call_receive_and_confirm(&call), HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE);
    call = fixture_receive(verifier, store, fixture_signed_jti(signer, NOW + 1, "two"));
    CHECK_STATUS(call_receive_and_confirm(&call), HOOKPROOF_OK);
    hookproof_store_free(store);
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
}

static void test_file(void)
{
    static const int32_t durabilities[] = {HOOKPROOF_DURABILITY_PROCESS_CRASH, HOOKPROOF_DURABILITY_POWER_LOSS};
    hookproof_verifier *verifier = fixture_verifier(NULL);
    hookproof_signer *signer = fixture_signer();
    for (size_t i = 0; i < 2; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/store-%zu", fixture_directory(), i);
        hookproof_store *stores[2] = {NULL, NULL};
        for (size_t j = 0; j < 2; j++) {
            CHECK_STATUS(hookproof_store_new_file(path, strlen(path), durabilities[i], &stores[j]), HOOKPROOF_OK);
            CHECK_STATUS(hookproof_store_set_budget_ms(stores[j], HOOKPROOF_MAX_STORE_BUDGET_MS), HOOKPROOF_OK);
            CHECK(hookproof_store_extent(stores[j]).len > 0);
        }
        /* Two handles on one file are one store. */
        hookproof_result *result = NULL;
        hookproof_claim *claim = NULL;
        struct call call = fixture_receive(verifier, stores[0], fixture_signed_body(signer));
        CHECK_STATUS(call_receive(&call, &result, &claim), HOOKPROOF_OK);
        call.store = stores[1];
        CHECK_STATUS(call_receive_and_forget(&call), HOOKPROOF_R_REPLAY_IN_PROGRESS);
        CHECK_STATUS(hookproof_claim_release(claim, NOW), HOOKPROOF_OK);
        CHECK_STATUS(call_receive_and_confirm(&call), HOOKPROOF_OK);
        call.store = stores[0];
        CHECK_STATUS(call_receive_and_forget(&call), HOOKPROOF_R_REPLAY_DUPLICATE);
        hookproof_claim_free(claim);
        hookproof_result_free(result);
        hookproof_store_free(stores[0]);
        hookproof_store_free(stores[1]);

        /* It remembers without anybody having it open. */
        hookproof_store *again = fixture_file_store(path);
        call.store = again;
        CHECK_STATUS(call_receive_and_forget(&call), HOOKPROOF_R_REPLAY_DUPLICATE);
        hookproof_store_free(again);
    }
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
}

void test_store(void)
{
    test_nulls();
    test_wrong_values();
    test_failed();
    test_budget();
    test_memory();
    test_file();
}
