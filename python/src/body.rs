//! The bytes of a body, as Python hands them over.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// A body from this size on is hashed while other threads run. Below, letting them run costs more than it gives: hashlib's own
/// threshold, which measurements of this library confirm.
const DETACH_FROM: usize = 2048;

/// The bytes, which nobody can change: those of `bytes` themselves, a copy of everything else.
pub(crate) fn take<'py>(body: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    if let Ok(bytes) = body.cast::<PyBytes>() {
        return Ok(bytes.clone());
    }
    if body.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err(
            "the body must be the raw bytes of the request, not str: text has been decoded, and need not be what was signed \
             (Flask: request.get_data(), Django: request.body, Starlette and aiohttp: await request.body() or .read())",
        ));
    }
    match PyBuffer::<u8>::get(body) {
        Ok(buffer) => Ok(PyBytes::new(body.py(), &buffer.to_vec(body.py())?)),
        Err(_) => Err(PyTypeError::new_err(format!(
            "the body must be the raw bytes of the request (bytes, bytearray or a memoryview of bytes), not {}",
            type_name(body)
        ))),
    }
}

/// Runs work on so many bytes, and lets other threads run meanwhile if it will take a while.
pub(crate) fn detach_for<T: Send>(py: Python<'_>, bytes: usize, work: impl FnOnce() -> T + Send) -> T {
    if bytes < DETACH_FROM { work() } else { py.detach(work) }
}

pub(crate) fn type_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string())
}
