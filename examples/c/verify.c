/* Verifies one webhook from the command line.
 *
 *     verify keyring.json "$AUTHORIZATION" < body
 *
 * Exit status: 0 accepted, 1 refused, 2 the configuration is wrong.
 * Build: cc verify.c $(pkg-config --cflags --libs hookproof) -o verify
 */

#include <hookproof.h>

#include <stdio.h>
#include <string.h>

static char json[1 << 20];
static char body[(1 << 20) + 1]; /* one byte beyond the policy's ceiling, so that more is noticed */

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: verify KEYRING.JSON AUTHORIZATION < BODY\n");
    return 2;
  }

  /* Once, when the program starts: the accounts and their secrets, then the verifier. */
  FILE *file = fopen(argv[1], "rb");
  if (file == NULL) {
    perror(argv[1]);
    return 2;
  }
  size_t json_len = fread(json, 1, sizeof json, file);
  fclose(file);

  hookproof_keyring *keyring = hookproof_keyring_new();
  if (hookproof_keyring_add_json(keyring, json, json_len) != HOOKPROOF_OK) {
    fprintf(stderr, "%s: %s\n", argv[1], hookproof_keyring_error(keyring).ptr);
    hookproof_keyring_free(keyring);
    return 2;
  }
  hookproof_verifier *verifier = NULL;
  hookproof_status status = hookproof_verifier_new(NULL, keyring, &verifier);
  hookproof_keyring_free(keyring); /* the verifier has its own copy */
  if (status != HOOKPROOF_OK) {
    fprintf(stderr, "%s: %s\n", argv[1], hookproof_status_message(status).ptr);
    return 2;
  }

  /* For each request: the header's value and the raw body, as they arrived. */
  const char *header = argv[2];
  size_t body_len = fread(body, 1, sizeof body, stdin);

  hookproof_result *result = NULL;
  status = hookproof_verifier_verify(verifier, "POST", 4,         /* method */
                                     header, strlen(header), 1,   /* header, and how many of them */
                                     NULL, 0, NULL, 0, NULL, 0,   /* no query, no route, any account */
                                     body, body_len,              /* body */
                                     hookproof_now(), &result);
  if (status == HOOKPROOF_OK) {
    printf("accepted: account %s, id %s\n", hookproof_result_api_key(result).ptr,
           hookproof_result_jti(result).ptr);
  } else {
    printf("refused: %s\n", hookproof_result_detail(result).ptr);
    printf("likely causes: %s\n", hookproof_status_hint(status).ptr);
  }
  printf("HTTP status to answer: %d\n", (int)hookproof_result_http_status(result));

  hookproof_result_free(result);
  hookproof_verifier_free(verifier);
  return status == HOOKPROOF_OK ? 0 : 1;
}
