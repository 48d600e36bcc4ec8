//! Mistakes about the method.

use super::case::{Case, Finding};
use super::mistake::Kind;
use crate::verifier::Refusal;

pub(super) fn find<'a>(case: &Case<'a>, refusal: &Refusal) -> Option<Finding<'a>> {
    let upper = case.method.trim_ascii().to_ascii_uppercase();
    let candidate = Case { method: upper.into(), ..case.clone() };
    candidate.gets_further(refusal).then(|| Finding::mended(Kind::MethodCase.bare(), candidate))
}
