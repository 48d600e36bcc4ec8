#include "check.h"

#include <stdio.h>
#include <string.h>

static size_t passed;
static size_t failed;

void check(bool holds, const char *what, const char *file, int line)
{
    if (holds) {
        passed++;
        return;
    }
    failed++;
    printf("%s:%d: %s does not hold\n", file, line, what);
}

void check_status(hookproof_status got, hookproof_status expected, const char *what, const char *file, int line)
{
    if (got == expected) {
        passed++;
        return;
    }
    failed++;
    printf("%s:%d: %s gives %d (%s), not %d (%s)\n", file, line, what, got, hookproof_status_name(got).ptr, expected,
           hookproof_status_name(expected).ptr);
}

void check_text(hookproof_str got, const char *expected, const char *what, const char *file, int line)
{
    size_t len = strlen(expected);
    if (got.ptr != NULL && got.len == len && memcmp(got.ptr, expected, len + 1) == 0) {
        passed++;
        return;
    }
    failed++;
    printf("%s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, got.ptr == NULL ? "(NULL)" : got.ptr, expected);
}

int check_report(void)
{
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
