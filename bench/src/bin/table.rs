//! Measures everything in turns: `table DIRECTORY C-PROGRAM [PYTHON SCRIPT]` prints one line for each ratio.
//!
//! Each round runs a short slice of every candidate, so that what disturbs the machine disturbs all of them. Programs in
//! other languages wait for their slice on a pipe.

use std::cell::RefCell;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use hookproof::Request;
use hookproof_bench::{Bar, Candidate, Case, Floor, LARGE_BODY, NOW, Peer, USUAL_BODY, ratio, run_rounds};

const ROUNDS: usize = 201;
/// A round of PyJWT takes long.
const PYTHON_ROUNDS: usize = 21;
const GARBAGE_BYTES: usize = 8 * 1024 * 1024;

/// Something that another program does.
fn foreign<'a>(program: &'a RefCell<Program>, what: &'static str) -> Candidate<'a> {
    Candidate::new(move |calls| program.borrow_mut().time(what, calls))
}

/// A program that reads "what times" and answers with nanoseconds.
struct Program {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(command: &mut Command) -> Program {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Program { child, input, output }
    }

    fn time(&mut self, what: &str, calls: u64) -> f64 {
        let input = self.input.as_mut().expect("its input");
        writeln!(input, "{what} {calls}").expect("the program reads");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("the program answers");
        answer.trim().parse().expect("nanoseconds")
    }

    /// Whether the program can do this at all: it answers 0 if not.
    fn can(&mut self, what: &str) -> bool {
        self.time(what, 1) > 0.0
    }
}

impl Drop for Program {
    /// The end of its input ends the program.
    fn drop(&mut self) {
        self.input = None;
        if let Ok(status) = self.child.wait() {
            assert!(std::thread::panicking() || status.success(), "the program failed");
        }
    }
}

fn skipped(what: &str, why: &str) {
    println!("!!! {what} skipped: {why}");
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, c_program, python @ ..] = arguments.as_slice() else {
        panic!("usage: table DIRECTORY C-PROGRAM [PYTHON SCRIPT]")
    };
    let directory = Path::new(directory);
    let (usual, escaped, large) = (Case::new(USUAL_BODY), Case::with_escapes(USUAL_BODY), Case::new(LARGE_BODY));
    usual.write(directory).expect("the directory can be written");
    hashes_and_libraries(&usual, &escaped, &large, directory, c_program);
    garbage(&usual, python);
}

fn hashes_and_libraries(usual: &Case, escaped: &Case, large: &Case, directory: &Path, c_program: &str) {
    let c = RefCell::new(Program::start(Command::new(c_program).arg(directory)));
    let has_libjwt = c.borrow_mut().can("libjwt");
    let (usual_floor, escaped_floor, large_floor) = (Floor::new(usual), Floor::new(escaped), Floor::new(large));
    let type_first = Case::with_other_header(USUAL_BODY);
    let peer_key = Peer::new(usual);

    let mut floor = Candidate::native(|| usual_floor.both(black_box(usual)));
    let mut core = Candidate::native(|| drop(black_box(black_box(usual).verify())));
    let mut core_type_first = Candidate::native(|| drop(black_box(black_box(&type_first).verify())));
    let mut streamed = Candidate::native(|| drop(black_box(black_box(usual).verify_streamed())));
    let mut floor_escaped = Candidate::native(|| escaped_floor.both(black_box(escaped)));
    let mut core_escaped = Candidate::native(|| drop(black_box(black_box(escaped).verify())));
    let mut floor_large = Candidate::native(|| large_floor.both(black_box(large)));
    let mut core_large = Candidate::native(|| drop(black_box(black_box(large).verify())));
    let mut peer = Candidate::native(|| drop(black_box(peer_key.verify(black_box(usual)))));
    let mut c_verify = foreign(&c, "verify");
    let mut libjwt = has_libjwt.then(|| foreign(&c, "libjwt"));

    let mut all = vec![
        &mut floor,
        &mut core,
        &mut c_verify,
        &mut core_type_first,
        &mut streamed,
        &mut floor_escaped,
        &mut core_escaped,
        &mut floor_large,
        &mut core_large,
        &mut peer,
    ];
    all.extend(&mut libjwt);
    run_rounds(ROUNDS, &mut all);

    let core_bar = || Some(("<= 1.9", Bar::Most(1.9)));
    ratio("core", &core, "floor", &floor, core_bar(), "1.6");
    ratio("core, another header", &core_type_first, "floor", &floor, core_bar(), "1.6");
    ratio("core, claims with escapes", &core_escaped, "floor", &floor_escaped, core_bar(), "1.6");
    ratio("core, streamed", &streamed, "floor", &floor, core_bar(), "1.6");
    ratio("core, 64 KiB body", &core_large, "floor", &floor_large, Some(("<= 1.05", Bar::Most(1.05))), "-");
    ratio("jsonwebtoken + sha2", &peer, "core", &core, None, "-");
    ratio("C, result made and freed", &c_verify, "core", &core, Some(("<= 1.08", Bar::Most(1.08))), "-");
    match &libjwt {
        Some(libjwt) => ratio("libjwt, no body", libjwt, "C", &c_verify, Some((">= 4", Bar::Least(4.0))), "-"),
        None => skipped("libjwt", "jwt.h is missing (libjwt-dev)"),
    }
}

fn garbage(case: &Case, python: &[String]) {
    let [python, script] = python else { return skipped("8 MiB of garbage", "PyJWT missing (make setup)") };
    let header = format!("Bearer {}", "A".repeat(GARBAGE_BYTES));
    let mut program = Command::new(python);
    let program = RefCell::new(Program::start(program.arg(script).arg(GARBAGE_BYTES.to_string())));
    let mut ours = Candidate::native(|| {
        let request = Request::post(black_box(header.as_bytes()), b"");
        assert!(black_box(case.verifier.verify(&request, NOW)).is_err());
    });
    let mut theirs = foreign(&program, "garbage");
    run_rounds(PYTHON_ROUNDS, &mut [&mut ours, &mut theirs]);
    ratio("8 MiB of garbage", &ours, "PyJWT", &theirs, Some(("<= 1/1000", Bar::Most(0.001))), "-");
}
