//! Prints random queries, the hash that hookproof signs for each, and the parameters that it hands out, one JSON object a
//! line, for the comparison with a reading in Python.

use differential::{NOW, SECRET, verifier};
use hookproof::sign::Signer;
use hookproof::{Request, RequestHead};
use serde_json::json;

const CASES: u32 = 5000;

/// Small, and the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).expect("small")).expect("small")
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

const PIECES: [&str; 40] = [
    "a",
    "b",
    "Z",
    "9",
    "-",
    ".",
    "_",
    "~",
    "+",
    "%20",
    "%2B",
    "%26",
    "%3D",
    "%25",
    "%22",
    "%5C",
    "/",
    ":",
    ",",
    "%2f",
    "%2F",
    "é",
    "%C3%A9",
    "%E2%82%AC",
    "%F0%9F%98%80",
    "%00",
    "%0A",
    "%1f",
    "%7F",
    "null",
    "%7B%22a%22%3A1%7D",
    "[1]",
    "=",
    "?",
    "%ff",
    "%",
    "%4",
    "%C3",
    "%ED%A0%80",
    "#",
];

fn main() {
    let verifier = verifier();
    let api_key = differential::ACCOUNT;
    let signer = Signer::new(api_key, SECRET).expect("a secret");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..CASES {
        // The last six are faults: rare, or nothing would be accepted.
        let usual = if random.below(4) == 0 { PIECES.len() } else { PIECES.len() - 6 };
        let mut query = String::new();
        for number in 0..random.below(7) {
            if number > 0 {
                query.push_str(random.pick(&["&", "&", "&", "&&"]));
            }
            for _ in 0..random.below(4) {
                query.push_str(random.pick(&PIECES[..usual - 2]));
            }
            if random.below(8) > 0 {
                query.push('=');
            }
            for _ in 0..random.below(6) {
                query.push_str(random.pick(&PIECES[..usual]));
            }
        }
        let header = signer.sign_query(&query, NOW, "jti");
        let verified = header.as_ref().ok().map(|header| {
            let head = RequestHead::new(b"GET").header(header.as_bytes(), 1).query(query.as_bytes());
            verifier.verify(&Request::new(head, b""), NOW).expect("what is signed is accepted")
        });
        let (claims, pairs) = match &verified {
            Some(verified) => (verified.claims_json(), verified.query_pairs().iter().collect()),
            None => ("", Vec::new()),
        };
        println!("{}", json!({"query": query, "claims": claims, "pairs": pairs}));
    }
}
