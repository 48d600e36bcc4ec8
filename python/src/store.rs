//! The stores of the library itself, and what Python needs for those that it asks.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hookproof::replay::{self, ClaimAnswer, ClaimRequest, Effect, StoreFailure, Ticket};
use hookproof_stores::{Durability, HostStore, scripts};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::failure::{config_error, configuration, not_pickled};
use crate::policy::count;
use crate::time::{budget, system_now, unix_seconds};

/// A store that the library asks itself.
pub(crate) enum Library {
    Memory(replay::MemoryStore),
    File(hookproof_stores::FileStore),
}

impl Library {
    fn store(&self) -> &dyn replay::Store {
        match self {
            Library::Memory(store) => store,
            Library::File(store) => store,
        }
    }

    /// Whether an answer may have to wait for another process or the disk.
    pub(crate) fn may_wait(&self) -> bool {
        matches!(self, Library::File(_))
    }
}

impl replay::Store for Library {
    fn claim(&self, request: &ClaimRequest<'_>) -> ClaimAnswer {
        self.store().claim(request)
    }

    fn confirm(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
        self.store().confirm(ticket, now)
    }

    fn release(&self, ticket: &Ticket, now: i64) -> Result<Effect, StoreFailure> {
        self.store().release(ticket, now)
    }

    fn extent(&self) -> String {
        self.store().extent()
    }
}

/// What the library's stores have in common.
#[pyclass(frozen, subclass, name = "_Store", module = "hookproof._native")]
pub(crate) struct Store {
    pub(crate) library: Arc<Library>,
    pub(crate) extent: Arc<str>,
}

impl Store {
    fn new(library: Library) -> Store {
        let extent = replay::Store::extent(&library).into();
        Store { library: Arc::new(library), extent }
    }
}

#[pymethods]
impl Store {
    #[getter]
    fn extent(&self) -> &str {
        &self.extent
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        Ok(format!("<{}: {}>", slf.get_type().name()?, slf.get().extent))
    }

    fn __reduce__(slf: &Bound<'_, Self>) -> PyResult<()> {
        Err(not_pickled(&slf.get_type().name()?.to_string()))
    }
}

/// Remembers for the threads of this process.
#[pyclass(frozen, extends = Store, module = "hookproof")]
pub(crate) struct MemoryStore;

#[pymethods]
impl MemoryStore {
    #[new]
    #[pyo3(signature = (capacity = None, *, cold_start = "allow", now = None))]
    fn new(
        py: Python<'_>,
        capacity: Option<&Bound<'_, PyAny>>,
        cold_start: &str,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyClassInitializer<MemoryStore>> {
        let capacity = match count("capacity", capacity)? {
            Some(capacity) => usize::try_from(capacity).unwrap_or(usize::MAX),
            None => hookproof::limits::DEFAULT_STORE_CAPACITY,
        };
        let store = replay::MemoryStore::new(capacity).map_err(|error| configuration(py, &error))?;
        let store = match cold_start {
            "allow" => store,
            "refuse" => store.refuse_issued_until(now.map_or_else(|| Ok(system_now()), unix_seconds)?),
            _ => return Err(config_error(py, "cold_start", "must be allow or refuse")),
        };
        Ok(PyClassInitializer::from(Store::new(Library::Memory(store))).add_subclass(MemoryStore))
    }
}

/// Remembers for the processes of one machine.
#[pyclass(frozen, extends = Store, module = "hookproof")]
pub(crate) struct FileStore;

#[pymethods]
impl FileStore {
    #[new]
    #[pyo3(signature = (path, *, durability = "process_crash", budget = None))]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        durability: &str,
        #[pyo3(from_py_with = as_it_is)] budget: Option<Bound<'_, PyAny>>,
    ) -> PyResult<PyClassInitializer<FileStore>> {
        let durability = match durability {
            "process_crash" => Durability::ProcessCrash,
            "power_loss" => Durability::PowerLoss,
            _ => return Err(config_error(py, "durability", "must be process_crash or power_loss")),
        };
        let budget = self::budget("budget", budget.as_ref())?;
        watch_forks(py)?;
        // Others may be making theirs: that waits, and forks must not.
        let store = py.detach(|| hookproof_stores::FileStore::new(&path)).map_err(|error| configuration(py, &error))?;
        let store = store.with_durability(durability);
        let store = match budget {
            Some(budget) => store.with_budget(budget),
            None => store,
        };
        Ok(PyClassInitializer::from(Store::new(Library::File(store))).add_subclass(FileStore))
    }
}

fn as_it_is<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    Ok(Some(value.clone()))
}

/// Tells the file stores of the forks that Python makes: see `hookproof_stores::fork`. Once: what is registered stays.
fn watch_forks(py: Python<'_>) -> PyResult<()> {
    static WATCHING: AtomicBool = AtomicBool::new(false);
    let os = py.import("os")?;
    // Windows has no forks.
    let Some(register) = os.getattr_opt("register_at_fork")? else { return Ok(()) };
    if WATCHING.swap(true, Ordering::AcqRel) {
        return Ok(());
    }
    let module = py.import("hookproof._native")?;
    let prepare = wrap_pyfunction!(prepare_fork, &module)?;
    let resume = wrap_pyfunction!(resume_fork, &module)?;
    let hooks = pyo3::types::PyDict::new(py);
    hooks.set_item("before", prepare)?;
    hooks.set_item("after_in_parent", &resume)?;
    hooks.set_item("after_in_child", resume)?;
    register.call((), Some(&hooks)).map(drop)
}

#[pyfunction]
fn prepare_fork() {
    hookproof_stores::fork::prepare();
}

#[pyfunction]
fn resume_fork() {
    hookproof_stores::fork::resume();
}

/// The key of an identity on a Redis server.
#[pyfunction]
pub(crate) fn redis_key(namespace: &str, identity: &str) -> PyResult<String> {
    match u128::from_str_radix(identity, 16) {
        Ok(number) if identity.len() == 32 => Ok(scripts::key(namespace, &number.to_be_bytes())),
        _ => Err(PyValueError::new_err("the identity must be 32 hexadecimal digits")),
    }
}

/// Whether a namespace is one.
#[pyfunction]
pub(crate) fn check_namespace(py: Python<'_>, namespace: &str) -> PyResult<()> {
    HostStore::new(namespace).map(drop).map_err(|error| configuration(py, &error))
}

/// Whether an answer with this status means that the work is done.
#[pyfunction]
pub(crate) fn is_processed(http_status: i64) -> bool {
    u16::try_from(http_status).is_ok_and(replay::is_processed)
}
