//! What the five methods make of a secret and the base text.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::profile::SmsMethod;

/// The bytes of the signature.
pub(super) fn tag(method: SmsMethod, secret: &[u8], base: &[u8]) -> Vec<u8> {
    match method {
        SmsMethod::Md5Hash => Md5::new().chain_update(base).chain_update(secret).finalize().to_vec(),
        SmsMethod::Md5 => mac::<Hmac<Md5>>(secret, base),
        SmsMethod::Sha1 => mac::<Hmac<Sha1>>(secret, base),
        SmsMethod::Sha256 => mac::<Hmac<Sha256>>(secret, base),
        SmsMethod::Sha512 => mac::<Hmac<Sha512>>(secret, base),
    }
}

/// HMAC takes secrets of every length (RFC 2104 2); the type of the crate leaves it open, and no tag at all then equals none
/// that is claimed.
fn mac<M: Mac + KeyInit>(secret: &[u8], base: &[u8]) -> Vec<u8> {
    <M as KeyInit>::new_from_slice(secret)
        .map(|mac| mac.chain_update(base).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}
