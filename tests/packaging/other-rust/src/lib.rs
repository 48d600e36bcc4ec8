//! Another static library in Rust. It panics and catches, so that its copy of the standard library is really used.

/// 1 if a panic was caught.
#[unsafe(no_mangle)]
pub extern "C" fn other_rust_catches_a_panic() -> i32 {
    let text = std::hint::black_box(vec![1, 2, 3]);
    std::panic::set_hook(Box::new(|_| {}));
    i32::from(std::panic::catch_unwind(|| assert!(text.len() > 3)).is_err())
}
