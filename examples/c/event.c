/* Verifies one webhook of any API and prints what it says, as JSON.
 *
 *     event keyring.json standard   GET  "$QUERY" "$AUTHORIZATION" < /dev/null     a Voice answer webhook
 *     event keyring.json sms_sha256 POST ""       ""               < body          an SMS with its own signature
 *     event keyring.json standard   POST ""       "$AUTHORIZATION" < body          everything else
 *
 * Exit status: 0 accepted, 1 refused, 2 the configuration is wrong.
 * Build: cc event.c $(pkg-config --cflags --libs hookproof) -o event
 */

#include <hookproof.h>

#include <stdio.h>
#include <string.h>

static char json[1 << 20];
static char body[(1 << 20) + 1]; /* one byte beyond the policy's ceiling, so that more is noticed */

static size_t read_keyring(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    return 0;
  }
  size_t len = fread(json, 1, sizeof json, file);
  fclose(file);
  return len;
}

/* The product's way of signing is a setting of the verifier, never something that a request chooses. */
static hookproof_verifier *make_verifier(const char *path, const char *profile) {
  hookproof_verifier *verifier = NULL;
  hookproof_keyring *keyring = hookproof_keyring_new();
  hookproof_policy *policy = hookproof_policy_new();
  size_t json_len = read_keyring(path);
  hookproof_status status = hookproof_keyring_add_json(keyring, json, json_len);
  if (status != HOOKPROOF_OK) {
    fprintf(stderr, "%s: %s\n", path, hookproof_keyring_error(keyring).ptr);
  } else if ((status = hookproof_policy_set_profile(policy, profile, strlen(profile))) != HOOKPROOF_OK) {
    fprintf(stderr, "%s: %s\n", profile, hookproof_policy_error(policy).ptr);
  } else if ((status = hookproof_verifier_new(policy, keyring, &verifier)) != HOOKPROOF_OK) {
    fprintf(stderr, "%s\n", hookproof_status_message(status).ptr);
  }
  hookproof_policy_free(policy);
  hookproof_keyring_free(keyring);
  return verifier;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: event KEYRING.JSON PROFILE METHOD QUERY HEADER < BODY\n");
    return 2;
  }
  hookproof_verifier *verifier = make_verifier(argv[1], argv[2]);
  if (verifier == NULL) {
    return 2;
  }
  const char *method = argv[3], *query = argv[4], *header = argv[5];
  size_t body_len = fread(body, 1, sizeof body, stdin);

  hookproof_result *result = NULL;
  hookproof_status status = hookproof_verifier_verify(
      verifier, method, strlen(method),                  /* case-sensitive */
      header, strlen(header), header[0] == '\0' ? 0 : 1, /* the SMS API's own signature needs no header */
      query, strlen(query),                              /* raw, as it stood in the request line */
      NULL, 0, NULL, 0,                                  /* route and account: see docs/webhooks.md */
      body, body_len, hookproof_now(), &result);

  hookproof_event *event = NULL;
  if (status == HOOKPROOF_OK) {
    /* The body is given again and compared with the one that was verified. */
    status = hookproof_event_new(result, body, body_len, &event);
  }
  if (status == HOOKPROOF_OK) {
    printf("%s %s from %s, account %s\n", hookproof_event_api(event).ptr, hookproof_event_kind(event).ptr,
           hookproof_event_from(event).ptr, hookproof_result_api_key(result).ptr);
    printf("%s\n", hookproof_event_json(event).ptr);
  } else {
    printf("refused: %s\n", hookproof_result_detail(result).ptr);
    printf("likely causes: %s\n", hookproof_status_hint(status).ptr);
  }

  hookproof_event_free(event);
  hookproof_result_free(result);
  hookproof_verifier_free(verifier);
  return status == HOOKPROOF_OK ? 0 : 1;
}
