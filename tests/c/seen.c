#include "seen.h"

#include <string.h>

/* No request of a case is signed with it. */
static const char secret[] = "the secret of what was there before";
static const char body[] = "{}";

#define TEXT(text) (text), sizeof(text) - 1

/* Records one identity as done: a request of its own, for a verifier of its own, that the store cannot tell from an
   earlier one. What is there already, or what no webhook can have, changes nothing. */
static hookproof_status record(hookproof_store *store, const struct seen *seen, int64_t now)
{
    hookproof_policy *policy = hookproof_policy_new();
    hookproof_keyring *keyring = hookproof_keyring_new();
    hookproof_verifier *verifier = NULL;
    hookproof_signer *signer = NULL;
    hookproof_status status =
        hookproof_keyring_add_secret(keyring, seen->api_key, seen->api_key_len, TEXT("seen"), TEXT(secret));
    if (status == HOOKPROOF_OK)
        status = hookproof_verifier_new(policy, keyring, &verifier);
    if (status == HOOKPROOF_OK)
        status = hookproof_signer_new(seen->api_key, seen->api_key_len, TEXT(secret), &signer);
    if (status == HOOKPROOF_OK)
        status = hookproof_signer_sign_body(signer, TEXT(body), now, seen->jti, seen->jti_len);
    if (status == HOOKPROOF_OK) {
        hookproof_str header = hookproof_signer_header(signer);
        hookproof_result *result = NULL;
        status =
            hookproof_verifier_verify_once(verifier, store, TEXT("POST"), header.ptr, header.len, 1, NULL, 0, NULL, 0,
                                           NULL, 0, TEXT(body), HOOKPROOF_DUPLICATES_REFUSE, now, &result);
        hookproof_result_free(result);
    }
    hookproof_signer_free(signer);
    hookproof_verifier_free(verifier);
    hookproof_keyring_free(keyring);
    hookproof_policy_free(policy);
    return status;
}

hookproof_store *seen_store(const struct request *request)
{
    hookproof_store *store = NULL;
    hookproof_status status =
        hookproof_store_new_memory(request->seen_count + 1, HOOKPROOF_COLD_START_ALLOW, request->now, &store);
    if (status != HOOKPROOF_OK) {
        hookproof_store_free(store);
        return NULL;
    }
    for (size_t i = 0; i < request->seen_count; i++)
        (void)record(store, &request->seen[i], request->now);
    return store;
}
