//! What a webhook says: the core's JSON of an event, which `hookproof.events` gives its types.

use hookproof::event::{self, Carrier};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::body;

static READER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The typed event of a JSON text. The module with the types is loaded when the first event is read.
pub(crate) fn typed<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    let load = || PyResult::Ok(py.import("hookproof.events")?.getattr("event_of_json")?.unbind());
    READER.get_or_try_init(py, load)?.bind(py).call1((json,))
}

/// The JSON of an event that nobody has signed.
#[pyfunction]
pub(crate) fn parse_unsigned(py: Python<'_>, payload: &Bound<'_, PyAny>, carrier: &str) -> PyResult<String> {
    let payload = body::take(payload)?;
    let bytes = payload.as_bytes();
    let carrier = match carrier {
        "json" => Carrier::Json(bytes),
        "form" => Carrier::Form(bytes),
        "query" => Carrier::Query(bytes),
        _ => return Err(PyValueError::new_err("carrier must be json, form or query")),
    };
    Ok(body::detach_for(py, bytes.len(), || event::parse_unsigned(carrier).to_json()))
}
