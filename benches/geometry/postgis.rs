//! PostGIS in the service's own private cluster, on the same faces and points, joined as its planner chooses.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use geo::MultiPolygon;
use gridkeeper::kernel::geometry::{FaceId, Wgs84};

use crate::leave::hex;

/// The join is timed this many times.
const ROUNDS: usize = 3;

/// A service for the sake of its cluster, and a session in it.
pub(crate) struct PostGis {
    service: Child,
    psql: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// The process that serves the session.
    backend: u32,
    _root: tempfile::TempDir,
}

impl PostGis {
    pub(crate) fn start() -> Self {
        let root = tempfile::Builder::new().prefix("gridkeeper-bench-").tempdir().expect("a directory");
        fs::set_permissions(root.path(), Permissions::from_mode(0o755)).expect("permissions");
        let data = root.path().join("data");
        let mut service = Command::new(env!("CARGO_BIN_EXE_gridkeeper"))
            .env_remove("DATABASE_URL")
            .args(["serve", "--lang", "en", "--log", "error", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&data)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let mut ready = String::new();
        let said = service.stdout.take().expect("its output");
        BufReader::new(said).read_line(&mut ready).expect("it says when it is ready");
        let mut psql = psql(&data);
        let questions = psql.stdin.take();
        let answers = BufReader::new(psql.stdout.take().expect("its output"));
        let mut it = Self { service, psql, questions, answers, backend: 0, _root: root };
        it.backend = it.ask("SELECT pg_backend_pid();").parse().expect("a process");
        let version = it.ask("SELECT postgis_lib_version();");
        println!("PostGIS {version}");
        it
    }

    fn send(&mut self, text: &str) {
        let questions = self.questions.as_mut().expect("open");
        questions.write_all(text.as_bytes()).expect("psql listens");
    }

    /// One line for one question.
    fn ask(&mut self, question: &str) -> String {
        self.send(&format!("{question}\n"));
        self.questions.as_mut().expect("open").flush().expect("psql listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("psql answers");
        line.trim().to_owned()
    }

    /// Million points in a second of the backend's processor time, and how many found a face.
    pub(crate) fn rate(&mut self, faces: &[(FaceId, MultiPolygon<f64>)], points: &[Wgs84]) -> (f64, usize) {
        self.send("SET client_min_messages = warning;\nDROP TABLE IF EXISTS face, point;\nCREATE TEMP TABLE face (n int, geom geometry);\n");
        self.send("COPY face FROM STDIN;\n");
        for (id, face) in faces {
            self.send(&format!("{}\t{}\n", id.0, hex(face)));
        }
        self.send("\\.\nCREATE TEMP TABLE point (x float8, y float8);\nCOPY point FROM STDIN;\n");
        for point in points {
            self.send(&format!("{}\t{}\n", point.lon(), point.lat()));
        }
        self.send("\\.\nALTER TABLE point ADD geom geometry;\nUPDATE point SET geom = ST_MakePoint(x, y);\n");
        self.send("CREATE INDEX ON face USING gist (geom);\nANALYZE face;\nANALYZE point;\n");
        self.send("SET max_parallel_workers_per_gather = 0;\n");
        let mut taken = Vec::new();
        let mut found = 0;
        for _ in 0..ROUNDS {
            self.ask("SELECT 'ready';");
            let start = cpu_s(self.backend);
            let answer =
                self.ask("SELECT count(*) FROM point p JOIN face f ON ST_Intersects(f.geom, p.geom);");
            taken.push(cpu_s(self.backend) - start);
            found = answer.parse().expect("a count");
        }
        taken.sort_unstable_by(f64::total_cmp);
        (points.len() as f64 / taken[ROUNDS / 2] / 1e6, found)
    }
}

impl Drop for PostGis {
    fn drop(&mut self) {
        // The end of its input ends psql.
        self.questions = None;
        let _ = self.psql.wait();
        let stop = nix::sys::signal::Signal::SIGTERM;
        let service = nix::unistd::Pid::from_raw(self.service.id().cast_signed());
        let _ = nix::sys::signal::kill(service, stop);
        let _ = self.service.wait();
    }
}

/// `psql` as the owner of the cluster's database.
fn psql(data: &Path) -> Child {
    let passwords = fs::read(data.join("passwords.json")).expect("the cluster's passwords");
    let passwords: serde_json::Value = serde_json::from_slice(&passwords).expect("JSON");
    Command::new("psql")
        .args(["-qAtX", "-v", "ON_ERROR_STOP=1"])
        .env("PGPASSWORD", passwords["owner"].as_str().expect("a password"))
        .env("PGHOST", data.join("socket"))
        .env("PGUSER", "gridkeeper_owner")
        .env("PGDATABASE", "gridkeeper")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("psql starts")
}

/// Seconds of processor time that a process has taken (proc(5): fields 14 and 15, in hundredths).
fn cpu_s(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("the process lives");
    // The name in parentheses may hold blanks.
    let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    let ticks = |i: usize| fields[i].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}
