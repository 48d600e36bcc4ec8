//! GET webhooks beside POST webhooks of the same size, and events beside the plain parsing of the same bodies.

use std::hint::black_box;
use std::path::Path;

use hookproof::event::{self, Carrier};
use hookproof::sign::Signer;
use hookproof::{Keyring, Policy, Request, RequestHead, Verifier};
use hookproof_bench::{Bar, Candidate, NOW, USUAL_BODY, ratio, run_rounds};
use serde_json::Value;

const ROUNDS: usize = 101;
const SECRET: &[u8] = b"ZYtdTtGV3BCFN7tWmOWr1md66XsquMggr4W2cTtXtcPgfnI0Xw";

/// A query with the names of a Voice webhook, a space in most values and escapes in one, of about the usual size.
fn query() -> String {
    let mut query =
        "to=19432445023&endpoint_type=phone&from=12016131021&region_url=https%3A%2F%2Fapi-us-3.vonage.com".to_owned();
    for number in 0.. {
        if query.len() + 40 > USUAL_BODY {
            break;
        }
        query.push_str(&format!("&SipHeader_X-Name-{number:02}=a-value+{number:06}"));
    }
    query
}

fn bodies() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/payloads");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the payloads").map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "json"));
    paths.sort();
    let json = |path: &std::path::PathBuf| {
        let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let body = file["wire_body"].as_str()?.as_bytes().to_vec();
        serde_json::from_slice::<Value>(&body).ok().map(|_| body)
    };
    paths.iter().filter_map(json).collect()
}

fn main() {
    let mut keyring = Keyring::new();
    keyring.add_secret("a1b2c3d4", "production", SECRET).unwrap();
    let verifier = Verifier::new(Policy::standard(), keyring).unwrap();
    let signer = Signer::new("a1b2c3d4", SECRET).unwrap();
    let query = query();
    let body = vec![b'x'; query.len()];
    let by_query = signer.sign_query(&query, NOW, "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5").unwrap();
    let by_body = signer.sign_body(&body, NOW, "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5");
    let head = RequestHead::new(b"GET").header(by_query.as_bytes(), 1).query(query.as_bytes());
    let (get_request, post_request) = (Request::new(head, b""), Request::post(by_body.as_bytes(), &body));
    let mut get = Candidate::native(|| drop(black_box(verifier.verify(black_box(&get_request), NOW).unwrap())));
    let mut post = Candidate::native(|| drop(black_box(verifier.verify(black_box(&post_request), NOW).unwrap())));
    run_rounds(ROUNDS, &mut [&mut get, &mut post]);
    ratio("GET", &get, "POST of its size", &post, Some(("<= 2", Bar::Most(2.0))), "-");

    let bodies = bodies();
    assert!(bodies.len() > 40);
    let mut events = Candidate::native(|| {
        for body in &bodies {
            drop(black_box(event::parse_unsigned(Carrier::Json(black_box(body)))));
        }
    });
    let mut values = Candidate::native(|| {
        for body in &bodies {
            drop(black_box(serde_json::from_slice::<Value>(black_box(body)).unwrap()));
        }
    });
    run_rounds(ROUNDS, &mut [&mut events, &mut values]);
    ratio("events of all samples", &events, "serde_json Value", &values, Some(("<= 2", Bar::Most(2.0))), "-");
}
