//! The bytes of a body, as Python hands them over.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// A body from this size on is hashed while other threads of Python's run.
///
/// Letting them run is dear: where one of them computes, it is asked to give the interpreter back after 5 ms. Measured on two
/// processors beside such a thread, 173,706 verifications a second of 600 bytes become 918, and 10,840 of 64 KiB become
/// 197. What it gives is the second processor, where two threads verify: 0.86 of the throughput at 600 bytes, 1.1 at 4 KiB,
/// 1.7 at 16 KiB, 2.0 from 64 KiB on. So it is done where the hash takes long for the others too: 64 KiB take 45
/// microseconds, a hundredth of what the interpreter grants any thread.
const DETACH_FROM: usize = 64 * 1024;

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
