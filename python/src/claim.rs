//! From the verdict to the claim: requests that passed and wait for a store's answer, and claims.

use std::sync::{Arc, Mutex, PoisonError};

use hookproof::replay::{self, Effect};
use hookproof::{Duplicates, Verified};
use hookproof_stores::{HostAnswer, HostStore};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::failure::{configuration, refused, store_failed};
use crate::store::{Library, Store};
use crate::time::unix_seconds;
use crate::webhook::Webhook;

/// Takes what can be taken once.
fn once<T>(from: &Mutex<Option<T>>) -> PyResult<T> {
    let taken = from.lock().unwrap_or_else(PoisonError::into_inner).take();
    taken.ok_or_else(|| PyRuntimeError::new_err("this request has its answer already"))
}

fn duplicates(word: &str) -> PyResult<Duplicates> {
    match word {
        "refuse" => Ok(Duplicates::Refuse),
        "hand_on" => Ok(Duplicates::HandOn),
        _ => Err(PyValueError::new_err("duplicates must be refuse or hand_on")),
    }
}

/// A request that passed every check but the store's.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct Judged {
    request: Mutex<Option<(Verified, Option<Py<PyBytes>>)>>,
}

impl Judged {
    pub(crate) fn new(verified: Verified, body: Option<Py<PyBytes>>) -> Judged {
        Judged { request: Mutex::new(Some((verified, body))) }
    }
}

#[pymethods]
impl Judged {
    fn claim(
        &self,
        py: Python<'_>,
        store: &Bound<'_, Store>,
        duplicates: &str,
        now: &Bound<'_, PyAny>,
    ) -> PyResult<(Webhook, Option<Claim>)> {
        let (duplicates, now) = (self::duplicates(duplicates)?, unix_seconds(now)?);
        let (verified, body) = once(&self.request)?;
        let store = store.get();
        let library = Arc::clone(&store.library);
        let claim = move || verified.claim(library, duplicates, now);
        let received = if store.library.may_wait() { py.detach(claim) } else { claim() };
        let (verified, claim) = received.map_err(|refusal| refused(py, &refusal))?.into_parts();
        let may_wait = store.library.may_wait();
        let claim = claim.is_open().then(|| Claim { claim: Mutex::new(claim), may_wait });
        Ok((Webhook::new(verified, body, Some(Arc::clone(&store.extent))), claim))
    }

    fn record_once(
        &self,
        py: Python<'_>,
        store: &Bound<'_, Store>,
        duplicates: &str,
        now: &Bound<'_, PyAny>,
    ) -> PyResult<Webhook> {
        let (duplicates, now) = (self::duplicates(duplicates)?, unix_seconds(now)?);
        let (verified, body) = once(&self.request)?;
        let store = store.get();
        let library = &*store.library;
        let record = move || verified.record_once(library, duplicates, now);
        let recorded = if library.may_wait() { py.detach(record) } else { record() };
        let verified = recorded.map_err(|refusal| refused(py, &refusal))?;
        Ok(Webhook::new(verified, body, Some(Arc::clone(&store.extent))))
    }

    /// The question to a store that Python asks.
    fn ask(
        &self,
        py: Python<'_>,
        namespace: &str,
        extent: &str,
        once: bool,
        duplicates: &str,
        now: &Bound<'_, PyAny>,
    ) -> PyResult<Question> {
        let (duplicates, now) = (self::duplicates(duplicates)?, unix_seconds(now)?);
        let store = HostStore::new(namespace).map_err(|error| configuration(py, &error))?;
        let (verified, body) = self::once(&self.request)?;
        let hold = if once { replay::Hold::Once } else { verified.lease() };
        let question = store.ask(verified, hold, duplicates, now).map_err(|refusal| refused(py, &refusal))?;
        Ok(Question {
            identity: question.identity(),
            owner: question.owner(),
            lease_seconds: question.lease_seconds(),
            keep_seconds: question.keep_seconds(),
            keep_until: question.keep_until(),
            question: Mutex::new(Some((question, body, extent.into()))),
        })
    }
}

type Open = (hookproof_stores::Question, Option<Py<PyBytes>>, Arc<str>);

/// What to ask a store of the application's own.
#[pyclass(frozen, module = "hookproof.stores")]
pub(crate) struct Question {
    #[pyo3(get)]
    identity: String,
    #[pyo3(get)]
    owner: String,
    #[pyo3(get)]
    lease_seconds: Option<u32>,
    #[pyo3(get)]
    keep_seconds: u64,
    #[pyo3(get)]
    keep_until: i64,
    question: Mutex<Option<Open>>,
}

#[pymethods]
impl Question {
    fn answer(&self, py: Python<'_>, answer: &Bound<'_, PyAny>, now: &Bound<'_, PyAny>) -> PyResult<Webhook> {
        let now = unix_seconds(now)?;
        // What is no answer is none.
        let answer = match answer.extract::<&str>() {
            Ok("claimed") => HostAnswer::Claimed,
            Ok("in_progress") => HostAnswer::InProgress,
            Ok("duplicate") => HostAnswer::Duplicate,
            Ok("full") => HostAnswer::Full,
            _ => HostAnswer::Unavailable,
        };
        let (question, body, extent) = once(&self.question)?;
        let verified = question.answer(answer, now).map_err(|refusal| refused(py, &refusal))?;
        Ok(Webhook::new(verified, body, Some(extent)))
    }
}

/// The right to work on a request, in a store of the library.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct Claim {
    claim: Mutex<replay::Claim<Arc<Library>>>,
    /// Whether ending it may have to wait, with the lock held.
    may_wait: bool,
}

#[pymethods]
impl Claim {
    #[getter]
    fn is_open(&self, py: Python<'_>) -> bool {
        self.locked(py, |claim| claim.is_open())
    }

    fn confirm(&self, py: Python<'_>, now: &Bound<'_, PyAny>) -> PyResult<bool> {
        let now = unix_seconds(now)?;
        self.end(py, |claim| claim.confirm(now))
    }

    fn release(&self, py: Python<'_>, now: &Bound<'_, PyAny>) -> PyResult<bool> {
        let now = unix_seconds(now)?;
        self.end(py, |claim| claim.release(now))
    }
}

impl Claim {
    /// Detached where a thread may have to wait for another one's end of the claim, so that it lets it come to that.
    fn locked<T: Send>(&self, py: Python<'_>, work: impl FnOnce(&mut replay::Claim<Arc<Library>>) -> T + Send) -> T {
        let work = || work(&mut self.claim.lock().unwrap_or_else(PoisonError::into_inner));
        if self.may_wait { py.detach(work) } else { work() }
    }

    fn end(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut replay::Claim<Arc<Library>>) -> Result<Effect, replay::StoreFailure> + Send,
    ) -> PyResult<bool> {
        self.locked(py, work).map(|effect| effect == Effect::Done).map_err(|failure| store_failed(py, &failure))
    }
}
