//! The scripts and the key layout of the Redis store, as data for every language.
//!
//! A door in another language runs these texts through the application's own client, and so shares one store with all others.
//! Each script takes one key and answers with one word; a client may send it again after a lost answer, for the
//! owner that a claim names makes every script safe to repeat.
//!
//! The key is `hookproof:1:<namespace>:<identity>`, where the identity is the hexadecimal form of
//! [`hookproof::replay::Identity::key`] for that namespace. The value is `c:<owner>:<rest>` while it is claimed, where the lease is over as
//! soon as the key has no more than `<rest>` milliseconds left to live, and `d:<owner>` once it is done. The key expires when the identity
//! need no longer be kept, and not with the lease: a claim whose lease is over stays its owner's until another one takes it.
//!
//! The plain command `SET key value NX PX keep`, with the value and the life that the script would give it, claims what is not there
//! at less cost; if it answers nil or an error, the script decides.
//!
//! The server's clock is the only one, through the life of the key. If it leaps ahead, leases and keys end early by as much.

/// The version of scripts, keys and values. Stores of different versions do not see each other.
pub const VERSION: u32 = 1;

/// One script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    /// `claim`, `confirm` or `release`.
    pub name: &'static str,
    /// The text for `EVAL` or `SCRIPT LOAD`.
    pub text: &'static str,
}

/// Claims an identity. Arguments: the owner (32 hexadecimal digits), the lease in milliseconds (0: done at once), and how long to keep
/// the identity, in milliseconds. Answers `claimed`, `in_progress` or `duplicate`.
pub const CLAIM: Script = Script { name: "claim", text: include_str!("scripts/claim.lua") };

/// Marks an identity as done. Argument: the owner. Answers `done`, or `no_effect` if another owner has it or nobody.
pub const CONFIRM: Script = Script { name: "confirm", text: include_str!("scripts/confirm.lua") };

/// Makes an identity free again. Argument: the owner. Answers `done`, or `no_effect` if it is done, or another owner has it
/// or nobody.
pub const RELEASE: Script = Script { name: "release", text: include_str!("scripts/release.lua") };

/// The value of a fresh claim, as the script writes it. Times are in milliseconds; a lease of 0 is done at once.
#[must_use]
pub fn value(owner: &[u8; 16], lease: u64, keep: u64) -> String {
    let owner = crate::hex::encode(owner);
    // A lease that outlives its key cannot be told from one that ends with it.
    if lease == 0 { format!("d:{owner}") } else { format!("c:{owner}:{}", keep.saturating_sub(lease)) }
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
        let owner = "ab".repeat(16);
        assert_eq!(value(&[0xab; 16], 30_000, 420_000), format!("c:{owner}:390000"));
        assert_eq!(value(&[0xab; 16], 0, 420_000), format!("d:{owner}"));
        assert_eq!(key("shop", &[0xab; 16]), format!("hookproof:1:shop:{}", "ab".repeat(16)));
    }
}
