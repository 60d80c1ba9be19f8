//! The latest points of the gates of changes that are watched: to be drawn, and to decide nothing.

use rusqlite::params;

use trimtab_model::gate::GateCourses;
use trimtab_model::id::{ChangeId, RunId};
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const WHAT: StaticText = StaticText { en: "points of health gates", ko: "관문의 측정값을" };

/// Runs whose points stay: some ten kilobytes for each gate of a change.
const RUNS: u32 = 100;

impl State {
    /// Keeps the courses of the gates of a change, in place of those that were kept: apart while it
    /// is watched, and once its gates have passed. They are to be drawn: nothing waits for them, and
    /// those of the latest hundred runs stay.
    ///
    /// # Errors
    /// Fails when the state cannot be written, and where somebody else is writing it.
    pub fn keep_courses(
        &self,
        run: &RunId,
        change: &ChangeId,
        courses: &GateCourses,
    ) -> Result<(), StateError> {
        let body = serde_json::to_string(courses)
            .map_err(|cause| StateError::Body { what: WHAT, cause })?;
        self.write_at_once(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO gate_courses (run, change, passed, body) VALUES (?1, ?2, ?3, ?4)",
                params![run.as_str(), change.as_str(), courses.has_passed, body],
            )?;
            transaction.execute(
                "DELETE FROM gate_courses WHERE run <> ?1
                 AND run NOT IN (SELECT id FROM runs ORDER BY started_at DESC LIMIT ?2)",
                params![run.as_str(), RUNS],
            )?;
            Ok(())
        })
    }

    /// Returns the courses of the gates of the changes of a run, in order of time for each change;
    /// those of a run of an earlier program were not kept.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn courses_of(&self, run: &RunId) -> Result<Vec<(ChangeId, GateCourses)>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT change, body FROM gate_courses WHERE run = ?1 ORDER BY change, passed")
            .map_err(StateError::read)?;
        let rows = statement
            .query_map([run.as_str()], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })
            .map_err(StateError::read)?
            .collect::<Result<Vec<_>, _>>()
            .map_err(StateError::read)?;
        let read = |(change, body): (String, String)| {
            let courses = serde_json::from_str(&body)
                .map_err(|cause| StateError::Body { what: WHAT, cause })?;
            Ok((ChangeId::new(change), courses))
        };
        rows.into_iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_courses_of_a_change_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let (run, change) = (RunId::new("RUN-1"), ChangeId::new("C-1"));
        let at = |text: &str, has_passed: bool| GateCourses {
            began: "2026-11-24T00:00:00Z".parse().unwrap(),
            has_passed,
            since: "2026-11-24T00:05:00Z".parse().unwrap(),
            at: text.parse().unwrap(),
            gates: Vec::new(),
        };
        let later = at("2026-11-25T02:00:00Z", true);
        state.keep_courses(&run, &change, &later).unwrap();
        state.keep_courses(&run, &change, &at("2026-11-24T01:00:00Z", false)).unwrap();
        let latest = at("2026-11-24T02:00:00Z", false);
        state.keep_courses(&run, &change, &latest).unwrap();
        assert_eq!(state.courses_of(&run).unwrap(), [(change.clone(), latest), (change, later)]);
        let other = RunId::new("RUN-2");
        assert_eq!(state.courses_of(&other).unwrap(), []);
        // Neither is among the latest runs: what is not written now makes room.
        state
            .keep_courses(&other, &ChangeId::new("C-2"), &at("2026-11-24T01:00:00Z", false))
            .unwrap();
        assert_eq!(state.courses_of(&run).unwrap(), []);
        assert_eq!(state.courses_of(&other).unwrap().len(), 1);
    }
}
