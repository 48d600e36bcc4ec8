//! Where the file lies, and whether it may lie there.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use hookproof::ConfigError;
use rustix::fs::{Access, AtFlags, CWD, FlockOperation, accessat, flock, statfs};
use rustix::process::geteuid;

use super::Deadline;
use super::database::Trouble;

/// The place of a store: a directory that was looked at, and a name in it.
pub(super) struct Place {
    directory: PathBuf,
    path: PathBuf,
    name: String,
}

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inode {
    device: u64,
    number: u64,
}

/// File systems whose files lie on another machine or are shared with others, or behind a program that may keep them
/// there: locks and shared memory do not reach the other users of the file. The numbers are those of the kernel's
/// `magic.h` and of statfs(2).
const NETWORK: [(u64, &str); 18] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x5346_414f, "AFS"),
    (0x7375_7245, "Coda"),
    (0x564c, "NCP"),
    (0x0102_1997, "9P"),
    (0x00c3_6400, "Ceph"),
    (0x0bd0_0bd0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x1983_0326, "BeeGFS"),
    (0x2003_0528, "OrangeFS"),
    (0x0116_1970, "GFS2"),
    (0x7461_636f, "OCFS2"),
    (0x786f_4256, "VirtualBox shared folder"),
    (0xbacb_acbc, "VMware shared folder"),
    (0x6573_5546, "FUSE"),
];

/// The least length of a database: one page of the smallest size.
const SHORTEST: u64 = 512;

/// Set where a directory lets people remove their own files only: /tmp.
const STICKY: u32 = 0o1000;

impl Place {
    /// The place, if its directory is there and nobody else can put files into our way.
    pub(super) fn new(path: &Path) -> Result<Place, ConfigError> {
        let name = path.file_name().ok_or_else(|| wrong("must name a file"))?;
        let parent = match path.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => return Err(wrong("must name a file")),
        };
        // Made absolute, for the working directory may change; SQLite follows no link in it.
        let directory = parent.canonicalize().map_err(|error| wrong(directory_fault(&error)))?;
        let about = fs::metadata(&directory).map_err(|error| wrong(directory_fault(&error)))?;
        if !about.is_dir() {
            return Err(wrong("its directory is no directory"));
        }
        if about.mode() & 0o022 != 0 && about.mode() & STICKY == 0 {
            return Err(wrong("others may write to its directory: chmod go-w, or choose another"));
        }
        let kind = statfs(&directory).map_err(|_| wrong("its file system does not say what it is"))?.f_type;
        if let Some(network) = network_name(kind) {
            return Err(wrong(&format!(
                "lies on a network file system ({network}), where locks cannot be relied upon"
            )));
        }
        Ok(Place { path: directory.join(name), directory, name: name.to_string_lossy().into_owned() })
    }

    /// Keeps others from setting up a store in this directory at the same time.
    pub(super) fn lock(&self, until: &Deadline) -> Result<File, ConfigError> {
        let directory = File::open(&self.directory).map_err(|error| wrong(directory_fault(&error)))?;
        let locked = until.retry(|| match flock(&directory, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(Trouble::Busy),
            Err(_) => Err(Trouble::Other("its directory cannot be locked")),
        });
        match locked {
            Ok(()) => Ok(directory),
            Err(Trouble::Other(words)) => Err(wrong(words)),
            Err(_) => Err(wrong("another process keeps its directory locked")),
        }
    }

    /// Makes the file if it is not there, and looks at it in any case. The directory must be locked.
    ///
    /// A file that is there is not opened: closing it again would drop the locks that this process may hold on it
    /// through SQLite (POSIX ties them to the process and the file, not to what was opened).
    pub(super) fn make(&self) -> Result<(), ConfigError> {
        if fs::symlink_metadata(&self.path).is_err() {
            // What a removed file left behind is not the new one's.
            for side in ["-wal", "-shm"] {
                let _ = fs::remove_file(self.beside(side));
            }
            self.create().map_err(|error| wrong(file_fault(&error)))?;
        }
        let about = fs::symlink_metadata(&self.path).map_err(|error| wrong(file_fault(&error)))?;
        self.sides_are_ours()?;
        ours_alone(&about)?;
        if let Some(obstacle) = self.obstacle() {
            return Err(wrong(obstacle));
        }
        // SQLite takes a file that is shorter than its own header for an empty one, and would write over it. Beside a
        // journal it may be one that was cut off while it was made.
        let short = (1..SHORTEST).contains(&about.len());
        if short && fs::symlink_metadata(self.beside("-journal")).is_err() {
            return Err(wrong("is not a replay store"));
        }
        Ok(())
    }

    /// Looks at the log and its index, if they are there.
    pub(super) fn sides_are_ours(&self) -> Result<(), ConfigError> {
        for side in ["-wal", "-shm"] {
            if let Ok(about) = fs::symlink_metadata(self.beside(side)) {
                ours_alone(&about)?;
            }
        }
        Ok(())
    }

    /// What keeps this process from writing to the file and its directory, where SQLite only says that it cannot.
    pub(super) fn obstacle(&self) -> Option<&'static str> {
        let write = Access::READ_OK | Access::WRITE_OK;
        for (path, access) in [(&self.path, write), (&self.directory, write | Access::EXEC_OK)] {
            match accessat(CWD, path, access, AtFlags::EACCESS) {
                Err(rustix::io::Errno::ROFS) => return Some("lies on a read-only file system"),
                Err(rustix::io::Errno::ACCESS) => return Some("may not be opened or made there: access is denied"),
                _ => {}
            }
        }
        None
    }

    /// Makes an empty file, which has its name only when it is closed.
    fn create(&self) -> io::Result<()> {
        let new = self.beside("-new");
        let _ = fs::remove_file(&new);
        drop(OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?);
        fs::rename(&new, &self.path)
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = OsString::from(&self.path);
        path.push(suffix);
        PathBuf::from(path)
    }

    /// SQLite's write-ahead log.
    pub(super) fn log(&self) -> PathBuf {
        self.beside("-wal")
    }

    /// The file that is there now, if it is one.
    pub(super) fn inode(&self) -> Option<Inode> {
        let about = fs::symlink_metadata(&self.path).ok()?;
        about.is_file().then(|| Inode { device: about.dev(), number: about.ino() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file's name, without its directory.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

fn wrong(rule: &str) -> ConfigError {
    ConfigError::new("path", rule)
}

fn ours_alone(about: &fs::Metadata) -> Result<(), ConfigError> {
    if about.is_symlink() {
        Err(wrong("is a symbolic link"))
    } else if about.is_dir() {
        Err(wrong("is a directory"))
    } else if !about.is_file() {
        Err(wrong("is not a regular file"))
    } else if about.uid() != geteuid().as_raw() {
        Err(wrong("belongs to another user"))
    } else if about.mode() & 0o077 != 0 {
        Err(wrong("others may read or write it: chmod 600"))
    } else {
        Ok(())
    }
}

fn directory_fault(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "its directory is not there",
        io::ErrorKind::PermissionDenied => "its directory may not be entered",
        io::ErrorKind::NotADirectory => "its directory is no directory",
        _ => "its directory cannot be read",
    }
}

fn file_fault(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "its directory is not there",
        io::ErrorKind::PermissionDenied => "may not be opened or made there: access is denied",
        io::ErrorKind::ReadOnlyFilesystem => "lies on a read-only file system",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "cannot be made: the disk is full",
        _ => "cannot be opened",
    }
}

/// The name of a network file system. The kernel's type of this number differs between processors.
fn network_name<T: TryInto<i64>>(kind: T) -> Option<&'static str> {
    let kind = u64::try_from(kind.try_into().ok()? & 0xffff_ffff).ok()?;
    NETWORK.iter().find(|(number, _)| *number == kind).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_by_their_numbers() {
        let some = [(0x6969i64, "NFS"), (0xff53_4d42, "CIFS"), (0xfe53_4d42, "SMB2"), (0x7461_636f, "OCFS2")];
        for (number, name) in some {
            assert_eq!(network_name(number), Some(name));
        }
        // As processors with a signed type of 32 bits have it.
        assert_eq!(network_name(i32::from_ne_bytes(0xff53_4d42u32.to_ne_bytes())), Some("CIFS"));
        assert_eq!(network_name(0xff53_4d42u32), Some("CIFS"));
        assert_eq!(network_name(0x6969u64), Some("NFS"));
        // ext4, XFS, Btrfs, tmpfs, overlayfs.
        for local in [0xef53i64, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0, -1, i64::MAX, i64::MIN] {
            assert_eq!(network_name(local), None, "{local:x}");
        }
    }
}
