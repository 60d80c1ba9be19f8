//! How the reading of sources besides AWS ended the last time it was tried.

use rusqlite::params;

use trimtab_model::coverage::SourceCoverage;
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const SOURCE: StaticText =
    StaticText { en: "state of a source", ko: "데이터 원본의 상태를" };

impl State {
    /// Stores how reading a source ended, in place of what was known of the same one.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn save_source(&self, source: &SourceCoverage) -> Result<(), StateError> {
        let body = serde_json::to_string(source)
            .map_err(|cause| StateError::Body { what: SOURCE, cause })?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO sources (source, body) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET body = excluded.body",
                params![source.source, body],
            )?;
            Ok(())
        })
    }

    /// Returns how reading each source ended the last time, in order of their names.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn sources(&self) -> Result<Vec<SourceCoverage>, StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare("SELECT body FROM sources ORDER BY source")
            .map_err(StateError::read)?;
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).map_err(StateError::read)?;
        rows.map(|body| {
            serde_json::from_str(&body.map_err(StateError::read)?)
                .map_err(|cause| StateError::Body { what: SOURCE, cause })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::coverage::SourceStatus;
    use trimtab_model::text::Text;

    use super::*;

    #[test]
    fn the_latest_word_on_a_source_counts() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let source = |status| SourceCoverage {
            source: "prometheus".to_owned(),
            status,
            resources: Some((1, 2)),
            from: None,
            until: None,
            unlocks: Vec::new(),
            text: Text::new("It was read.", "읽었습니다."),
        };
        state.save_source(&source(SourceStatus::Absent)).unwrap();
        state.save_source(&source(SourceStatus::Partial)).unwrap();
        assert_eq!(state.sources().unwrap(), [source(SourceStatus::Partial)]);
    }
}
