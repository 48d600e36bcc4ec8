/* What a program that links the library does: one request is accepted, the same with another body is refused. */

#include <hookproof.h>

#include <stdio.h>
#include <string.h>

#ifdef WITH_OTHER_RUST
int other_rust_catches_a_panic(void);
#endif

static const char account[] = "a1b2c3d4";
static const char secret[] = "a secret of the packaging tests, forty bytes";

static hookproof_status verify(const hookproof_verifier *verifier, hookproof_str header, const char *body) {
  return hookproof_verifier_verify(verifier, "POST", 4, header.ptr, header.len, 1, NULL, 0, NULL, 0, NULL, 0, body,
                                   strlen(body), 1767225600, NULL);
}

int main(void) {
  const char *body = "{\"text\":\"hello\"}";
  hookproof_keyring *keyring = hookproof_keyring_new();
  hookproof_verifier *verifier = NULL;
  hookproof_signer *signer = NULL;
  int good = hookproof_abi_version() == HOOKPROOF_ABI_VERSION &&
             strcmp(hookproof_version().ptr, HOOKPROOF_VERSION_STRING) == 0 &&
             hookproof_keyring_add_secret(keyring, account, strlen(account), "only", 4, secret, strlen(secret)) == HOOKPROOF_OK &&
             hookproof_verifier_new(NULL, keyring, &verifier) == HOOKPROOF_OK &&
             hookproof_signer_new(account, strlen(account), secret, strlen(secret), &signer) == HOOKPROOF_OK &&
             hookproof_signer_sign_body(signer, body, strlen(body), 1767225600, "j", 1) == HOOKPROOF_OK &&
             verify(verifier, hookproof_signer_header(signer), body) == HOOKPROOF_OK &&
             verify(verifier, hookproof_signer_header(signer), "{}") == HOOKPROOF_R_PAYLOAD_MISMATCH;
#ifdef WITH_OTHER_RUST
  good = good && other_rust_catches_a_panic();
#endif
  hookproof_signer_free(signer);
  hookproof_verifier_free(verifier);
  hookproof_keyring_free(keyring);
  if (good) {
    printf("%s\n", hookproof_version().ptr);
  }
  return good ? 0 : 1;
}
