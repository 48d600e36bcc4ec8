//! The test signer, for `hookproof.testing`.

use hookproof::SmsMethod;
use hookproof::sign::SmsCarrier;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::body;
use crate::failure::{config_error, configuration, not_pickled};
use crate::keyring::secret_bytes;

/// Stands in for Vonage in tests.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct Signer {
    signer: hookproof::sign::Signer,
}

#[pymethods]
impl Signer {
    #[new]
    fn new(py: Python<'_>, api_key: &str, secret: &Bound<'_, PyAny>) -> PyResult<Signer> {
        let signer = hookproof::sign::Signer::new(api_key, secret_bytes(secret)?);
        Ok(Signer { signer: signer.map_err(|error| configuration(py, &error))? })
    }

    fn sign_body(&self, body: &Bound<'_, PyAny>, iat: i64, jti: &str) -> PyResult<String> {
        Ok(self.signer.sign_body(body::take(body)?.as_bytes(), iat, jti))
    }

    fn sign_query(&self, py: Python<'_>, query: &str, iat: i64, jti: &str) -> PyResult<String> {
        self.signer.sign_query(query, iat, jti).map_err(|error| configuration(py, &error))
    }

    fn sign_sms(
        &self,
        py: Python<'_>,
        parameters: &str,
        method: &str,
        carrier: &str,
        timestamp: i64,
        nonce: &str,
    ) -> PyResult<String> {
        let method = SmsMethod::from_name(method)
            .ok_or_else(|| config_error(py, "method", "must be md5hash, md5, sha1, sha256 or sha512"))?;
        let carrier = match carrier {
            "form" | "query" => SmsCarrier::Form,
            "json" => SmsCarrier::Json,
            _ => return Err(config_error(py, "carrier", "must be form, query or json")),
        };
        let signed = self.signer.sign_sms(method, carrier, parameters, timestamp, nonce);
        signed.map_err(|error| configuration(py, &error))
    }

    fn sign_claims(&self, claims: &Bound<'_, PyBytes>) -> String {
        self.signer.sign_claims(claims.as_bytes())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_pickled("Signer"))
    }
}
