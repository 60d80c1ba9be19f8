//! Which plan is meant.

use trimtab_store::state::{State, StoredPlan};

use super::kept;
use crate::failure::{Failure, Kind};

/// How identifiers of plans begin.
const PREFIX: &str = "P-";

/// Lists the plans, newest first.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn list(state: &State) -> Result<Vec<StoredPlan>, Failure> {
    kept(state.plans(""))
}

/// Returns the one plan whose identifier, or whose hash, begins with `id`.
///
/// # Errors
/// Fails if there is none, or several.
pub fn find(state: &State, id: &str) -> Result<StoredPlan, Failure> {
    let start = start_of(id);
    let mut found = kept(state.plans(&start))?;
    match found.len() {
        0 => Err(Failure::new(
            Kind::Failed,
            (format!("there is no plan `{id}`"), format!("그런 계획이 없습니다: `{id}`")),
        )
        .with_hint((
            "`trimtab plan list` shows them; `trimtab plan create` makes one",
            "`trimtab plan list` 명령으로 볼 수 있고, `trimtab plan create` 명령으로 만듭니다",
        ))),
        1 => Ok(found.swap_remove(0)),
        several => Err(Failure::usage(
            (
                format!("`{id}` begins the identifiers of {several} plans"),
                format!("`{id}`: 이렇게 시작하는 계획이 {several}개입니다"),
            ),
            ("give more of its characters", "글자를 더 쓰세요"),
        )),
    }
}

/// Returns how the identifier begins; the digits are those of the hash, in small letters.
fn start_of(id: &str) -> String {
    let digits = id.strip_prefix(PREFIX).or_else(|| id.strip_prefix("p-")).unwrap_or(id);
    // An identifier has the first twelve digits of the hash.
    let digits: String = digits.to_lowercase().chars().take(12).collect();
    format!("{PREFIX}{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_called_by_its_identifier_or_by_its_hash() {
        assert_eq!(start_of("P-4c1e"), "P-4c1e");
        assert_eq!(start_of("p-4C1E"), "P-4c1e");
        assert_eq!(start_of("4c1e00112233445566"), "P-4c1e00112233");
        assert_eq!(start_of(""), "P-");
    }
}
