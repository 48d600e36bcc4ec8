#define _DEFAULT_SOURCE
#include "application.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { JOURNAL_LINE_BYTES = 512 };  /* a jti has at most 256 */

bool application_open(application *app, const options *opts)
{
    app->fail_while = opts->fail_while;
    app->work = opts->work;
    app->journal = -1;
    atomic_init(&app->events, 0);
    if (opts->journal != NULL) {
        app->journal = open(opts->journal, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        if (app->journal < 0) {
            fprintf(stderr, "server: --journal: cannot open %s: %s\n", opts->journal, strerror(errno));
            return false;
        }
    }
    return true;
}

void application_close(application *app)
{
    if (app->journal >= 0) {
        close(app->journal);
    }
}

/* One write, so that the lines of threads and processes on one journal do not mix. */
static bool write_journal(const application *app, const char *word, const hookproof_result *result)
{
    char line[JOURNAL_LINE_BYTES];
    if (app->journal < 0) {
        return true;
    }
    int len = snprintf(line, sizeof line, "%s %s\n", word, hookproof_result_jti(result).ptr);
    return len > 0 && (size_t)len < sizeof line && write(app->journal, line, (size_t)len) == (ssize_t)len;
}

static void pretend_to_work(unsigned int milliseconds)
{
    struct timespec left = {.tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

bool application_has_content(const char *path)
{
    return strcmp(path, "/voice/answer") == 0;
}

bool application_handle(application *app, const hookproof_result *result, const void *body, size_t body_len)
{
    (void)body;
    (void)body_len;
    if (hookproof_result_is_duplicate(result)) {
        return true;
    }
    if (app->fail_while != NULL && access(app->fail_while, F_OK) == 0) {
        return false;
    }
    pretend_to_work(app->work / 2);
    if (!write_journal(app, "handled", result)) {
        return false;
    }
    pretend_to_work(app->work - app->work / 2);
    atomic_fetch_add(&app->events, 1);
    return true;
}

const char *application_content(const hookproof_result *result)
{
    (void)result;
    return "[{\"action\":\"talk\",\"text\":\"Hello\"}]\n";
}

void application_settled(application *app, const hookproof_result *result, const char *outcome)
{
    if (!write_journal(app, outcome, result)) {
        fprintf(stderr, "server: cannot write the journal: %s\n", strerror(errno));
    }
}
