//! A running server on either engine, and a caller of it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::clock::Clock;

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A folder with a database, for a server and for commands beside it.
pub struct Place {
    pub folder: TempDir,
    pub database: String,
    pub clock: Arc<Clock>,
}

/// The time after which a server counts as hanging, however busy the machine is.
const HANGS: Duration = Duration::from_mins(10);

impl Engine {
    /// True if it is on this machine. `tests/run` says what is not.
    pub fn is_here(self) -> bool {
        self == Self::Sqlite || !crate::is_without("postgresql")
    }
}

impl Place {
    pub fn new(engine: Engine) -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = match engine {
            Engine::Sqlite => "factorage.sqlite".to_owned(),
            Engine::Postgres => super::database::made_on_server(),
        };
        Self::of(folder, database)
    }

    /// A folder beside a database that is there.
    pub fn of(folder: TempDir, database: String) -> Self {
        let clock = Arc::new(Clock::new(folder.path()));
        Self { folder, database, clock }
    }

    /// Runs a command of the store, such as `keys create`.
    pub fn run(&self, args: &[&str]) -> Output {
        crate::command_line::factorage()
            .current_dir(self.folder.path())
            .args(args)
            .args(["--database", &self.database])
            .output()
            .expect("the binary runs")
    }

    /// The same; it has to succeed.
    #[track_caller]
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), stderr.as_ref()), (Some(0), ""), "{args:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    pub fn key(&self, role: &str, client: Option<&str>) -> String {
        let mut args = vec!["keys", "create", "--role", role];
        args.extend(client.into_iter().flat_map(|client| ["--client", client]));
        self.done(&args).trim().to_owned()
    }

    pub fn serve(&self, config: &str) -> Server {
        Server::start(self, config)
    }
}

/// The samples lie months back, and what is bought of them is paid out then.
const BACK_DATING: (&str, &str) = ("FACTORAGE_BACK_DATING_DAYS", "9999");

/// A running server, killed when it is dropped.
pub struct Server {
    process: Child,
    address: String,
    clock: Arc<Clock>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }
}

impl Server {
    fn start(place: &Place, config: &str) -> Self {
        fs::write(place.folder.path().join("config.toml"), config).expect("a configuration");
        let log = fs::File::create(place.folder.path().join("log")).expect("a log");
        let mut process = crate::command_line::factorage()
            .current_dir(place.folder.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--config", "config.toml"])
            .args(["--database", &place.database])
            .env("FACTORAGE_CLOCK", place.clock.file())
            .envs((!config.contains("back_dating")).then_some(BACK_DATING))
            .stdout(Stdio::piped())
            // Into a file: a pipe that nobody reads would fill up and stop the server.
            .stderr(log)
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let out = process.stdout.take().expect("stdout");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("Listening on http://");
        let log = || fs::read_to_string(place.folder.path().join("log"));
        let address = address.unwrap_or_else(|| panic!("no address: {:?}", log()));
        Self { address: address.to_owned(), process, clock: Arc::clone(&place.clock) }
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Tells it to stop; whether it ended well.
    pub fn stop(&mut self) -> bool {
        // As an operator does; `Child::kill` leaves no time to finish anything.
        let told = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(told.expect("kill runs").success());
        self.process.wait().expect("it ends").success()
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.process.try_wait().expect("a process").is_none()
    }

    pub fn connected(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(HANGS))?;
        Ok(stream)
    }

    /// One request on a connection of its own. Headers are lines.
    pub fn try_call(
        &self,
        method: &str,
        path: &str,
        headers: &[&str],
        body: &[u8],
    ) -> std::io::Result<Answer> {
        self.clock.before(method, path);
        let mut stream = self.connected()?;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        stream.write_all(head.as_bytes())?;
        write!(stream, "Content-Length: {}\r\n\r\n", body.len())?;
        stream.write_all(body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let broken = || std::io::Error::other("the answer is cut off");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(broken)?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let answer =
            Answer { status: status.ok_or_else(broken)?, head, body: bytes[end + 4..].to_vec() };
        match answer.header("content-length").and_then(|length| length.parse::<usize>().ok()) {
            Some(length) if length > answer.body.len() => Err(broken()),
            _ => Ok(answer),
        }
    }

    #[track_caller]
    pub fn call(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        self.try_call(method, path, headers, body).expect("an answer")
    }

    #[track_caller]
    pub fn get(&self, path: &str, key: &str) -> Answer {
        self.call("GET", path, &[&bearer(key)], b"")
    }

    #[track_caller]
    pub fn send(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        self.call(method, path, &[&bearer(key)], body.to_string().as_bytes())
    }

    #[track_caller]
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send("POST", path, key, body)
    }

    /// Sends TOML.
    #[track_caller]
    pub fn put_text(&self, path: &str, key: &str, text: &str) -> Answer {
        let kind = "Content-Type: application/toml";
        self.call("PUT", path, &[&bearer(key), kind], text.as_bytes())
    }

    /// Sends a ledger, waits until it is read and returns the job.
    #[track_caller]
    pub fn upload(&self, client: &str, key: &str, name: &str, bytes: &[u8]) -> Value {
        let path = format!("/v1/clients/{client}/ledgers?file_name={name}");
        let headers = [&bearer(key) as &str, "Prefer: wait=60"];
        self.ended(self.call("POST", &path, &headers, bytes).expect(202), key)
    }

    /// A job at its end; on a busy machine that is later than a request waits.
    #[track_caller]
    pub fn ended(&self, mut job: Value, key: &str) -> Value {
        let ends = Instant::now() + HANGS;
        while matches!(job["status"].as_str(), Some("queued" | "running")) {
            assert!(Instant::now() < ends, "{job}");
            std::thread::sleep(Duration::from_millis(100));
            let path = format!("/v1/jobs/{}", job["id"].as_str().expect("an id"));
            job = self.get(&path, key).expect(200);
        }
        job
    }

    /// Asks for work, waits until it is done and returns where its result is.
    #[track_caller]
    pub fn finished(&self, path: &str, key: &str, body: &Value) -> String {
        let headers = [&bearer(key) as &str, "Prefer: wait=60"];
        let job = self.call("POST", path, &headers, body.to_string().as_bytes()).expect(202);
        result(&self.ended(job, key))
    }
}

/// Where the result of a finished job is.
#[track_caller]
pub fn result(job: &Value) -> String {
    assert_eq!(job["status"], "finished", "{job}");
    job["result"].as_str().expect("a place").to_owned()
}

/// Kills a process while others still talk to it.
pub fn kill_9(process: u32) {
    let told = Command::new("kill").args(["-9", &process.to_string()]).status();
    assert!(told.expect("kill runs").success());
}

pub fn bearer(key: &str) -> String {
    format!("Authorization: Bearer {key}")
}

/// A file of the project.
pub fn data(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    fs::read(path).expect("a file of the project")
}
