//! Clients that would keep the others waiting, and the end.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Preview;
use crate::book::TestBook;

#[test]
fn idle_clients_keep_nobody_waiting() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    let mut idle = Vec::new();
    for number in 0..400 {
        let mut stream = preview.connect();
        let request = match number % 3 {
            0 => String::new(),
            1 => "GET / HTT".to_owned(),
            _ => format!(
                "GET /_pincite/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n",
                preview.port
            ),
        };
        stream.write_all(request.as_bytes()).unwrap();
        idle.push(stream);
    }
    let started = Instant::now();
    assert_eq!(preview.get("/").status, 200);
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
    book.write("content/chapters/02-more.md", b"# More\n\nWords.\n");
    preview.answers("/chapters/more.html", 200);
}

/// They come from a process of their own, which has files enough for them.
#[test]
fn a_thousand_connections_keep_nobody_waiting() {
    let script = "import socket, sys\n\
        open = [socket.create_connection(('127.0.0.1', int(sys.argv[1]))) for _ in range(1000)]\n\
        print('open', flush=True)\n\
        sys.stdin.read()\n";
    let book = TestBook::small();
    let preview = Preview::of(&book);
    let mut crowd = Command::new("python3")
        .args(["-c", script, &preview.port.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(crowd.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "open\n");
    let started = Instant::now();
    assert_eq!(preview.get("/").status, 200);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    book.write("content/chapters/02-more.md", b"# More\n\nWords.\n");
    preview.answers("/chapters/more.html", 200);
    drop(crowd.stdin.take());
    crowd.wait().unwrap();
    assert_eq!(preview.get("/").status, 200);
}

/// One that asks for something large and does not read it.
#[test]
fn a_client_that_does_not_read_keeps_nobody_waiting() {
    let book = TestBook::small();
    book.write("content/assets/large.bin", &vec![b'x'; 64 << 20]);
    let preview = Preview::of(&book);
    let request = format!(
        "GET /assets/large.bin HTTP/1.1\r\nHost: localhost:{}\r\n\r\n",
        preview.port
    );
    let mut idle = Vec::new();
    for _ in 0..20 {
        let mut stream = preview.connect();
        stream.write_all(request.as_bytes()).unwrap();
        idle.push(stream);
    }
    let started = Instant::now();
    assert_eq!(preview.get("/").status, 200);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    let status = fs::read_to_string(format!("/proc/{}/status", preview.process.id())).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: u64 = resident
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    assert!(kilobytes < 256 * 1024, "{kilobytes} kB");
}

#[test]
fn an_interrupt_ends_it_at_once() {
    let book = TestBook::small();
    let mut preview = Preview::of(&book);
    let _tab = preview.connect();
    let started = Instant::now();
    let id = preview.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    preview.process.wait().unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
}
