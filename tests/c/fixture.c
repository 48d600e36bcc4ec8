/* For mkdtemp and readdir, which C alone does not have. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "cannot set up: %s\n", what);
        exit(3);
    }
}

hookproof_keyring *fixture_keyring(const char *secret)
{
    hookproof_keyring *keyring = hookproof_keyring_new();
    require(keyring != NULL &&
                hookproof_keyring_add_secret(keyring, TEXT(API_KEY), TEXT(LABEL), secret, strlen(secret)) == HOOKPROOF_OK,
            "keyring");
    return keyring;
}

hookproof_verifier *fixture_verifier(const hookproof_policy *policy)
{
    hookproof_verifier *verifier = NULL;
    hookproof_keyring *keyring = fixture_keyring(SECRET);
    require(hookproof_verifier_new(policy, keyring, &verifier) == HOOKPROOF_OK, "verifier");
    hookproof_keyring_free(keyring);
    return verifier;
}

hookproof_signer *fixture_signer(void)
{
    hookproof_signer *signer = NULL;
    require(hookproof_signer_new(TEXT(API_KEY), TEXT(SECRET), &signer) == HOOKPROOF_OK, "signer");
    return signer;
}

hookproof_store *fixture_memory_store(uint64_t capacity)
{
    hookproof_store *store = NULL;
    require(hookproof_store_new_memory(capacity, HOOKPROOF_COLD_START_ALLOW, NOW, &store) == HOOKPROOF_OK,
            "memory store");
    return store;
}

hookproof_store *fixture_file_store(const char *path)
{
    hookproof_store *store = NULL;
    require(hookproof_store_new_file(path, strlen(path), HOOKPROOF_DURABILITY_PROCESS_CRASH, &store) == HOOKPROOF_OK,
            "file store");
    /* What is tested is who gets the claim, and not how fast a machine full of other tests is. */
    require(hookproof_store_set_budget_ms(store, HOOKPROOF_MAX_STORE_BUDGET_MS) == HOOKPROOF_OK, "budget");
    return store;
}

static char directory[] = "/tmp/hookproof-tests-XXXXXX";
static pid_t directory_owner;

static void remove_directory(void)
{
    /* A child that exits must not take away what its parent works with. */
    DIR *listing = getpid() == directory_owner ? opendir(directory) : NULL;
    if (listing == NULL)
        return;
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        char path[sizeof directory + sizeof entry->d_name + 1];
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        unlink(path);
    }
    closedir(listing);
    rmdir(directory);
}

const char *fixture_directory(void)
{
    if (directory_owner == 0) {
        require(mkdtemp(directory) != NULL && atexit(remove_directory) == 0, "directory");
        directory_owner = getpid();
    }
    return directory;
}

hookproof_str fixture_signed_claims(hookproof_signer *signer, const char *claims)
{
    require(hookproof_signer_sign_claims(signer, claims, strlen(claims)) == HOOKPROOF_OK, "sign claims");
    return hookproof_signer_header(signer);
}

hookproof_str fixture_signed_body(hookproof_signer *signer)
{
    require(hookproof_signer_sign_body(signer, TEXT(BODY), NOW, TEXT(JTI)) == HOOKPROOF_OK, "sign body");
    return hookproof_signer_header(signer);
}

hookproof_str fixture_signed_jti(hookproof_signer *signer, int64_t iat, const char *jti)
{
    require(hookproof_signer_sign_body(signer, TEXT(BODY), iat, jti, strlen(jti)) == HOOKPROOF_OK, "sign body");
    return hookproof_signer_header(signer);
}

struct token *fixture_tokens(size_t count)
{
    hookproof_signer *signer = fixture_signer();
    struct token *tokens = calloc(count, sizeof *tokens);
    require(tokens != NULL, "tokens");
    for (size_t i = 0; i < count; i++) {
        char jti[32];
        snprintf(jti, sizeof jti, "token-%zu", i);
        hookproof_str header = fixture_signed_jti(signer, NOW, jti);
        tokens[i].header = malloc(header.len);
        tokens[i].len = header.len;
        require(tokens[i].header != NULL, "token");
        memcpy(tokens[i].header, header.ptr, header.len);
    }
    hookproof_signer_free(signer);
    return tokens;
}

void fixture_free_tokens(struct token *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(tokens[i].header);
    free(tokens);
}

struct call fixture_call(const hookproof_verifier *verifier, hookproof_str header)
{
    return (struct call){
        .verifier = verifier,
        .method = "POST",
        .method_len = 4,
        .header = header.ptr,
        .header_len = header.len,
        .header_count = 1,
        .body = BODY,
        .body_len = sizeof BODY - 1,
        .declared_len = HOOKPROOF_LENGTH_UNKNOWN,
        .now = NOW,
    };
}

struct call fixture_receive(const hookproof_verifier *verifier, const hookproof_store *store, hookproof_str header)
{
    struct call call = fixture_call(verifier, header);
    call.store = store;
    call.duplicates = HOOKPROOF_DUPLICATES_REFUSE;
    return call;
}

hookproof_status call_verify(const struct call *call, hookproof_result **out)
{
    return hookproof_verifier_verify(call->verifier, call->method, call->method_len, call->header, call->header_len,
                                     call->header_count, call->query, call->query_len, call->route, call->route_len,
                                     call->account, call->account_len, call->body, call->body_len, call->now, out);
}

hookproof_status call_verify_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                          hookproof_result **out)
{
    return hookproof_verifier_verify_with_keyring(call->verifier, keyring, call->method, call->method_len, call->header,
                                                  call->header_len, call->header_count, call->query, call->query_len,
                                                  call->route, call->route_len, call->account, call->account_len,
                                                  call->body, call->body_len, call->now, out);
}

hookproof_status call_begin(const struct call *call, hookproof_result **out)
{
    return hookproof_verifier_begin(call->verifier, call->method, call->method_len, call->header, call->header_len,
                                    call->header_count, call->query, call->query_len, call->route, call->route_len,
                                    call->account, call->account_len, call->declared_len, call->now, out);
}

hookproof_status call_begin_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                         hookproof_result **out)
{
    return hookproof_verifier_begin_with_keyring(call->verifier, keyring, call->method, call->method_len, call->header,
                                                 call->header_len, call->header_count, call->query, call->query_len,
                                                 call->route, call->route_len, call->account, call->account_len,
                                                 call->declared_len, call->now, out);
}

hookproof_status call_receive(const struct call *call, hookproof_result **out, hookproof_claim **out_claim)
{
    return hookproof_verifier_receive(call->verifier, call->store, call->method, call->method_len, call->header,
                                      call->header_len, call->header_count, call->query, call->query_len, call->route,
                                      call->route_len, call->account, call->account_len, call->body, call->body_len,
                                      call->duplicates, call->now, out, out_claim);
}

hookproof_status call_receive_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                           hookproof_result **out, hookproof_claim **out_claim)
{
    return hookproof_verifier_receive_with_keyring(
        call->verifier, keyring, call->store, call->method, call->method_len, call->header, call->header_len,
        call->header_count, call->query, call->query_len, call->route, call->route_len, call->account,
        call->account_len, call->body, call->body_len, call->duplicates, call->now, out, out_claim);
}

hookproof_status call_verify_once(const struct call *call, hookproof_result **out)
{
    return hookproof_verifier_verify_once(call->verifier, call->store, call->method, call->method_len, call->header,
                                          call->header_len, call->header_count, call->query, call->query_len,
                                          call->route, call->route_len, call->account, call->account_len, call->body,
                                          call->body_len, call->duplicates, call->now, out);
}

hookproof_status call_verify_once_with_keyring(const struct call *call, const hookproof_keyring *keyring,
                                               hookproof_result **out)
{
    return hookproof_verifier_verify_once_with_keyring(
        call->verifier, keyring, call->store, call->method, call->method_len, call->header, call->header_len,
        call->header_count, call->query, call->query_len, call->route, call->route_len, call->account,
        call->account_len, call->body, call->body_len, call->duplicates, call->now, out);
}

hookproof_status call_receive_and_confirm(const struct call *call)
{
    hookproof_result *result = NULL;
    hookproof_claim *claim = NULL;
    hookproof_status status = call_receive(call, &result, &claim);
    if (claim != NULL)
        require(hookproof_claim_confirm(claim, call->now) == HOOKPROOF_OK, "confirm");
    hookproof_claim_free(claim);
    hookproof_result_free(result);
    return status;
}

hookproof_status call_receive_and_forget(const struct call *call)
{
    hookproof_result *result = NULL;
    hookproof_claim *claim = NULL;
    hookproof_status status = call_receive(call, &result, &claim);
    hookproof_claim_free(claim);
    hookproof_result_free(result);
    return status;
}
