//! Binds, answers, and ends when it is told to.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;

use trimtab_app::config::Settings;
use trimtab_app::failure::{Failure, Kind};

use crate::options::{Authentication, ServeOptions};
use crate::shared::Shared;
use crate::{answers, api, guard, pages, warm};

/// Opens the store, listens, says where, and answers until the process is told to end.
///
/// # Errors
/// As [`listen`], and if nothing can be accepted any more.
pub fn serve(
    settings: Settings,
    options: ServeOptions,
    told: impl FnOnce(&str),
) -> Result<(), Failure> {
    let failed = |cause: std::io::Error| {
        let message = ("could not start the server", "서버를 시작하지 못했습니다");
        Failure::new(Kind::Failed, message).because(&cause)
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    let ended = runtime.block_on(async {
        let serving = listen(settings, options).await?;
        told(&serving.address());
        serving.answer(told_to_end()).await
    });
    // What still reads for nobody is not waited for: it writes nothing.
    runtime.shutdown_background();
    ended
}

/// Waits until somebody presses Ctrl-C, or the system ends what runs.
async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    drop(interrupted.await);
}

/// A server that listens and does not answer yet.
pub struct Serving {
    listener: TcpListener,
    local: SocketAddr,
    shared: Arc<Shared>,
}

/// Opens the store and begins to listen.
///
/// # Errors
/// Fails if the data directory or the address cannot be used, and where everybody in the network
/// could read without having shown anything.
pub async fn listen(settings: Settings, options: ServeOptions) -> Result<Serving, Failure> {
    if options.authentication == Authentication::None && !options.addr.ip().is_loopback() {
        return Err(Failure::usage(
            (
                format!(
                    "{} is reached by other machines, and nobody would have to prove anything",
                    options.addr
                ),
                format!(
                    "{}에는 다른 컴퓨터에서도 접속할 수 있는데 인증이 꺼져 있습니다",
                    options.addr
                ),
            ),
            (
                "leave --auth at `token`, or listen on 127.0.0.1 behind a proxy that knows its users",
                "--auth를 `token`으로 두거나, 사용자를 인증하는 프록시 뒤에서 127.0.0.1로 여세요",
            ),
        ));
    }
    let shared = Arc::new(Shared::open(settings, options)?);
    let addr = shared.options.addr;
    let unusable = |cause: &std::io::Error| {
        let message =
            (format!("could not listen on {addr}"), format!("{addr} 주소를 열지 못했습니다"));
        Failure::new(Kind::Failed, message).because(cause).with_hint((
            "another program may be using it: give another one with --addr 127.0.0.1:PORT",
            "다른 프로그램이 쓰고 있을 수 있습니다. --addr 127.0.0.1:포트로 다른 주소를 지정하세요",
        ))
    };
    let listener = TcpListener::bind(addr).await.map_err(|cause| unusable(&cause))?;
    let local = listener.local_addr().map_err(|cause| unusable(&cause))?;
    Ok(Serving { listener, local, shared })
}

impl Serving {
    /// Returns the address of its first page, with the token of whoever may open it.
    pub fn address(&self) -> String {
        let local = self.local;
        match self.shared.options.authentication {
            Authentication::Token => {
                format!("http://{local}/login?token={}", self.shared.token.text())
            }
            Authentication::None => format!("http://{local}/"),
        }
    }

    /// Answers until `end` is there, and then what has begun.
    ///
    /// # Errors
    /// Fails if nothing can be accepted any more.
    pub async fn answer(
        self,
        end: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        let router = router(&self.shared, self.local);
        let shared = Arc::clone(&self.shared);
        let warming = tokio::spawn(warm::keep(Arc::clone(&shared)));
        let end = async move {
            end.await;
            shared.close();
            warming.abort();
        };
        axum::serve(self.listener, router).with_graceful_shutdown(end).await.map_err(|cause| {
            let message = ("the server ended", "서버가 종료되었습니다");
            Failure::new(Kind::Failed, message).because(&cause)
        })
    }
}

fn router(shared: &Arc<Shared>, local: SocketAddr) -> Router {
    // What is kept is compressed once.
    let kept = Router::new()
        .merge(pages::kept())
        .merge(api::kept())
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(shared), answers::keep));
    Router::new()
        .merge(kept)
        .merge(pages::routes())
        .merge(api::routes())
        .with_state(Arc::clone(shared))
        .layer(middleware::from_fn_with_state(Arc::clone(shared), api::unconverted))
        .layer(middleware::from_fn_with_state((Arc::clone(shared), local), guard::pass))
        .layer(CompressionLayer::new())
}
