//! A receiver on this machine, with a log and a page that show what came and what hookproof says of it.
//!
//! The receiver and the page have an address each: a tunnel that points at the receiver cannot reach the page.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use hookproof::replay::MemoryStore;
use hookproof::{Verifier, limits};
use hyper::Uri;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

mod arrival;
mod capture;
mod deliveries;
mod entry;
mod forward;
mod guard;
mod history;
mod judge;
mod log;
mod page;
mod receiver;
mod replay;
mod server;

use capture::Capture;
use deliveries::Deliveries;
use forward::Forwarder;
use guard::Guard;
use history::History;
use judge::Judge;
use log::Log;
use page::Page;
pub(crate) use receiver::REQUEST_NUMBER;
use receiver::Receiver;
use replay::Replayer;

use crate::failure::Failure;
use crate::format::Format;
use crate::secrets::Secrets;
use crate::signing::Signing;

/// Everything that can be chosen.
pub(crate) struct Settings {
    pub(crate) address: SocketAddr,
    /// Where the page is, if there is to be one. It is on this machine, always.
    pub(crate) page_port: Option<u16>,
    pub(crate) verifier: Verifier,
    pub(crate) secrets: Secrets,
    pub(crate) route: Option<String>,
    pub(crate) retry_status: u16,
    pub(crate) forward_to: Option<Uri>,
    pub(crate) only_verified: bool,
    pub(crate) capture: Option<PathBuf>,
    pub(crate) fail_first: u32,
    pub(crate) reply: Option<Bytes>,
    pub(crate) echo: bool,
    pub(crate) keep: usize,
    pub(crate) format: Format,
}

/// Listens until Ctrl-C or SIGTERM. Returns whether everything that was to be captured was.
pub(crate) fn run(settings: Settings) -> Result<bool, Failure> {
    let no_runtime = |error: io::Error| Failure::new(format!("no threads: {error}"), "fewer processes");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(no_runtime)?;
    let outcome = runtime.block_on(listen(settings));
    // What an application still keeps us waiting for is given up.
    runtime.shutdown_timeout(Duration::from_millis(200));
    outcome
}

async fn listen(settings: Settings) -> Result<bool, Failure> {
    let mut signals = Signals::new()?;
    let listener = bind(settings.address, "--port").await?;
    let address = listener.local_addr().unwrap_or(settings.address);
    let page_listener = match settings.page_port {
        Some(port) => Some(bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), "--page-port").await?),
        None => None,
    };
    let page_address = page_listener.as_ref().and_then(|listener| listener.local_addr().ok());
    let forwarder = match settings.forward_to {
        Some(target) => {
            let own = [Some(address), page_address];
            refuse_own(&target, own.into_iter().flatten())?;
            Some(Forwarder::new(target, settings.only_verified)?)
        }
        None => None,
    };
    let capture = settings.capture.as_deref().map(Capture::open).transpose()?;
    let store = MemoryStore::new(limits::DEFAULT_STORE_CAPACITY)
        .map_err(|error| Failure::new(error, "more memory for this process"))?;

    let log = Log::new(settings.format);
    let guard = Guard::new()?;
    let signing = Signing::new(settings.verifier.policy().clone(), settings.secrets.keyring);
    let replayer = Replayer::new(address, signing, settings.secrets.account)?;
    let shown_address = format!("http://{address}");
    let about = json!({
        "address": shown_address,
        "profile": settings.verifier.policy().profile_name(),
        "public": settings.secrets.public,
        "forward": forwarder.as_ref().map(|forwarder| forwarder.target().to_string()),
        "fail_first": settings.fail_first,
        "send": send_command(address),
    });
    let last = capture.as_ref().map_or(0, Capture::last);
    let capture_folder = settings.capture;
    let receiver = Arc::new(Receiver {
        judge: Judge::new(settings.verifier, store, settings.route),
        history: Arc::new(History::new(settings.keep)),
        capture,
        deliveries: Mutex::new(Deliveries::new(settings.fail_first)),
        forwarder,
        log,
        next_id: AtomicU64::new(last.saturating_add(1)),
        uncaptured: AtomicU64::new(0),
        retry_status: settings.retry_status,
        reply: settings.reply,
        echo: settings.echo,
    });
    greet(&receiver, &about, page_address, &guard, capture_folder.as_deref());

    let (stop, stopped) = watch::channel(false);
    let serving = Arc::clone(&receiver);
    let mut servers = tokio::task::JoinSet::new();
    servers.spawn(server::serve(listener, stopped.clone(), move |request| Arc::clone(&serving).receive(request)));
    if let Some(page_listener) = page_listener {
        let page = Arc::new(Page { guard, receiver: Arc::clone(&receiver), replayer, about, stop: stopped.clone() });
        servers.spawn(server::serve(page_listener, stopped, move |request| Arc::clone(&page).answer(request)));
    }
    signals.wait().await;
    let _ = stop.send(true);
    while servers.join_next().await.is_some() {}
    let complete = part(&receiver);
    receiver.log.end();
    Ok(complete)
}

/// SIGINT, which is Ctrl-C, and SIGTERM and SIGHUP.
struct Signals([Signal; 3]);

impl Signals {
    fn new() -> Result<Signals, Failure> {
        let open = |kind| signal(kind).map_err(|error| Failure::new(format!("signals: {error}"), "another shell"));
        Ok(Signals([open(SignalKind::interrupt())?, open(SignalKind::terminate())?, open(SignalKind::hangup())?]))
    }

    async fn wait(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

async fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let next = match error.kind() {
            io::ErrorKind::AddrInUse => format!("{option} with another number, or 0 for one that is free"),
            io::ErrorKind::PermissionDenied => format!("{option} with a number above 1023"),
            _ => format!("{option} with another number"),
        };
        Failure::new(format!("{address}: {error}"), next)
    })
}

/// A request forwarded to ourselves would be forwarded again.
fn refuse_own(target: &Uri, mut own: impl Iterator<Item = SocketAddr>) -> Result<(), Failure> {
    let host = target.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = target.port_u16().unwrap_or(if target.scheme_str() == Some("https") { 443 } else { 80 });
    let ip: Option<IpAddr> = host.parse().ok();
    let local = host.eq_ignore_ascii_case("localhost") || ip.is_some_and(|ip| ip.is_loopback() || ip.is_unspecified());
    if own.any(|address| address.port() == port && (local || ip == Some(address.ip()))) {
        return Err(Failure::usage(
            "--forward-to names this command's own address",
            "the address of your application, or --port with another number for this one",
        ));
    }
    Ok(())
}

/// How to send a sample here.
fn send_command(address: SocketAddr) -> String {
    if address == default_address() {
        "hookproof send".to_owned()
    } else {
        format!("hookproof send http://{address}/webhooks")
    }
}

/// Where `listen` listens, and `send` sends, unless told otherwise.
pub(crate) const DEFAULT_PORT: u16 = 8400;
pub(crate) const DEFAULT_PAGE_PORT: u16 = 8401;

fn default_address() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT))
}

fn greet(
    receiver: &Receiver,
    about: &Value,
    page: Option<SocketAddr>,
    guard: &Guard,
    capture: Option<&std::path::Path>,
) {
    let text = |name: &str| about.get(name).and_then(Value::as_str).unwrap_or_default();
    let page = page.map(|page| format!("http://{page}/#{}", guard.token()));
    receiver.log.say(&format!("receiving  {}  (any path; profile {})", text("address"), text("profile")));
    if let Some(page) = &page {
        receiver.log.say(&format!("page       {page}"));
    }
    if let Some(forwarder) = &receiver.forwarder {
        let what = if forwarder.only_verified { "what is verified" } else { "everything" };
        receiver.log.say(&format!("forwarding {} ({what})", forwarder.target()));
    }
    if let Some(folder) = capture {
        receiver.log.say(&format!("capturing  {}", folder.display()));
    }
    if about.get("public") == Some(&Value::Bool(true)) {
        receiver.log.say(
            "secret     the public one of the samples, which `hookproof send` signs with: everybody can sign with it. Give the account's \
             own with --keyring or --secret-file.",
        );
    }
    receiver.log.say("Times are UTC. Ctrl-C ends it.\n");
    let mut ready = about.clone();
    ready["page"] = json!(page);
    receiver.log.object("listening", ready);
}

/// The sums, when all is over. Returns whether everything that was to be captured was.
fn part(receiver: &Receiver) -> bool {
    let news = receiver.history.since(u64::MAX);
    let repeats = receiver.deliveries().totals();
    let uncaptured = receiver.uncaptured.load(Ordering::Relaxed);
    let refused = news.count.saturating_sub(news.accepted);
    receiver.log.say(&format!("\n{} requests: {} accepted, {refused} refused", news.count, news.accepted));
    if repeats.repeats > 0 {
        receiver.log.say(&format!(
            "{} repeats of {} messages: jti the same in {}, iat in {}, body in {}",
            repeats.repeats, repeats.messages, repeats.same_jti, repeats.same_iat, repeats.same_body
        ));
    }
    if uncaptured > 0 {
        receiver.log.trouble(&format!("{uncaptured} requests could not be captured"));
    }
    let sums = json!({
        "requests": news.count,
        "accepted": news.accepted,
        "uncaptured": uncaptured,
        "repeats": repeats.json(),
    });
    receiver.log.object("ended", sums);
    uncaptured == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarding_to_ourselves_is_refused() {
        let own = || [default_address(), SocketAddr::from(([127, 0, 0, 1], 8401))].into_iter();
        for bad in ["http://127.0.0.1:8400/x", "http://localhost:8401", "http://[::1]:8400", "http://0.0.0.0:8400"] {
            assert!(refuse_own(&bad.parse().unwrap(), own()).is_err(), "{bad}");
        }
        let other = SocketAddr::from(([192, 0, 2, 1], 8400));
        assert!(refuse_own(&"http://192.0.2.1:8400".parse().unwrap(), std::iter::once(other)).is_err());
        assert!(refuse_own(&"http://192.0.2.2:8400".parse().unwrap(), std::iter::once(other)).is_ok());
        for good in ["http://127.0.0.1:3000", "https://example.com:8400", "http://localhost"] {
            assert!(refuse_own(&good.parse().unwrap(), own()).is_ok(), "{good}");
        }
    }
}
