//! The live preview over real sockets: what it serves, what it follows, whom it lets in.

mod answers;
mod following;
mod load;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::book::{TestBook, pincite};

/// Longer than any build here takes, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// `pincite serve` on a book.
pub(crate) struct Preview {
    process: Child,
    pub(crate) port: u16,
    said: Arc<Mutex<String>>,
}

impl Preview {
    pub(crate) fn of(book: &TestBook) -> Self {
        Preview::with(book, &["--port", "0"])
    }

    pub(crate) fn with(book: &TestBook, arguments: &[&str]) -> Self {
        let mut process = pincite()
            .arg("serve")
            .args(arguments)
            .current_dir(book.path(""))
            .env_remove("PINCITE_EDITOR")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        thread::spawn(move || {
            for line in stderr.lines() {
                *heard.lock().unwrap() += &(line.unwrap() + "\n");
            }
        });
        let mut preview = Preview {
            process,
            port: 0,
            said,
        };
        preview.port = wait_for("an address", || {
            let said = preview.said();
            let (_, address) = said.split_once("http://127.0.0.1:")?;
            address.split_once('/')?.0.parse().ok()
        });
        preview
    }

    /// What it has said on standard error so far.
    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Sends bytes as they are and reads until the connection ends.
    fn send(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        Reply::new(&reply)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Reply {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.port,
            body.len()
        );
        self.send(request.as_bytes())
    }

    fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, "", "")
    }

    /// The state that the client script sees.
    fn state(&self) -> Value {
        serde_json::from_str(&self.get("/_pincite/state").text()).unwrap()
    }

    /// Waits until a page says something.
    #[track_caller]
    fn shows(&self, path: &str, words: &str) {
        wait_for(&format!("{words:?} on {path}"), || {
            self.get(path).text().contains(words).then_some(())
        });
    }

    /// Waits until a page is there, or is not.
    #[track_caller]
    fn answers(&self, path: &str, status: u16) {
        wait_for(&format!("{status} at {path}"), || {
            (self.get(path).status == status).then_some(())
        });
    }

    /// Waits until there are so many errors.
    #[track_caller]
    fn has_errors(&self, count: u64) -> Value {
        wait_for(&format!("{count} errors"), || {
            let state = self.state();
            (state["errors"] == count).then_some(state)
        })
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks again and again until there is an answer.
#[track_caller]
fn wait_for<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "there never was {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[derive(Debug)]
struct Reply {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn new(reply: &[u8]) -> Self {
        let end = reply.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else {
            panic!("no HTTP: {}", String::from_utf8_lossy(reply));
        };
        let head = String::from_utf8(reply[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        Reply {
            status: status.parse().unwrap(),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: reply[end + 4..].to_vec(),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}
