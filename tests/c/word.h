/* The generic words of the vector files. */
#ifndef TESTS_WORD_H
#define TESTS_WORD_H

#include <stdbool.h>

/* The generic word of a reason's dotted name: the first of the format's map that holds it. A name
   without one is its own word. */
const char *word_of_reason(const char *reason);

/* Whether a word stands for a reason. */
bool word_names(const char *word, const char *reason);

#endif
