#define _DEFAULT_SOURCE
#include "keyring_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEYRING_BYTES = 1 << 20 };   /* a longer file is surely the wrong one */

static bool add_text(hookproof_keyring *keyring, const char *source, const char *text, size_t text_len)
{
    if (hookproof_keyring_add_json(keyring, text, text_len) != HOOKPROOF_OK) {
        fprintf(stderr, "server: keyring %s: %s\n", source, hookproof_keyring_error(keyring).ptr);
        return false;
    }
    if (hookproof_keyring_len(keyring) == 0) {
        fprintf(stderr, "server: keyring %s: it names no account\n", source);
        return false;
    }
    for (size_t i = 0; i < hookproof_keyring_lint_count(keyring); i++) {
        fprintf(stderr, "server: keyring %s: warning: %s\n", source, hookproof_keyring_lint(keyring, i).ptr);
    }
    return true;
}

/* Without stdio, whose buffer would keep a copy of the secrets. */
static ssize_t read_whole(int file, char *text, size_t room)
{
    size_t used = 0;
    while (used < room) {
        ssize_t got = read(file, text + used, room - used);
        if (got == 0) {
            return (ssize_t)used;
        }
        if (got < 0 && errno != EINTR) {
            return -1;
        }
        used += got > 0 ? (size_t)got : 0;
    }
    errno = EFBIG;
    return -1;
}

static bool add_file(hookproof_keyring *keyring, const char *path)
{
    char *text = malloc(KEYRING_BYTES);
    if (text == NULL) {
        fprintf(stderr, "server: keyring %s: no memory to read it\n", path);
        return false;
    }
    bool added = false;
    ssize_t text_len = -1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        text_len = read_whole(file, text, KEYRING_BYTES);
    }
    if (text_len < 0) {
        fprintf(stderr, "server: keyring %s: cannot read it: %s\n", path, strerror(errno));
    } else {
        added = add_text(keyring, path, text, (size_t)text_len);
    }
    if (file >= 0) {
        close(file);
    }
    explicit_bzero(text, KEYRING_BYTES);
    free(text);
    return added;
}

hookproof_keyring *keyring_source_load(const char *file)
{
    const char *text = getenv("HOOKPROOF_KEYRING");
    hookproof_keyring *keyring = hookproof_keyring_new();
    bool added = false;
    if (keyring == NULL) {
        fputs("server: cannot make a keyring\n", stderr);
    } else if (file != NULL) {
        added = add_file(keyring, file);
    } else if (text != NULL && *text != '\0') {
        added = add_text(keyring, "HOOKPROOF_KEYRING", text, strlen(text));
    } else {
        fputs("server: no keyring: name a file with --keyring, or put the JSON text in HOOKPROOF_KEYRING\n", stderr);
    }
    if (!added) {
        hookproof_keyring_free(keyring);
        return NULL;
    }
    return keyring;
}
