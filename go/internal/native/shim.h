/* What one call of Go needs of several functions of the library: crossing into C costs more than most of them.
 * Texts are copied into room that Go lends, so that nothing points from one side to the other. */
#ifndef HOOKPROOF_GO_SHIM_H
#define HOOKPROOF_GO_SHIM_H

#include <hookproof.h>
#include <string.h>

enum {
    HP_API_KEY,
    HP_JTI,
    HP_APPLICATION_ID,
    HP_KEY_LABEL,
    HP_PAYLOAD_FORM,
    HP_REPLAY,
    HP_DETAIL,
    HP_UNTRUSTED_API_KEY,
    HP_TEXTS
};

/* What is known about a request, as far as it is known. `lens[i]` is the length of text i in the room. */
typedef struct {
    hookproof_result *result;
    hookproof_claim *claim;
    int64_t issued_at, age;
    uint64_t generation;
    int32_t status, http_status, retries, has_age;
    uint32_t retry_after, fits;
    uint32_t lens[HP_TEXTS];
} hp_answer;

static void hp_take(hp_answer *answer, char *room, size_t *used, size_t size, int which, hookproof_str text)
{
    if (text.len > size - *used) {
        answer->fits = 0;
        return;
    }
    memcpy(room + *used, text.ptr, text.len);
    *used += text.len;
    answer->lens[which] = (uint32_t)text.len;
}

static void hp_describe(hp_answer *answer, char *room, size_t size)
{
    const hookproof_result *result = answer->result;
    size_t used = 0;
    memset(answer->lens, 0, sizeof answer->lens);
    answer->fits = 1;
    if (result == NULL) {
        answer->http_status = hookproof_status_http_status(answer->status);
        answer->retries = hookproof_result_sender_retries(NULL);
        answer->retry_after = hookproof_result_retry_after(NULL);
        return;
    }
    answer->has_age = hookproof_result_age_seconds(result, &answer->age);
    answer->generation = hookproof_result_keyring_generation(result);
    hp_take(answer, room, &used, size, HP_KEY_LABEL, hookproof_result_key_label(result));
    if (answer->status == HOOKPROOF_OK) {
        answer->issued_at = hookproof_result_issued_at(result);
        hp_take(answer, room, &used, size, HP_API_KEY, hookproof_result_api_key(result));
        hp_take(answer, room, &used, size, HP_JTI, hookproof_result_jti(result));
        hp_take(answer, room, &used, size, HP_APPLICATION_ID, hookproof_result_application_id(result));
        hp_take(answer, room, &used, size, HP_PAYLOAD_FORM, hookproof_result_payload_form(result));
        hp_take(answer, room, &used, size, HP_REPLAY, hookproof_result_replay(result));
        return;
    }
    answer->http_status = hookproof_result_http_status(result);
    answer->retries = hookproof_result_sender_retries(result);
    answer->retry_after = hookproof_result_retry_after(result);
    if (hookproof_status_is_refusal(answer->status)) {
        hp_take(answer, room, &used, size, HP_UNTRUSTED_API_KEY, hookproof_result_untrusted_api_key(result));
        hp_take(answer, room, &used, size, HP_DETAIL, hookproof_result_detail(result));
    }
}

/* What the three verbs share; `verb` says which it is. */
enum { HP_VERIFY, HP_RECEIVE, HP_ONCE, HP_BEGIN };

static void hp_call(int verb, const hookproof_verifier *verifier, int has_keyring, const hookproof_keyring *keyring,
                    const hookproof_store *store, const char *method, size_t method_len, const char *header,
                    size_t header_len, size_t header_count, const char *query, size_t query_len, const char *route,
                    size_t route_len, const char *account, size_t account_len, int has_account, const void *body,
                    size_t body_len, uint64_t declared_len, int32_t duplicates, int64_t now, hp_answer *answer,
                    char *room, size_t size)
{
    /* An empty text that is not NULL matches no account. */
    if (has_account && account_len == 0)
        account = "";
    answer->result = NULL;
    answer->claim = NULL;
    switch (verb) {
    case HP_VERIFY:
        answer->status =
            has_keyring ? hookproof_verifier_verify_with_keyring(
                              verifier, keyring, method, method_len, header, header_len, header_count, query, query_len,
                              route, route_len, account, account_len, body, body_len, now, &answer->result)
                        : hookproof_verifier_verify(verifier, method, method_len, header, header_len, header_count,
                                                    query, query_len, route, route_len, account, account_len, body,
                                                    body_len, now, &answer->result);
        break;
    case HP_RECEIVE:
        answer->status =
            has_keyring
                ? hookproof_verifier_receive_with_keyring(verifier, keyring, store, method, method_len, header,
                                                          header_len, header_count, query, query_len, route, route_len,
                                                          account, account_len, body, body_len, duplicates, now,
                                                          &answer->result, &answer->claim)
                : hookproof_verifier_receive(verifier, store, method, method_len, header, header_len, header_count,
                                             query, query_len, route, route_len, account, account_len, body, body_len,
                                             duplicates, now, &answer->result, &answer->claim);
        break;
    case HP_ONCE:
        answer->status =
            has_keyring
                ? hookproof_verifier_verify_once_with_keyring(verifier, keyring, store, method, method_len, header,
                                                              header_len, header_count, query, query_len, route,
                                                              route_len, account, account_len, body, body_len,
                                                              duplicates, now, &answer->result)
                : hookproof_verifier_verify_once(verifier, store, method, method_len, header, header_len, header_count,
                                                 query, query_len, route, route_len, account, account_len, body,
                                                 body_len, duplicates, now, &answer->result);
        break;
    default:
        answer->status =
            has_keyring
                ? hookproof_verifier_begin_with_keyring(verifier, keyring, method, method_len, header, header_len,
                                                        header_count, query, query_len, route, route_len, account,
                                                        account_len, declared_len, now, &answer->result)
                : hookproof_verifier_begin(verifier, method, method_len, header, header_len, header_count, query,
                                           query_len, route, route_len, account, account_len, declared_len, now,
                                           &answer->result);
        break;
    }
    hp_describe(answer, room, size);
    /* Everything about a refusal has been told. */
    if (hookproof_status_is_refusal(answer->status) && answer->fits) {
        hookproof_result_free(answer->result);
        answer->result = NULL;
    }
}

/* The steps of a request whose body was streamed, or whose store is the host's own. */
static void hp_finish(int verb, hookproof_result *result, const hookproof_store *store, int32_t duplicates, int64_t now,
                      hp_answer *answer, char *room, size_t size)
{
    answer->result = result;
    answer->claim = NULL;
    switch (verb) {
    case HP_VERIFY:
        answer->status = hookproof_result_finish(result, now);
        break;
    case HP_RECEIVE:
        answer->status = hookproof_result_receive(result, store, duplicates, now, &answer->claim);
        break;
    default:
        answer->status = hookproof_result_finish_once(result, store, duplicates, now);
        break;
    }
    hp_describe(answer, room, size);
}

static void hp_update(hookproof_result *result, const void *chunk, size_t chunk_len, hp_answer *answer, char *room,
                      size_t size)
{
    answer->status = hookproof_result_update(result, chunk, chunk_len);
    if (answer->status == HOOKPROOF_PENDING_BODY)
        return;
    answer->result = result;
    answer->claim = NULL;
    hp_describe(answer, room, size);
}

static void hp_answer_replay(hookproof_result *result, int32_t said, int64_t now, hp_answer *answer, char *room,
                             size_t size)
{
    answer->result = result;
    answer->claim = NULL;
    answer->status = hookproof_result_answer_replay(result, said, now);
    hp_describe(answer, room, size);
}

#endif
