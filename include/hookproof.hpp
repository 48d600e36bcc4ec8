/*
 * hookproof for C++17: the handles of hookproof.h as move-only values.
 *
 *     hookproof::Verifier verifier(hookproof::Keyring::from_json(json));       // once
 *     hookproof::Store store = hookproof::Store::file("/var/lib/shop/webhooks");
 *
 *     hookproof::Head head;                                              // for each request
 *     head.header = authorization;
 *     hookproof::Received received = verifier.receive(store, head, body);
 *     if (received)
 *         received.process([&](const hookproof::Result &) { work(body); });    // confirms, or releases and rethrows
 *     else
 *         log(received.result.detail());
 *     answer(received.result.http_status());
 *
 * Without a store, which does not notice a request that comes twice:
 *
 *     hookproof::Result result = verifier.verify(head, body);
 *     if (result)
 *         work(body);
 *
 * A fault of the configuration throws hookproof::ConfigError. A verdict never throws: it is the Result.
 * Texts that are returned as std::string_view belong to the object that returned them, and a NUL
 * follows them. hookproof.h says the rest: what each value means and which threads may share it.
 */

#ifndef HOOKPROOF_HPP
#define HOOKPROOF_HPP

#include <hookproof.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace hookproof {

/** HOOKPROOF_OK, HOOKPROOF_E_*, HOOKPROOF_PENDING_*, HOOKPROOF_NO_EFFECT or HOOKPROOF_R_*; unknown numbers are
 *  refusals. */
using Status = hookproof_status;

namespace detail {

inline std::string_view view(hookproof_str text) noexcept { return {text.ptr, text.len}; }

/** Frees a handle with the function of its type. */
template <auto Free>
struct Deleter {
  template <typename Handle>
  void operator()(Handle *handle) const noexcept {
    Free(handle);
  }
};

}  // namespace detail

/** "token.malformed"; "unknown" for a number the library does not know. Static. */
inline std::string_view status_name(Status status) noexcept {
  return detail::view(hookproof_status_name(status));
}

/** One sentence. Static. */
inline std::string_view status_message(Status status) noexcept {
  return detail::view(hookproof_status_message(status));
}

/** The likely causes, or nothing. Static. */
inline std::string_view status_hint(Status status) noexcept {
  return detail::view(hookproof_status_hint(status));
}

/** The version of the loaded library. Static. */
inline std::string_view version() noexcept { return detail::view(hookproof_version()); }

/** The system clock in Unix seconds. */
inline std::int64_t now() noexcept { return hookproof_now(); }

/** The configuration is wrong; says where, and never quotes a secret. */
class ConfigError : public std::runtime_error {
 public:
  ConfigError(Status status, std::string_view text)
      : std::runtime_error(std::string(text.empty() ? status_message(status) : text)), status_(status) {}

  /** HOOKPROOF_E_CONFIG, HOOKPROOF_E_UTF8, ... */
  Status status() const noexcept { return status_; }

 private:
  Status status_;
};

namespace detail {

inline void check(Status status, hookproof_str text) {
  if (status != HOOKPROOF_OK) {
    throw ConfigError(status, view(text));
  }
}

inline void check(Status status, std::string_view text) {
  if (status != HOOKPROOF_OK) {
    throw ConfigError(status, text);
  }
}

/** A library of another ABI would misread every call. */
inline void check_abi() {
  if (hookproof_abi_version() != HOOKPROOF_ABI_VERSION) {
    throw ConfigError(HOOKPROOF_E_ARGUMENT, "the loaded libhookproof has another ABI than hookproof.h");
  }
}

}  // namespace detail

/** Accounts and their secrets. */
class Keyring {
 public:
  Keyring() {
    detail::check_abi();
    handle_.reset(hookproof_keyring_new());
    if (!handle_) {
      throw ConfigError(HOOKPROOF_E_INTERNAL, {});
    }
  }

  /** A keyring from its versioned JSON text. */
  static Keyring from_json(std::string_view json) {
    Keyring keyring;
    keyring.add_json(json);
    return keyring;
  }

  Keyring &add_secret(std::string_view api_key, std::string_view label, std::string_view secret) {
    return checked(hookproof_keyring_add_secret(get(), api_key.data(), api_key.size(), label.data(), label.size(),
                                                secret.data(), secret.size()));
  }

  /** A secret that counts from `not_before` to `not_after`, Unix seconds, both inclusive. */
  Keyring &add_dated_secret(std::string_view api_key, std::string_view label, std::string_view secret,
                            std::int64_t not_before, std::int64_t not_after) {
    return checked(hookproof_keyring_add_dated_secret(get(), api_key.data(), api_key.size(), label.data(),
                                                      label.size(), secret.data(), secret.size(), not_before,
                                                      not_after));
  }

  Keyring &add_application_id(std::string_view api_key, std::string_view application_id) {
    return checked(hookproof_keyring_add_application_id(get(), api_key.data(), api_key.size(),
                                                        application_id.data(), application_id.size()));
  }

  Keyring &add_json(std::string_view json) {
    return checked(hookproof_keyring_add_json(get(), json.data(), json.size()));
  }

  /** The number of accounts. */
  std::size_t size() const noexcept { return hookproof_keyring_len(get()); }

  std::size_t lint_count() const noexcept { return hookproof_keyring_lint_count(get()); }

  /** A remark on a secret that is allowed but looks wrong. Valid until the next change. */
  std::string_view lint(std::size_t index) const noexcept {
    return detail::view(hookproof_keyring_lint(get(), index));
  }

  /** The handle, still owned by this object. */
  hookproof_keyring *get() noexcept { return handle_.get(); }
  const hookproof_keyring *get() const noexcept { return handle_.get(); }

 private:
  Keyring &checked(Status status) {
    detail::check(status, hookproof_keyring_error(get()));
    return *this;
  }

  std::unique_ptr<hookproof_keyring, detail::Deleter<hookproof_keyring_free>> handle_;
};

/** The rules of a verifier. A new one is strict and complete. */
class Policy {
 public:
  Policy() {
    detail::check_abi();
    handle_.reset(hookproof_policy_new());
    if (!handle_) {
      throw ConfigError(HOOKPROOF_E_INTERNAL, {});
    }
  }

  Policy &set_max_age(std::uint32_t seconds) { return checked(hookproof_policy_set_max_age(get(), seconds)); }
  Policy &set_leeway(std::uint32_t seconds) { return checked(hookproof_policy_set_leeway(get(), seconds)); }
  Policy &set_max_header_bytes(std::size_t bytes) {
    return checked(hookproof_policy_set_max_header_bytes(get(), bytes));
  }
  Policy &set_max_body_bytes(std::uint64_t bytes) {
    return checked(hookproof_policy_set_max_body_bytes(get(), bytes));
  }
  Policy &set_header_name(std::string_view name) {
    return checked(hookproof_policy_set_header_name(get(), name.data(), name.size()));
  }
  Policy &set_expected_issuer(std::string_view issuer) {
    return checked(hookproof_policy_set_expected_issuer(get(), issuer.data(), issuer.size()));
  }
  Policy &add_body_method(std::string_view method) {
    return checked(hookproof_policy_add_body_method(get(), method.data(), method.size()));
  }

  /// "standard", "video", "contact_center" or "cloud_runtime".
  Policy &set_profile(std::string_view name) {
    return checked(hookproof_policy_set_profile(get(), name.data(), name.size()));
  }

  /// "query_nested", "query_null" or "query_nested_null".
  Policy &add_payload_form(std::string_view name) {
    return checked(hookproof_policy_add_payload_form(get(), name.data(), name.size()));
  }

  /// Parameters of your own in the URL you gave Vonage.
  Policy &add_own_query(std::string_view query) {
    return checked(hookproof_policy_add_own_query(get(), query.data(), query.size()));
  }
  /** HOOKPROOF_ADVICE_LOSSLESS or HOOKPROOF_ADVICE_CONVENTIONAL. */
  Policy &set_advice(std::int32_t advice) { return checked(hookproof_policy_set_advice(get(), advice)); }
  /** 503 or 429. */
  Policy &set_retry_status(std::int32_t http_status) {
    return checked(hookproof_policy_set_retry_status(get(), http_status));
  }
  /** How long a claim holds a request, in seconds. */
  Policy &set_lease(std::uint32_t seconds) { return checked(hookproof_policy_set_lease(get(), seconds)); }
  /** DANGEROUS: whoever can disturb the store can have a request worked on twice. */
  Policy &dangerously_accept_and_flag_store_failures() {
    return checked(hookproof_policy_dangerously_accept_and_flag_store_failures(get()));
  }
  /** Lets Verifier::source_hint compare addresses with the published networks. */
  Policy &use_published_networks() { return checked(hookproof_policy_use_published_networks(get())); }
  /** Adds a network of your own: "192.0.2.0/24". */
  Policy &add_network(std::string_view network) {
    return checked(hookproof_policy_add_network(get(), network.data(), network.size()));
  }
  /** DANGEROUS: two SMS webhooks that are equal to the second are one. */
  Policy &dangerously_allow_missing_nonce() {
    return checked(hookproof_policy_dangerously_allow_missing_nonce(get()));
  }
  /** DANGEROUS: nothing ties the body of such a request to its signature. */
  Policy &dangerously_allow_missing_payload_hash() {
    return checked(hookproof_policy_dangerously_allow_missing_payload_hash(get()));
  }

  /** The handle, still owned by this object. */
  hookproof_policy *get() noexcept { return handle_.get(); }
  const hookproof_policy *get() const noexcept { return handle_.get(); }

 private:
  Policy &checked(Status status) {
    detail::check(status, hookproof_policy_error(get()));
    return *this;
  }

  std::unique_ptr<hookproof_policy, detail::Deleter<hookproof_policy_free>> handle_;
};

/** Remembers which requests were there. Any number of threads and verifiers may share one. */
class Store {
 public:
  /** For the threads of this process. `cold_start`: HOOKPROOF_COLD_START_ALLOW, or HOOKPROOF_COLD_START_REFUSE for
   *  what was issued at `now` or before. */
  static Store memory(std::uint64_t capacity = HOOKPROOF_DEFAULT_STORE_CAPACITY,
                      std::int32_t cold_start = HOOKPROOF_COLD_START_ALLOW, std::int64_t now = hookproof_now()) {
    return make([&](hookproof_store **out) { return hookproof_store_new_memory(capacity, cold_start, now, out); });
  }

  /** For the processes of this machine. HOOKPROOF_DURABILITY_PROCESS_CRASH or HOOKPROOF_DURABILITY_POWER_LOSS. */
  static Store file(std::string_view path, std::int32_t durability = HOOKPROOF_DURABILITY_PROCESS_CRASH) {
    return make([&](hookproof_store **out) {
      return hookproof_store_new_file(path.data(), path.size(), durability, out);
    });
  }

  /** For many machines. Needs a library with the feature "redis". */
  static Store redis(std::string_view url, std::string_view name_space) {
    return make([&](hookproof_store **out) {
      return hookproof_store_new_redis(url.data(), url.size(), name_space.data(), name_space.size(), out);
    });
  }

  /** One that you ask yourself: see Result::answer_replay. */
  static Store host(std::string_view name_space) {
    return make([&](hookproof_store **out) {
      return hookproof_store_new_host(name_space.data(), name_space.size(), out);
    });
  }

  /** How long the store may take for one answer. Before its first use. */
  Store &set_budget_ms(std::uint32_t milliseconds) {
    detail::check(hookproof_store_set_budget_ms(get(), milliseconds), std::string_view());
    return *this;
  }

  /** What the store covers, in words. */
  std::string_view extent() const noexcept { return detail::view(hookproof_store_extent(get())); }

  /** The handle, still owned by this object. */
  hookproof_store *get() noexcept { return handle_.get(); }
  const hookproof_store *get() const noexcept { return handle_.get(); }

 private:
  /* A store that failed is a handle too, which must not outlive the exception. */
  Store(Status status, hookproof_store *handle) : handle_(handle) {
    detail::check(status, hookproof_store_error(get()));
  }

  template <typename Make>
  static Store make(Make make) {
    detail::check_abi();
    hookproof_store *out = nullptr;
    const Status status = make(&out);
    return Store(status, out);
  }

  std::unique_ptr<hookproof_store, detail::Deleter<hookproof_store_free>> handle_;
};

/** The right to work on a request. Without one, as after a refusal or for a duplicate that was handed on, it
 *  is empty: ending it has no effect. Destroying it asks no store: the lease ends it. */
class Claim {
 public:
  Claim() noexcept = default;

  /** The work is done. HOOKPROOF_OK, HOOKPROOF_NO_EFFECT, or HOOKPROOF_R_REPLAY_STORE_UNAVAILABLE: it stays open. */
  Status confirm(std::int64_t now = hookproof_now()) noexcept { return hookproof_claim_confirm(get(), now); }

  /** The work failed, and the sender's retry shall be worked on. Answers as confirm does. */
  Status release(std::int64_t now = hookproof_now()) noexcept { return hookproof_claim_release(get(), now); }

  /** Neither confirmed nor released. */
  bool is_open() const noexcept { return hookproof_claim_is_open(get()); }

  /** Why the store did not answer the last confirm or release. Valid until the next one. */
  std::string_view error() const noexcept { return detail::view(hookproof_claim_error(get())); }

  /** The handle, still owned by this object; null when it is empty. */
  hookproof_claim *get() noexcept { return handle_.get(); }
  const hookproof_claim *get() const noexcept { return handle_.get(); }

 private:
  friend class Result;
  friend class Verifier;

  explicit Claim(hookproof_claim *handle) noexcept : handle_(handle) {}

  std::unique_ptr<hookproof_claim, detail::Deleter<hookproof_claim_free>> handle_;
};

class Result;

/** What a webhook says, as typed values. Never changes, and needs neither the result nor the body. */
class Event {
 public:
  Event() noexcept = default;

  /** Reads what an accepted request says. `body` is the one that was verified; empty for a GET. Throws where it is
      another one, or the request is not accepted. */
  static Event of(const Result &result, std::string_view body);

  /** Reads what NOBODY HAS SIGNED. `carrier` is HOOKPROOF_CARRIER_JSON, _FORM or _QUERY. */
  static Event unsigned_of(std::int32_t carrier, std::string_view payload) {
    hookproof_event *handle = nullptr;
    const Status status = hookproof_event_new_unsigned(carrier, payload.data(), payload.size(), &handle);
    Event event(handle);
    detail::check(status, std::string_view());
    return event;
  }

  /** The whole event. The texts are valid as long as this object. */
  std::string_view json() const noexcept { return detail::view(hookproof_event_json(get())); }
  std::string_view api() const noexcept { return detail::view(hookproof_event_api(get())); }
  std::string_view kind() const noexcept { return detail::view(hookproof_event_kind(get())); }
  std::string_view id() const noexcept { return detail::view(hookproof_event_id(get())); }
  std::string_view from() const noexcept { return detail::view(hookproof_event_from(get())); }
  std::string_view to() const noexcept { return detail::view(hookproof_event_to(get())); }
  std::string_view status() const noexcept { return detail::view(hookproof_event_status(get())); }
  std::string_view content_id() const noexcept { return detail::view(hookproof_event_content_id(get())); }
  bool is_signed() const noexcept { return hookproof_event_is_signed(get()); }

  /** The handle, still owned by this object; null when it is empty. */
  const hookproof_event *get() const noexcept { return handle_.get(); }

 private:
  explicit Event(hookproof_event *handle) noexcept : handle_(handle) {}

  std::unique_ptr<hookproof_event, detail::Deleter<hookproof_event_free>> handle_;
};

/** Everything of a request but its body. The views are read during the call only. */
struct Head {
  /** As in the request line, case-sensitive. */
  std::string_view method = "POST";
  /** The value of the header that Verifier::header_name names, as received. */
  std::string_view header = {};
  /** How many such fields the request had. */
  std::size_t header_count = 1;
  /** The raw query without the question mark. */
  std::string_view query = {};
  /** Your name for the endpoint; the standard profile ignores it. */
  std::string_view route = {};
  /** The api_key this endpoint serves. The default, whose data() is null, means any account; an empty
   *  text that is not null matches none. */
  std::string_view account = {};
};

/** The verdict on one request; or, after Verifier::begin, the request while its body is read; or, with a host
 *  store, the request while you ask it. */
class Result {
 public:
  /** Accepted. Everything else is not: refused, still pending, or a call error. */
  explicit operator bool() const noexcept { return status() == HOOKPROOF_OK; }

  /** The verdict, HOOKPROOF_PENDING_*, or the error of the call that made this result. */
  Status status() const noexcept { return handle_ ? hookproof_result_status(get()) : failure_; }

  /** The body is still to come. */
  bool pending() const noexcept { return status() == HOOKPROOF_PENDING_BODY; }

  /** Feeds the next piece of the body; false: there is nothing to wait for any more. */
  bool update(std::string_view chunk) noexcept {
    return hookproof_result_update(get(), chunk.data(), chunk.size()) == HOOKPROOF_PENDING_BODY;
  }

  /** Ends the body; true: accepted. `now` is the time when the body was complete. Asks no store. */
  [[nodiscard]] bool finish(std::int64_t now = hookproof_now()) noexcept {
    return hookproof_result_finish(get(), now) == HOOKPROOF_OK;
  }

  /** Ends the body and claims the request; true: accepted, and `claim` is to be ended. Also for a result that is
   *  accepted and was asked of no store yet. */
  [[nodiscard]] bool receive(const Store &store, Claim &claim,
                             std::int32_t duplicates = HOOKPROOF_DUPLICATES_REFUSE,
                             std::int64_t now = hookproof_now()) noexcept {
    hookproof_claim *out = nullptr;
    const Status status = hookproof_result_receive(get(), store.get(), duplicates, now, &out);
    claim = Claim(out);
    return status == HOOKPROOF_OK;
  }

  /** At most once: ends the body and records the request as done before the work begins; true: accepted. */
  [[nodiscard]] bool finish_once(const Store &store, std::int32_t duplicates = HOOKPROOF_DUPLICATES_REFUSE,
                                 std::int64_t now = hookproof_now()) noexcept {
    return hookproof_result_finish_once(get(), store.get(), duplicates, now) == HOOKPROOF_OK;
  }

  /** Your own store is to be asked for replay_identity. */
  bool pending_replay() const noexcept { return status() == HOOKPROOF_PENDING_REPLAY; }

  /* What to ask a host store, and to confirm and release by: valid as long as this result. */
  std::string_view replay_identity() const noexcept { return detail::view(hookproof_result_replay_identity(get())); }
  std::string_view replay_owner() const noexcept { return detail::view(hookproof_result_replay_owner(get())); }
  /** 0: done at once. */
  std::uint32_t replay_lease_seconds() const noexcept { return hookproof_result_replay_lease_seconds(get()); }
  std::uint64_t replay_keep_seconds() const noexcept { return hookproof_result_replay_keep_seconds(get()); }

  /** One of HOOKPROOF_REPLAY_*, as your store said. The verdict, or why the answer was not taken. */
  [[nodiscard]] Status answer_replay(std::int32_t answer, std::int64_t now = hookproof_now()) noexcept {
    return hookproof_result_answer_replay(get(), answer, now);
  }

  /** "claimed", "recorded", "duplicate", "unavailable", "not_checked"; empty unless accepted. */
  std::string_view replay() const noexcept { return detail::view(hookproof_result_replay(get())); }

  /** A repeat that was handed on: give the answer again, and do not do the work again. */
  bool is_duplicate() const noexcept { return hookproof_result_is_duplicate(get()); }

  /** One line for logs. */
  std::string_view detail() const noexcept {
    return handle_ ? detail::view(hookproof_result_detail(get())) : status_message(failure_);
  }

  /** The api_key a refused token claims, escaped, for logs. Anybody may have written it. */
  std::string_view untrusted_api_key() const noexcept {
    return detail::view(hookproof_result_untrusted_api_key(get()));
  }

  /* Verified claims: empty, 0 or absent unless accepted. */
  std::string_view api_key() const noexcept { return detail::view(hookproof_result_api_key(get())); }
  std::string_view jti() const noexcept { return detail::view(hookproof_result_jti(get())); }
  std::string_view application_id() const noexcept {
    return detail::view(hookproof_result_application_id(get()));
  }
  std::string_view claims_json() const noexcept { return detail::view(hookproof_result_claims_json(get())); }
  std::int64_t issued_at() const noexcept { return hookproof_result_issued_at(get()); }
  std::string_view payload_form() const noexcept { return detail::view(hookproof_result_payload_form(get())); }

  std::optional<std::string_view> claim_text(std::string_view name) const noexcept {
    hookproof_str out{};
    if (!hookproof_result_claim_text(get(), name.data(), name.size(), &out)) {
      return std::nullopt;
    }
    return detail::view(out);
  }

  std::optional<std::int64_t> claim_integer(std::string_view name) const noexcept {
    std::int64_t out = 0;
    if (!hookproof_result_claim_integer(get(), name.data(), name.size(), &out)) {
      return std::nullopt;
    }
    return out;
  }

  /* Known once the signature held, also on a refusal. */
  std::string_view key_label() const noexcept { return detail::view(hookproof_result_key_label(get())); }
  std::uint64_t keyring_generation() const noexcept { return hookproof_result_keyring_generation(get()); }

  std::optional<std::int64_t> age_seconds() const noexcept {
    std::int64_t out = 0;
    if (!hookproof_result_age_seconds(get(), &out)) {
      return std::nullopt;
    }
    return out;
  }

  /* What to answer. */
  std::int32_t http_status() const noexcept { return hookproof_result_http_status(get()); }
  bool sender_retries() const noexcept { return hookproof_result_sender_retries(get()); }
  /** Seconds for Retry-After; 0: send no such field. */
  std::uint32_t retry_after() const noexcept { return hookproof_result_retry_after(get()); }

  /// The decoded parameters of a GET, in the order of the URL.
  std::size_t query_count() const noexcept { return hookproof_result_query_count(get()); }

  /// The name of one of them. Borrowed.
  std::string_view query_name(std::size_t index) const noexcept {
    return detail::view(hookproof_result_query_name(get(), index));
  }

  /// The value of one of them. Borrowed.
  std::string_view query_value(std::size_t index) const noexcept {
    return detail::view(hookproof_result_query_value(get(), index));
  }

  std::size_t lint_count() const noexcept { return hookproof_result_lint_count(get()); }
  std::string_view lint(std::size_t index) const noexcept {
    return detail::view(hookproof_result_lint(get(), index));
  }

  /** The handle, still owned by this object; null after a call error or a move. */
  hookproof_result *get() noexcept { return handle_.get(); }
  const hookproof_result *get() const noexcept { return handle_.get(); }

 private:
  friend class Verifier;

  /* Without a handle, also when it was moved away, a result must not read as accepted. */
  Result(Status status, hookproof_result *handle) noexcept
      : handle_(handle), failure_(handle != nullptr || status == HOOKPROOF_OK ? HOOKPROOF_E_NULL : status) {}

  std::unique_ptr<hookproof_result, detail::Deleter<hookproof_result_free>> handle_;
  Status failure_;
};

/** A request and the claim on it. */
struct Received {
  Result result;
  Claim claim;

  /** Accepted, and claimed unless it is a duplicate that was handed on. */
  explicit operator bool() const noexcept { return static_cast<bool>(result); }

  /** Calls work(result) and confirms; if it throws, releases and throws the same. Unless accepted it calls nothing
   *  and returns HOOKPROOF_E_STATE. Otherwise it returns what confirming gave: after anything but HOOKPROOF_OK send the
   *  answer all the same, and report it; HOOKPROOF_NO_EFFECT is what a duplicate gives. `clock` gives the time after
   *  the work. */
  template <typename Work, typename Clock = std::int64_t (*)()>
  Status process(Work &&work, Clock &&clock = &hookproof_now) {
    if (!result) {
      return HOOKPROOF_E_STATE;
    }
    try {
      std::forward<Work>(work)(std::as_const(result));
    } catch (...) {
      claim.release(clock());
      throw;
    }
    return claim.confirm(clock());
  }
};

inline Event Event::of(const Result &result, std::string_view body) {
  hookproof_event *handle = nullptr;
  const Status status = hookproof_event_new(result.get(), body.data(), body.size(), &handle);
  Event event(handle);
  detail::check(status, std::string_view());
  return event;
}

/** Judges requests. Make one at start-up; any number of threads may use it at once. */
class Verifier {
 public:
  /** With the standard policy. The keyring is copied. */
  explicit Verifier(const Keyring &keyring) : Verifier(nullptr, keyring.get()) {}

  /** Both are copied. */
  Verifier(const Policy &policy, const Keyring &keyring) : Verifier(policy.get(), keyring.get()) {}

  /** A verifier whose keyring comes with each call. */
  static Verifier keys_per_call() { return Verifier(nullptr, nullptr); }
  static Verifier keys_per_call(const Policy &policy) { return Verifier(policy.get(), nullptr); }

  /** Replaces the whole keyring at once, also while other threads verify. */
  void replace_keyring(const Keyring &keyring) {
    detail::check(hookproof_verifier_replace_keyring(get(), keyring.get()), no_account);
  }

  std::uint64_t generation() const noexcept { return hookproof_verifier_generation(get()); }
  std::string_view header_name() const noexcept { return detail::view(hookproof_verifier_header_name(get())); }
  std::uint64_t max_body_bytes() const noexcept { return hookproof_verifier_max_body_bytes(get()); }

  /** How an address relates to the policy's networks, in one word. A hint, NEVER a proof. */
  std::string_view source_hint(std::string_view address) const noexcept {
    return detail::view(hookproof_verifier_source_hint(get(), address.data(), address.size()));
  }

  /** The api_key the token claims, to load its secrets with; NOT verified. 0: `out` has it. */
  [[nodiscard]] Status untrusted_api_key(std::string_view header, std::size_t header_count,
                                         std::string &out) const {
    char buffer[HOOKPROOF_MAX_API_KEY_BYTES + 1];
    std::size_t length = 0;
    const Status status = hookproof_verifier_untrusted_api_key(get(), header.data(), header.size(), header_count,
                                                               buffer, sizeof buffer, &length);
    out.assign(buffer, length);
    return status;
  }

  /** The account that a request names, whatever the profile; NOT verified. 0: `out` has it. */
  [[nodiscard]] Status untrusted_account(const Head &head, std::string_view body, std::string &out) const {
    char buffer[HOOKPROOF_MAX_API_KEY_BYTES + 1];
    std::size_t length = 0;
    const Status status = hookproof_verifier_untrusted_account(
        get(), head.method.data(), head.method.size(), head.header.data(), head.header.size(), head.header_count,
        head.query.data(), head.query.size(), head.route.data(), head.route.size(), body.data(), body.size(), buffer,
        sizeof buffer, &length);
    out.assign(buffer, length);
    return status;
  }

  /** Verifies and claims, last of all: see Received. `duplicates`: HOOKPROOF_DUPLICATES_REFUSE or
   *  HOOKPROOF_DUPLICATES_HAND_ON. */
  [[nodiscard]] Received receive(const Store &store, const Head &head, std::string_view body,
                                 std::int32_t duplicates = HOOKPROOF_DUPLICATES_REFUSE,
                                 std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    hookproof_claim *claim = nullptr;
    const Status status = hookproof_verifier_receive(
        get(), store.get(), head.method.data(), head.method.size(), head.header.data(), head.header.size(),
        head.header_count, head.query.data(), head.query.size(), head.route.data(), head.route.size(),
        head.account.data(), head.account.size(), body.data(), body.size(), duplicates, now, &out, &claim);
    return Received{Result(status, out), Claim(claim)};
  }

  /** As receive, with a keyring for this call alone; null: the secrets could not be loaded. */
  [[nodiscard]] Received receive_with_keyring(const Keyring *keyring, const Store &store, const Head &head,
                                              std::string_view body,
                                              std::int32_t duplicates = HOOKPROOF_DUPLICATES_REFUSE,
                                              std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    hookproof_claim *claim = nullptr;
    const Status status = hookproof_verifier_receive_with_keyring(
        get(), keyring != nullptr ? keyring->get() : nullptr, store.get(), head.method.data(),
        head.method.size(), head.header.data(), head.header.size(), head.header_count, head.query.data(),
        head.query.size(), head.route.data(), head.route.size(), head.account.data(), head.account.size(),
        body.data(), body.size(), duplicates, now, &out, &claim);
    return Received{Result(status, out), Claim(claim)};
  }

  /** At most once: verifies and records as done before the work begins. If the work then fails, the event is
   *  lost. */
  [[nodiscard]] Result verify_once(const Store &store, const Head &head, std::string_view body,
                                   std::int32_t duplicates = HOOKPROOF_DUPLICATES_REFUSE,
                                   std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    const Status status = hookproof_verifier_verify_once(
        get(), store.get(), head.method.data(), head.method.size(), head.header.data(), head.header.size(),
        head.header_count, head.query.data(), head.query.size(), head.route.data(), head.route.size(),
        head.account.data(), head.account.size(), body.data(), body.size(), duplicates, now, &out);
    return Result(status, out);
  }

  /** As verify_once, with a keyring for this call alone; null: the secrets could not be loaded. */
  [[nodiscard]] Result verify_once_with_keyring(const Keyring *keyring, const Store &store, const Head &head,
                                                std::string_view body,
                                              std::int32_t duplicates = HOOKPROOF_DUPLICATES_REFUSE,
                                                std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    const Status status = hookproof_verifier_verify_once_with_keyring(
        get(), keyring != nullptr ? keyring->get() : nullptr, store.get(), head.method.data(),
        head.method.size(), head.header.data(), head.header.size(), head.header_count, head.query.data(),
        head.query.size(), head.route.data(), head.route.size(), head.account.data(), head.account.size(),
        body.data(), body.size(), duplicates, now, &out);
    return Result(status, out);
  }

  /** Asks no store: the request may be a repeat. */
  [[nodiscard]] Result verify(const Head &head, std::string_view body,
                              std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    const Status status = hookproof_verifier_verify(
        get(), head.method.data(), head.method.size(), head.header.data(), head.header.size(), head.header_count,
        head.query.data(), head.query.size(), head.route.data(), head.route.size(), head.account.data(),
        head.account.size(), body.data(), body.size(), now, &out);
    return Result(status, out);
  }

  /** A POST with exactly one header, no route, and any account: as verify. */
  [[nodiscard]] Result verify_post(std::string_view header, std::string_view body,
                                   std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    const Status status = hookproof_verifier_verify_post(get(), header.data(), header.size(), body.data(),
                                                         body.size(), now, &out);
    return Result(status, out);
  }

  /** With a keyring for this call alone; null: the secrets could not be loaded. */
  [[nodiscard]] Result verify_with_keyring(const Keyring *keyring, const Head &head, std::string_view body,
                                           std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    const Status status = hookproof_verifier_verify_with_keyring(
        get(), keyring != nullptr ? keyring->get() : nullptr, head.method.data(), head.method.size(),
        head.header.data(), head.header.size(), head.header_count, head.query.data(), head.query.size(),
        head.route.data(), head.route.size(), head.account.data(), head.account.size(), body.data(), body.size(),
        now, &out);
    return Result(status, out);
  }

  /** Judges the head before the body is read: a pending result to feed, or the refusal. */
  [[nodiscard]] Result begin(const Head &head, std::uint64_t declared_len = HOOKPROOF_LENGTH_UNKNOWN,
                             std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    const Status status = hookproof_verifier_begin(
        get(), head.method.data(), head.method.size(), head.header.data(), head.header.size(), head.header_count,
        head.query.data(), head.query.size(), head.route.data(), head.route.size(), head.account.data(),
        head.account.size(), declared_len, now, &out);
    return Result(status, out);
  }

  /** As begin, with a keyring for this call alone; null: the secrets could not be loaded. */
  [[nodiscard]] Result begin_with_keyring(const Keyring *keyring, const Head &head,
                                          std::uint64_t declared_len = HOOKPROOF_LENGTH_UNKNOWN,
                                          std::int64_t now = hookproof_now()) const noexcept {
    hookproof_result *out = nullptr;
    const Status status = hookproof_verifier_begin_with_keyring(
        get(), keyring != nullptr ? keyring->get() : nullptr, head.method.data(), head.method.size(),
        head.header.data(), head.header.size(), head.header_count, head.query.data(), head.query.size(),
        head.route.data(), head.route.size(), head.account.data(), head.account.size(), declared_len, now, &out);
    return Result(status, out);
  }

  /** The handle, still owned by this object. */
  const hookproof_verifier *get() const noexcept { return handle_.get(); }

 private:
  static constexpr std::string_view no_account = "the keyring has no account";

  Verifier(const hookproof_policy *policy, const hookproof_keyring *keyring) {
    detail::check_abi();
    hookproof_verifier *out = nullptr;
    const Status status = hookproof_verifier_new(policy, keyring, &out);
    detail::check(status, status == HOOKPROOF_E_CONFIG ? no_account : std::string_view());
    handle_.reset(out);
  }

  std::unique_ptr<hookproof_verifier, detail::Deleter<hookproof_verifier_free>> handle_;
};

/** Stands in for Vonage in tests. */
class Signer {
 public:
  Signer(std::string_view api_key, std::string_view secret) {
    detail::check_abi();
    hookproof_signer *out = nullptr;
    detail::check(
        hookproof_signer_new(api_key.data(), api_key.size(), secret.data(), secret.size(), &out),
        std::string_view());
    handle_.reset(out);
  }

  Signer &set_application_id(std::string_view application_id) {
    detail::check(hookproof_signer_set_application_id(get(), application_id.data(), application_id.size()),
                  std::string_view());
    return *this;
  }

  /** The header value for a body. Valid until the next signature. */
  std::string_view sign_body(std::string_view body, std::int64_t iat, std::string_view jti) {
    detail::check(hookproof_signer_sign_body(get(), body.data(), body.size(), iat, jti.data(), jti.size()),
                  std::string_view());
    return header();
  }

  /// Signs the raw query of a GET.
  std::string_view sign_query(std::string_view query, std::int64_t iat, std::string_view jti) {
    detail::check(hookproof_signer_sign_query(get(), query.data(), query.size(), iat, jti.data(), jti.size()),
                  std::string_view());
    return header();
  }

  /** The query, form or JSON object of an SMS webhook: see hookproof_signer_sign_sms. */
  std::string_view sign_sms(std::string_view method, std::int32_t carrier, std::string_view parameters,
                            std::int64_t timestamp, std::string_view nonce) {
    detail::check(hookproof_signer_sign_sms(get(), method.data(), method.size(), carrier, parameters.data(),
                                            parameters.size(), timestamp, nonce.data(), nonce.size()),
                  std::string_view());
    return header();
  }

  /** The header value for any bytes as claims. Valid until the next signature. */
  std::string_view sign_claims(std::string_view claims_json) {
    detail::check(hookproof_signer_sign_claims(get(), claims_json.data(), claims_json.size()), std::string_view());
    return header();
  }

  /** The handle, still owned by this object. */
  hookproof_signer *get() noexcept { return handle_.get(); }
  const hookproof_signer *get() const noexcept { return handle_.get(); }

 private:
  std::string_view header() const noexcept { return detail::view(hookproof_signer_header(get())); }

  std::unique_ptr<hookproof_signer, detail::Deleter<hookproof_signer_free>> handle_;
};

}  // namespace hookproof

#endif /* HOOKPROOF_HPP */
