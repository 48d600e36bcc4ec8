//! Every exported function runs in the panic guard. A panic that got past one would end the host.

use std::fs;
use std::path::Path;

#[test]
fn every_exported_function_is_guarded() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut exported = 0;
    for entry in fs::read_dir(sources).unwrap() {
        let path = entry.unwrap().path();
        let source = fs::read_to_string(&path).unwrap();
        for function in source.split("#[unsafe(no_mangle)]").skip(1) {
            let name = function.split("fn ").nth(1).unwrap().split('(').next().unwrap();
            // Up to the end of the function: rustfmt puts its brace alone at the margin.
            let body = function.split("\n}").next().unwrap();
            // The helpers that guard on behalf of several functions, each in its own file.
            let guarded = [
                "guard(",
                "change(",
                "read(",
                "text_of(",
                "verify(verifier",
                "begin(verifier",
                "receive(verifier",
                "make(out",
                "end(claim",
                "name_account(verifier",
            ];
            let body: String = body.split_whitespace().collect();
            assert!(guarded.iter().any(|call| body.contains(call)), "{}: {name}", path.display());
            exported += 1;
        }
    }
    let golden = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/abi/symbols.txt")).unwrap();
    assert_eq!(exported, golden.lines().count());
}
