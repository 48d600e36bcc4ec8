//! A Redis server of the test's own, on a free port of the loopback address.
#![allow(dead_code)] // Each program of tests uses its part.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server; it ends with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    directory: tempfile::TempDir,
    options: Vec<String>,
}

impl Server {
    /// Starts one with these options, or says loudly that there is none. With CI=true that is a failure.
    pub(crate) fn start(options: &[&str]) -> Option<Server> {
        Server::start_at(free_port(), options)
    }

    /// The same on this port.
    pub(crate) fn start_at(port: u16, options: &[&str]) -> Option<Server> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "redis-server is missing");
            eprintln!("!!! SKIPPED !!! redis-server is missing (make setup installs it)");
            return None;
        }
        let directory = tempfile::tempdir().expect("a directory");
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let child = launch(port, directory.path(), &options);
        let server = Server { child, port, directory, options };
        server.wait();
        Some(server)
    }

    /// One that forgets nothing that it has answered.
    pub(crate) fn durable() -> Option<Server> {
        Server::start(&["--appendonly", "yes", "--appendfsync", "always"])
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Starts it again, with what it wrote to its disk.
    pub(crate) fn restart(&mut self) {
        self.child = launch(self.port, self.directory.path(), &self.options);
        self.wait();
    }

    /// Stops it without ending it, and lets it go on.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(status.expect("kill runs").success());
    }

    /// Sends a command in its inline form, and returns what comes within a moment.
    pub(crate) fn command(&self, line: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.write_all(format!("{line}\r\nQUIT\r\n").as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    fn wait(&self) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                let mut answer = [0; 5];
                let _ = stream.write_all(b"PING\r\n");
                let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
                // A password is asked for only by a server that is up.
                if stream.read_exact(&mut answer).is_ok() && (&answer == b"+PONG" || &answer == b"-NOAU") {
                    return;
                }
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("redis-server did not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr().expect("its number").port()
}

fn launch(port: u16, directory: &Path, options: &[String]) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
        .arg("--dir")
        .arg(directory)
        .args(options)
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server starts")
}
