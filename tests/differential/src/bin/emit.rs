//! Prints signed and mutated requests with hookproof's verdict, one JSON object a line, for the comparison with PyJWT.

use differential::{HEADER, NOW, SECRET, claims, mutate, reason, sign, verifier};
use serde_json::json;

fn main() {
    let verifier = verifier();
    let body = br#"{"text":"hello"}"#;
    let claims = claims(body, NOW);
    let secret = std::str::from_utf8(SECRET).expect("text");
    let print = |token: &str| {
        let accepted = reason(&verifier, token.as_bytes(), body, NOW).is_none();
        println!("{}", json!({"token": token, "secret": secret, "accepted": accepted}));
    };
    print(&sign(HEADER.as_bytes(), claims.as_bytes()));
    for splice in 0..differential::SPLICES.len() {
        for at in 0..=claims.len() {
            print(&sign(HEADER.as_bytes(), &mutate(&claims, at, at % 3, splice)));
        }
        for at in 0..=HEADER.len() {
            print(&sign(&mutate(HEADER, at, at % 3, splice), claims.as_bytes()));
        }
    }
}
