//! Sockets: one port on every interface, with or without TLS.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};
use tower::Service;

use super::{ServeError, address::ListenAddress, gate};
use crate::request_context::{Peer, Scheme};

/// A client that does not finish its request head or handshake in this time is dropped.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sockets that are bound to one port and not yet served.
pub struct Listener {
    sockets: Vec<TcpListener>,
    port: u16,
}

impl Listener {
    /// Binds the port on every interface. A machine without IPv6 is no error.
    pub async fn bind(address: &ListenAddress) -> Result<Self, ServeError> {
        // A free port on one interface may be taken on the other: try a few.
        let mut tries = if address.port == 0 { 20 } else { 1 };
        loop {
            tries -= 1;
            match Self::bind_once(address).await {
                Err(_) if tries > 0 => {}
                result => return result,
            }
        }
    }

    async fn bind_once(address: &ListenAddress) -> Result<Self, ServeError> {
        let mut sockets = Vec::new();
        let mut port = address.port;
        for interface in &address.interfaces {
            let at = SocketAddr::new(*interface, port);
            match TcpListener::bind(at).await {
                Ok(socket) => {
                    port = socket.local_addr().map(|bound| bound.port()).unwrap_or(port);
                    sockets.push(socket);
                }
                Err(error) if interface.is_ipv6() && error.kind() != io::ErrorKind::AddrInUse && !sockets.is_empty() => {}
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                    return Err(ServeError::PortInUse { port, option: address.option, suggestion: port.saturating_add(10) });
                }
                Err(source) => return Err(ServeError::Listen { address: at.to_string(), option: address.option, source }),
            }
        }
        Ok(Self { sockets, port })
    }

    /// `http://localhost:8400`
    pub fn origin(&self, scheme: Scheme) -> String {
        format!("{}://localhost:{}", scheme.as_str(), self.port)
    }

    /// Serves `router` on all sockets, with TLS if there is a configuration for it.
    pub fn serve(self, router: Router, tls: Option<Arc<ServerConfig>>) -> Listening {
        let (stop, stopped) = watch::channel(());
        let port = self.port;
        let acceptor = tls.map(TlsAcceptor::from);
        let mut loops = JoinSet::new();
        for socket in self.sockets {
            loops.spawn(accept_loop(socket, router.clone(), acceptor.clone()));
        }
        let task = tokio::spawn(async move {
            let mut stopped = stopped;
            // Both the message and the end of its sender mean: stop. Dropping the set ends every connection.
            let _ = stopped.changed().await;
            loops.shutdown().await;
        });
        Listening { port, stop, task }
    }
}

/// Sockets that are served until this is stopped or dropped.
#[derive(Debug)]
pub struct Listening {
    port: u16,
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Listening {
    /// `http://localhost:8400`
    pub fn origin(&self, scheme: Scheme) -> String {
        format!("{}://localhost:{}", scheme.as_str(), self.port)
    }

    /// Closes sockets and connections.
    pub async fn stop(self) {
        drop(self.stop);
        // The task ends by itself; that it was cancelled with its runtime is no news.
        let _ = self.task.await;
    }
}

async fn accept_loop(socket: TcpListener, router: Router, tls: Option<TlsAcceptor>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = socket.accept() => match accepted {
                Ok((stream, from)) => {
                    connections.spawn(serve_connection(stream, Peer(from.ip()), router.clone(), tls.clone()));
                }
                // Out of file descriptors, most likely: give the other connections a moment to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve_connection(stream: TcpStream, peer: Peer, router: Router, tls: Option<TlsAcceptor>) {
    // Small answers must not wait for an acknowledgement.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve_http(TokioIo::new(stream), peer, router, Scheme::Http).await,
        Some(acceptor) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                serve_http(TokioIo::new(stream), peer, router, Scheme::Https).await;
            }
        }
    }
}

async fn serve_http<I>(io: I, peer: Peer, router: Router, scheme: Scheme)
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        gate::fold_slashes(&mut request);
        request.extensions_mut().insert(scheme);
        request.extensions_mut().insert(peer);
        let mut router = router.clone();
        async move { router.call(request).await }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(64 * 1024);
    builder.http2().timer(TokioTimer::new());
    // A connection that breaks is the client's affair.
    let _ = builder.serve_connection(io, service).await;
}
