//! Secrets and keyrings, as Python's objects.

use hookproof::{ConfigError, Validity};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyMapping, PyString, PyTuple};
use zeroize::Zeroizing;

use crate::body::type_name;
use crate::failure::{config_error, configuration, not_pickled};
use crate::time;

/// A secret with its label and its dates.
#[pyclass(frozen, module = "hookproof")]
pub(crate) struct Secret {
    #[pyo3(get)]
    label: String,
    value: Zeroizing<Vec<u8>>,
    validity: Validity,
}

#[pymethods]
impl Secret {
    #[new]
    #[pyo3(signature = (label, value, *, not_before = None, not_after = None))]
    fn new(
        py: Python<'_>,
        label: String,
        value: &Bound<'_, PyAny>,
        not_before: Option<&Bound<'_, PyAny>>,
        not_after: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Secret> {
        let validity = Validity {
            not_before: time::date("not_before", not_before)?,
            not_after: time::date("not_after", not_after)?,
        };
        let secret = Secret { label, value: Zeroizing::new(secret_bytes(value)?.to_vec()), validity };
        // What is wrong is said where the secret is written down.
        secret.add_to(&mut hookproof::Keyring::new(), "account").map_err(|error| configuration(py, &error))?;
        Ok(secret)
    }

    fn __repr__(&self) -> String {
        format!("<Secret {:?}>", self.label)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_pickled("Secret"))
    }
}

impl Secret {
    fn add_to(&self, keyring: &mut hookproof::Keyring, api_key: &str) -> Result<(), ConfigError> {
        keyring.add_dated_secret(api_key, &self.label, &self.value, self.validity)
    }
}

/// Accounts with their secrets.
#[pyclass(frozen, module = "hookproof")]
pub(crate) struct Keyring {
    /// Nothing stands for secrets that could not be loaded.
    ring: Option<hookproof::Keyring>,
}

#[pymethods]
impl Keyring {
    #[new]
    #[pyo3(signature = (accounts = None, *, application_ids = None))]
    fn new(accounts: Option<&Bound<'_, PyAny>>, application_ids: Option<&Bound<'_, PyAny>>) -> PyResult<Keyring> {
        let mut ring = match accounts {
            Some(accounts) => of_mapping(accounts)?,
            None => hookproof::Keyring::new(),
        };
        if let Some(ids) = application_ids {
            add_applications(&mut ring, ids)?;
        }
        Ok(Keyring { ring: Some(ring) })
    }

    #[staticmethod]
    fn from_json(text: &Bound<'_, PyAny>) -> PyResult<Keyring> {
        Ok(Keyring { ring: Some(of_json(text)?) })
    }

    #[staticmethod]
    pub(crate) fn unavailable() -> Keyring {
        Keyring { ring: None }
    }

    #[getter]
    fn api_keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.ring.as_ref().map(hookproof::Keyring::api_keys).unwrap_or_default())
    }

    fn labels<'py>(&self, py: Python<'py>, api_key: &str) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.ring.as_ref().map(|ring| ring.labels(api_key)).unwrap_or_default())
    }

    fn lints<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let lints = self.ring.as_ref().map(hookproof::Keyring::lints).unwrap_or_default();
        PyTuple::new(py, lints.iter().map(ToString::to_string))
    }

    fn __len__(&self) -> usize {
        self.ring.as_ref().map_or(0, hookproof::Keyring::len)
    }

    fn __contains__(&self, api_key: &Bound<'_, PyAny>) -> bool {
        let api_key: Result<&str, _> = api_key.extract();
        api_key.is_ok_and(|api_key| self.ring.as_ref().is_some_and(|ring| !ring.labels(api_key).is_empty()))
    }

    fn __repr__(&self) -> String {
        match &self.ring {
            Some(ring) => format!("<Keyring of {} accounts>", ring.len()),
            None => "<Keyring that could not be loaded>".to_owned(),
        }
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_pickled("Keyring"))
    }
}

impl Keyring {
    pub(crate) fn ring(&self) -> Option<&hookproof::Keyring> {
        self.ring.as_ref()
    }
}

/// The keyring of a verifier: a `Keyring`, a mapping, or JSON text.
pub(crate) fn of_keys(keys: &Bound<'_, PyAny>) -> PyResult<hookproof::Keyring> {
    if let Ok(keyring) = keys.cast::<Keyring>() {
        let ring = keyring.get().ring.clone();
        return ring.ok_or_else(|| config_error(keys.py(), "keyring", "could not be loaded"));
    }
    if keys.is_instance_of::<PyString>() || keys.is_instance_of::<PyBytes>() {
        return of_json(keys);
    }
    of_mapping(keys)
}

fn of_json(text: &Bound<'_, PyAny>) -> PyResult<hookproof::Keyring> {
    let py = text.py();
    let ring = if let Ok(bytes) = text.cast::<PyBytes>() {
        let text = std::str::from_utf8(bytes.as_bytes()).map_err(|_| config_error(py, "keyring", "must be UTF-8"))?;
        hookproof::Keyring::from_json(text)
    } else if let Ok(text) = text.cast::<PyString>() {
        let text = text.to_str().map_err(|_| config_error(py, "keyring", "must be UTF-8"))?;
        hookproof::Keyring::from_json(text)
    } else {
        return Err(PyTypeError::new_err(format!("the keyring's text must be str or bytes, not {}", type_name(text))));
    };
    ring.map_err(|error| configuration(py, &error))
}

fn of_mapping(accounts: &Bound<'_, PyAny>) -> PyResult<hookproof::Keyring> {
    let mut ring = hookproof::Keyring::new();
    for (api_key, secrets) in entries("keys", accounts)? {
        let api_key = name("api_key", &api_key)?;
        for (index, secret) in one_or_several(&secrets)?.iter().enumerate() {
            add_secret(&mut ring, &api_key, index.saturating_add(1), secret)?;
        }
        if ring.labels(&api_key).is_empty() {
            return Err(config_error(accounts.py(), "keys", "an account has no secret"));
        }
    }
    Ok(ring)
}

fn add_secret(ring: &mut hookproof::Keyring, api_key: &str, number: usize, secret: &Bound<'_, PyAny>) -> PyResult<()> {
    let added = match secret.cast::<Secret>() {
        Ok(secret) => secret.get().add_to(ring, api_key),
        Err(_) => ring.add_secret(api_key, &format!("key-{number}"), secret_bytes(secret)?),
    };
    added.map_err(|error| configuration(secret.py(), &error))
}

fn add_applications(ring: &mut hookproof::Keyring, ids: &Bound<'_, PyAny>) -> PyResult<()> {
    for (api_key, ids) in entries("application_ids", ids)? {
        let api_key = name("api_key", &api_key)?;
        for id in one_or_several(&ids)? {
            let id = name("application_id", &id)?;
            ring.add_application_id(&api_key, &id).map_err(|error| configuration(ids.py(), &error))?;
        }
    }
    Ok(())
}

type Entry<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

fn entries<'py>(place: &str, mapping: &Bound<'py, PyAny>) -> PyResult<Vec<Entry<'py>>> {
    if let Ok(dict) = mapping.cast::<PyDict>() {
        return Ok(dict.items().iter().filter_map(|item| item.extract().ok()).collect());
    }
    let mapping = mapping.cast::<PyMapping>().map_err(|_| {
        PyTypeError::new_err(format!(
            "{place} must be a mapping of api_key to one or several values, not {}",
            type_name(mapping)
        ))
    })?;
    mapping.items()?.iter().map(|item| item.extract()).collect()
}

/// A value by itself, or the values of any other iterable.
fn one_or_several<'py>(value: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let alone =
        value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() || value.is_instance_of::<Secret>();
    if alone { Ok(vec![value.clone()]) } else { several(value) }
}

fn several<'py>(values: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    match values.try_iter() {
        Ok(values) => values.collect(),
        Err(_) => Err(PyTypeError::new_err(format!(
            "must be str, bytes, a Secret, or several of them, not {}",
            type_name(values)
        ))),
    }
}

fn name(place: &str, text: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = text
        .cast::<PyString>()
        .map_err(|_| PyTypeError::new_err(format!("{place} must be str, not {}", type_name(text))))?;
    let text = text.to_str().map_err(|_| config_error(text.py(), place, "must be text of Unicode"))?;
    Ok(text.to_owned())
}

/// The bytes of a secret: those of bytes, and the UTF-8 of text.
pub(crate) fn secret_bytes<'a>(secret: &'a Bound<'_, PyAny>) -> PyResult<&'a [u8]> {
    if let Ok(bytes) = secret.cast::<PyBytes>() {
        return Ok(bytes.as_bytes());
    }
    let text = secret
        .cast::<PyString>()
        .map_err(|_| PyTypeError::new_err(format!("a secret must be str or bytes, not {}", type_name(secret))))?;
    let text = text.to_str().map_err(|_| config_error(secret.py(), "secret", "must be text of Unicode"))?;
    Ok(text.as_bytes())
}
