//! HS256: HMAC-SHA256 over the signing input of a token (RFC 7515 5.2, RFC 7518 3.2).
//!
//! A key keeps the two hash states that its secret leads to and not the secret itself; the states are wiped when it
//! is dropped. It implements the signer and verifier traits of `jsonwebtoken`, so that it stands wherever a key of that
//! library can; the library's own process-wide provider is never touched.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::{JwtSigner, JwtVerifier};
use sha2::Sha256;
use signature::{Error, Signer, Verifier};
use subtle::{Choice, ConstantTimeEq};

use crate::secret::Secret;

/// Length of an HS256 signature, in bytes.
pub(crate) const SIGNATURE_BYTES: usize = 32;

/// A cached HS256 key.
#[derive(Clone)]
pub(crate) struct Hs256Key(Hmac<Sha256>);

impl Hs256Key {
    /// The key of a secret. HMAC takes secrets of every length (RFC 2104 2), so there always is one; the type of the
    /// HMAC crate leaves it open.
    pub(crate) fn new(secret: &Secret) -> Option<Hs256Key> {
        Hmac::new_from_slice(secret.expose()).ok().map(Hs256Key)
    }

    /// What an unknown account costs. This key is public, so its verdict must be thrown away.
    pub(crate) fn dummy() -> Hs256Key {
        Hs256Key(Hmac::new(&Default::default()))
    }

    fn tag(&self, input: &[u8]) -> [u8; SIGNATURE_BYTES] {
        let mut mac = self.0.clone();
        mac.update(input);
        mac.finalize().into_bytes().into()
    }

    /// Whether this key produces the signature over the input, in constant time.
    fn matches(&self, input: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> Choice {
        equal(&self.tag(input), signature)
    }

    /// The proof that this key produced the signature over the input, if it did. The compare is constant-time.
    pub(crate) fn authenticate(&self, input: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> Option<Authentic> {
        bool::from(self.matches(input, signature)).then_some(Authentic(()))
    }

    /// Spends the time of [`Hs256Key::authenticate`] and forgets the verdict.
    pub(crate) fn waste(&self, input: &[u8], signature: &[u8; SIGNATURE_BYTES]) {
        std::hint::black_box(self.matches(input, signature));
    }
}

/// Compares two values of a hash in constant time, eight bytes at once.
pub(crate) fn equal(ours: &[u8; SIGNATURE_BYTES], theirs: &[u8; SIGNATURE_BYTES]) -> Choice {
    let (ours, _) = ours.as_chunks::<8>();
    let (theirs, _) = theirs.as_chunks::<8>();
    ours.iter().zip(theirs).fold(Choice::from(1), |equal, (ours, theirs)| {
        equal & u64::from_ne_bytes(*ours).ct_eq(&u64::from_ne_bytes(*theirs))
    })
}

/// Proof that a signature held. Only this file mints it; claims cannot be read without it.
pub(crate) struct Authentic(());

impl fmt::Debug for Hs256Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hs256Key([redacted])")
    }
}

impl Verifier<Vec<u8>> for Hs256Key {
    fn verify(&self, input: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        let signature: &[u8; SIGNATURE_BYTES] = signature.as_slice().try_into().map_err(|_| Error::new())?;
        if self.matches(input, signature).into() { Ok(()) } else { Err(Error::new()) }
    }
}

impl Signer<Vec<u8>> for Hs256Key {
    fn try_sign(&self, input: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.tag(input).to_vec())
    }
}

impl JwtVerifier for Hs256Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtSigner for Hs256Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_counts() {
        let value: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 7).unwrap());
        assert!(bool::from(equal(&value, &value)));
        for bit in 0..256 {
            let mut other = value;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!bool::from(equal(&value, &other)), "{bit}");
        }
    }

    #[test]
    fn a_key_stands_wherever_a_key_of_jsonwebtoken_can() {
        let key = Hs256Key::new(&Secret::copied(b"secret").unwrap()).unwrap();
        let signature = Signer::sign(&key, b"input");
        let verifier: &dyn JwtVerifier = &key;
        assert!(verifier.verify(b"input", &signature).is_ok() && verifier.verify(b"inpuT", &signature).is_err());
        assert!(verifier.verify(b"input", &signature[..31].to_vec()).is_err());
        assert_eq!((verifier.algorithm(), JwtSigner::algorithm(&key)), (Algorithm::HS256, Algorithm::HS256));
        assert_eq!(format!("{key:?}"), "Hs256Key([redacted])");
    }
}
