/* What compiled programs rely on: the layout of hookproof_str and the numbers. A line that fails here is
 * a change of the ABI: HOOKPROOF_ABI_VERSION must rise with it. */

#include <hookproof.h>

#include <limits.h>

#if defined(__cplusplus)
#define CHECK(name, condition) static_assert(condition, #name)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define CHECK(name, condition) _Static_assert(condition, #name)
#else
#define CHECK(name, condition) typedef char check_##name[(condition) ? 1 : -1]
#endif

CHECK(str_size, sizeof(hookproof_str) == 2 * sizeof(void *));
CHECK(str_ptr, offsetof(hookproof_str, ptr) == 0);
CHECK(str_len, offsetof(hookproof_str, len) == sizeof(void *));
CHECK(size_t_is_a_pointer_wide, sizeof(size_t) == sizeof(void *));
CHECK(status_size, sizeof(hookproof_status) == 4);
CHECK(status_is_signed, (hookproof_status)-1 < 0);
CHECK(bool_size, sizeof(bool) == 1);
CHECK(byte, CHAR_BIT == 8);

CHECK(abi, HOOKPROOF_ABI_VERSION == 1);
CHECK(number, HOOKPROOF_VERSION_NUMBER ==
                  HOOKPROOF_VERSION_MAJOR * 65536 + HOOKPROOF_VERSION_MINOR * 256 + HOOKPROOF_VERSION_PATCH);
CHECK(length_unknown, HOOKPROOF_LENGTH_UNKNOWN == UINT64_MAX);
CHECK(max_api_key_bytes, HOOKPROOF_MAX_API_KEY_BYTES == 128);
CHECK(retry_window, HOOKPROOF_RETRY_WINDOW == 87300);
CHECK(advice_lossless, HOOKPROOF_ADVICE_LOSSLESS == 0);
CHECK(advice_conventional, HOOKPROOF_ADVICE_CONVENTIONAL == 1);

CHECK(default_store_capacity, HOOKPROOF_DEFAULT_STORE_CAPACITY == 262144);
CHECK(max_store_capacity, HOOKPROOF_MAX_STORE_CAPACITY == 100000000);
CHECK(max_store_budget_ms, HOOKPROOF_MAX_STORE_BUDGET_MS == 60000);
CHECK(cold_start_allow, HOOKPROOF_COLD_START_ALLOW == 0);
CHECK(cold_start_refuse, HOOKPROOF_COLD_START_REFUSE == 1);
CHECK(durability_process_crash, HOOKPROOF_DURABILITY_PROCESS_CRASH == 0);
CHECK(durability_power_loss, HOOKPROOF_DURABILITY_POWER_LOSS == 1);
CHECK(duplicates_refuse, HOOKPROOF_DUPLICATES_REFUSE == 0);
CHECK(duplicates_hand_on, HOOKPROOF_DUPLICATES_HAND_ON == 1);
CHECK(replay_claimed, HOOKPROOF_REPLAY_CLAIMED == 0);
CHECK(replay_in_progress, HOOKPROOF_REPLAY_IN_PROGRESS == 1);
CHECK(replay_duplicate, HOOKPROOF_REPLAY_DUPLICATE == 2);
CHECK(replay_unavailable, HOOKPROOF_REPLAY_UNAVAILABLE == 3);
CHECK(replay_full, HOOKPROOF_REPLAY_FULL == 4);

CHECK(ok, HOOKPROOF_OK == 0);
CHECK(e_null, HOOKPROOF_E_NULL == 1);
CHECK(e_utf8, HOOKPROOF_E_UTF8 == 2);
CHECK(e_argument, HOOKPROOF_E_ARGUMENT == 3);
CHECK(e_config, HOOKPROOF_E_CONFIG == 4);
CHECK(e_state, HOOKPROOF_E_STATE == 5);
CHECK(e_internal, HOOKPROOF_E_INTERNAL == 6);
CHECK(pending_body, HOOKPROOF_PENDING_BODY == 50);
CHECK(pending_replay, HOOKPROOF_PENDING_REPLAY == 51);
CHECK(no_effect, HOOKPROOF_NO_EFFECT == 52);
CHECK(header_missing, HOOKPROOF_R_HEADER_MISSING == 100);
CHECK(header_malformed, HOOKPROOF_R_HEADER_MALFORMED == 101);
CHECK(header_duplicated, HOOKPROOF_R_HEADER_DUPLICATED == 102);
CHECK(token_too_large, HOOKPROOF_R_TOKEN_TOO_LARGE == 200);
CHECK(token_malformed, HOOKPROOF_R_TOKEN_MALFORMED == 201);
CHECK(token_algorithm, HOOKPROOF_R_TOKEN_ALGORITHM == 202);
CHECK(token_critical, HOOKPROOF_R_TOKEN_CRITICAL == 203);
CHECK(key_unknown, HOOKPROOF_R_KEY_UNKNOWN == 300);
CHECK(key_inactive, HOOKPROOF_R_KEY_INACTIVE == 301);
CHECK(key_mismatch, HOOKPROOF_R_KEY_MISMATCH == 302);
CHECK(key_unavailable, HOOKPROOF_R_KEY_UNAVAILABLE == 303);
CHECK(signature_invalid, HOOKPROOF_R_SIGNATURE_INVALID == 400);
CHECK(claims_malformed, HOOKPROOF_R_CLAIMS_MALFORMED == 500);
CHECK(claims_missing, HOOKPROOF_R_CLAIMS_MISSING == 501);
CHECK(issuer_mismatch, HOOKPROOF_R_ISSUER_MISMATCH == 520);
CHECK(application_mismatch, HOOKPROOF_R_APPLICATION_MISMATCH == 530);
CHECK(time_stale, HOOKPROOF_R_TIME_STALE == 600);
CHECK(time_future, HOOKPROOF_R_TIME_FUTURE == 601);
CHECK(time_expired, HOOKPROOF_R_TIME_EXPIRED == 602);
CHECK(time_not_yet_valid, HOOKPROOF_R_TIME_NOT_YET_VALID == 603);
CHECK(payload_too_large, HOOKPROOF_R_PAYLOAD_TOO_LARGE == 700);
CHECK(payload_mismatch, HOOKPROOF_R_PAYLOAD_MISMATCH == 701);
CHECK(r_replay_duplicate, HOOKPROOF_R_REPLAY_DUPLICATE == 800);
CHECK(r_replay_in_progress, HOOKPROOF_R_REPLAY_IN_PROGRESS == 801);
CHECK(r_replay_store_unavailable, HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE == 802);
CHECK(r_replay_store_full, HOOKPROOF_R_REPLAY_STORE_FULL == 803);
CHECK(request_unsupported, HOOKPROOF_R_REQUEST_UNSUPPORTED == 900);
