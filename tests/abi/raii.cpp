// hookproof.hpp from the outside: every class, every verdict state, moves and exceptions.

#include <hookproof.hpp>

#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>

namespace {

int checks = 0;

void check(bool condition, const char *text, int line) {
  ++checks;
  if (!condition) {
    std::fprintf(stderr, "raii.cpp:%d: %s\n", line, text);
    std::exit(1);
  }
}

#define CHECK(condition) check((condition), #condition, __LINE__)

constexpr std::int64_t kNow = 1767225600;
constexpr std::string_view kSecret = "a secret of thirty-two bytes or more";
constexpr std::string_view kBody = "{\"text\":\"hello\"}";

template <typename Handle>
constexpr bool move_only() {
  return std::is_nothrow_move_constructible_v<Handle> && std::is_nothrow_move_assignable_v<Handle> &&
         !std::is_copy_constructible_v<Handle> && !std::is_copy_assignable_v<Handle>;
}

static_assert(move_only<hookproof::Keyring>());
static_assert(move_only<hookproof::Policy>());
static_assert(move_only<hookproof::Verifier>());
static_assert(move_only<hookproof::Result>());
static_assert(move_only<hookproof::Signer>());
static_assert(!std::is_convertible_v<hookproof::Result, bool>, "a verdict is asked for, not slipped into a number");

template <typename Call>
hookproof::Status config_error(Call call) {
  try {
    call();
  } catch (const hookproof::ConfigError &error) {
    CHECK(*error.what() != '\0');
    return error.status();
  }
  return HOOKPROOF_OK;
}

}  // namespace

int main() {
  hookproof::Keyring keyring;
  keyring.add_secret("a1b2c3d4", "production", kSecret).add_application_id("a1b2c3d4", "app-1");
  CHECK(keyring.size() == 1);
  CHECK(keyring.lint_count() == 0);
  keyring.add_dated_secret("a1b2c3d4", "old", "short", 0, 1);
  CHECK(keyring.lint_count() == 1);
  CHECK(keyring.lint(0).substr(0, 12) == "a1b2c3d4/old");
  CHECK(config_error([] { hookproof::Keyring::from_json("[]"); }) == HOOKPROOF_E_CONFIG);
  CHECK(config_error([&] { keyring.add_secret("a1b2c3d4", "production", kSecret); }) == HOOKPROOF_E_CONFIG);
  CHECK(config_error([&] { keyring.add_json("\xff"); }) == HOOKPROOF_E_UTF8);
  CHECK(config_error([] { hookproof::Verifier verifier{hookproof::Keyring()}; }) == HOOKPROOF_E_CONFIG);
  CHECK(config_error([] { hookproof::Policy().set_leeway(4000); }) == HOOKPROOF_E_CONFIG);
  CHECK(config_error([] { hookproof::Policy().set_advice(7); }) == HOOKPROOF_E_ARGUMENT);
  CHECK(config_error([] { hookproof::Signer("a1b2c3d4", ""); }) == HOOKPROOF_E_CONFIG);

  hookproof::Policy policy;
  policy.set_max_age(300).set_leeway(60).set_max_header_bytes(4096).set_max_body_bytes(64);
  policy.set_header_name("X-Signature").set_expected_issuer("Vonage").add_body_method("REPORT");
  policy.set_advice(HOOKPROOF_ADVICE_CONVENTIONAL).set_retry_status(429);
  hookproof::Verifier verifier(policy, keyring);
  CHECK(verifier.header_name() == "X-Signature");
  CHECK(verifier.max_body_bytes() == 64);
  CHECK(verifier.generation() == 1);

  hookproof::Signer signer("a1b2c3d4", kSecret);
  signer.set_application_id("app-1");
  const std::string header(signer.sign_body(kBody, kNow, "jti-1"));

  hookproof::Head head;
  head.header = header;
  hookproof::Result result = verifier.verify(head, kBody, kNow + 1);
  CHECK(static_cast<bool>(result));
  CHECK(result.status() == HOOKPROOF_OK && !result.pending());
  CHECK(result.api_key() == "a1b2c3d4" && result.jti() == "jti-1" && result.application_id() == "app-1");
  CHECK(result.issued_at() == kNow && result.age_seconds() == 1);
  CHECK(result.claim_text("iss") == std::string_view("Vonage"));
  CHECK(result.claim_integer("iat") == kNow);
  CHECK(!result.claim_text("absent") && !result.claim_integer("iss"));
  CHECK(result.key_label() == "production" && result.keyring_generation() == 1);
  CHECK(result.payload_form() == "body" && !result.claims_json().empty());
  CHECK(result.http_status() == 200 && !result.sender_retries() && result.retry_after() == 0);

  hookproof::Result moved = std::move(result);
  CHECK(static_cast<bool>(moved));
  CHECK(!static_cast<bool>(result));  // NOLINT: what is left behind must not read as accepted
  CHECK(result.status() == HOOKPROOF_E_NULL && result.http_status() == 503);

  hookproof::Result refused = verifier.verify(head, "another body", kNow);
  CHECK(!refused && refused.status() == HOOKPROOF_R_PAYLOAD_MISMATCH);
  CHECK(refused.http_status() == 429 && refused.sender_retries() && refused.retry_after() == 5);
  CHECK(refused.api_key().empty() && refused.untrusted_api_key() == "a1b2c3d4");
  CHECK(refused.detail().substr(0, 17) == "payload.mismatch:");
  CHECK(hookproof::status_name(refused.status()) == "payload.mismatch");
  CHECK(!hookproof::status_hint(refused.status()).empty());

  hookproof::Head other = head;
  other.account = "other";
  CHECK(verifier.verify(other, kBody, kNow).status() == HOOKPROOF_R_KEY_MISMATCH);
  const std::string forgotten;
  other.account = forgotten;
  CHECK(verifier.verify(other, kBody, kNow).status() == HOOKPROOF_R_KEY_MISMATCH);

  hookproof::Result stream = verifier.begin(head, kBody.size(), kNow);
  CHECK(stream.pending() && !stream);
  CHECK(stream.update(kBody.substr(0, 3)));
  CHECK(stream.update(kBody.substr(3)));
  CHECK(stream.finish(kNow));
  CHECK(static_cast<bool>(stream));
  CHECK(!stream.update("more"));
  CHECK(static_cast<bool>(stream));

  CHECK(verifier.begin(head, 65, kNow).status() == HOOKPROOF_R_PAYLOAD_TOO_LARGE);
  stream = verifier.begin(head, HOOKPROOF_LENGTH_UNKNOWN, kNow);
  CHECK(!stream.update(std::string(65, 'x')));
  CHECK(stream.http_status() == 413);

  verifier.replace_keyring(keyring);
  CHECK(verifier.generation() == 2);
  CHECK(config_error([&] { verifier.replace_keyring(hookproof::Keyring()); }) == HOOKPROOF_E_CONFIG);

  const hookproof::Verifier bare = hookproof::Verifier::keys_per_call();
  std::string api_key;
  CHECK(bare.untrusted_api_key(header, 1, api_key) == HOOKPROOF_OK && api_key == "a1b2c3d4");
  CHECK(bare.untrusted_api_key("", 0, api_key) == HOOKPROOF_R_HEADER_MISSING && api_key.empty());
  CHECK(static_cast<bool>(bare.verify_with_keyring(&keyring, head, kBody, kNow)));
  CHECK(bare.verify_with_keyring(nullptr, head, kBody, kNow).status() == HOOKPROOF_R_KEY_UNAVAILABLE);
  CHECK(bare.begin_with_keyring(&keyring, head, HOOKPROOF_LENGTH_UNKNOWN, kNow).pending());

  std::printf("raii.cpp: %d checks, library %s\n", checks, hookproof::version().data());
  return 0;
}
