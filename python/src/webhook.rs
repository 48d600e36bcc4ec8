//! The proof that a request passed, as Python's object.

use std::sync::Arc;

use hookproof::event;
use hookproof::{ReplayCheck, Verified};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyTuple};

use crate::body;
use crate::event::typed;
use crate::failure::not_pickled;

/// A request that passed every check.
#[pyclass(frozen, module = "hookproof")]
pub(crate) struct Webhook {
    verified: Verified,
    /// Nothing where it was streamed.
    body: Option<Py<PyBytes>>,
    /// Of the store that was asked.
    extent: Option<Arc<str>>,
    event: PyOnceLock<Py<PyAny>>,
}

impl Webhook {
    pub(crate) fn new(verified: Verified, body: Option<Py<PyBytes>>, extent: Option<Arc<str>>) -> Webhook {
        Webhook { verified, body, extent, event: PyOnceLock::new() }
    }

    fn read(&self, py: Python<'_>, body: Option<&[u8]>) -> PyResult<Py<PyAny>> {
        let verified = &self.verified;
        let bytes = body.map_or(0, <[u8]>::len);
        let json = body::detach_for(py, bytes, || match (event::parse_query(verified), body) {
            (Some(event), None | Some([])) => Some(event.to_json()),
            (None, Some(body)) => event::parse(verified, body).ok().map(|event| event.to_json()),
            _ => None,
        });
        match json {
            Some(json) => typed(py, &json).map(Bound::unbind),
            None if body.is_some() => Err(PyValueError::new_err("the body is not the one that was verified")),
            None => Err(PyValueError::new_err("the body was streamed and is not kept: give it to read_event")),
        }
    }
}

#[pymethods]
impl Webhook {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("api_key", "event")
    }

    #[getter]
    fn api_key(&self) -> &str {
        self.verified.api_key()
    }

    #[getter]
    fn jti(&self) -> &str {
        self.verified.jti()
    }

    #[getter]
    fn issued_at(&self) -> i64 {
        self.verified.issued_at()
    }

    #[getter]
    fn age_seconds(&self) -> i64 {
        self.verified.age_seconds()
    }

    #[getter]
    fn application_id(&self) -> Option<&str> {
        self.verified.application_id()
    }

    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.verified.claims_json(),))
    }

    #[getter]
    fn claims_json(&self) -> &str {
        self.verified.claims_json()
    }

    #[getter]
    fn key_label(&self) -> &str {
        self.verified.key_label()
    }

    #[getter]
    fn keyring_generation(&self) -> u64 {
        self.verified.keyring_generation()
    }

    #[getter]
    fn payload_form(&self) -> &'static str {
        self.verified.payload_form().name()
    }

    #[getter]
    fn body(&self, py: Python<'_>) -> Option<Py<PyBytes>> {
        self.body.as_ref().map(|body| body.clone_ref(py))
    }

    #[getter]
    fn query<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.verified.query_pairs().iter().collect::<Vec<_>>())
    }

    fn query_value(&self, name: &str) -> Option<&str> {
        self.verified.query_value(name)
    }

    #[getter]
    fn replay(&self) -> &'static str {
        self.verified.replay().name()
    }

    #[getter]
    fn replay_extent(&self) -> &str {
        self.extent.as_deref().unwrap_or("not checked")
    }

    #[getter]
    fn is_duplicate(&self) -> bool {
        *self.verified.replay() == ReplayCheck::Duplicate
    }

    #[getter]
    fn event(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let read = || {
            let body = self.body.as_ref().map(|body| body.bind(py).as_bytes());
            self.read(py, body)
        };
        self.event.get_or_try_init(py, read).map(|event| event.clone_ref(py))
    }

    fn read_event(&self, py: Python<'_>, body: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        self.read(py, Some(body::take(body)?.as_bytes()))
    }

    fn __repr__(&self) -> String {
        let verified = &self.verified;
        format!(
            "<Webhook of {:?}, secret {:?}, age {} s, {}, replay {}>",
            verified.api_key(),
            verified.key_label(),
            verified.age_seconds(),
            verified.payload_form().name(),
            verified.replay().name()
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_pickled("Webhook"))
    }
}
