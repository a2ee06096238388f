//! A service of its own for a measurement, holding the seed of the tests, and a client that costs little.
//!
//! Never here: what is measured.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

/// A folder that the database's own user gets into.
pub(crate) fn folder() -> TempDir {
    let root = tempfile::Builder::new().prefix("gridkeeper-bench-").tempdir().unwrap();
    fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();
    root
}

/// A service that runs until it is stopped.
pub(crate) struct Service {
    pub(crate) process: Child,
    data: PathBuf,
    /// Host and port.
    address: String,
}

impl Service {
    /// Starts one over a database made in `root`, which holds the seed and what `more` adds to it.
    pub(crate) fn seeded(root: &Path, more: &str) -> Self {
        let data = root.join("data");
        let empty = Self::start(&data);
        empty.psql(include_str!("../../tests/api/seed.sql"));
        empty.psql(more);
        // What it keeps in memory of the database it reads anew.
        empty.stop();
        Self::start(&data)
    }

    fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_gridkeeper"))
            .env_remove("DATABASE_URL")
            .args(["serve", "--lang", "en", "--log", "error", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let address = ready.trim().strip_prefix("Ready: http://").unwrap().trim_end_matches('/').to_owned();
        Self { process, data: data.to_owned(), address }
    }

    pub(crate) fn stop(mut self) {
        kill(Pid::from_raw(i32::try_from(self.process.id()).unwrap()), Signal::SIGTERM).unwrap();
        self.process.wait().unwrap();
    }

    /// A client of PostgreSQL as the database's owner.
    pub(crate) fn client(&self, program: &str) -> Command {
        let passwords = fs::read(self.data.join("passwords.json")).unwrap();
        let passwords: Value = serde_json::from_slice(&passwords).unwrap();
        let mut command = Command::new(program);
        command
            .env("PGPASSWORD", passwords["owner"].as_str().unwrap())
            .env("PGHOST", self.data.join("socket"))
            .env("PGUSER", "gridkeeper_owner")
            .env("PGDATABASE", "gridkeeper");
        command
    }

    pub(crate) fn psql(&self, script: &str) {
        let mut psql =
            self.client("psql").args(["-qX", "-v", "ON_ERROR_STOP=1"]).stdin(Stdio::piped()).spawn().unwrap();
        psql.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(psql.wait().unwrap().success());
    }
}

/// Just enough HTTP/1.1 that the client costs the service little of the machine they share.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(service: &Service) -> Self {
        let stream = TcpStream::connect(&service.address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), body: Vec::new() }
    }

    /// Asks as `login`, with a body where there is one, and reads the answer whole: its status and its length.
    pub(crate) fn ask(&mut self, method: &str, path: &str, login: &str, body: &str) -> (u16, usize) {
        let about = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-of-{login}\r\n{about}\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            match line.trim_end().to_ascii_lowercase().split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).unwrap();
        (status, length)
    }
}
