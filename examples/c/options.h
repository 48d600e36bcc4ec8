/* The server's command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct options {
    uint16_t port;                  /* 0: any free one */
    const char *keyring_file;       /* NULL: the text is in the environment */
    uint64_t max_body;              /* bytes */
    unsigned int timeout;           /* seconds: of silence on a connection, and for a whole body */
    const char *replay;             /* memory, file:PATH or a Redis URL; NULL: it is in the environment */
    const char *replay_namespace;   /* NULL: not given */
    uint64_t replay_capacity;       /* 0: not given */
    uint32_t replay_budget;         /* milliseconds; 0: not given */
    uint32_t lease;                 /* seconds; 0: not given */
    const char *journal;            /* what the application writes its work to; NULL: nowhere */
    const char *fail_while;         /* the application fails while this file exists; NULL: never */
    unsigned int work;              /* milliseconds that the application takes */
} options;

/* False when there is nothing to run: help was printed, or a fault was named on stderr; *exit_code then says which.
   The texts in `out` belong to argv. */
bool options_parse(options *out, int argc, char **argv, int *exit_code);

#endif
