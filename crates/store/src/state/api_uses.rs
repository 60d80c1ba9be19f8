//! What asking AWS took, run by run.

use rusqlite::params;

use trimtab_model::api_use::ApiUse;
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const USE: StaticText = StaticText { en: "record of calls", ko: "API 호출 기록을" };

impl State {
    /// Keeps what a run of a command took.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn keep_api_use(&self, api_use: &ApiUse) -> Result<(), StateError> {
        let body = serde_json::to_string(api_use)
            .map_err(|cause| StateError::Body { what: USE, cause })?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO api_uses (began_at, body) VALUES (?1, ?2)",
                params![api_use.began.to_string(), body],
            )?;
            Ok(())
        })
    }

    /// Returns what every run took, the newest first.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn api_uses(&self) -> Result<Vec<ApiUse>, StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare("SELECT body FROM api_uses ORDER BY id DESC")
            .map_err(StateError::read)?;
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).map_err(StateError::read)?;
        rows.map(|body| {
            serde_json::from_str(&body.map_err(StateError::read)?)
                .map_err(|cause| StateError::Body { what: USE, cause })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use trimtab_model::api_use::ApiPurpose;

    use super::*;

    #[test]
    fn the_latest_run_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let one = |second| ApiUse {
            purpose: ApiPurpose::Scan,
            began: Timestamp::from_second(second).unwrap(),
            ended: Timestamp::from_second(second + 60).unwrap(),
            finished: true,
            calls: Vec::new(),
            paid: Vec::new(),
        };
        state.keep_api_use(&one(0)).unwrap();
        state.keep_api_use(&one(600)).unwrap();
        assert_eq!(state.api_uses().unwrap(), [one(600), one(0)]);
    }
}
