//! Sockets and HTTP, by hyper: every connection is a task, so neither a slow client nor an open event stream keeps
//! another waiting.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::{Channel, Sender};
use http_body_util::{BodyExt, Either, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::watch;

use super::answer::{Body, Server};

/// Ports after the wanted one that are tried.
const TRIES: u16 = 100;

/// A client that has not sent its headers by then is left.
const PATIENCE: Duration = Duration::from_secs(30);

/// So often an event stream says that it is still there, and finds out whether anyone listens.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Longer bodies of requests are refused, in bytes.
const LONGEST_BODY: usize = 16 * 1024;

/// Longer heads of requests are refused, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;

/// Bytes of a file that are read at once.
const PIECE: usize = 64 * 1024;

type Sent = Either<Full<Bytes>, Channel<Bytes, io::Error>>;

/// Listens at the wanted port, or at the next one that is free; port 0 is any.
pub(super) fn listen(wanted: u16) -> io::Result<TcpListener> {
    let mut port = wanted;
    loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Err(error)
                if error.kind() == io::ErrorKind::AddrInUse
                    && port < wanted.saturating_add(TRIES) =>
            {
                port += 1;
            }
            result => return result,
        }
    }
}

/// Answers requests for ever.
pub(super) fn run(listener: TcpListener, server: &Arc<Server>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(converse(stream, Arc::clone(server)));
                }
                // Out of file handles: some connection will end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    })
}

async fn converse(stream: tokio::net::TcpStream, server: Arc<Server>) {
    // Small answers are sent at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| respond(request, Arc::clone(&server)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // A client that breaks off wants to hear nothing of it.
    let _ = connection.await;
}

async fn respond(request: Request<Incoming>, server: Arc<Server>) -> io::Result<Response<Sent>> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
        let mut refusal = Response::new(Either::Left(Full::default()));
        *refusal.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(refusal);
    };
    let body = body.to_bytes();
    let answered = tokio::task::spawn_blocking(move || server.answer(&parts, &body)).await;
    let (parts, body) = answered.map_err(io::Error::other)?.into_parts();
    Ok(Response::from_parts(parts, sent(body)))
}

fn sent(body: Body) -> Sent {
    match body {
        Body::Bytes(bytes) => Either::Left(Full::new(bytes)),
        Body::File { file, from, length } => {
            let (sender, channel) = Channel::new(2);
            tokio::spawn(send_file(
                tokio::fs::File::from_std(file),
                from,
                length,
                sender,
            ));
            Either::Right(channel)
        }
        Body::Events(states) => {
            let (sender, channel) = Channel::new(1);
            tokio::spawn(send_events(states, sender));
            Either::Right(channel)
        }
    }
}

async fn send_file(
    mut file: tokio::fs::File,
    from: u64,
    length: u64,
    mut sender: Sender<Bytes, io::Error>,
) {
    if let Err(error) = file.seek(io::SeekFrom::Start(from)).await {
        return sender.abort(error);
    }
    let mut left = file.take(length);
    while left.limit() > 0 {
        let mut piece = Vec::with_capacity(PIECE);
        let read = (&mut left).take(PIECE as u64).read_to_end(&mut piece).await;
        match read {
            // The file has become shorter; the promised length cannot be kept.
            Ok(0) => return sender.abort(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) if sender.send_data(piece.into()).await.is_err() => return,
            Ok(_) => {}
            Err(error) => return sender.abort(error),
        }
    }
}

async fn send_events(mut states: watch::Receiver<Arc<str>>, mut sender: Sender<Bytes, io::Error>) {
    // A browser that has lost the stream looks for it again so soon, in milliseconds.
    let mut words = String::from("retry: 500\n\n");
    loop {
        if sender
            .send_data(std::mem::take(&mut words).into())
            .await
            .is_err()
        {
            return;
        }
        words = match tokio::time::timeout(HEARTBEAT, states.changed()).await {
            // JSON has no line end in it, so it is one event.
            Ok(Ok(())) => format!("data: {}\n\n", *states.borrow_and_update()),
            Ok(Err(_)) => return,
            Err(_) => ":\n\n".into(),
        };
    }
}
