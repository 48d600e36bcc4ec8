/* Where the server gets its keyring: a file of JSON text, or the environment. */
#ifndef KEYRING_SOURCE_H
#define KEYRING_SOURCE_H

#include <hookproof.h>

/* The keyring of `file`, or of the variable HOOKPROOF_KEYRING when `file` is NULL. NULL after saying on stderr why
   there is none; what looks odd about a secret is said there as a warning. The caller frees the keyring. */
hookproof_keyring *keyring_source_load(const char *file);

#endif
