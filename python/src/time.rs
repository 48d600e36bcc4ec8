//! Points in time and lengths of it, as Python has them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDateTime, PyDelta, PyDeltaAccess as _, PyInt, PyTzInfoAccess as _};

use crate::body::type_name;
use crate::failure::config_error;

/// Seconds of the system's clock.
pub(crate) fn system_now() -> i64 {
    // A clock before 1970 is a clock that is wrong: every token is then from the future.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Unix seconds, given as an int or a float.
pub(crate) fn unix_seconds(value: &Bound<'_, PyAny>) -> PyResult<i64> {
    if value.is_instance_of::<PyInt>() {
        return value.extract().map_err(|_| PyValueError::new_err("now is no time in Unix seconds"));
    }
    let seconds: f64 = value
        .extract()
        .map_err(|_| PyTypeError::new_err(format!("now must be Unix seconds, not {}", type_name(value))))?;
    whole(seconds.floor()).ok_or_else(|| PyValueError::new_err("now is no time in Unix seconds"))
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and within range")]
fn whole(seconds: f64) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    (-MOST..=MOST).contains(&seconds).then_some(seconds as i64)
}

/// A date of a secret: Unix seconds or an aware datetime.
pub(crate) fn date(place: &'static str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<i64>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    if let Ok(moment) = value.cast::<PyDateTime>() {
        if moment.get_tzinfo().is_none() {
            return Err(config_error(
                value.py(),
                place,
                "must be an aware datetime: a naive one means another time on each machine",
            ));
        }
        let seconds: f64 = moment.call_method0("timestamp")?.extract()?;
        return Ok(whole(seconds.floor()));
    }
    match value.extract::<i64>() {
        Ok(seconds) if !value.is_instance_of::<PyBool>() => Ok(Some(seconds)),
        _ => Err(PyTypeError::new_err(format!("{place} must be Unix seconds or a datetime, not {}", type_name(value)))),
    }
}

/// A setting in whole seconds: an int or a timedelta.
pub(crate) fn whole_seconds(place: &'static str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<u32>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    let wrong = |rule| config_error(value.py(), place, rule);
    let seconds = if let Ok(delta) = value.cast::<PyDelta>() {
        if delta.get_microseconds() != 0 {
            return Err(wrong("must be whole seconds"));
        }
        i64::from(delta.get_days()).saturating_mul(86_400).saturating_add(i64::from(delta.get_seconds()))
    } else if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() {
        value.extract().unwrap_or(i64::MAX)
    } else {
        return Err(PyTypeError::new_err(format!("{place} must be seconds or a timedelta, not {}", type_name(value))));
    };
    u32::try_from(seconds).map(Some).map_err(|_| wrong("must be 0 or more seconds, and no age of the world"))
}

/// A budget: seconds, which need not be whole, or a timedelta.
pub(crate) fn budget(place: &'static str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Duration>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    let seconds: f64 = if value.is_instance_of::<PyDelta>() {
        value.call_method0("total_seconds")?.extract()?
    } else {
        value.extract().map_err(|_| {
            PyTypeError::new_err(format!("{place} must be seconds or a timedelta, not {}", type_name(value)))
        })?
    };
    let most = f64::from(hookproof::limits::MOST_STORE_BUDGET_MS) / 1000.0;
    if (0.001..=most).contains(&seconds) {
        Ok(Some(Duration::from_secs_f64(seconds)))
    } else {
        Err(config_error(value.py(), place, "must be 0.001 to 60 seconds"))
    }
}
