//! The C header. cbindgen turns the signatures and comments of `ffi/src` into declarations, one source
//! file at a time, so that each noun has its section; the frame, the numbers and the enumeration of
//! statuses are written here.

use std::fmt::Write as _;

use cbindgen::{Builder, Config, DocumentationStyle, ItemType, Language, SortKey, Style};
use hookproof::Reason;

use crate::repository::{Failure, Mode, deliver, path};

/// Width of a comment line.
const WIDTH: usize = 100;

const OVERVIEW: &str = r#"/*
 * hookproof: strict verification of signed Vonage webhooks.
 *
 * This header is the manual of the C interface. It is generated from the library's source.
 *
 *     hookproof_keyring *keyring = hookproof_keyring_new();
 *     if (hookproof_keyring_add_json(keyring, json, json_len) != HOOKPROOF_OK)
 *         die(hookproof_keyring_error(keyring).ptr);
 *     hookproof_verifier *verifier = NULL;
 *     if (hookproof_verifier_new(NULL, keyring, &verifier) != HOOKPROOF_OK)
 *         die("no account in the keyring");
 *     hookproof_keyring_free(keyring);
 *     hookproof_store *store = NULL;                          (which requests were there)
 *     if (hookproof_store_new_file(path, path_len, HOOKPROOF_DURABILITY_PROCESS_CRASH, &store)
 *         != HOOKPROOF_OK)
 *         die(hookproof_store_error(store).ptr);
 *
 * Receive: each request is worked on once, also when it comes twice or to two processes at once.
 *
 *     hookproof_result *result = NULL;                        (for each request)
 *     hookproof_claim *claim = NULL;
 *     if (hookproof_verifier_receive(verifier, store, "POST", 4, header, header_len, header_count,
 *                                    NULL, 0, NULL, 0, NULL, 0, body, body_len,
 *                                    HOOKPROOF_DUPLICATES_REFUSE, hookproof_now(), &result, &claim)
 *         == HOOKPROOF_OK) {
 *         if (process(body, body_len)) {                      (the work)
 *             hookproof_claim_confirm(claim, hookproof_now());
 *             answer(200);
 *         } else {
 *             hookproof_claim_release(claim, hookproof_now());
 *             answer(503);                                    (the sender tries again)
 *         }
 *     } else {
 *         log(hookproof_result_detail(result).ptr);
 *         answer(hookproof_result_http_status(result));
 *     }
 *     hookproof_claim_free(claim);
 *     hookproof_result_free(result);
 *
 * Verify: the same checks, and no store. The request may be one that was there before.
 *
 *     hookproof_result *result = NULL;
 *     if (hookproof_verifier_verify(verifier, "POST", 4, header, header_len, header_count, NULL, 0,
 *                                   NULL, 0, NULL, 0, body, body_len, hookproof_now(), &result)
 *         == HOOKPROOF_OK)
 *         process(body, body_len);
 *     answer(hookproof_result_http_status(result));
 *     hookproof_result_free(result);
 *
 * Verdicts. A function that ends in a verdict returns 0, HOOKPROOF_OK, only for a request that is
 * accepted. Every other number means that it is not, also one this header does not know:
 * HOOKPROOF_E_* the call failed, HOOKPROOF_PENDING_* there is no verdict yet, HOOKPROOF_R_* the request
 * is refused. Functions that configure return 0 for done. Confirm and release may also answer
 * HOOKPROOF_NO_EFFECT, which is no error.
 *
 * Ownership, in three words. Owned: yours, to be freed once with the function that is named. Borrowed:
 * belongs to the handle that is named and is valid until the call that is named. Copied: the library
 * made its own copy during the call, and yours may go. No handle needs another one to stay alive:
 * what a claim needs of its store is counted. Free them in any order. Freeing NULL does nothing.
 *
 * Threads, in two words. Shareable: any number of threads may use the handle at once. Exclusive: one
 * thread at a time. A parameter `const T *` shares the handle and a parameter `T *` needs it
 * exclusively; freeing always does.
 *
 * Texts and bytes come in as a pointer and a length, and need no NUL. The pointer may be NULL exactly
 * when the length is 0, and nothing is read then; NULL with another length is HOOKPROOF_E_NULL, a
 * length that no object can have is HOOKPROOF_E_ARGUMENT. Configuration must be UTF-8, else
 * HOOKPROOF_E_UTF8; what comes from a request may be any bytes. Texts go out as hookproof_str, with a
 * NUL behind them.
 *
 * NULL for a handle is HOOKPROOF_E_NULL from functions that return a status, and empty, 0 or false from
 * the others unless they say otherwise. An out-parameter for a handle is set on every path: to the
 * handle or to NULL.
 *
 * Time is Unix seconds and always an argument. Lengths are bytes.
 *
 * A bug in the library (a panic) is caught and becomes HOOKPROOF_E_INTERNAL, or the empty value; it never
 * reads as accepted and does not end the process. Its message goes to standard error and holds no
 * data. The library starts no thread, does nothing when it is loaded, and may be used on both sides of
 * a fork; hookproof_store says what that means for stores.
 */
"#;

const FRAME_BEGIN: &str = "\
#ifndef HOOKPROOF_H
#define HOOKPROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef HOOKPROOF_API
#if defined(__GNUC__)
#define HOOKPROOF_API __attribute__((visibility(\"default\")))
#else
#define HOOKPROOF_API
#endif
#endif

/* Marks functions whose answer decides something: the compiler warns where it is thrown away. */
#if defined(__GNUC__)
#define HOOKPROOF_MUST_USE __attribute__((warn_unused_result))
#else
#define HOOKPROOF_MUST_USE
#endif

#ifdef __cplusplus
extern \"C\" {
#endif
";

const FRAME_END: &str = "
#ifdef __cplusplus
} /* extern \"C\" */
#endif

#endif /* HOOKPROOF_H */
";

pub(crate) fn run(mode: Mode) -> Result<(), Failure> {
    deliver(mode, "include/hookproof.h", &render()?, "header")
}

fn render() -> Result<String, Failure> {
    let mut header = format!("{OVERVIEW}\n{FRAME_BEGIN}");
    section(&mut header, "Types");
    for noun in ["output", "status", "keyring", "policy", "store", "verifier", "result", "claim", "event", "signer"] {
        header.push_str(&declarations(noun, Kind::Types)?);
    }
    let sections: [(&str, &str, String); 10] = [
        ("Versions and build", "version", versions()?),
        ("Status", "status", statuses()?),
        ("Keyring", "keyring", String::new()),
        ("Policy", "policy", policy_numbers()?),
        ("Store", "store", store_numbers()),
        ("Verifier", "verifier", verifier_numbers()?),
        ("Result", "result", result_numbers()),
        ("Claim", "claim", String::new()),
        ("Event", "event", event_numbers()),
        ("Test signer", "signer", signer_numbers()),
    ];
    for (title, noun, numbers) in sections {
        section(&mut header, title);
        header.push_str(&numbers);
        header.push_str(&declarations(noun, Kind::Functions)?);
    }
    header.push_str(FRAME_END);
    Ok(header)
}

fn section(header: &mut String, title: &str) {
    // Writing to a String cannot fail.
    let _ = write!(header, "\n/* ---- {title} ---- */\n");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Types,
    Functions,
}

/// What cbindgen makes of one source file.
fn declarations(noun: &str, kind: Kind) -> Result<String, Failure> {
    let mut config = Config {
        language: Language::C,
        style: Style::Type,
        no_includes: true,
        usize_is_size_t: true,
        documentation_style: DocumentationStyle::Doxy,
        line_length: WIDTH,
        ..Config::default()
    };
    config.export.item_types = match kind {
        Kind::Types => vec![ItemType::OpaqueItems, ItemType::Structs, ItemType::Typedefs],
        Kind::Functions => vec![ItemType::Functions],
    };
    // Never a parameter itself, so cbindgen would not see that it is used.
    config.export.include = vec!["hookproof_str".into()];
    // The order of the source is the order of the manual.
    config.function.sort_by = Some(SortKey::None);
    config.function.prefix = Some("HOOKPROOF_API".into());
    config.function.must_use = Some("HOOKPROOF_MUST_USE".into());

    let source = path(&format!("ffi/src/{noun}.rs"));
    let bindings = Builder::new().with_config(config).with_src(source).generate()?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    let text = String::from_utf8(text)?;
    if text.trim().is_empty() {
        return Err(format!("ffi/src/{noun}.rs: cbindgen found nothing to declare").into());
    }
    let text = tagged(&text);
    // Code is broken by cbindgen as far as it can be.
    let comment = |line: &str| line.trim_start().starts_with('*');
    if let Some(long) = text.lines().find(|line| comment(line) && line.chars().count() > WIDTH) {
        return Err(format!("ffi/src/{noun}.rs: too long for the header: {long}").into());
    }
    Ok(format!("\n{}\n", text.trim()))
}

/// Gives the plain struct a tag, so that C++ and debuggers name it.
fn tagged(text: &str) -> String {
    text.replace("typedef struct {", "typedef struct hookproof_str {")
}

fn versions() -> Result<String, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let parts: Vec<u32> = version.split('.').map(str::parse).collect::<Result<_, _>>()?;
    let [major, minor, patch] = parts[..] else {
        return Err(format!("{version}: not three numbers").into());
    };
    if minor > 0xff || patch > 0xff {
        return Err(format!("{version}: does not fit HOOKPROOF_VERSION_NUMBER").into());
    }
    let number = major << 16 | minor << 8 | patch;
    let abi = hookproof_ffi::ABI_VERSION;
    Ok(format!(
        "
/** Changes only when a compiled program would break. Compare with hookproof_abi_version(). */
#define HOOKPROOF_ABI_VERSION {abi}

/* The version of this header; hookproof_version() is that of the loaded library. */
#define HOOKPROOF_VERSION_MAJOR {major}
#define HOOKPROOF_VERSION_MINOR {minor}
#define HOOKPROOF_VERSION_PATCH {patch}
/** 0xMMmmpp, to compare in the preprocessor. */
#define HOOKPROOF_VERSION_NUMBER 0x{number:06x}
#define HOOKPROOF_VERSION_STRING \"{version}\"
"
    ))
}

fn statuses() -> Result<String, Failure> {
    let mut text = String::from(
        "
/**
 * The numbers of hookproof_status. New ones may come, none is ever given to something else: end a
 * switch with a default that refuses. hookproof_status_hint has the likely causes of each.
 */
enum {
",
    );
    for call in hookproof_ffi::CALL_STATUSES {
        enumerator(&mut text, &call_constant(call.name), call.code, call.sentence)?;
    }
    for reason in Reason::ALL {
        enumerator(&mut text, &reason_constant(*reason), reason.code().into(), reason.sentence())?;
    }
    text.push_str("};\n");
    Ok(text)
}

fn enumerator(text: &mut String, name: &str, code: i32, sentence: &str) -> Result<(), Failure> {
    writeln!(text, "  /** {sentence} */\n  {name} = {code},")?;
    Ok(())
}

fn call_constant(name: &str) -> String {
    let name = name.strip_prefix("error.").map_or_else(|| name.to_owned(), |detail| format!("e.{detail}"));
    constant(&name)
}

fn reason_constant(reason: Reason) -> String {
    constant(&format!("r.{}", reason.name()))
}

fn constant(dotted: &str) -> String {
    format!("HOOKPROOF_{}", dotted.replace('.', "_").to_ascii_uppercase())
}

fn policy_numbers() -> Result<String, Failure> {
    Ok(format!(
        "
/** A max_age, in seconds, that accepts every retry of the sender: 24 hours and a quarter. */
#define HOOKPROOF_RETRY_WINDOW {}

/* The tables of hookproof_policy_set_advice. */
/** 401 only for what neither a genuine webhook nor a fault on your side can produce. */
#define HOOKPROOF_ADVICE_LOSSLESS {}
/** 401 for key and signature refusals too. */
#define HOOKPROOF_ADVICE_CONVENTIONAL {}
",
        hookproof::RETRY_WINDOW,
        hookproof_ffi::ADVICE_LOSSLESS,
        hookproof_ffi::ADVICE_CONVENTIONAL,
    ))
}

fn store_numbers() -> String {
    format!(
        "
/** Identities that a memory store holds if you do not know better. */
#define HOOKPROOF_DEFAULT_STORE_CAPACITY {}
/** Most identities of a memory store. */
#define HOOKPROOF_MAX_STORE_CAPACITY {}
/** Longest budget of a store, in milliseconds. */
#define HOOKPROOF_MAX_STORE_BUDGET_MS {}

/* What a memory store does with requests from before it was made: hookproof_store_new_memory. */
/** It takes them for new. */
#define HOOKPROOF_COLD_START_ALLOW {}
/** It refuses them. */
#define HOOKPROOF_COLD_START_REFUSE {}

/* What a file store survives: hookproof_store_new_file. */
/** The end of any process. */
#define HOOKPROOF_DURABILITY_PROCESS_CRASH {}
/** The end of the machine's power too. */
#define HOOKPROOF_DURABILITY_POWER_LOSS {}
",
        hookproof::limits::DEFAULT_STORE_CAPACITY,
        hookproof::limits::MOST_STORE_CAPACITY,
        hookproof_ffi::MAX_STORE_BUDGET_MS,
        hookproof_ffi::COLD_START_ALLOW,
        hookproof_ffi::COLD_START_REFUSE,
        hookproof_ffi::DURABILITY_PROCESS_CRASH,
        hookproof_ffi::DURABILITY_POWER_LOSS,
    )
}

fn event_numbers() -> String {
    format!(
        "
/* What carries an unsigned event: hookproof_event_new_unsigned. */
/** A body of application/json. */
#define HOOKPROOF_CARRIER_JSON {}
/** A body of application/x-www-form-urlencoded. */
#define HOOKPROOF_CARRIER_FORM {}
/** The raw query, without the question mark. */
#define HOOKPROOF_CARRIER_QUERY {}
",
        hookproof_ffi::CARRIER_JSON,
        hookproof_ffi::CARRIER_FORM,
        hookproof_ffi::CARRIER_QUERY,
    )
}

fn signer_numbers() -> String {
    format!(
        "
/* How a signed SMS webhook carries its parameters: hookproof_signer_sign_sms. */
/** A query of a GET, or the body of a form. */
#define HOOKPROOF_SMS_FORM {}
/** A JSON object. */
#define HOOKPROOF_SMS_JSON {}
",
        hookproof_ffi::SMS_FORM,
        hookproof_ffi::SMS_JSON,
    )
}

fn result_numbers() -> String {
    format!(
        "
/* What a store of your own said: hookproof_result_answer_replay. */
/** The identity was free, or its lease was over, and it is yours now. */
#define HOOKPROOF_REPLAY_CLAIMED {}
/** Another owner holds it, and its lease runs. */
#define HOOKPROOF_REPLAY_IN_PROGRESS {}
/** It is done. */
#define HOOKPROOF_REPLAY_DUPLICATE {}
/** The store did not answer in time. */
#define HOOKPROOF_REPLAY_UNAVAILABLE {}
/** The store has no room. */
#define HOOKPROOF_REPLAY_FULL {}
",
        hookproof_ffi::REPLAY_CLAIMED,
        hookproof_ffi::REPLAY_IN_PROGRESS,
        hookproof_ffi::REPLAY_DUPLICATE,
        hookproof_ffi::REPLAY_UNAVAILABLE,
        hookproof_ffi::REPLAY_FULL,
    )
}

fn verifier_numbers() -> Result<String, Failure> {
    if hookproof_ffi::LENGTH_UNKNOWN != u64::MAX {
        return Err("HOOKPROOF_LENGTH_UNKNOWN is written as UINT64_MAX".into());
    }
    Ok(format!(
        "
/** The longest api_key, in bytes, without a NUL. */
#define HOOKPROOF_MAX_API_KEY_BYTES {}

/** The declared_len of a request that announced no length. */
#define HOOKPROOF_LENGTH_UNKNOWN UINT64_MAX

/* What becomes of a repeat whose work is done: hookproof_verifier_receive. */
/** It is refused, with the answer 200. */
#define HOOKPROOF_DUPLICATES_REFUSE {}
/** It is accepted once more, marked, and without a claim. */
#define HOOKPROOF_DUPLICATES_HAND_ON {}
",
        hookproof::limits::MAX_API_KEY_BYTES,
        hookproof_ffi::DUPLICATES_REFUSE,
        hookproof_ffi::DUPLICATES_HAND_ON,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_follow_from_names() {
        assert_eq!(call_constant("ok"), "HOOKPROOF_OK");
        assert_eq!(call_constant("error.null"), "HOOKPROOF_E_NULL");
        assert_eq!(call_constant("pending.body"), "HOOKPROOF_PENDING_BODY");
        assert_eq!(call_constant("no_effect"), "HOOKPROOF_NO_EFFECT");
        assert_eq!(reason_constant(Reason::TimeNotYetValid), "HOOKPROOF_R_TIME_NOT_YET_VALID");
    }

    #[test]
    fn every_status_is_in_the_header() {
        let header = render().unwrap();
        let count = hookproof_ffi::CALL_STATUSES.len() + Reason::ALL.len();
        assert_eq!(header.lines().filter(|line| line.starts_with("  HOOKPROOF_")).count(), count);
        for reason in Reason::ALL {
            assert!(header.contains(&format!("  {} = {},\n", reason_constant(*reason), reason.code())));
        }
    }
}
