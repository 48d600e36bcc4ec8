#include "api.h"
#include "check.h"
#include "fixture.h"

#include <string.h>

void test_version(void)
{
    CHECK(hookproof_abi_version() == HOOKPROOF_ABI_VERSION);
    CHECK_TEXT(hookproof_version(), HOOKPROOF_VERSION_STRING);
    CHECK(HOOKPROOF_VERSION_NUMBER ==
          (HOOKPROOF_VERSION_MAJOR << 16 | HOOKPROOF_VERSION_MINOR << 8 | HOOKPROOF_VERSION_PATCH));
    CHECK(hookproof_now() > NOW - 366 * 86400);

    hookproof_str features = hookproof_features();
    CHECK(features.ptr != NULL && strlen(features.ptr) == features.len);
    CHECK(hookproof_has_feature(TEXT("memory-store")));
    CHECK(hookproof_has_feature(TEXT("file-store")));
    CHECK(hookproof_has_feature(TEXT("redis")) || !hookproof_has_feature(TEXT("redis-tls")));
    CHECK(!hookproof_has_feature(TEXT("memory-store file-store")));
    CHECK(!hookproof_has_feature(TEXT("no such feature")));
    CHECK(!hookproof_has_feature(NULL, 0));
    CHECK(!hookproof_has_feature(NULL, 1));
    CHECK(!hookproof_has_feature("", 0));
    CHECK(!hookproof_has_feature("x", SIZE_MAX));
}
