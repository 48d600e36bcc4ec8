/* A store that has seen what a case says. */
#ifndef TESTS_SEEN_H
#define TESTS_SEEN_H

#include "request.h"

/* Owned. NULL if the library takes one of the identities for none. */
hookproof_store *seen_store(const struct request *request);

#endif
