//! Signed samples sent to a URL, as the vendor would: with its retries, repeats and disorder, and with forgeries among them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use hyper::{Request, Uri};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

mod case;
mod schedule;
mod tally;
mod variant;

pub(crate) use case::{Attempt, Case};
pub(crate) use schedule::Schedule;
pub(crate) use tally::Tally;
pub(crate) use variant::{Maker, Variant, Wire};

use crate::failure::Failure;
use crate::http::Client;
use crate::listen::REQUEST_NUMBER;
use crate::sample::{Carrier, Sample};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How many messages are in disorder among each other.
const DISORDER: usize = 16;

/// Everything that can be chosen.
pub(crate) struct Settings {
    pub(crate) url: Uri,
    pub(crate) maker: Maker,
    pub(crate) profile: &'static str,
    /// What is sent, in this order.
    pub(crate) parts: Vec<(&'static Sample, Variant)>,
    /// How often all of it is sent.
    pub(crate) rounds: u64,
    /// Messages a second, or as fast as it goes.
    pub(crate) rate: Option<f64>,
    pub(crate) concurrency: usize,
    /// How many times each message is sent once more.
    pub(crate) duplicates: u32,
    pub(crate) out_of_order: bool,
    pub(crate) seed: u64,
    /// By how much the vendor's schedule of retries is faster than it is, if there are to be any.
    pub(crate) retries: Option<Retries>,
    /// Instead of what the vendor allows.
    pub(crate) timeout: Option<Duration>,
    pub(crate) progress: bool,
}

/// How retries are made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retries {
    pub(crate) speed: f64,
    /// Whether a retry carries a new token: it is documented nowhere which the vendor does.
    pub(crate) new_token: bool,
}

/// What every delivery needs.
struct Sender {
    client: Client,
    settings: Settings,
}

/// Sends everything. `seen` is told of each message when it is done.
pub(crate) fn run(settings: Settings, mut seen: impl FnMut(&Case)) -> Result<Tally, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("no threads: {error}"), "fewer processes"))?;
    runtime.block_on(send_all(settings, &mut seen))
}

async fn send_all(settings: Settings, seen: &mut impl FnMut(&Case)) -> Result<Tally, Failure> {
    let each = u64::try_from(settings.parts.len()).unwrap_or(u64::MAX);
    let total = settings.rounds.saturating_mul(each);
    let bar = if settings.progress && total > 1 { bar(total) } else { ProgressBar::hidden() };
    let room = Arc::new(Semaphore::new(settings.concurrency));
    let interval = settings.rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let sender = Arc::new(Sender { client: Client::new(CONNECT_TIMEOUT)?, settings });
    let mut order = Order::new(&sender.settings, total);
    let (mut running, mut tally) = (JoinSet::new(), Tally::new());
    let mut note = |tally: &mut Tally, case: Result<Result<Case, Failure>, tokio::task::JoinError>| {
        let case = case.map_err(|error| Failure::new(format!("a delivery ended: {error}"), "the same again"))??;
        bar.inc(1);
        bar.suspend(|| seen(&case));
        tally.note(&case);
        Ok::<_, Failure>(())
    };
    let start = Instant::now();
    let mut due = tokio::time::Instant::now();
    while let Some((sample, variant, age)) = order.next() {
        if let Some(interval) = interval {
            tokio::time::sleep_until(due).await;
            due += interval;
        }
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { break };
        let sender = Arc::clone(&sender);
        running.spawn(async move {
            let case = sender.deliver(sample, variant, age).await;
            drop(permit);
            case
        });
        while let Some(done) = running.try_join_next() {
            note(&mut tally, done)?;
        }
    }
    while let Some(done) = running.join_next().await {
        note(&mut tally, done)?;
    }
    bar.finish_and_clear();
    tally.took = start.elapsed();
    Ok(tally)
}

/// What is sent next, and how many seconds ago it was issued.
struct Order<'a> {
    settings: &'a Settings,
    left: u64,
    place: usize,
    random: fastrand::Rng,
    next: VecDeque<(&'static Sample, Variant, i64)>,
}

impl<'a> Order<'a> {
    fn new(settings: &'a Settings, total: u64) -> Order<'a> {
        Order {
            settings,
            left: total,
            place: 0,
            random: fastrand::Rng::with_seed(settings.seed),
            next: VecDeque::new(),
        }
    }

    fn next(&mut self) -> Option<(&'static Sample, Variant, i64)> {
        if self.next.is_empty() {
            self.fill();
        }
        self.next.pop_front()
    }

    /// The next messages: one after the other, or some of them, each issued a second after the one before, shuffled.
    fn fill(&mut self) {
        let count = if self.settings.out_of_order { DISORDER } else { 1 };
        let mut ages = (0..count).rev();
        while self.left > 0
            && let Some(age) = ages.next()
        {
            let Some((sample, variant)) = self.settings.parts.get(self.place) else { return };
            self.place = (self.place + 1) % self.settings.parts.len();
            self.left -= 1;
            self.next.push_back((sample, *variant, i64::try_from(age).unwrap_or(0)));
        }
        self.random.shuffle(self.next.make_contiguous());
    }
}

impl Sender {
    /// Sends one message until it is done, dropped or given up, and its duplicates behind it.
    async fn deliver(&self, sample: &'static Sample, variant: Variant, age: i64) -> Result<Case, Failure> {
        let schedule = Schedule::of(sample, self.settings.profile);
        let mut wire = self.settings.maker.make(sample, variant, age)?;
        let mut case = Case::new(sample, variant, schedule);
        let mut pauses = schedule.pauses();
        loop {
            self.attempt(&wire, schedule, &mut case).await?;
            let Some(retries) = self.settings.retries else { break };
            if !schedule.is_retried(case.last()) {
                break;
            }
            let Some(pause) = pauses.next() else {
                case.given_up = true;
                break;
            };
            tokio::time::sleep(pause.div_f64(retries.speed)).await;
            if retries.new_token {
                wire = self.settings.maker.make(sample, variant, 0)?;
            }
        }
        case.settle();
        for _ in 0..self.settings.duplicates {
            self.attempt(&wire, schedule, &mut case).await?;
        }
        Ok(case)
    }

    async fn attempt(&self, wire: &Wire, schedule: Schedule, case: &mut Case) -> Result<(), Failure> {
        let request = request(&self.settings.url, wire)?;
        let start = Instant::now();
        let answer = self.client.send(request, self.settings.timeout.unwrap_or(schedule.timeout)).await;
        let took = start.elapsed();
        let (outcome, number) = match answer {
            Ok(answer) => {
                let number = answer.headers.get(REQUEST_NUMBER).and_then(|number| number.to_str().ok()?.parse().ok());
                (Ok(answer.status), number)
            }
            Err(trouble) => (Err(trouble), None),
        };
        case.attempts.push(Attempt { outcome, took, number });
        Ok(())
    }
}

/// The request, with its fields as the vendor writes them.
pub(crate) fn request(url: &Uri, wire: &Wire) -> Result<Request<Full<Bytes>>, Failure> {
    let refused =
        |error: hyper::http::Error| Failure::usage(format!("{url}: {error}"), "http://127.0.0.1:3000/webhooks");
    let mut target = url.to_string();
    let mut body = Bytes::new();
    if wire.carrier == Carrier::Query {
        target.push(if url.query().is_some() { '&' } else { '?' });
        target.push_str(&String::from_utf8_lossy(&wire.payload));
    } else {
        body = Bytes::copy_from_slice(&wire.payload);
    }
    let mut request = Request::builder().method(wire.carrier.method()).uri(target);
    if let Some(kind) = wire.carrier.content_type() {
        request = request.header(CONTENT_TYPE, kind);
    }
    if let Some((name, value)) = &wire.header {
        for _ in 0..wire.header_count {
            request = request.header(name, value);
        }
    }
    request
        .header(USER_AGENT, HeaderValue::from_static(concat!("hookproof/", env!("CARGO_PKG_VERSION"))))
        .body(Full::new(body))
        .map_err(refused)
}

fn bar(total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len}  {per_sec}  {elapsed}");
    let bar = ProgressBar::new(total);
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
