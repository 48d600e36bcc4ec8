//! Captured requests: a folder with three files for each, the raw body, the head before it, and what is known of the request.
//!
//! Bodies hold what people wrote to each other, so the folder is for its owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::Failure;

/// The folder.
pub(crate) struct Capture {
    folder: PathBuf,
    /// The highest number that was there before.
    last: u64,
}

/// A request that is being captured.
pub(crate) struct Recording {
    folder: PathBuf,
    name: String,
    body: File,
}

impl Capture {
    /// Opens the folder, or makes it. Numbers go on behind those that are there.
    pub(crate) fn open(folder: &Path) -> Result<Capture, Failure> {
        let fault = |error: io::Error| Failure::of_file(folder, error).with_next("--capture with another folder");
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.map_err(fault)?,
        }
        let about = fs::metadata(folder).map_err(fault)?;
        if !about.is_dir() {
            return Err(Failure::of_file(folder, "is no folder").with_next("--capture with another"));
        }
        if about.mode() & 0o077 != 0 {
            return Err(Failure::of_file(folder, "is open to other users, and would hold messages")
                .with_next("chmod 700, or --capture with another folder"));
        }
        let mut last = 0;
        for entry in fs::read_dir(folder).map_err(fault)? {
            let name = entry.map_err(fault)?.file_name();
            let number = name.to_str().and_then(|name| name.split('.').next()).and_then(|stem| stem.parse().ok());
            last = last.max(number.unwrap_or(0));
        }
        Ok(Capture { folder: folder.to_owned(), last })
    }

    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Begins with the body of request `id`.
    pub(crate) fn begin(&self, id: u64) -> io::Result<Recording> {
        let name = format!("{id:06}");
        let body = create(&self.folder.join(format!("{name}.body")))?;
        Ok(Recording { folder: self.folder.clone(), name, body })
    }
}

impl Recording {
    /// The name of the request's files, without what follows the point.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.body.write_all(chunk)
    }

    /// Writes the head, and what is known of the request. A request whose file `.json` is there is complete.
    pub(crate) fn finish(self, head: &[u8], about: &Value) -> io::Result<()> {
        drop(self.body);
        create(&self.folder.join(format!("{}.head", self.name)))?.write_all(head)?;
        // Renamed when it is whole, so that who watches the folder never reads half of it.
        let path = self.folder.join(format!("{}.json", self.name));
        let unfinished = self.folder.join(format!(".{}.json", self.name));
        let mut file = create(&unfinished)?;
        let mut text = serde_json::to_vec_pretty(about)?;
        text.push(b'\n');
        file.write_all(&text)?;
        drop(file);
        fs::rename(&unfinished, &path)
    }
}

/// A new file for its owner. What is there already, a link too, is never written to.
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn requests_are_kept_for_their_owner_and_numbers_go_on() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("captured");
        let capture = Capture::open(&folder).unwrap();
        assert_eq!(capture.last(), 0);
        assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
        let mut recording = capture.begin(7).unwrap();
        recording.write(b"\x00\xff").unwrap();
        recording.write(b"\r\n").unwrap();
        assert_eq!(recording.name(), "000007");
        recording.finish(b"POST / HTTP/1.1\r\n\r\n", &serde_json::json!({ "method": "POST" })).unwrap();
        assert_eq!(fs::read(folder.join("000007.body")).unwrap(), b"\x00\xff\r\n");
        for name in ["000007.body", "000007.head", "000007.json"] {
            assert_eq!(fs::metadata(folder.join(name)).unwrap().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
        assert_eq!(Capture::open(&folder).unwrap().last(), 7);
        assert!(capture.begin(7).is_err());
        std::os::unix::fs::symlink(place.path().join("elsewhere"), folder.join("000008.body")).unwrap();
        assert!(capture.begin(8).is_err());
        assert!(!place.path().join("elsewhere").exists());
    }

    #[test]
    fn a_folder_that_others_can_read_is_refused() {
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(Capture::open(place.path()).is_err());
        let file = place.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Capture::open(&file).is_err());
        assert!(Capture::open(&place.path().join("none/below")).is_err());
    }
}
