//! Webhooks signed for the accounts of a keyring by one policy: for `listen`, which replays them, and `send`.

use hookproof::sign::Signer;
use hookproof::{Keyring, Policy};

use crate::clock;
use crate::failure::Failure;
use crate::judge::of_option;
use crate::signed::{self, Signed, Unsigned};

/// How long a token of the contact centre lives, in seconds.
const CONTACT_CENTER_LIFE: i64 = 300;

/// Sets the claim `exp` where the vendor's tokens of this profile have it.
pub(crate) fn set_expiry(signer: &mut Signer, policy: &Policy, issued_at: i64) -> Result<(), Failure> {
    if policy.profile_name() != "contact_center" {
        return Ok(());
    }
    let expires_at = issued_at.saturating_add(CONTACT_CENTER_LIFE);
    signer.set_claim("exp", &expires_at.to_string()).map_err(of_option)
}

pub(crate) struct Signing {
    policy: Policy,
    keyring: Keyring,
}

impl Signing {
    pub(crate) fn new(policy: Policy, keyring: Keyring) -> Signing {
        Signing { policy, keyring }
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Whether the parameters carry the signature, and no header field does.
    pub(crate) fn is_sms(&self) -> bool {
        signed::sms_method(self.policy.profile_name()).is_some()
    }

    /// Signs for this account, which is the route where the profile chooses the secret by it.
    pub(crate) fn sign(&self, account: &str, unsigned: Unsigned, issued_at: i64, url: &str) -> Result<Signed, Failure> {
        self.sign_by(&self.keyring, account, unsigned, issued_at, url)
    }

    /// As [`Signing::sign`], with the secrets of another keyring.
    pub(crate) fn sign_by(
        &self,
        keyring: &Keyring,
        account: &str,
        unsigned: Unsigned,
        issued_at: i64,
        url: &str,
    ) -> Result<Signed, Failure> {
        let signer = Signer::of_account(keyring, account, clock::now());
        let mut signer = signer.map_err(|error| Failure::new(error, "hookproof check-keyring FILE lists them"))?;
        set_expiry(&mut signer, &self.policy, issued_at)?;
        let jti = signed::random_jti()?;
        signed::sign(&signer, &self.policy, account, unsigned, issued_at, &jti, url)
    }
}
