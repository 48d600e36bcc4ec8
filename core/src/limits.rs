//! Every numeric ceiling of the crate, each with its reason. No other file invents one.

/// Longest header field value accepted unless the policy says otherwise, in bytes. A genuine token with every claim
/// is about 400 bytes; 8 KiB is what common servers give a whole field.
pub const DEFAULT_MAX_HEADER_BYTES: usize = 8 * 1024;

/// Smallest ceiling a policy may set for the header field, in bytes: less would refuse every genuine token.
pub const LEAST_MAX_HEADER_BYTES: usize = 256;

/// Largest ceiling a policy may set for the header field, in bytes. It bounds all work done for a stranger.
pub const MOST_MAX_HEADER_BYTES: usize = 64 * 1024;

/// Longest body accepted unless the policy says otherwise, in bytes. The largest documented webhooks are some KiB.
pub const DEFAULT_MAX_BODY_BYTES: u64 = 1024 * 1024;

/// Largest ceiling a policy may set for the body, in bytes.
pub const MOST_MAX_BODY_BYTES: u64 = 1024 * 1024 * 1024;

/// Longest `api_key`, in bytes. The vendor's have 7 or 8 characters; the bound keeps logs and look-ups small.
pub const MAX_API_KEY_BYTES: usize = 128;

/// Longest `jti`, in bytes. The vendor sends a UUID; a replay store must not be made to keep megabytes
/// (RFC 9449 11.1 gives the advice).
pub const MAX_JTI_BYTES: usize = 256;

/// Deepest nesting of JSON in a token; the top object is 1. No documented claim nests at all.
pub const MAX_JSON_DEPTH: usize = 16;

/// Most members of one JSON object in a token. It also bounds the search for a repeated name.
pub const MAX_JSON_MEMBERS: usize = 64;

/// Most parameters of a query. A Voice webhook has some ten; the bound keeps the search for a repeated name short.
pub const MAX_QUERY_PARAMETERS: usize = 256;

/// Last second of the year 9999. A larger number in `iat`, `exp` or `nbf` is no number of seconds: milliseconds
/// of today are larger.
pub const MAX_NUMERIC_DATE: i64 = 253_402_300_799;

/// Age up to which a token is fresh unless the policy says otherwise, in seconds.
pub const DEFAULT_MAX_AGE: u32 = 300;

/// Largest age a policy may allow, in seconds: seven days. The sender gives up after 24 hours, so more would be
/// the same as no check.
pub const MOST_MAX_AGE: u32 = 7 * 24 * 3600;

/// How far ahead of our clock a token may be unless the policy says otherwise, in seconds.
pub const DEFAULT_LEEWAY: u32 = 60;

/// Largest leeway a policy may set, in seconds. A clock that is off by more needs mending, not leeway.
pub const MOST_LEEWAY: u32 = 3600;

/// Most networks that can be added to a policy.
#[cfg(feature = "networks")]
pub const MAX_NETWORKS: usize = 1000;

/// Most accounts in a keyring.
pub const MAX_ACCOUNTS: usize = 10_000;

/// Most secrets of one account. Every one of them costs an HMAC for each request that names the account.
pub const MAX_SECRETS_PER_ACCOUNT: usize = 32;

/// Most application ids of one account.
pub const MAX_APPLICATIONS_PER_ACCOUNT: usize = 1_000;

/// Longest secret, in bytes. The vendor's dashboard allows 50 characters.
pub const MAX_SECRET_BYTES: usize = 4096;

/// Longest label of a secret, in bytes. Labels go into logs.
pub const MAX_LABEL_BYTES: usize = 64;

/// Longest keyring text, in bytes: room for the most accounts, and no room for a wrong file.
pub const MAX_KEYRING_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// Longest text of a setting (issuer, header name, method, application id), in bytes.
pub const MAX_SETTING_BYTES: usize = 256;

/// A secret shorter than this earns a lint: RFC 7518 3.2 asks for at least the hash's length for HS256.
pub const ADVISED_SECRET_BYTES: usize = 32;

/// How long a claim holds an identity unless the policy says otherwise, in seconds: longer than handlers run, and short
/// enough that a retry after a crash passes soon.
pub const DEFAULT_LEASE: u32 = 30;

/// Longest lease a policy may set, in seconds. After a crash it is how long a genuine retry is put off.
pub const MOST_LEASE: u32 = 3600;

/// How long a store keeps an identity beyond the time when its token turns stale, in seconds: room for clocks of
/// several machines that differ.
pub const REPLAY_GRACE: u32 = 60;

/// Identities a memory store holds unless told otherwise: 10 a second over the retry window would be 0.87 million, 500 a
/// second over the standard window are 210,000.
pub const DEFAULT_STORE_CAPACITY: usize = 262_144;

/// Most identities of a memory store: some 3 GB. More belong into a store that survives restarts.
pub const MOST_STORE_CAPACITY: usize = 100_000_000;

/// Longest namespace of a shared store, in bytes. It is part of every key.
pub const MAX_NAMESPACE_BYTES: usize = 64;

/// How long a store may take for one answer, in milliseconds: the sender waits some seconds, and a server that waits
/// for a dead store piles up requests.
pub const STORE_BUDGET_MS: u32 = 50;

/// Longest budget of a store, in milliseconds: the sender has hung up by then.
pub const MOST_STORE_BUDGET_MS: u32 = 60_000;

/// Longest detail that a store may add to a refusal, in bytes. It goes into logs.
pub const MAX_STORE_DETAIL_BYTES: usize = 200;

/// Longest body that is read into an event, in bytes: as much as a body may have by default. The tree of a longer one
/// would take tens of times its memory.
pub const MAX_EVENT_BYTES: usize = 1024 * 1024;

/// Deepest nesting of JSON in an event; the top object is 1. Documented events end at 5, and what customers put into their
/// own fields comes on top. It bounds the stack, and the time of the exact second reading.
pub const MAX_EVENT_DEPTH: usize = 32;

/// Most values in an event, at all depths together: some 1 MB of memory. Documented events have fewer than 60.
pub const MAX_EVENT_VALUES: usize = 16_384;
