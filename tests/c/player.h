/* Plays a sequence, in every way to hand over a body and each time from the beginning. */
#ifndef TESTS_PLAYER_H
#define TESTS_PLAYER_H

#include "replay.h"

/* Starts as {0}; free with performance_free. */
struct performance {
    /* The answers to all steps, separated by spaces; ends with NUL. */
    struct bytes verdict;
    /* Why the last request that was refused was; empty without one. Static. */
    const char *reason;
    /* The first step that was not as expected. */
    bool failed;
    char expected[512];
    char got[512];
    /* What two ways disagree on; empty when all agree. */
    char disagreement[512];
};

void player_play(struct place *place, const struct sequence *sequence, const struct chunks *chunks,
                 struct performance *performance);

void performance_free(struct performance *performance);

#endif
