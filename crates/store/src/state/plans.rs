//! Plans, and who approved what of them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use trimtab_model::environment::Environment;
use trimtab_model::id::PlanId;
use trimtab_model::plan::Plan;
use trimtab_model::text::StaticText;

use super::database::{State, StateError};
use super::moment;

const PLAN: StaticText = StaticText { en: "plan", ko: "계획을" };

/// A plan, with its identifier and its hash as they were when it was stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPlan {
    /// Its identifier.
    pub id: PlanId,
    /// The hash of what was stored.
    pub hash: String,
    /// The plan.
    pub plan: Plan,
}

/// An approval of one stage of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// The environment of the stage.
    pub stage: String,
    /// Who.
    pub by: String,
    /// The hash that was typed.
    pub hash: String,
    /// When.
    pub at: Timestamp,
}

impl State {
    /// Stores a plan. The same plan twice is stored once.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn save_plan(&self, stored: &StoredPlan) -> Result<(), StateError> {
        let body = serde_json::to_string(&stored.plan)
            .map_err(|cause| StateError::Body { what: PLAN, cause })?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR IGNORE INTO plans (id, hash, created_at, body) VALUES (?1, ?2, ?3, ?4)",
                params![stored.id.as_str(), stored.hash, stored.plan.created_at.to_string(), body],
            )?;
            Ok(())
        })
    }

    /// Returns the plans whose identifier begins with `start`, newest first.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn plans(&self, start: &str) -> Result<Vec<StoredPlan>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare(
                "SELECT id, hash, body FROM plans WHERE substr(id, 1, length(?1)) = ?1 ORDER BY created_at DESC, id",
            )
            .map_err(StateError::read)?;
        let rows = statement
            .query_map([start], |row| {
                let columns: (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(columns)
            })
            .map_err(StateError::read)?;
        rows.map(|row| {
            let (id, hash, body) = row.map_err(StateError::read)?;
            let plan = serde_json::from_str(&body)
                .map_err(|cause| StateError::Body { what: PLAN, cause })?;
            Ok(StoredPlan { id: PlanId::new(id), hash, plan })
        })
        .collect()
    }

    /// Returns the identifiers of all plans, newest first.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn plan_ids(&self) -> Result<Vec<PlanId>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT id FROM plans ORDER BY created_at DESC, id")
            .map_err(StateError::read)?;
        let rows = statement
            .query_map([], |row| row.get::<_, String>(0).map(PlanId::new))
            .map_err(StateError::read)?;
        rows.collect::<Result<_, _>>().map_err(StateError::read)
    }

    /// Approves the stage of an environment.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn approve(
        &self,
        plan: &PlanId,
        stage: Environment,
        by: &str,
        hash: &str,
        at: Timestamp,
    ) -> Result<(), StateError> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO approvals (plan, stage, approver, hash, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![plan.as_str(), stage.as_str(), by, hash, at.to_string()],
            )?;
            Ok(())
        })
    }

    /// Returns the approvals of a plan, oldest first.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn approvals(&self, plan: &PlanId) -> Result<Vec<Approved>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT stage, approver, hash, at FROM approvals WHERE plan = ?1 ORDER BY at, approver")
            .map_err(StateError::read)?;
        let approved = |row: &Row<'_>| {
            Ok(Approved {
                stage: row.get(0)?,
                by: row.get(1)?,
                hash: row.get(2)?,
                at: moment(row, 3)?,
            })
        };
        let rows = statement.query_map([plan.as_str()], approved).map_err(StateError::read)?;
        rows.collect::<Result<_, _>>().map_err(StateError::read)
    }

    /// Returns whether a plan is there.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn has_plan(&self, plan: &PlanId) -> Result<bool, StateError> {
        let found: Option<i64> = self
            .connection()
            .query_row("SELECT 1 FROM plans WHERE id = ?1", [plan.as_str()], |row| row.get(0))
            .optional()
            .map_err(StateError::read)?;
        Ok(found.is_some())
    }
}
