/* Counting checks: a failed one is printed and the program goes on, so that one run shows all. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <hookproof.h>
#include <stdbool.h>
#include <stddef.h>

void check(bool holds, const char *what, const char *file, int line);
void check_status(hookproof_status got, hookproof_status expected, const char *what, const char *file, int line);
void check_text(hookproof_str got, const char *expected, const char *what, const char *file, int line);

/* Prints the sums. The exit status of the program. */
int check_report(void);

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
#define CHECK_STATUS(call, expected) check_status((call), (expected), #call, __FILE__, __LINE__)
/* The text is exactly this, and a NUL stands behind it. */
#define CHECK_TEXT(call, expected) check_text((call), (expected), #call, __FILE__, __LINE__)

#endif
