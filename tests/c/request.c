#include "request.h"

#include <stdlib.h>

void request_configured(struct request *request, hookproof_status status)
{
    request->misconfigured = request->misconfigured || status != HOOKPROOF_OK;
}

void request_free(struct request *request)
{
    bytes_free(&request->method);
    bytes_free(&request->header);
    bytes_free(&request->query);
    bytes_free(&request->route);
    bytes_free(&request->body);
    free(request->seen);
    hookproof_policy_free(request->policy);
    hookproof_keyring_free(request->keyring);
    *request = (struct request){0};
}
