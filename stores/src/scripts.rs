//! The scripts and the key layout of the Redis store, as data for every language.
//!
//! A door in another language runs these texts through the application's own client, and so shares one store with all
//! others. They run on Redis 6.2, Valkey 7.2 and later. Each takes one key and answers with one word, or with an error of
//! the server: `OOM` means that there is no room, and any other one that the store is unavailable. A client may send a script
//! again after a lost answer, as many do by themselves: the owner, which is never the same for two claims, makes the
//! second run find what the first one did. (A release that took effect and is sent again answers `no_effect`.)
//!
//! The key is `hookproof:1:<namespace>:<identity>`, where the identity is the hexadecimal form of
//! [`hookproof::replay::Identity::key`] for that namespace. The value is `c:<owner>:<rest>` while it is claimed, where the
//! lease is over as soon as the key has no more than `<rest>` milliseconds left to live (none at all if `<rest>` is negative
//! or 0: the lease ends with the key), and `d:<owner>` once it is done. The key expires when the identity need no longer be kept,
//! and not with the lease: a claim whose lease is over stays its owner's until another one takes it. Only a claim needs
//! memory; confirm and release work on a server that is full.
//!
//! The plain command `SET key value NX PX keep`, with the [`value`] and the life that the script would give it, claims
//! what is not there at less cost. If it answers nil or `OOM`, the script decides; after a lost answer, too.
//!
//! The server's clock is the only one, through the life of the key. If it leaps ahead, or a replica with a faster clock takes over, leases and
//! keys end early by as much: a leap of more than the grace of a minute can let a repeat pass. If it falls back, they
//! last longer by as much, and nothing passes that should not. All verifiers of a namespace should have the same
//! `max_age`: an identity is kept for as long as the claim asked, and not for as long as another verifier would take
//! its token.

/// The version of scripts, keys and values. Stores of different versions do not see each other.
pub const VERSION: u32 = 1;

/// One script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    /// `claim`, `confirm` or `release`.
    pub name: &'static str,
    /// The text for `EVAL` or `SCRIPT LOAD`, byte for byte: its SHA-1 is its name for `EVALSHA`.
    pub text: &'static str,
}

/// Claims an identity. Arguments: the owner (32 hexadecimal digits), the lease in milliseconds (0: done at once), and how
/// long to keep the identity, in milliseconds. Answers `claimed`, `in_progress` or `duplicate`.
pub const CLAIM: Script = Script { name: "claim", text: include_str!("scripts/claim.lua") };

/// Marks an identity as done. Argument: the owner. Answers `done`, also when it was done by this owner before, or
/// `no_effect` if another owner has it or nobody.
pub const CONFIRM: Script = Script { name: "confirm", text: include_str!("scripts/confirm.lua") };

/// Makes an identity free again. Argument: the owner. Answers `done`, or `no_effect` if it is done, or another owner has
/// it or nobody.
pub const RELEASE: Script = Script { name: "release", text: include_str!("scripts/release.lua") };

/// The value of a fresh claim, as the script writes it. Times are in milliseconds; a lease of 0 is done at once.
#[must_use]
pub fn value(owner: &[u8; 16], lease: u64, keep: u64) -> String {
    let owner = crate::hex::encode(owner);
    if lease == 0 {
        format!("d:{owner}")
    } else {
        format!("c:{owner}:{}", i128::from(keep).saturating_sub(i128::from(lease)))
    }
}

/// The key of an identity.
#[must_use]
pub fn key(namespace: &str, identity: &[u8; 16]) -> String {
    format!("hookproof:{VERSION}:{namespace}:{}", crate::hex::encode(identity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_names_version_namespace_and_identity() {
        assert_eq!(key("shop", &[0xab; 16]), format!("hookproof:1:shop:{}", "ab".repeat(16)));
        let owner = "ab".repeat(16);
        assert_eq!(value(&[0xab; 16], 30_000, 420_000), format!("c:{owner}:390000"));
        assert_eq!(value(&[0xab; 16], 30_000, 1_000), format!("c:{owner}:-29000"));
        assert_eq!(value(&[0xab; 16], 0, 420_000), format!("d:{owner}"));
    }

    /// In a cluster a script may touch its one key only, and must name it.
    #[test]
    fn every_script_touches_one_key() {
        for script in [CLAIM, CONFIRM, RELEASE] {
            let calls = script.text.matches("redis.call(").count() + script.text.matches("redis.pcall(").count();
            assert_eq!(calls, script.text.matches("', KEYS[1]").count(), "{}", script.name);
            assert!(!script.text.contains("KEYS[2]"));
        }
    }
}
