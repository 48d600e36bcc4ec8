//! The verifier, as Python's object.

use std::sync::{Mutex, PoisonError};

use hookproof::{Refusal, Request, RequestHead, SourceHint, Verified};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyString};

use crate::body;
use crate::claim::Judged;
use crate::failure::{configuration, not_pickled, refused, refused_because};
use crate::headers::{Fault, Field, argument, own_name};
use crate::keyring::{Keyring, of_keys};
use crate::policy::{Options, count};
use crate::time::{system_now, unix_seconds};
use crate::webhook::Webhook;

static KEY_SOURCE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// Verifies requests. `hookproof.Verifier` adds to it what Python does better.
#[pyclass(frozen, subclass, module = "hookproof._native")]
pub(crate) struct Verifier {
    core: hookproof::Verifier,
    /// Loads the secrets of an account, where the verifier has no ring of its own.
    source: Option<Py<PyAny>>,
    clock: Option<Py<PyAny>>,
}

/// What a call says of a request, beside its body.
struct Call<'a, 'py> {
    headers: &'a Bound<'py, PyAny>,
    method: Option<&'a Bound<'py, PyAny>>,
    query: Option<&'a Bound<'py, PyAny>>,
    route: Option<&'a Bound<'py, PyAny>>,
    account: Option<&'a Bound<'py, PyAny>>,
    keyring: Option<&'a Bound<'py, Keyring>>,
    content_length: u64,
    now: Option<&'a Bound<'py, PyAny>>,
}

/// The keyring that a call is judged by.
enum Ring<'py> {
    Own,
    Of(Bound<'py, Keyring>),
}

impl Verifier {
    /// Takes the request over, finds its keyring, and has it judged.
    fn with_head<'py, T>(
        &self,
        py: Python<'py>,
        call: &Call<'_, 'py>,
        body: &[u8],
        judge: impl FnOnce(&RequestHead<'_>, &Ring<'py>, i64) -> Result<T, Refusal>,
    ) -> PyResult<T> {
        let now = match call.now {
            Some(now) => unix_seconds(now)?,
            None => self.clock_now(py)?,
        };
        let (field, unreadable) = match Field::find(call.headers, self.core.header_name()) {
            Ok(field) => (field, None),
            Err(Fault::Call(error)) => return Err(error),
            // What cannot be read is not there.
            Err(Fault::Unreadable(error)) => (Field::default(), Some(error)),
        };
        let header = field.bytes();
        let method = call.method.map(|method| argument("method", method)).transpose()?;
        let query = call.query.map(|query| argument("query", query)).transpose()?;
        let mut head = RequestHead::new(method.as_deref().unwrap_or(b"POST"))
            .header(&header, field.count)
            .query(query.as_deref().unwrap_or_default())
            .route(own_name("route", call.route)?.unwrap_or_default())
            .declared_length(call.content_length);
        if let Some(account) = own_name("account", call.account)? {
            head = head.expected_account(account);
        }
        let ring = self.ring(py, call, &Request::new(head, body))?;
        judge(&head, &ring, now).map_err(|refusal| match unreadable {
            Some(cause) => refused_because(py, &refusal, cause),
            None => refused(py, &refusal),
        })
    }

    fn ring<'py>(&self, py: Python<'py>, call: &Call<'_, 'py>, request: &Request<'_>) -> PyResult<Ring<'py>> {
        if let Some(keyring) = call.keyring {
            return Ok(Ring::Of(keyring.clone()));
        }
        let Some(source) = &self.source else { return Ok(Ring::Own) };
        match self.core.untrusted_account(request) {
            Ok(selector) => Ok(Ring::Of(source.bind(py).call_method1("load", (selector,))?.cast_into()?)),
            // The verifier finds out by itself, in its own order.
            Err(_) => Ok(Ring::Of(Bound::new(py, Keyring::unavailable())?)),
        }
    }

    fn judge<'py>(&self, body: &Bound<'py, PyBytes>, call: &Call<'_, 'py>) -> PyResult<Verified> {
        let py = body.py();
        let bytes = body.as_bytes();
        self.with_head(py, call, bytes, |head, ring, now| {
            let request = Request::new(*head, bytes);
            // Bytes of Python's never change, and the caller holds them.
            match ring {
                Ring::Own => body::detach_for(py, bytes.len(), || self.core.verify(&request, now)),
                Ring::Of(keyring) => {
                    let ring = keyring.get().ring();
                    body::detach_for(py, bytes.len(), || self.core.verify_with_keyring(&request, ring, now))
                }
            }
        })
    }

    fn clock_now(&self, py: Python<'_>) -> PyResult<i64> {
        match &self.clock {
            Some(clock) => unix_seconds(&clock.bind(py).call0()?),
            None => Ok(system_now()),
        }
    }
}

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(signature = (
        keys, *, profile = "standard", max_age = None, leeway = None, lease = None, max_body_bytes = None,
        max_header_bytes = None, header_name = None, expected_issuer = None, body_methods = None, payload_forms = None,
        own_queries = None, advice = "lossless", retry_status = 503, published_networks = false, networks = None, clock = None,
        dangerously_allow_missing_payload_hash = false, dangerously_allow_missing_nonce = false,
        dangerously_accept_and_flag_store_failures = false,
    ))]
    #[expect(clippy::too_many_arguments, reason = "the keywords of Python")]
    fn new(
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        profile: &str,
        max_age: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
        lease: Option<&Bound<'_, PyAny>>,
        max_body_bytes: Option<&Bound<'_, PyAny>>,
        max_header_bytes: Option<&Bound<'_, PyAny>>,
        header_name: Option<&str>,
        expected_issuer: Option<&str>,
        body_methods: Option<&Bound<'_, PyAny>>,
        payload_forms: Option<&Bound<'_, PyAny>>,
        own_queries: Option<&Bound<'_, PyAny>>,
        advice: &str,
        retry_status: u16,
        published_networks: bool,
        networks: Option<&Bound<'_, PyAny>>,
        clock: Option<Py<PyAny>>,
        dangerously_allow_missing_payload_hash: bool,
        dangerously_allow_missing_nonce: bool,
        dangerously_accept_and_flag_store_failures: bool,
    ) -> PyResult<Verifier> {
        let options = Options {
            profile,
            max_age,
            leeway,
            lease,
            max_body_bytes,
            max_header_bytes,
            header_name,
            expected_issuer,
            body_methods,
            payload_forms,
            own_queries,
            advice,
            retry_status,
            published_networks,
            networks,
            dangerously_allow_missing_payload_hash,
            dangerously_allow_missing_nonce,
            dangerously_accept_and_flag_store_failures,
        };
        let policy = options.policy(py)?;
        let load = || PyResult::Ok(py.import("hookproof.keys")?.getattr("KeySource")?.unbind());
        if keys.is_instance(KEY_SOURCE.get_or_try_init(py, load)?.bind(py))? {
            let core = hookproof::Verifier::with_keys_per_call(policy);
            return Ok(Verifier { core, source: Some(keys.clone().unbind()), clock });
        }
        let core = hookproof::Verifier::new(policy, of_keys(keys)?).map_err(|error| configuration(py, &error))?;
        Ok(Verifier { core, source: None, clock })
    }

    #[pyo3(signature = (
        body, *, headers, method = None, query = None, route = None, account = None, keyring = None, now = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "the keywords of Python")]
    fn verify<'py>(
        &self,
        body: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        method: Option<&Bound<'py, PyAny>>,
        query: Option<&Bound<'py, PyAny>>,
        route: Option<&Bound<'py, PyAny>>,
        account: Option<&Bound<'py, PyAny>>,
        keyring: Option<&Bound<'py, Keyring>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Webhook> {
        let body = body::take(body)?;
        let call = Call { headers, method, query, route, account, keyring, content_length: 0, now };
        let verified = self.judge(&body, &call)?;
        Ok(Webhook::new(verified, Some(body.unbind()), None))
    }

    #[pyo3(signature = (
        body, *, headers, method = None, query = None, route = None, account = None, keyring = None, now = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "the keywords of Python")]
    fn _judge<'py>(
        &self,
        body: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        method: Option<&Bound<'py, PyAny>>,
        query: Option<&Bound<'py, PyAny>>,
        route: Option<&Bound<'py, PyAny>>,
        account: Option<&Bound<'py, PyAny>>,
        keyring: Option<&Bound<'py, Keyring>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Judged> {
        let body = body::take(body)?;
        let call = Call { headers, method, query, route, account, keyring, content_length: 0, now };
        let verified = self.judge(&body, &call)?;
        Ok(Judged::new(verified, Some(body.unbind())))
    }

    #[pyo3(signature = (
        *, headers, method = None, query = None, route = None, account = None, content_length = None, keyring = None,
        keep_body = false, now = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "the keywords of Python")]
    fn _begin<'py>(
        &self,
        py: Python<'py>,
        headers: &Bound<'py, PyAny>,
        method: Option<&Bound<'py, PyAny>>,
        query: Option<&Bound<'py, PyAny>>,
        route: Option<&Bound<'py, PyAny>>,
        account: Option<&Bound<'py, PyAny>>,
        content_length: Option<&Bound<'py, PyAny>>,
        keyring: Option<&Bound<'py, Keyring>>,
        keep_body: bool,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<PendingBody> {
        let content_length = count("content_length", content_length)?.unwrap_or(0);
        let call = Call { headers, method, query, route, account, keyring, content_length, now };
        let pending = self.with_head(py, &call, b"", |head, ring, now| match ring {
            Ring::Own => self.core.begin(head, now),
            Ring::Of(keyring) => self.core.begin_with_keyring(head, keyring.get().ring(), now),
        })?;
        Ok(PendingBody {
            key_label: pending.key_label().to_owned(),
            keyring_generation: pending.keyring_generation(),
            pending: Mutex::new(Some((pending, keep_body.then(Vec::new)))),
        })
    }

    #[pyo3(signature = (body = None, *, headers, method = None, query = None, route = None))]
    fn untrusted_account<'py>(
        &self,
        py: Python<'py>,
        body: Option<&Bound<'py, PyAny>>,
        headers: &Bound<'py, PyAny>,
        method: Option<&Bound<'py, PyAny>>,
        query: Option<&Bound<'py, PyAny>>,
        route: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<String> {
        let unavailable = Bound::new(py, Keyring::unavailable())?;
        let keyring = Some(&unavailable);
        let now = 0_i64.into_pyobject(py)?.into_any();
        let call = Call { headers, method, query, route, account: None, keyring, content_length: 0, now: Some(&now) };
        let body = body.map(body::take).transpose()?;
        let bytes = body.as_ref().map_or(&b""[..], |body| body.as_bytes());
        self.with_head(py, &call, bytes, |head, _, _| self.core.untrusted_account(&Request::new(*head, bytes)))
    }

    fn replace_keyring(&self, py: Python<'_>, keys: &Bound<'_, PyAny>) -> PyResult<u64> {
        if self.source.is_some() {
            return Err(PyRuntimeError::new_err("the keys of this verifier are loaded by its KeySource: clear() that"));
        }
        self.core.replace_keyring(of_keys(keys)?).map_err(|error| configuration(py, &error))
    }

    #[getter]
    fn generation(&self) -> u64 {
        self.core.generation()
    }

    #[getter]
    fn header_name(&self) -> &str {
        self.core.header_name()
    }

    #[getter]
    fn max_body_bytes(&self) -> u64 {
        self.core.policy().max_body_bytes()
    }

    #[getter]
    fn retry_status(&self) -> u16 {
        self.core.policy().failed_work_advice().http_status
    }

    #[getter]
    fn retry_after(&self) -> Option<u32> {
        self.core.policy().failed_work_advice().retry_after
    }

    #[getter]
    fn profile(&self) -> &'static str {
        self.core.policy().profile_name()
    }

    fn now(&self, py: Python<'_>) -> PyResult<i64> {
        self.clock_now(py)
    }

    fn source_hint(&self, address: &Bound<'_, PyString>) -> &'static str {
        let hint = match (self.core.policy().networks(), address.to_str()) {
            (None, _) => SourceHint::NotChecked,
            (Some(networks), Ok(address)) => networks.hint_of_text(address),
            (Some(_), Err(_)) => SourceHint::Unreadable,
        };
        hint.name()
    }

    #[getter]
    fn _key_source(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.source.as_ref().map(|source| source.clone_ref(py))
    }

    fn __repr__(&self) -> String {
        let profile = self.core.policy().profile_name();
        match &self.source {
            Some(_) => format!("<Verifier {profile}, keys loaded when needed>"),
            None => format!("<Verifier {profile}, keyring {}>", self.core.generation()),
        }
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_pickled("Verifier"))
    }
}

/// A request whose head has passed and whose body is on its way.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct PendingBody {
    #[pyo3(get)]
    key_label: String,
    #[pyo3(get)]
    keyring_generation: u64,
    /// With the body so far, where it is kept.
    pending: Mutex<Option<(hookproof::PendingBody, Option<Vec<u8>>)>>,
}

impl PendingBody {
    fn end(&self, py: Python<'_>, now: &Bound<'_, PyAny>) -> PyResult<(Verified, Option<Py<PyBytes>>)> {
        let now = unix_seconds(now)?;
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (pending, body) = pending.ok_or_else(finished)?;
        let verified = pending.finish(now).map_err(|refusal| refused(py, &refusal))?;
        Ok((verified, body.map(|body| PyBytes::new(py, &body).unbind())))
    }
}

fn finished() -> PyErr {
    PyRuntimeError::new_err("this request is finished")
}

#[pymethods]
impl PendingBody {
    fn update(&self, py: Python<'_>, chunk: &Bound<'_, PyAny>) -> PyResult<()> {
        let chunk = body::take(chunk)?;
        let bytes = chunk.as_bytes();
        // Locked only while nobody else of this interpreter can run, or while it is let run: never across the two.
        let outcome = body::detach_for(py, bytes.len(), || {
            let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.as_mut().map(|(pending, body)| {
                pending.update(bytes)?;
                // Within the policy's ceiling, or update had refused it.
                if let Some(body) = body {
                    body.extend_from_slice(bytes);
                }
                Ok(())
            })
        });
        match outcome {
            None => Err(finished()),
            Some(outcome) => outcome.map_err(|refusal: Refusal| refused(py, &refusal)),
        }
    }

    fn finish(&self, py: Python<'_>, now: &Bound<'_, PyAny>) -> PyResult<Webhook> {
        self.end(py, now).map(|(verified, body)| Webhook::new(verified, body, None))
    }

    fn judge(&self, py: Python<'_>, now: &Bound<'_, PyAny>) -> PyResult<Judged> {
        self.end(py, now).map(|(verified, body)| Judged::new(verified, body))
    }
}
