//! Analyses that were made.
//!
//! What needs no change is by far the most of an analysis, and few ask for it: it is kept apart, by
//! resource.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;

use trimtab_model::analysis::{Analysis, Passed};
use trimtab_model::id::{CheckId, ResourceId};
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const ANALYSIS: StaticText = StaticText { en: "analysis", ko: "분석 결과를" };

/// A verdict without a change, and where in the analysis it stands.
type Placed = (usize, Passed);

impl State {
    /// Stores an analysis and returns its number.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn save_analysis(&self, analysis: &Analysis) -> Result<i64, StateError> {
        let body = serde_json::to_string(&without_passed(analysis)).map_err(unreadable)?;
        let mut by_resource: BTreeMap<&ResourceId, Vec<(usize, &Passed)>> = BTreeMap::new();
        for placed in analysis.passed.iter().enumerate() {
            by_resource.entry(&placed.1.resource.id).or_default().push(placed);
        }
        let passed: Vec<(&str, String)> = by_resource
            .into_iter()
            .map(|(resource, all)| Ok((resource.as_str(), serde_json::to_string(&all)?)))
            .collect::<Result<_, _>>()
            .map_err(unreadable)?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO analyses (as_of, body) VALUES (?1, ?2)",
                [analysis.as_of.to_string(), body],
            )?;
            let number = transaction.last_insert_rowid();
            let mut insert = transaction
                .prepare("INSERT INTO passed (analysis, resource, body) VALUES (?1, ?2, ?3)")?;
            for (resource, body) in &passed {
                insert.execute((number, resource, body))?;
            }
            drop(insert);
            Ok(number)
        })
    }

    /// Returns the analysis that was stored last.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn latest_analysis(&self) -> Result<Option<Analysis>, StateError> {
        let Some((number, mut analysis)) = self.latest()? else { return Ok(None) };
        let mut passed = Vec::new();
        self.each_passed(number, |placed| passed.push(placed))?;
        // One of an earlier version has all of it in its body.
        if !passed.is_empty() {
            passed.sort_by_key(|(place, _)| *place);
            analysis.passed = passed.into_iter().map(|(_, one)| one).collect();
        }
        Ok(Some(analysis))
    }

    /// Returns the same without what needs no change.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn latest_findings(&self) -> Result<Option<Analysis>, StateError> {
        let found = self.latest()?;
        Ok(found.map(|(_, analysis)| Analysis { passed: Vec::new(), ..analysis }))
    }

    /// Returns what of the analysis that was stored last needs no change on resources of an id.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn latest_passed(&self, resource: &ResourceId) -> Result<Vec<Passed>, StateError> {
        let body: Option<Option<String>> = self
            .connection()
            .query_row(
                "SELECT (SELECT body FROM passed WHERE analysis = newest.id AND resource = ?1)
                 FROM (SELECT MAX(id) AS id FROM analyses) AS newest
                 WHERE EXISTS (SELECT 1 FROM passed WHERE analysis = newest.id)",
                [resource.as_str()],
                |row| row.get(0),
            )
            .optional()
            .map_err(StateError::read)?;
        match body {
            Some(None) => Ok(Vec::new()),
            Some(Some(body)) => Ok(placed(&body)?.into_iter().map(|(_, one)| one).collect()),
            // One of an earlier version, or one in which nothing passed.
            None => {
                let all = self.latest()?.map(|(_, analysis)| analysis.passed).unwrap_or_default();
                Ok(all.into_iter().filter(|one| one.resource.id == *resource).collect())
            }
        }
    }

    /// Returns how many verdicts of each check of the analysis that was stored last need no change.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn latest_passed_by_check(&self) -> Result<BTreeMap<CheckId, u64>, StateError> {
        let mut counts = BTreeMap::new();
        let mut count = |passed: Passed| *counts.entry(passed.check).or_default() += 1;
        let newest: Option<i64> = self
            .connection()
            .query_row("SELECT MAX(id) FROM analyses", [], |row| row.get(0))
            .map_err(StateError::read)?;
        let Some(number) = newest else { return Ok(counts) };
        let mut is_apart = false;
        self.each_passed(number, |(_, one)| {
            is_apart = true;
            count(one);
        })?;
        // One of an earlier version has all of it in its body.
        if !is_apart && let Some((_, analysis)) = self.latest()? {
            analysis.passed.into_iter().for_each(count);
        }
        Ok(counts)
    }

    /// Hands over what needs no change of an analysis, one by one, as far as it is kept apart.
    fn each_passed(&self, number: i64, mut hand: impl FnMut(Placed)) -> Result<(), StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare("SELECT body FROM passed WHERE analysis = ?1")
            .map_err(StateError::read)?;
        let bodies =
            rows.query_map([number], |row| row.get::<_, String>(0)).map_err(StateError::read)?;
        for body in bodies {
            placed(&body.map_err(StateError::read)?)?.into_iter().for_each(&mut hand);
        }
        Ok(())
    }

    /// Returns the number of the newest one, and its body.
    fn latest(&self) -> Result<Option<(i64, Analysis)>, StateError> {
        let found: Option<(i64, String)> = self
            .connection()
            .query_row("SELECT id, body FROM analyses ORDER BY id DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(StateError::read)?;
        found
            .map(|(number, body)| Ok((number, serde_json::from_str(&body).map_err(unreadable)?)))
            .transpose()
    }
}

fn placed(body: &str) -> Result<Vec<Placed>, StateError> {
    serde_json::from_str(body).map_err(unreadable)
}

fn unreadable(cause: serde_json::Error) -> StateError {
    StateError::Body { what: ANALYSIS, cause }
}

fn without_passed(analysis: &Analysis) -> Analysis {
    Analysis {
        as_of: analysis.as_of,
        coverage: analysis.coverage.clone(),
        totals: analysis.totals.clone(),
        items: analysis.items.clone(),
        increases: analysis.increases.clone(),
        superseded: analysis.superseded.clone(),
        passed: Vec::new(),
        unknown: analysis.unknown.clone(),
        only_aws: analysis.only_aws.clone(),
        serverless: analysis.serverless.clone(),
        functions: analysis.functions.clone(),
        holidays: analysis.holidays.clone(),
    }
}
