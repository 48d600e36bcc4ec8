//! The options of a verifier: keywords of Python, settings of the core.

use hookproof::{AdviceTable, Networks, Policy};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};

use crate::body::type_name;
use crate::failure::{config_error, configuration};
use crate::time::whole_seconds;

/// What a verifier was given beside its keys.
pub(crate) struct Options<'a, 'py> {
    pub(crate) profile: &'a str,
    pub(crate) max_age: Option<&'a Bound<'py, PyAny>>,
    pub(crate) leeway: Option<&'a Bound<'py, PyAny>>,
    pub(crate) lease: Option<&'a Bound<'py, PyAny>>,
    pub(crate) max_body_bytes: Option<&'a Bound<'py, PyAny>>,
    pub(crate) max_header_bytes: Option<&'a Bound<'py, PyAny>>,
    pub(crate) header_name: Option<&'a str>,
    pub(crate) expected_issuer: Option<&'a str>,
    pub(crate) body_methods: Option<&'a Bound<'py, PyAny>>,
    pub(crate) payload_forms: Option<&'a Bound<'py, PyAny>>,
    pub(crate) own_queries: Option<&'a Bound<'py, PyAny>>,
    pub(crate) advice: &'a str,
    pub(crate) retry_status: u16,
    pub(crate) published_networks: bool,
    pub(crate) networks: Option<&'a Bound<'py, PyAny>>,
    pub(crate) dangerously_allow_missing_payload_hash: bool,
    pub(crate) dangerously_allow_missing_nonce: bool,
    pub(crate) dangerously_accept_and_flag_store_failures: bool,
}

impl Options<'_, '_> {
    pub(crate) fn policy(&self, py: Python<'_>) -> PyResult<Policy> {
        let refused = |error| configuration(py, &error);
        let mut policy = Policy::for_profile(self.profile).map_err(refused)?;
        if let Some(seconds) = whole_seconds("max_age", self.max_age)? {
            policy.set_max_age(seconds).map_err(refused)?;
        }
        if let Some(seconds) = whole_seconds("leeway", self.leeway)? {
            policy.set_leeway(seconds).map_err(refused)?;
        }
        if let Some(seconds) = whole_seconds("lease", self.lease)? {
            policy.set_lease(seconds).map_err(refused)?;
        }
        if let Some(bytes) = count("max_body_bytes", self.max_body_bytes)? {
            policy.set_max_body_bytes(bytes).map_err(refused)?;
        }
        if let Some(bytes) = count("max_header_bytes", self.max_header_bytes)? {
            policy.set_max_header_bytes(usize::try_from(bytes).unwrap_or(usize::MAX)).map_err(refused)?;
        }
        if let Some(name) = self.header_name {
            policy.set_header_name(name).map_err(refused)?;
        }
        if let Some(issuer) = self.expected_issuer {
            policy.set_expected_issuer(issuer).map_err(refused)?;
        }
        for method in texts("body_methods", self.body_methods)? {
            policy.add_body_method(&method).map_err(refused)?;
        }
        for form in texts("payload_forms", self.payload_forms)? {
            policy.add_payload_form(&form).map_err(refused)?;
        }
        for query in texts("own_queries", self.own_queries)? {
            policy.add_own_query(&query).map_err(refused)?;
        }
        policy.set_advice(match self.advice {
            "lossless" => AdviceTable::Lossless,
            "conventional" => AdviceTable::Conventional,
            _ => return Err(config_error(py, "advice", "must be lossless or conventional")),
        });
        policy.set_retry_status(self.retry_status).map_err(refused)?;
        let added = texts("networks", self.networks)?;
        if self.published_networks || !added.is_empty() {
            let mut networks = if self.published_networks { Networks::published() } else { Networks::new() };
            for network in added {
                networks.add(&network).map_err(refused)?;
            }
            policy.set_networks(networks);
        }
        if self.dangerously_allow_missing_payload_hash {
            policy.dangerously_allow_missing_payload_hash();
        }
        if self.dangerously_allow_missing_nonce {
            policy.dangerously_allow_missing_nonce();
        }
        if self.dangerously_accept_and_flag_store_failures {
            policy.dangerously_accept_and_flag_store_failures();
        }
        Ok(policy)
    }
}

/// A number of bytes or of things.
pub(crate) fn count(place: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<u64>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    if !value.is_instance_of::<PyInt>() || value.is_instance_of::<PyBool>() {
        return Err(PyTypeError::new_err(format!("{place} must be int, not {}", type_name(value))));
    }
    if value.lt(0)? {
        return Err(config_error(value.py(), place, "must not be negative"));
    }
    Ok(Some(value.extract().unwrap_or(u64::MAX)))
}

fn texts(place: &str, values: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    let Some(values) = values.filter(|values| !values.is_none()) else { return Ok(Vec::new()) };
    // The letters of one text are nobody's methods.
    if values.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err(format!("{place} must be several texts, not one str")));
    }
    values.try_iter()?.map(|text| text?.extract()).collect()
}
