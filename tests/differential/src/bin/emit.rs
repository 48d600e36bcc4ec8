//! Prints signed and mutated requests with hookproof's verdict and what it read of those it accepted, one JSON object a
//! line, for the comparison with PyJWT.

use differential::{HEADER, NOW, SECRET, claims, mutate, sign, verifier};
use hookproof::Request;
use serde_json::json;

fn main() {
    let verifier = verifier();
    let body = r#"{"text":"hello"}"#;
    let claims = claims(body.as_bytes(), NOW);
    let secret = std::str::from_utf8(SECRET).expect("text");
    let print = |token: &str| {
        let header = format!("Bearer {token}");
        let verdict = verifier.verify(&Request::post(header.as_bytes(), body.as_bytes()), NOW);
        let read = verdict.as_ref().ok().map(|verified| {
            json!({
                "iat": verified.issued_at(),
                "jti": verified.jti(),
                "api_key": verified.api_key(),
                "application_id": verified.application_id(),
                "all": verified.claims_json(),
            })
        });
        let verdict = verdict.as_ref().map_or_else(|refusal| refusal.reason().name(), |_| "accepted");
        let case =
            json!({"token": token, "secret": secret, "body": body, "now": NOW, "verdict": verdict, "read": read});
        println!("{case}");
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
