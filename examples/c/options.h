/* The server's command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct options {
    uint16_t port;              /* 0: any free one */
    const char *keyring_file;   /* NULL: the text is in the environment */
    uint64_t max_body;          /* bytes */
    unsigned int timeout;       /* seconds: of silence on a connection, and for a whole body */
} options;

/* False when there is nothing to run: help was printed, or a fault was named on stderr; *exit_code then says which.
   The texts in `out` belong to argv. */
bool options_parse(options *out, int argc, char **argv, int *exit_code);

#endif
