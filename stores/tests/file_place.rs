//! Where the file of a store may not lie, what may not be in it, and what happens to it while it is in use.
//!
//! What only root can arrange (a small disk, a read-only one, another user) is skipped for others, and says so; with
//! `CI=true` that is a failure.
#![allow(missing_docs)]

mod file_support;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use file_support::{NOW, WINDOW, failure, patient, request, take};
use hookproof::replay::{ClaimAnswer, Effect, Hold, Store as _};
use hookproof_stores::FileStore;

const ROLE: &str = "HOOKPROOF_TEST_ROLE";
const DIRECTORY: &str = "HOOKPROOF_TEST_DIRECTORY";
const NOBODY: u32 = 65_534;

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// What is wrong with the place.
#[track_caller]
fn refused(path: &Path) -> String {
    let error = match FileStore::new(path) {
        Ok(_) => panic!("{} was taken", path.display()),
        Err(error) => error,
    };
    assert_eq!(error.place(), "path");
    let text = error.to_string();
    if let Some(directory) = path.parent().and_then(Path::to_str).filter(|parent| parent.len() > 1) {
        assert!(!text.contains(directory), "{text}");
    }
    text.strip_prefix("path: ").unwrap().to_owned()
}

fn claimed(store: &FileStore, jti: &str) -> bool {
    match store.claim(&request(jti, NOW, NOW, Hold::Once)) {
        ClaimAnswer::Claimed(_) => true,
        ClaimAnswer::Duplicate => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_path_that_names_no_file() {
    for path in ["/", "..", "", "/tmp/.."] {
        assert_eq!(refused(Path::new(path)), "must name a file", "{path}");
    }
}

#[test]
fn a_directory_that_is_none() {
    let directory = directory();
    assert_eq!(refused(&directory.path().join("absent/seen.db")), "its directory is not there");
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(refused(&file.join("seen.db")), "its directory is no directory");
    assert_eq!(refused(&file.join("below/seen.db")), "its directory is no directory");
}

#[test]
fn a_directory_that_others_may_write_to() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    for loose in [0o777, 0o770, 0o702, 0o720] {
        mode(directory.path(), loose);
        assert_eq!(refused(&path), "others may write to its directory: chmod go-w, or choose another", "{loose:o}");
        assert!(!path.exists());
    }
    for tight in [0o755, 0o1777] {
        mode(directory.path(), tight);
        drop(FileStore::new(&path).unwrap());
    }
}

#[test]
fn a_name_that_is_taken_by_something_else() {
    let directory = directory();
    let folder = directory.path().join("folder");
    fs::create_dir(&folder).unwrap();
    assert_eq!(refused(&folder), "is a directory");

    let store = directory.path().join("seen.db");
    drop(patient(&store));
    let link = directory.path().join("link");
    symlink(&store, &link).unwrap();
    assert_eq!(refused(&link), "is a symbolic link");
    let dangling = directory.path().join("dangling");
    symlink("nothing", &dangling).unwrap();
    assert_eq!(refused(&dangling), "is a symbolic link");
    assert!(!directory.path().join("nothing").exists());

    let pipe = directory.path().join("pipe");
    assert!(Command::new("mkfifo").args(["-m", "600"]).arg(&pipe).status().unwrap().success());
    assert_eq!(refused(&pipe), "is not a regular file");
}

#[test]
fn a_link_to_the_directory_is_followed() {
    let directory = directory();
    let real = directory.path().join("real");
    fs::create_dir(&real).unwrap();
    mode(&real, 0o700);
    let link = directory.path().join("link");
    symlink(&real, &link).unwrap();
    assert!(claimed(&patient(&link.join("seen.db")), "j"));
    assert!(!claimed(&patient(&real.join("seen.db")), "j"));
}

#[test]
fn a_file_that_is_not_ours_alone() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    assert!(claimed(&store, "j"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for side in [path.clone(), beside(&path, "-wal"), beside(&path, "-shm")] {
        assert_eq!(fs::metadata(&side).unwrap().permissions().mode() & 0o777, 0o600, "{}", side.display());
        for loose in [0o640, 0o604, 0o620, 0o602, 0o777] {
            mode(&side, loose);
            assert_eq!(refused(&path), "others may read or write it: chmod 600", "{} {loose:o}", side.display());
        }
        mode(&side, 0o600);
        if root() {
            chown(&side, Some(NOBODY), None).unwrap();
            assert_eq!(refused(&path), "belongs to another user", "{}", side.display());
            chown(&side, Some(0), None).unwrap();
        }
    }
    drop(store);
    // Nor what somebody laid there in advance.
    let wal = beside(&path, "-wal");
    let _ = fs::remove_file(&wal);
    symlink("elsewhere", &wal).unwrap();
    assert_eq!(refused(&path), "is a symbolic link");
    fs::remove_file(&wal).unwrap();
    assert!(!claimed(&patient(&path), "j"));
}

#[test]
fn a_log_that_somebody_laid_there_since() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    let wal = beside(&path, "-wal");
    fs::write(&wal, "theirs").unwrap();
    for loose in [0o644, 0o606] {
        mode(&wal, loose);
        let detail = failure(store.claim(&request("j", NOW, NOW, Hold::Once)));
        assert_eq!(detail, "file: others may read or write its log, or it belongs to another user");
        // SQLite removes it with the last connection.
        fs::write(&wal, "theirs").unwrap();
    }
    mode(&wal, 0o600);
    assert!(claimed(&store, "j"));
}

#[test]
fn a_log_that_grew_is_emptied_as_soon_as_it_can_be() {
    const LONG: u64 = 32 << 20;
    let directory = directory();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    let length = || fs::metadata(beside(&path, "-wal")).unwrap().len();
    let ticket = take(&store, &request("open", NOW, NOW, Hold::Lease(30)));
    // Whoever reads an old state keeps the log from being used again from its beginning.
    let reader = rusqlite::Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM bounds").unwrap();
    let mut accepted = 0;
    while length() <= LONG {
        assert!(claimed(&store, &format!("j{accepted}")));
        accepted += 1;
        assert!(accepted < 100_000, "it never grew");
    }
    assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
    assert!(length() > LONG);
    drop(reader);
    assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::Done));
    assert!(length() < LONG / 8, "{}", length());
    for number in 0..accepted {
        assert!(!claimed(&store, &format!("j{number}")), "{number}");
    }
}

#[test]
fn a_directory_that_another_keeps_locked() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    let other = fs::File::open(directory.path()).unwrap();
    other.lock().unwrap();
    assert_eq!(refused(&path), "another process keeps its directory locked");
    other.unlock().unwrap();
    assert!(claimed(&patient(&path), "j"));
}

#[test]
fn an_empty_file_is_filled() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    fs::write(&path, "").unwrap();
    mode(&path, 0o600);
    assert!(claimed(&patient(&path), "j"));
    assert!(!claimed(&patient(&path), "j"));
}

#[test]
fn a_file_that_is_no_database() {
    let directory = directory();
    for length in [1, 16, 99, 100, 511, 512, 2_000, 10_000] {
        let path = directory.path().join(length.to_string());
        let content = "x".repeat(length);
        fs::write(&path, &content).unwrap();
        mode(&path, 0o600);
        assert!(refused(&path).ends_with("is not a replay store"), "{length}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content, "it was written to");
    }
}

/// The same file, as another program would use it.
fn alter(path: &Path, statements: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(statements).unwrap();
    mode(path, 0o600);
}

#[test]
fn a_database_of_another_kind() {
    let directory = directory();
    let path = directory.path().join("theirs.db");
    alter(&path, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('precious')");
    let before = fs::read(&path).unwrap();
    assert_eq!(refused(&path), "file: it is another program's database");
    alter(&path, "PRAGMA application_id = 252006673");
    assert_eq!(refused(&path), "file: it is another program's database");
    alter(&path, "PRAGMA application_id = 0");
    let after = fs::read(&path).unwrap();
    assert_eq!(before.len(), after.len());

    let path = directory.path().join("seen.db");
    drop(patient(&path));
    for version in [0, 2] {
        alter(&path, &format!("PRAGMA user_version = {version}"));
        assert_eq!(refused(&path), "file: it was made by another version of hookproof", "{version}");
    }
    alter(&path, "PRAGMA user_version = 1");
    assert!(claimed(&patient(&path), "j"));
    alter(&path, "DROP TABLE bounds");
    let answer = patient(&path).claim(&request("k", NOW, NOW, Hold::Once));
    assert_eq!(failure(answer), "file: it does not hold what a replay store holds");
}

#[test]
fn a_database_that_is_damaged() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    for number in 0..200 {
        assert!(claimed(&store, &format!("j{number}")));
    }
    drop(store);
    let whole = fs::read(&path).unwrap();
    // All but the first page, which says that it is a database and ours.
    let mut damaged = whole.clone();
    damaged[4096..].fill(0xa5);
    fs::write(&path, &damaged).unwrap();
    let corrupt = "file: it is corrupt; remove it and restart";
    match FileStore::new(&path) {
        Err(error) => assert_eq!(error.to_string(), format!("path: {corrupt}")),
        Ok(store) => {
            for number in 0..3 {
                assert_eq!(failure(store.claim(&request(&format!("j{number}"), NOW, NOW, Hold::Once))), corrupt);
            }
        }
    }
    fs::write(&path, &whole[..6_000]).unwrap();
    assert!(refused_or_failing(&path).contains("corrupt"), "{}", refused_or_failing(&path));
    fs::write(&path, &whole).unwrap();
    let store = patient(&path);
    for number in 0..200 {
        assert!(!claimed(&store, &format!("j{number}")), "{number}");
    }
}

fn refused_or_failing(path: &Path) -> String {
    match FileStore::new(path) {
        Err(error) => error.to_string(),
        Ok(store) => failure(store.claim(&request("j0", NOW, NOW, Hold::Once))),
    }
}

#[test]
fn a_file_that_is_removed_is_missed_and_one_that_comes_instead_is_used() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    let ticket = take(&store, &request("claimed", NOW, NOW, Hold::Lease(30)));
    assert!(claimed(&store, "j"));
    fs::remove_file(&path).unwrap();
    let gone = "file: it is gone; restart to begin a new one";
    for _ in 0..2 {
        assert_eq!(failure(store.claim(&request("j", NOW, NOW, Hold::Once))), gone);
        assert_eq!(store.confirm(&ticket, NOW).unwrap_err().detail(), gone);
        assert_eq!(store.release(&ticket, NOW).unwrap_err().detail(), gone);
        assert!(!path.exists(), "only a new store makes a file");
    }
    // As another process would, on its restart.
    let other = patient(&path);
    assert!(claimed(&other, "k"));
    // Both use the same file now, and neither what the old one's log held.
    assert!(!claimed(&store, "k"));
    assert!(claimed(&store, "j"));
    assert!(!claimed(&other, "j"));
    assert_eq!(store.confirm(&ticket, NOW), Ok(Effect::NoEffect));
    // Another name for it changes nothing.
    let elsewhere = directory.path().join("elsewhere.db");
    fs::rename(&path, &elsewhere).unwrap();
    assert_eq!(failure(store.claim(&request("j", NOW, NOW, Hold::Once))), gone);
    fs::rename(&elsewhere, &path).unwrap();
    assert!(!claimed(&store, "j"));
    assert!(!claimed(&other, "k"));
}

#[test]
fn a_file_that_is_replaced_while_nobody_claims_is_noticed() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    assert!(claimed(&store, "j"));
    fs::remove_file(&path).unwrap();
    let other = patient(&path);
    assert!(claimed(&other, "j"));
    assert!(claimed(&other, "k"));
    // It closes what it had, and must not take the new file's log with it.
    assert!(!claimed(&store, "k"));
    assert!(beside(&path, "-wal").exists() && beside(&path, "-shm").exists());
    assert!(claimed(&store, "l"));
    drop(other);
    drop(store);
    for jti in ["j", "k", "l"] {
        assert!(!claimed(&patient(&path), jti), "{jti}");
    }
}

#[test]
fn what_a_removed_file_left_behind_is_not_the_new_ones() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    for number in 0..50 {
        assert!(claimed(&store, &format!("j{number}")));
    }
    // As after a power cut: the log is still there.
    let (wal, shm) = (fs::read(beside(&path, "-wal")).unwrap(), fs::read(beside(&path, "-shm")).unwrap());
    assert!(wal.len() > 4096);
    drop(store);
    fs::remove_file(&path).unwrap();
    for (side, content) in [("-wal", wal), ("-shm", shm)] {
        fs::write(beside(&path, side), content).unwrap();
    }
    let store = patient(&path);
    for number in 0..50 {
        assert!(claimed(&store, &format!("j{number}")));
    }
}

#[test]
fn a_log_that_a_crash_left_is_read() {
    let directory = directory();
    let path = directory.path().join("seen.db");
    let store = patient(&path);
    assert!(claimed(&store, "j"));
    // As after a power cut: the file and its log, and nobody closed them.
    let copy = directory.path().join("copy.db");
    for side in ["", "-wal"] {
        fs::copy(beside(&path, side), beside(&copy, side)).unwrap();
    }
    assert!(!claimed(&patient(&copy), "j"));
    // A log that is cut off in the middle of a write loses that write alone.
    assert!(claimed(&store, "k"));
    let copy = directory.path().join("cut.db");
    fs::copy(&path, &copy).unwrap();
    let wal = fs::read(beside(&path, "-wal")).unwrap();
    fs::write(beside(&copy, "-wal"), &wal[..wal.len() - 100]).unwrap();
    mode(&beside(&copy, "-wal"), 0o600);
    let cut = patient(&copy);
    assert!(!claimed(&cut, "j"));
    assert!(claimed(&cut, "k"));
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether this is root, which some of the tests need.
fn root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        skip("this is not root");
    }
    root
}

/// Whether this is root, and may mount.
fn may_mount() -> bool {
    if !root() {
        return false;
    }
    let may = Command::new("unshare").args(["-m", "true"]).status().is_ok_and(|status| status.success());
    if !may {
        skip("no mount namespace can be made");
    }
    may
}

fn skip(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "in CI nothing may be skipped: {why}");
    // Past the test's captured output.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED: {why}\n").as_bytes());
}

/// Runs a role of [`child`] on a directory, by way of a shell script whose last command is `"$@"`.
#[track_caller]
fn run(role: &str, directory: &Path, before: &[&str], script: &str) {
    let mut words: Vec<&str> = before.to_vec();
    words.extend(["sh", "-euc", script, "sh"]);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(std::env::current_exe().unwrap()).args(["--exact", "child", "--nocapture"]);
    let output = command.env(ROLE, role).env(DIRECTORY, directory).current_dir(directory).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains(&format!("{role} is well")), "{role}: {}\n{text}", output.status);
}

/// The test that is every child, by its role; without one it has nothing to do.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let directory = PathBuf::from(std::env::var_os(DIRECTORY).unwrap());
    let path = directory.join("seen.db");
    match role.as_str() {
        "relative" => {
            let store = patient(Path::new("seen.db"));
            std::env::set_current_dir("/").unwrap();
            assert!(claimed(&store, "j"));
            assert!(path.exists());
        }
        "foreign" => {
            assert_eq!(refused(&path), "may not be opened or made there: access is denied");
            assert_eq!(refused(&directory.join("closed/seen.db")), "its directory may not be entered");
            // A file of ours, which we may not write.
            let path = directory.join("ours/seen.db");
            drop(patient(&path));
            let denied = "may not be opened or made there: access is denied";
            for less in [0o400, 0o200, 0o000] {
                mode(&path, less);
                assert_eq!(refused(&path), denied, "{less:o}");
            }
            mode(&path, 0o600);
            // A directory of ours, into which no log can be put.
            mode(&directory.join("ours"), 0o500);
            assert_eq!(refused(&path), denied);
            assert_eq!(refused(&directory.join("ours/absent.db")), denied);
            mode(&directory.join("ours"), 0o700);
            assert!(claimed(&patient(&path), "j"));
        }
        "read-only" => {
            for path in [path, directory.join("absent.db")] {
                assert_eq!(refused(&path), "lies on a read-only file system");
            }
        }
        "becomes read-only" => becomes_read_only(&path),
        "full" => full(&path),
        "reuses room" => reuses_room(&path),
        "no inode" => assert_eq!(refused(&path), "cannot be made: the disk is full"),
        "too small" => assert!(refused(&path).contains("the disk is full"), "{}", refused(&path)),
        "limited" => limited(&path),
        other => panic!("{other}"),
    }
    println!("{role} is well");
}

#[test]
fn a_relative_path_is_that_of_its_making() {
    let directory = directory();
    run("relative", directory.path(), &["env"], r#"exec "$@""#);
}

#[test]
fn a_place_of_another_user() {
    if !root() {
        return;
    }
    let directory = directory();
    mode(directory.path(), 0o755);
    for (name, owner, permissions) in [("ours", NOBODY, 0o700), ("closed", 0, 0o700)] {
        let folder = directory.path().join(name);
        fs::create_dir(&folder).unwrap();
        mode(&folder, permissions);
        chown(&folder, Some(owner), Some(owner)).unwrap();
    }
    // The program itself may lie where nobody else may look.
    let program = directory.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    mode(&program, 0o755);
    let script = r#"shift; exec setpriv --reuid 65534 --regid 65534 --clear-groups ./program "$@""#;
    run("foreign", directory.path(), &["env"], script);
}

/// Runs a role on a disk of its own.
#[track_caller]
fn run_mounted(role: &str, options: &str, then: &str) {
    if !may_mount() {
        return;
    }
    let directory = directory();
    let script =
        format!("mount -t tmpfs -o mode=700,{options} tmpfs \"${DIRECTORY}\"; cd \"${DIRECTORY}\"; {then} \"$@\"");
    run(role, directory.path(), &["unshare", "-m", "--propagation", "private"], &script);
}

#[test]
fn a_disk_that_is_read_only() {
    run_mounted(
        "read-only",
        "size=4m",
        &format!("{ROLE}=relative \"$@\"; mount -o remount,ro \"${DIRECTORY}\"; cd /; "),
    );
}

#[test]
fn a_disk_that_becomes_read_only_and_writable_again() {
    run_mounted("becomes read-only", "size=4m", "");
}

fn remount(path: &Path, how: &str) {
    let directory = path.parent().unwrap();
    assert!(Command::new("mount").args(["-o", how]).arg(directory).status().unwrap().success());
}

fn becomes_read_only(path: &Path) {
    let store = patient(path);
    assert!(claimed(&store, "j"));
    drop(store);
    // With the file open for writing no disk becomes read-only: so this is a store that has not been used yet.
    let store = patient(path);
    remount(path, "remount,ro");
    let detail = failure(store.claim(&request("k", NOW, NOW, Hold::Once)));
    assert_eq!(detail, "file: it or its directory is read-only");
    remount(path, "remount,rw");
    assert!(claimed(&store, "k"));
    assert!(!claimed(&store, "j"));
}

#[test]
fn a_disk_that_fills_and_has_room_again() {
    run_mounted("full", "size=1m", "");
}

/// Takes what room there is.
fn fill(path: &Path) -> fs::File {
    let mut file = fs::File::create(path).unwrap();
    while std::io::Write::write(&mut file, &[1; 4096]).is_ok_and(|written| written > 0) {}
    file
}

fn full(path: &Path) {
    let store = patient(path);
    let open = take(&store, &request("open", NOW, NOW, Hold::Lease(30)));
    let filler = path.with_extension("filler");
    let file = fill(&filler);
    let mut accepted = 0;
    let claim = |number: u32| store.claim(&request(&format!("j{number}"), NOW, NOW, Hold::Once));
    loop {
        match claim(accepted) {
            ClaimAnswer::Claimed(_) => accepted += 1,
            ClaimAnswer::Full => break,
            other => panic!("{other:?}"),
        }
        assert!(accepted < 100_000, "it never filled");
    }
    // It goes on answering what needs no room, and refuses what does.
    for number in 0..accepted {
        assert_eq!(claim(number), ClaimAnswer::Duplicate, "{number}");
    }
    assert_eq!(claim(accepted), ClaimAnswer::Full);
    // A confirm needs less room than a claim: there may be just enough.
    match store.confirm(&open, NOW) {
        Ok(effect) => assert_eq!(effect, Effect::Done),
        Err(failure) => assert_eq!(failure.detail(), "file: the disk is full"),
    }
    assert!(refused(&path.with_extension("other")).contains("the disk is full"));
    drop(file);
    fs::remove_file(&filler).unwrap();
    assert_eq!(store.confirm(&open, NOW), Ok(Effect::Done));
    assert!(claimed(&store, &format!("j{accepted}")));
    drop(store);
    let store = patient(path);
    for number in 0..=accepted {
        assert!(!claimed(&store, &format!("j{number}")), "{number}");
    }
    assert!(!claimed(&store, "open"));
}

#[test]
fn on_a_full_disk_the_room_of_what_had_its_time_is_used_again() {
    run_mounted("reuses room", "size=64m", "");
}

fn reuses_room(path: &Path) {
    let later = NOW + WINDOW + 1;
    let claim = |store: &FileStore, number: u32, now: i64| {
        let answer = store.claim(&request(&format!("j{number}"), now, now, Hold::Once));
        assert!(matches!(answer, ClaimAnswer::Claimed(_)), "{number}: {answer:?}");
    };
    let store = patient(path);
    for number in 0..3_000 {
        claim(&store, number, NOW);
    }
    for number in 3_000..3_300 {
        claim(&store, number, later);
    }
    drop(store);
    // As after a restart: the log is short, and cannot become longer.
    let store = patient(path);
    for number in 3_300..3_320 {
        claim(&store, number, later);
    }
    drop(fill(&path.with_extension("filler")));
    for number in 3_320..4_320 {
        claim(&store, number, later);
    }
    for number in 3_000..4_320 {
        let answer = store.claim(&request(&format!("j{number}"), later, later, Hold::Once));
        assert_eq!(answer, ClaimAnswer::Duplicate, "{number}");
    }
}

#[test]
fn a_disk_with_no_room_for_a_file() {
    run_mounted("no inode", "size=1m,nr_inodes=1", "");
    run_mounted("too small", "size=16k", "");
}

/// A limit of the process instead of a disk: this needs no root.
#[test]
fn a_file_that_may_not_grow() {
    let directory = directory();
    run("limited", directory.path(), &["env"], r#"trap "" XFSZ; exec prlimit --fsize=200000 "$@""#);
}

fn limited(path: &Path) {
    let store = patient(path);
    let mut accepted = 0;
    let detail = loop {
        match store.claim(&request(&format!("j{accepted}"), NOW, NOW, Hold::Once)) {
            ClaimAnswer::Claimed(_) => accepted += 1,
            ClaimAnswer::Full => break String::new(),
            ClaimAnswer::Unavailable(failure) => break failure.detail().to_owned(),
            other => panic!("{other:?}"),
        }
        assert!(accepted < 100_000, "it never filled");
    };
    assert!(accepted > 0 && (detail.is_empty() || detail == "file: the disk reports an error"), "{accepted} {detail}");
    for number in 0..accepted {
        assert_eq!(
            store.claim(&request(&format!("j{number}"), NOW, NOW, Hold::Once)),
            ClaimAnswer::Duplicate,
            "{number}"
        );
    }
}
