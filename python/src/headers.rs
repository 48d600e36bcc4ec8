//! Texts of a request, as frameworks have them: header fields above all. Text is taken by latin-1, as WSGI, ASGI and HTTP have
//! it.

use std::borrow::Cow;

use hookproof::limits::MOST_MAX_HEADER_BYTES;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

use crate::body::type_name;

/// A byte that no genuine header, query or method has: stands for what is no byte at all.
const NO_BYTE: u8 = 0xff;

/// What stands under one name.
#[derive(Default)]
pub(crate) struct Field<'py> {
    value: Option<Bound<'py, PyAny>>,
    pub(crate) count: usize,
}

/// Why no field was found.
pub(crate) enum Fault {
    /// The call is wrong, whatever the request is.
    Call(PyErr),
    /// The framework's own object failed. Nothing is known of the header then.
    Unreadable(PyErr),
}

impl<'py> Field<'py> {
    /// Looks for a field in a mapping or in pairs, however its name is written, and counts how often it stands there.
    pub(crate) fn find(headers: &Bound<'py, PyAny>, name: &str) -> Result<Field<'py>, Fault> {
        let mut field = Field::default();
        if let Ok(dict) = headers.cast_exact::<PyDict>() {
            // No code of Python's runs in between, and so nobody changes it.
            #[cfg(not(Py_GIL_DISABLED))]
            for (key, value) in dict.iter() {
                field.see(&key, name, value);
            }
            #[cfg(Py_GIL_DISABLED)]
            for item in dict.items() {
                if let Ok((key, value)) = item.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>() {
                    field.see(&key, name, value);
                }
            }
            return Ok(field);
        }
        if headers.is_instance_of::<PyString>() || headers.is_instance_of::<PyBytes>() || headers.is_none() {
            return Err(Fault::Call(no_headers(headers)));
        }
        let items = match headers.cast::<PyList>() {
            Ok(list) => list.as_any().clone(),
            Err(_) => match headers.getattr_opt("items").map_err(fault)? {
                Some(items) => items.call0().map_err(fault)?,
                None => headers.clone(),
            },
        };
        let pairs = match items.try_iter() {
            Ok(pairs) => pairs,
            Err(error) if error.is_instance_of::<PyTypeError>(headers.py()) => {
                return Err(Fault::Call(no_headers(headers)));
            }
            Err(error) => return Err(fault(error)),
        };
        for pair in pairs {
            let pair = pair.map_err(fault)?;
            let (key, value) = halves(&pair).ok_or_else(|| Fault::Call(no_headers(headers)))?;
            field.see(&key, name, value);
        }
        Ok(field)
    }

    fn see(&mut self, key: &Bound<'py, PyAny>, name: &str, value: Bound<'py, PyAny>) {
        if !is_name(key, name) || value.is_none() {
            return;
        }
        if let Ok(values) = value.cast::<PyList>() {
            values.iter().for_each(|value| self.add(value));
        } else if let Ok(values) = value.cast::<PyTuple>() {
            values.iter().for_each(|value| self.add(value));
        } else {
            self.add(value);
        }
    }

    fn add(&mut self, value: Bound<'py, PyAny>) {
        self.count = self.count.saturating_add(1);
        self.value.get_or_insert(value);
    }

    /// The value of the first. What is no text is a value that no token can be.
    pub(crate) fn bytes(&self) -> Cow<'_, [u8]> {
        match &self.value {
            Some(value) => wire(value).unwrap_or(Cow::Borrowed(&[NO_BYTE])),
            None => Cow::Borrowed(&[]),
        }
    }
}

/// Whether an exception is one of those that must not be turned into a refusal: the program is being ended.
fn fault(error: PyErr) -> Fault {
    let ends = Python::attach(|py| !error.is_instance_of::<pyo3::exceptions::PyException>(py));
    if ends { Fault::Call(error) } else { Fault::Unreadable(error) }
}

fn no_headers(headers: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!(
        "headers must be all header fields of the request, as a mapping or as pairs, not {}",
        type_name(headers)
    ))
}

fn halves<'py>(pair: &Bound<'py, PyAny>) -> Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    if let Ok(pair) = pair.cast::<PyTuple>() {
        return (pair.len() == 2).then_some((pair.get_item(0).ok()?, pair.get_item(1).ok()?));
    }
    let pair = pair.cast::<PyList>().ok()?;
    (pair.len() == 2).then_some((pair.get_item(0).ok()?, pair.get_item(1).ok()?))
}

fn is_name(key: &Bound<'_, PyAny>, name: &str) -> bool {
    if let Ok(key) = key.cast::<PyString>() {
        return key.to_str().is_ok_and(|key| key.eq_ignore_ascii_case(name));
    }
    key.cast::<PyBytes>().is_ok_and(|key| key.as_bytes().eq_ignore_ascii_case(name.as_bytes()))
}

/// The bytes of a text or of bytes; nothing for another type.
pub(crate) fn wire<'a>(value: &'a Bound<'_, PyAny>) -> Option<Cow<'a, [u8]>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Some(Cow::Borrowed(bytes.as_bytes()));
    }
    let text = value.cast::<PyString>().ok()?;
    let Ok(utf8) = text.to_str() else {
        // Surrogates, which stand for no byte.
        return Some(Cow::Borrowed(&[NO_BYTE]));
    };
    // Beyond every limit in whatever form; four bytes of UTF-8 are one character at most.
    if utf8.len() > 4 * MOST_MAX_HEADER_BYTES + 4 || utf8.is_ascii() {
        return Some(Cow::Borrowed(utf8.as_bytes()));
    }
    Some(Cow::Owned(utf8.chars().map(|letter| u8::try_from(letter).unwrap_or(NO_BYTE)).collect()))
}

/// A method or query of the call.
pub(crate) fn argument<'a>(place: &str, value: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, [u8]>> {
    wire(value).ok_or_else(|| PyTypeError::new_err(format!("{place} must be str or bytes, not {}", type_name(value))))
}

/// A name of the application's own: a route or an account, in UTF-8.
pub(crate) fn own_name<'a>(place: &str, value: Option<&'a Bound<'_, PyAny>>) -> PyResult<Option<&'a [u8]>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    let text = value
        .cast::<PyString>()
        .map_err(|_| PyTypeError::new_err(format!("{place} must be str, not {}", type_name(value))))?;
    // A name may come from a URL: what is no text names nothing.
    Ok(Some(text.to_str().map_or(&[NO_BYTE], str::as_bytes)))
}
