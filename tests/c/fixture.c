#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
