//! Keyring texts: all of one is taken or none, and an error shows no value of it.
#![no_main]

use hookproof::Keyring;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut keyring = Keyring::new();
    keyring.add_secret("a1", "fuzz", b"secret").unwrap();
    match keyring.add_json(text) {
        Ok(()) => assert!(keyring.len() > 1 && !keyring.labels("a1").is_empty()),
        Err(error) => {
            assert_eq!(keyring.len(), 1);
            assert!(!error.to_string().is_empty());
        }
    }
    let _ = keyring.lints();
});
