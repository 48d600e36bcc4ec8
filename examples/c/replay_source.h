/* Where the server remembers which requests were there. */
#ifndef REPLAY_SOURCE_H
#define REPLAY_SOURCE_H

#include <hookproof.h>

#include "options.h"

/* The store that --replay names, or the variable HOOKPROOF_REPLAY; what it covers is said on stderr. NULL after saying
   there why there is none. There is no default: how far a server must remember is for its operator to say. The caller
   frees the store. */
hookproof_store *replay_source_open(const options *opts);

#endif
