//! `hookproof listen` under ten thousand requests: every body byte for byte in the capture, and memory that stays where it is.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use hookproof::sign::Signer;

mod support;

use support::{Listening, now, signer};

const SENDERS: u64 = 8;
const EACH: u64 = 1250;

/// A body that no other request has, of up to 16 KiB and any bytes.
fn body(sender: u64, number: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(sender << 32 | number);
    let length = random.usize(8..if number.is_multiple_of(50) { 16_384 } else { 512 });
    let mut body = vec![0; length];
    random.fill(&mut body);
    body[..8].copy_from_slice(&(sender << 32 | number).to_be_bytes());
    body
}

/// Sends over one connection, as a load generator does, and returns how many were answered with 200.
fn sender(address: SocketAddr, signer: &Signer, sender: u64) -> u64 {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    let mut accepted = 0;
    for number in 0..EACH {
        let body = body(sender, number);
        let authorization = signer.sign_body(&body, now(), &format!("{sender}-{number}"));
        let head = format!(
            "POST / HTTP/1.1\r\nHost: load\r\nAuthorization: {authorization}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0);
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        reader.read_exact(&mut vec![0; length]).unwrap();
        accepted += u64::from(head.starts_with("HTTP/1.1 200 "));
    }
    accepted
}

/// The memory of a process in KiB: what it holds now, and the most it ever held.
fn memory(process: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse().unwrap()
    };
    (of("VmRSS:"), of("VmHWM:"))
}

#[test]
fn ten_thousand_requests_are_captured_byte_for_byte_in_bounded_memory() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("captured");
    let mut listening = Listening::new(&["--capture", folder.to_str().unwrap(), "--keep", "100"]);
    let process = listening.child.id();
    let address = listening.address;
    let before = memory(process).0;
    let accepted: u64 = thread::scope(|scope| {
        let log = scope.spawn(|| (0..SENDERS * EACH).filter(|_| listening.line()["reason"] == "ok").count());
        let senders: Vec<_> =
            (0..SENDERS).map(|number| scope.spawn(move || sender(address, &signer(), number))).collect();
        let accepted = senders.into_iter().map(|sender| sender.join().unwrap()).sum();
        assert_eq!(u64::try_from(log.join().unwrap()).unwrap(), SENDERS * EACH);
        accepted
    });
    assert_eq!(accepted, SENDERS * EACH);
    let (after, most) = memory(process);
    println!("{} requests: {before} KiB before, {after} KiB after, {most} KiB at most", SENDERS * EACH);
    // The bodies alone are some 4 MiB, and all that is known of the requests four times as much; of that a hundred are kept,
    // and what is remembered to find repeats has its own bound.
    assert!(most < before + 24 * 1024, "{before} KiB before, {most} KiB at most");

    let mut sent: HashMap<Vec<u8>, u32> = HashMap::new();
    for (number, sender) in (0..EACH).flat_map(|number| (0..SENDERS).map(move |sender| (number, sender))) {
        *sent.entry(body(sender, number)).or_default() += 1;
    }
    let mut found = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "body") {
            found += 1;
            let body = fs::read(&path).unwrap();
            assert!(sent.remove(&body).is_some(), "{} is none that was sent", path.display());
            assert!(path.with_extension("json").exists());
        }
    }
    assert_eq!((found, sent.len()), (SENDERS * EACH, 0));
    assert_eq!(listening.api("GET", "requests").json()["kept"].as_array().unwrap().len(), 100);
    assert_eq!(listening.end("-INT").0, Some(0));
    assert!(TcpStream::connect(address).is_err() && !fs::exists(format!("/proc/{process}")).unwrap());
}
