/* The application behind the server: what is done with a genuine webhook. Yours goes in its place. */
#ifndef APPLICATION_H
#define APPLICATION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <hookproof.h>

#include "options.h"

typedef struct application {
    const char *fail_while;
    unsigned int work;          /* milliseconds */
    int journal;                /* file descriptor; -1: none */
    atomic_ulong events;        /* handled so far */
} application;

/* False after saying on stderr what is wrong. */
bool application_open(application *app, const options *opts);
void application_close(application *app);

/* Whether webhooks to `path` are answered with content, which a repeat must get again. The path is not signed: a
   captured request may be sent to this one instead of its own. */
bool application_has_content(const char *path);

/* Does the work of a request that was accepted, on any thread. False: it could not be done, and the sender shall try
   again. A repeat (hookproof_result_is_duplicate) is not worked on again. */
bool application_handle(application *app, const hookproof_result *result, const void *body, size_t body_len);

/* The JSON text to answer with, where application_has_content; the same for a repeat. */
const char *application_content(const hookproof_result *result);

/* What became of the claim behind the work, in one word for the journal. */
void application_settled(application *app, const hookproof_result *result, const char *outcome);

#endif
