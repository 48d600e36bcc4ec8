//! Exceptions: those of the package, made here with what the core says.

use hookproof::replay::StoreFailure;
use hookproof::{ConfigError, Refusal};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

static REFUSED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static CONFIG_ERROR: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static STORE_FAILED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// A name of `hookproof.errors`.
fn known<'py>(py: Python<'py>, cell: &PyOnceLock<Py<PyAny>>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let make = || PyResult::Ok(py.import("hookproof.errors")?.getattr(name)?.unbind());
    cell.get_or_try_init(py, make).map(|found| found.bind(py).clone())
}

/// The exception that an object of the package makes.
fn made(made: PyResult<Bound<'_, PyAny>>) -> PyErr {
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// The exception of the refusal's family.
#[cold]
pub(crate) fn refused(py: Python<'_>, refusal: &Refusal) -> PyErr {
    made(refusal_object(py, refusal))
}

fn refusal_object<'py>(py: Python<'py>, refusal: &Refusal) -> PyResult<Bound<'py, PyAny>> {
    let advice = refusal.advice();
    let details = (
        refusal.reason().code(),
        refusal.to_string(),
        advice.http_status,
        advice.sender_retries,
        advice.retry_after,
        refusal.untrusted_api_key(),
        refusal.key_label(),
        refusal.keyring_generation(),
        refusal.age_seconds(),
        PyTuple::new(py, refusal.lints())?,
        refusal.payload_fault(),
        refusal.store_failure().map(StoreFailure::detail),
    );
    known(py, &REFUSED, "_refused")?.call1(details)
}

/// As [`refused`], because of another exception, which tells the application where to look.
pub(crate) fn refused_because(py: Python<'_>, refusal: &Refusal, cause: PyErr) -> PyErr {
    let error = refused(py, refusal);
    error.set_cause(py, Some(cause));
    error
}

#[cold]
pub(crate) fn config_error(py: Python<'_>, place: &str, rule: &str) -> PyErr {
    made(known(py, &CONFIG_ERROR, "ConfigError").and_then(|class| class.call1((place, rule))))
}

/// The core's own configuration error.
#[cold]
pub(crate) fn configuration(py: Python<'_>, error: &ConfigError) -> PyErr {
    let text = error.to_string();
    let rule = text.strip_prefix(error.place()).and_then(|text| text.strip_prefix(": ")).unwrap_or(&text);
    config_error(py, error.place(), rule)
}

#[cold]
pub(crate) fn store_failed(py: Python<'_>, failure: &StoreFailure) -> PyErr {
    made(known(py, &STORE_FAILED, "StoreFailed").and_then(|class| class.call1((failure.detail(),))))
}

/// What holds secrets or proofs belongs to the process that made it.
pub(crate) fn not_pickled(class: &str) -> PyErr {
    pyo3::exceptions::PyTypeError::new_err(format!("{class} cannot be pickled or copied"))
}
