// hookproof.hpp from the outside: every class, every verdict state, moves and exceptions.

#include <hookproof.hpp>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
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
static_assert(move_only<hookproof::Store>());
static_assert(move_only<hookproof::Claim>());
static_assert(move_only<hookproof::Received>());
static_assert(move_only<hookproof::Verifier>());
static_assert(move_only<hookproof::Result>());
static_assert(move_only<hookproof::Event>());
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

std::int64_t later() { return kNow + 2; }

/* The header of a request that was not there before. */
std::string fresh_header(hookproof::Signer &signer) {
  static int number = 0;
  return std::string(signer.sign_body(kBody, kNow, "fresh-" + std::to_string(++number)));
}

void test_stores() {
  CHECK(config_error([] { hookproof::Store::memory(0); }) == HOOKPROOF_E_CONFIG);
  CHECK(config_error([] { hookproof::Store::memory(16, 7); }) == HOOKPROOF_E_ARGUMENT);
  CHECK(config_error([] { hookproof::Store::file(""); }) == HOOKPROOF_E_CONFIG);
  CHECK(config_error([] { hookproof::Store::file("x", 7); }) == HOOKPROOF_E_ARGUMENT);
  CHECK(config_error([] { hookproof::Store::host("two words"); }) == HOOKPROOF_E_CONFIG);
  CHECK(config_error([] { hookproof::Store::redis("redis://127.0.0.1:1", "two words"); }) == HOOKPROOF_E_CONFIG);
  CHECK(config_error([] { hookproof::Store::memory(16).set_budget_ms(0); }) == HOOKPROOF_E_ARGUMENT);
  CHECK(!hookproof::Store::memory(16).set_budget_ms(20).extent().empty());
}

void test_receive(const hookproof::Keyring &keyring, hookproof::Signer &signer) {
  const hookproof::Verifier verifier(keyring);
  const hookproof::Store store = hookproof::Store::memory(64);
  hookproof::Head head;
  const std::string header = fresh_header(signer);
  head.header = header;

  hookproof::Received received = verifier.receive(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow);
  CHECK(static_cast<bool>(received) && received.claim.is_open() && received.result.replay() == "claimed");
  hookproof::Received second = verifier.receive(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow);
  CHECK(!second && second.result.status() == HOOKPROOF_R_REPLAY_IN_PROGRESS && !second.claim.is_open());
  bool ran = false;
  CHECK(second.process([&](const hookproof::Result &) { ran = true; }) == HOOKPROOF_E_STATE && !ran);

  // Work that fails frees the request, and its exception comes through.
  bool caught = false;
  try {
    received.process([](const hookproof::Result &) { throw std::logic_error("the work failed"); }, later);
  } catch (const std::logic_error &) {
    caught = true;
  }
  CHECK(caught && !received.claim.is_open());

  hookproof::Received retry = verifier.receive(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow + 1);
  CHECK(static_cast<bool>(retry));
  CHECK(retry.process([&](const hookproof::Result &result) { ran = result.api_key() == "a1b2c3d4"; }, later) ==
        HOOKPROOF_OK);
  CHECK(ran && !retry.claim.is_open() && retry.claim.error().empty());
  CHECK(retry.claim.confirm(kNow) == HOOKPROOF_OK && retry.claim.release(kNow) == HOOKPROOF_NO_EFFECT);

  hookproof::Received repeat = verifier.receive(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow + 1);
  CHECK(repeat.result.status() == HOOKPROOF_R_REPLAY_DUPLICATE && repeat.result.http_status() == 200);
  hookproof::Received handed_on = verifier.receive(store, head, kBody, HOOKPROOF_DUPLICATES_HAND_ON, kNow + 1);
  CHECK(static_cast<bool>(handed_on) && handed_on.result.is_duplicate());
  CHECK(handed_on.process([](const hookproof::Result &) {}) == HOOKPROOF_NO_EFFECT);

  // A claim that is moved is ended by its new owner.
  const std::string other = fresh_header(signer);
  head.header = other;
  hookproof::Claim claim = verifier.receive(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow).claim;
  hookproof::Claim moved = std::move(claim);
  CHECK(claim.confirm(kNow) == HOOKPROOF_NO_EFFECT);  // NOLINT: what is left behind is empty
  CHECK(moved.release(kNow) == HOOKPROOF_OK);
  CHECK(hookproof::Claim().get() == nullptr);

  CHECK(static_cast<bool>(verifier.verify_once(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow)));
  CHECK(verifier.verify_once(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow).status() ==
        HOOKPROOF_R_REPLAY_DUPLICATE);

  const hookproof::Verifier bare = hookproof::Verifier::keys_per_call();
  const std::string third = fresh_header(signer);
  head.header = third;
  CHECK(bare.receive_with_keyring(nullptr, store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow).result.status() ==
        HOOKPROOF_R_KEY_UNAVAILABLE);
  hookproof::Received with_keyring =
      bare.receive_with_keyring(&keyring, store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow);
  CHECK(static_cast<bool>(with_keyring) && with_keyring.claim.release(kNow) == HOOKPROOF_OK);
  CHECK(bare.verify_once_with_keyring(&keyring, store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow).replay() ==
        "recorded");
  CHECK(bare.verify_once_with_keyring(nullptr, store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow).status() ==
        HOOKPROOF_R_KEY_UNAVAILABLE);
}

void test_streamed_receive(const hookproof::Keyring &keyring, hookproof::Signer &signer) {
  const hookproof::Verifier verifier(keyring);
  const hookproof::Store store = hookproof::Store::memory(64);
  hookproof::Head head;
  const std::string header = fresh_header(signer);
  head.header = header;

  hookproof::Received received{verifier.begin(head, kBody.size(), kNow), {}};
  CHECK(received.result.update(kBody));
  CHECK(received.result.receive(store, received.claim, HOOKPROOF_DUPLICATES_REFUSE, kNow));
  CHECK(received.process([](const hookproof::Result &) {}, later) == HOOKPROOF_OK);
  CHECK(!received.result.receive(store, received.claim, HOOKPROOF_DUPLICATES_REFUSE, kNow));
  CHECK(static_cast<bool>(received.result));

  const std::string other = fresh_header(signer);
  head.header = other;
  hookproof::Result verified = verifier.verify(head, kBody, kNow);
  CHECK(verified.replay() == "not_checked");
  CHECK(verified.finish_once(store, HOOKPROOF_DUPLICATES_REFUSE, kNow) && verified.replay() == "recorded");
}

void test_event(const hookproof::Keyring &keyring, hookproof::Signer &signer) {
  const hookproof::Verifier verifier(keyring);
  const std::string query = "to=1&from=2&conversation_uuid=CON-1&uuid=u-1";
  const std::string header(signer.sign_query(query, kNow, "event"));
  hookproof::Head head;
  head.method = "GET";
  head.header = header;
  head.query = query;
  const hookproof::Result result = verifier.verify(head, "", kNow);
  CHECK(result.query_count() == 4 && result.query_name(3) == "uuid" && result.query_value(3) == "u-1");
  const hookproof::Event event = hookproof::Event::of(result, "");
  CHECK(event.api() == "voice" && event.kind() == "answer" && event.is_signed());
  const hookproof::Event other = hookproof::Event::unsigned_of(HOOKPROOF_CARRIER_JSON, "{}");
  CHECK(!other.is_signed() && other.content_id().size() == 64);
}

void test_host(const hookproof::Keyring &keyring, hookproof::Signer &signer) {
  const hookproof::Verifier verifier(hookproof::Policy().set_lease(20), keyring);
  const hookproof::Store store = hookproof::Store::host("shop");
  hookproof::Head head;
  const std::string header = fresh_header(signer);
  head.header = header;
  hookproof::Received received = verifier.receive(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow);
  CHECK(!received && received.result.pending_replay() && !received.claim.is_open());
  CHECK(received.result.replay_identity().size() == 32 && received.result.replay_owner().size() == 32);
  CHECK(received.result.replay_lease_seconds() == 20 && received.result.replay_keep_seconds() == 420);
  CHECK(received.result.answer_replay(7, kNow) == HOOKPROOF_E_ARGUMENT && received.result.pending_replay());
  CHECK(received.result.answer_replay(HOOKPROOF_REPLAY_CLAIMED, kNow) == HOOKPROOF_OK);
  CHECK(static_cast<bool>(received) && received.result.replay_identity().size() == 32);

  const hookproof::Verifier flagging(hookproof::Policy().dangerously_accept_and_flag_store_failures(), keyring);
  hookproof::Result flagged = flagging.verify_once(store, head, kBody, HOOKPROOF_DUPLICATES_REFUSE, kNow);
  CHECK(flagged.replay_lease_seconds() == 0);
  CHECK(flagged.answer_replay(HOOKPROOF_REPLAY_UNAVAILABLE, kNow) == HOOKPROOF_OK);
  CHECK(flagged.replay() == "unavailable" && !flagged.is_duplicate());
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

  test_stores();
  test_receive(keyring, signer);
  test_streamed_receive(keyring, signer);
  test_host(keyring, signer);
  test_event(keyring, signer);

  std::printf("raii.cpp: %d checks, library %s\n", checks, hookproof::version().data());
  return 0;
}
