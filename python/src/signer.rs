//! The test signer, for `hookproof.testing`.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::body;
use crate::failure::{configuration, not_pickled};
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

    fn sign_claims(&self, claims: &Bound<'_, PyBytes>) -> String {
        self.signer.sign_claims(claims.as_bytes())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_pickled("Signer"))
    }
}
