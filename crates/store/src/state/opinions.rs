//! What AWS's own services recommended when they were last asked.

use rusqlite::params;

use trimtab_model::collection::Outcome;
use trimtab_model::opinion::{Opinion, OpinionReading, Opinions};
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const OPINIONS: StaticText =
    StaticText { en: "recommendations of AWS", ko: "AWS의 권장 사항을" };

impl State {
    /// Keeps what one source said in one place, in place of what it said there before.
    ///
    /// Where it could not be read, what it said before stays beside the new outcome.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn keep_opinions(
        &self,
        reading: &OpinionReading,
        opinions: &[Opinion],
    ) -> Result<(), StateError> {
        let body = |cause| StateError::Body { what: OPINIONS, cause };
        let told = serde_json::to_string(opinions).map_err(body)?;
        let outcome = serde_json::to_string(reading).map_err(body)?;
        let answered = match reading.outcome {
            Outcome::Complete | Outcome::OptedOut => true,
            Outcome::Partial | Outcome::Denied | Outcome::Throttled | Outcome::Failed => false,
        };
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO opinions (source, account, region, reading, body) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET
                     reading = excluded.reading,
                     body = CASE WHEN ?6 THEN excluded.body ELSE body END",
                params![
                    reading.source.as_str(),
                    reading.account.as_str(),
                    reading.region.as_ref().map_or("", |region| region.as_str()),
                    outcome,
                    told,
                    answered || !opinions.is_empty()
                ],
            )?;
            Ok(())
        })
    }

    /// Returns everything that was said, and where it was asked.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn opinions(&self) -> Result<Opinions, StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare("SELECT reading, body FROM opinions ORDER BY source, account, region")
            .map_err(StateError::read)?;
        let rows = rows
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .map_err(StateError::read)?;
        let body = |cause| StateError::Body { what: OPINIONS, cause };
        let mut all = Opinions::default();
        for row in rows {
            let (reading, told) = row.map_err(StateError::read)?;
            all.readings.push(serde_json::from_str(&reading).map_err(body)?);
            let told: Vec<Opinion> = serde_json::from_str(&told).map_err(body)?;
            all.opinions.extend(told);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use trimtab_model::opinion::{Advice, Aspect, OpinionSource};
    use trimtab_model::resource::ResourceKind;

    use super::*;

    fn reading(outcome: Outcome) -> OpinionReading {
        OpinionReading {
            source: OpinionSource::ComputeOptimizer,
            account: "111122223333".into(),
            region: Some("us-east-1".into()),
            outcome,
            opinions: 0,
            left_out: 0,
            reasons: Vec::new(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn opinion() -> Opinion {
        Opinion {
            source: OpinionSource::ComputeOptimizer,
            account: "111122223333".into(),
            region: "us-east-1".into(),
            kind: ResourceKind::Volume,
            id: "vol-1".into(),
            aspect: Aspect::Whole,
            advice: Advice::Remove,
            finding: "Unattached".to_owned(),
            reason_codes: Vec::new(),
            recommended: std::collections::BTreeMap::new(),
            summary: None,
            monthly_saving: None,
            monthly_saving_after_discounts: None,
            lookback_days: Some(32),
            memory: None,
            refreshed_at: None,
        }
    }

    #[test]
    fn a_refusal_keeps_what_was_said_and_leaving_the_service_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        state.keep_opinions(&reading(Outcome::Complete), &[opinion()]).unwrap();
        state.keep_opinions(&reading(Outcome::Denied), &[]).unwrap();
        let all = state.opinions().unwrap();
        assert_eq!(all.opinions, [opinion()]);
        assert_eq!(all.readings, [reading(Outcome::Denied)]);
        state.keep_opinions(&reading(Outcome::OptedOut), &[]).unwrap();
        assert!(state.opinions().unwrap().opinions.is_empty());
    }
}
