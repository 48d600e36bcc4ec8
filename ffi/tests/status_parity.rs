//! The statuses at the boundary are the reasons of the core, and the header names them all.

mod common;

use std::collections::BTreeMap;

use common::text;
use hookproof::{AdviceTable, Reason};
use hookproof_ffi::*;

#[test]
fn every_reason_is_a_status() {
    for reason in Reason::ALL {
        let status = i32::from(reason.code());
        assert_eq!(text(hookproof_status_name(status)), reason.name());
        assert_eq!(text(hookproof_status_message(status)), reason.sentence());
        assert_eq!(text(hookproof_status_hint(status)), reason.hint());
        assert!(hookproof_status_is_refusal(status));
        let advice = reason.advice(AdviceTable::Lossless, 503);
        assert_eq!(hookproof_status_http_status(status), i32::from(advice.http_status));
    }
}

#[test]
fn call_statuses_are_no_refusals_and_no_success() {
    for call in CALL_STATUSES {
        assert_eq!(text(hookproof_status_name(call.code)), call.name);
        assert_eq!(text(hookproof_status_message(call.code)), call.sentence);
        assert_eq!(text(hookproof_status_hint(call.code)), call.hint);
        assert!(!hookproof_status_is_refusal(call.code));
        let expected = if call.code == OK { 200 } else { 503 };
        assert_eq!(hookproof_status_http_status(call.code), expected);
    }
}

#[test]
fn unknown_numbers_are_refused() {
    for status in [7, 53, 99, 104, 999, 65_536 + 100, i32::MAX, -1, i32::MIN] {
        assert_eq!(text(hookproof_status_name(status)), "unknown");
        assert!(!text(hookproof_status_message(status)).is_empty());
        assert_eq!(text(hookproof_status_hint(status)), "");
        assert_eq!(hookproof_status_is_refusal(status), status >= 100);
        assert_eq!(hookproof_status_http_status(status), 503);
    }
}

#[test]
fn the_header_has_the_same_numbers() {
    let header = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../include/hookproof.h")).unwrap();
    let enumerators: BTreeMap<&str, i32> = header
        .lines()
        .filter_map(|line| line.strip_prefix("  HOOKPROOF_")?.strip_suffix(',')?.split_once(" = "))
        .map(|(name, number)| (name, number.parse().unwrap()))
        .collect();
    let calls = CALL_STATUSES.iter().map(|call| (call.name.replace("error.", "e."), call.code));
    let reasons = Reason::ALL.iter().map(|reason| (format!("r.{}", reason.name()), i32::from(reason.code())));
    let expected: Vec<(String, i32)> =
        calls.chain(reasons).map(|(name, code)| (name.replace('.', "_").to_uppercase(), code)).collect();
    assert_eq!(enumerators.len(), expected.len());
    for (name, code) in expected {
        assert_eq!(enumerators.get(name.as_str()), Some(&code), "{name}");
    }
}
