//! Up to when each series was read, so that the next scan asks for what is new.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;

use trimtab_model::coverage::PlaceMarks;
use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::period::Period;

use super::database::{State, StateError};

/// A series, and the moment up to which it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricMark {
    /// The resource.
    pub resource: ResourceId,
    /// Namespace, metric and statistic, as one text.
    pub series: String,
    /// The moment from which it was read; absent where an earlier version did not note it.
    pub since: Option<Timestamp>,
    /// The moment behind the last interval that was read.
    pub until: Timestamp,
}

/// The stretch of a series that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkedSpan {
    /// From when; absent where an earlier version did not note it.
    pub since: Option<Timestamp>,
    /// Until when.
    pub until: Timestamp,
}

impl State {
    /// Returns the marks of one place, by resource and series.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn metric_marks(
        &self,
        account: &SubAccountId,
        region: &RegionId,
    ) -> Result<BTreeMap<(ResourceId, String), MarkedSpan>, StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare("SELECT resource, series, since, until FROM metric_marks WHERE account = ?1 AND region = ?2")
            .map_err(StateError::read)?;
        let rows = rows
            .query_map([account.as_str(), region.as_str()], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, Option<i64>>(2)?,
                    row.get::<_, i64>(3)?,
                ))
            })
            .map_err(StateError::read)?;
        let mut marks = BTreeMap::new();
        for row in rows {
            let (resource, series, since, until) = row.map_err(StateError::read)?;
            if let Ok(until) = Timestamp::from_second(until) {
                let since = since.and_then(|second| Timestamp::from_second(second).ok());
                marks.insert((resource.into(), series), MarkedSpan { since, until });
            }
        }
        Ok(marks)
    }

    /// Returns from when to when one series was read, by place and resource.
    ///
    /// Marks without a beginning, which an earlier version wrote, are left out.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn spans_of_series(
        &self,
        series: &str,
    ) -> Result<BTreeMap<(SubAccountId, RegionId, ResourceId), Period>, StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare("SELECT account, region, resource, since, until FROM metric_marks WHERE series = ?1 AND since IS NOT NULL")
            .map_err(StateError::read)?;
        let rows = rows
            .query_map([series], |row| {
                let place = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
                let resource = row.get::<_, String>(2)?;
                Ok((place, resource, row.get::<_, i64>(3)?, row.get::<_, i64>(4)?))
            })
            .map_err(StateError::read)?;
        let mut spans = BTreeMap::new();
        for row in rows {
            let ((account, region), resource, since, until) = row.map_err(StateError::read)?;
            let moment = |second| Timestamp::from_second(second).ok();
            let span = moment(since).zip(moment(until));
            if let Some(span) = span.and_then(|(since, until)| Period::new(since, until).ok()) {
                spans.insert((account.into(), region.into(), resource.into()), span);
            }
        }
        Ok(spans)
    }

    /// Returns how many resources of each place were measured, and up to when: those that an agent tells the memory of
    /// apart. What was measured last more than a day before the rest of its place is gone.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn measured_places(&self) -> Result<Vec<PlaceMarks>, StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare(
                "SELECT account, region,
                        COUNT(DISTINCT CASE WHEN agent = 0 THEN resource END),
                        MAX(CASE WHEN agent = 0 THEN until END),
                        COUNT(DISTINCT CASE WHEN memory = 1 THEN resource END),
                        MAX(CASE WHEN memory = 1 THEN until END)
                 FROM (SELECT account, region, resource, until,
                              series LIKE 'CWAgent %' AS agent,
                              series LIKE 'CWAgent mem%' AS memory
                       FROM metric_marks AS one
                       WHERE until >= (SELECT MAX(until) FROM metric_marks AS other
                                       WHERE other.account = one.account AND other.region = one.region) - 86400)
                 GROUP BY account, region ORDER BY account, region",
            )
            .map_err(StateError::read)?;
        let moment = |second: Option<i64>| second.and_then(|one| Timestamp::from_second(one).ok());
        let rows = rows
            .query_map([], |row| {
                let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
                Ok(PlaceMarks {
                    account: row.get::<_, String>(0)?.into(),
                    region: row.get::<_, String>(1)?.into(),
                    measured: (count(2)?, moment(row.get(3)?)),
                    memory: (count(4)?, moment(row.get(5)?)),
                })
            })
            .map_err(StateError::read)?;
        rows.collect::<Result<_, _>>().map_err(StateError::read)
    }

    /// Stores the marks of one place.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn set_metric_marks(
        &self,
        account: &SubAccountId,
        region: &RegionId,
        marks: &[MetricMark],
    ) -> Result<(), StateError> {
        self.write(|transaction| {
            let mut insert = transaction.prepare(
                "INSERT INTO metric_marks (account, region, resource, series, since, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET since = excluded.since, until = excluded.until",
            )?;
            for mark in marks {
                insert.execute(params![
                    account.as_str(),
                    region.as_str(),
                    mark.resource.as_str(),
                    mark.series,
                    mark.since.map(Timestamp::as_second),
                    mark.until.as_second()
                ])?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_moves_on() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let (account, region) = ("111122223333".into(), "ap-northeast-2".into());
        let mark = |second| MetricMark {
            resource: "i-1".into(),
            series: "AWS/EC2 CPUUtilization Maximum".to_owned(),
            since: Some(Timestamp::from_second(0).unwrap()),
            until: Timestamp::from_second(second).unwrap(),
        };
        state.set_metric_marks(&account, &region, &[mark(300)]).unwrap();
        state.set_metric_marks(&account, &region, &[mark(600)]).unwrap();
        let marks = state.metric_marks(&account, &region).unwrap();
        let span = MarkedSpan { since: mark(600).since, until: mark(600).until };
        assert_eq!(marks.into_values().collect::<Vec<_>>(), [span]);
        let elsewhere = state.metric_marks(&account, &"us-east-1".into()).unwrap();
        assert!(elsewhere.is_empty());
        let spans = state.spans_of_series("AWS/EC2 CPUUtilization Maximum").unwrap();
        let period = Period::new(Timestamp::UNIX_EPOCH, mark(600).until).unwrap();
        assert_eq!(spans, BTreeMap::from([((account, region, "i-1".into()), period)]));
        assert!(state.spans_of_series("AWS/EC2 NetworkIn Sum").unwrap().is_empty());
    }

    #[test]
    fn resources_are_counted_once_and_what_an_agent_tells_apart() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let (account, region) = ("111122223333".into(), "ap-northeast-2".into());
        let mark = |resource: &str, series: &str, second| MetricMark {
            resource: resource.into(),
            series: series.to_owned(),
            since: None,
            until: Timestamp::from_second(second).unwrap(),
        };
        let marks = [
            mark("i-1", "AWS/EC2 CPUUtilization Maximum", 600),
            mark("i-1", "AWS/EC2 NetworkIn Sum", 300),
            mark("i-2", "AWS/EC2 CPUUtilization Maximum", 300),
            // Windows has another name for it.
            mark("i-2", "CWAgent Memory % Committed Bytes In Use Maximum", 900),
            mark("i-2", "CWAgent nvidia_smi_utilization_gpu Maximum", 900),
            mark("i-gone", "AWS/EC2 CPUUtilization Maximum", 900 - 86_401),
        ];
        state.set_metric_marks(&account, &region, &marks).unwrap();
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        let expected = PlaceMarks { account, region, measured: (2, at(600)), memory: (1, at(900)) };
        assert_eq!(state.measured_places().unwrap(), [expected]);
    }
}
