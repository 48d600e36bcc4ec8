//! From where a request came: a hint for logs, never a proof.
//!
//! Ranges change without notice, proxies hide the sender, and addresses can be shared; the signature is the proof. So nothing
//! here refuses a request: a policy that has networks lets the verifier report how the address relates to them.

use core::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

use crate::config_error::ConfigError;
use crate::limits::MAX_NETWORKS;

/// What the vendor has published, each range with its source and its date.
const PUBLISHED: &str = include_str!("networks/published.txt");

/// Ranges of addresses to compare sources with.
#[derive(Clone, Debug, Default)]
pub struct Networks {
    published: Vec<IpNet>,
    added: Vec<IpNet>,
}

impl Networks {
    /// No range: add your own.
    #[must_use]
    pub fn new() -> Networks {
        Networks::default()
    }

    /// The ranges that the vendor has published, as far as they are known, up to January 2024. Look the present ones up in
    /// the vendor's help articles 115004859247 (Voice), 204015053 (SMS) and 360035845911 (Messages and Dispatch), and add them.
    #[must_use]
    pub fn published() -> Networks {
        let ranges = PUBLISHED.lines().filter(|line| !line.starts_with('#'));
        let ranges = ranges.filter_map(|line| line.split_whitespace().next()?.parse().ok());
        Networks { published: ranges.collect(), added: Vec::new() }
    }

    /// Adds a range of your own, `192.0.2.0/24` or `2001:db8::/32`, or one address.
    ///
    /// # Errors
    /// A text that is neither; too many ranges.
    pub fn add(&mut self, range: &str) -> Result<(), ConfigError> {
        let network = range.parse().or_else(|_| range.parse::<IpAddr>().map(IpNet::from));
        let network = network.map_err(|_| ConfigError::new("network", "must be a range such as 192.0.2.0/24"))?;
        if self.added.len() >= MAX_NETWORKS {
            return Err(ConfigError::new("network", "must be at most 1000 ranges"));
        }
        self.added.push(network);
        Ok(())
    }

    /// How an address relates to the ranges. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is the IPv4 address.
    #[must_use]
    pub fn hint(&self, address: IpAddr) -> SourceHint {
        let address = address.to_canonical();
        let within = |ranges: &[IpNet]| ranges.iter().any(|range| range.contains(&address));
        if within(&self.added) {
            SourceHint::Added
        } else if within(&self.published) {
            SourceHint::Published
        } else {
            SourceHint::Elsewhere
        }
    }

    /// The same for a text as servers hand it out: an address, perhaps with a port (`192.0.2.1:443`, `[2001:db8::1]:443`).
    #[must_use]
    pub fn hint_of_text(&self, address: &str) -> SourceHint {
        let plain = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
        let parsed = plain.parse::<IpAddr>().or_else(|_| address.parse().map(|socket: SocketAddr| socket.ip()));
        parsed.map_or(SourceHint::Unreadable, |address| self.hint(address))
    }
}

/// How the source of a request relates to the policy's networks. A hint: whoever can send from such an address is not
/// thereby the vendor, and the vendor may send from elsewhere tomorrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceHint {
    /// The policy has no networks, or the request no source.
    #[default]
    NotChecked,
    /// In a range that the vendor has published.
    Published,
    /// In a range that you have added.
    Added,
    /// In none of them.
    Elsewhere,
    /// The source is no address.
    Unreadable,
}

impl SourceHint {
    /// One word for logs: `not_checked`, `published`, `added`, `elsewhere` or `unreadable`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            SourceHint::NotChecked => "not_checked",
            SourceHint::Published => "published",
            SourceHint::Added => "added",
            SourceHint::Elsewhere => "elsewhere",
            SourceHint::Unreadable => "unreadable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_range_is_read() {
        let lines = PUBLISHED.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        assert_eq!(Networks::published().published.len(), lines);
        assert!(lines > 5);
    }

    #[test]
    fn addresses_are_told_apart_at_the_edges() {
        let mut networks = Networks::published();
        networks.add("2001:db8::/32").unwrap();
        networks.add("192.0.2.7").unwrap();
        for (address, hint) in [
            ("169.63.86.160", SourceHint::Published),
            ("169.63.86.175", SourceHint::Published),
            ("169.63.86.159", SourceHint::Elsewhere),
            ("169.63.86.176", SourceHint::Elsewhere),
            ("::ffff:169.63.86.164", SourceHint::Published),
            ("[::ffff:169.63.86.164]:443", SourceHint::Published),
            ("169.63.86.164:50000", SourceHint::Published),
            ("[2001:db8::1]", SourceHint::Added),
            ("2001:db8::1", SourceHint::Added),
            ("2001:db9::1", SourceHint::Elsewhere),
            ("192.0.2.7", SourceHint::Added),
            ("192.0.2.8", SourceHint::Elsewhere),
            ("", SourceHint::Unreadable),
            ("localhost", SourceHint::Unreadable),
            ("169.63.86.164, 10.0.0.1", SourceHint::Unreadable),
        ] {
            assert_eq!(networks.hint_of_text(address), hint, "{address}");
        }
        for range in ["", "1.2.3.4/33", "1.2.3/8", "x", "2001:db8::/129"] {
            assert!(networks.add(range).is_err(), "{range}");
        }
    }
}
