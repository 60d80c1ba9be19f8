//! Sums over Parquet files of ours, and the name of the file where one is damaged.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{Expr, ident};
use datafusion::prelude::ParquetReadOptions;
use futures::StreamExt;
use tokio::task::JoinSet;
use trimtab_model::text::Text;

use super::grouping::{Grouping, Measure};
use super::open::LakeError;
use crate::engine::{Engine, EngineError};

/// What is asked of charges, or of their sums.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// What the answer keeps apart.
    pub(crate) keys: Vec<&'static str>,
    /// The tags that keys of tags are asked for, which is all that is kept apart of them; whole where there are none.
    pub(crate) tags: Vec<String>,
    /// What is added up.
    pub(crate) measures: Vec<Measure>,
    /// What must hold of a row that counts.
    pub(crate) condition: Option<Expr>,
}

impl Question {
    fn columns(&self) -> Vec<Expr> {
        let measured = self.measures.iter().filter_map(|measure| match measure {
            Measure::Amount(name) | Measure::Total(name) => Some(*name),
            Measure::Count { .. } | Measure::Rows(_) => None,
        });
        let columns: BTreeSet<&str> = self.keys.iter().copied().chain(measured).collect();
        columns.into_iter().map(ident).collect()
    }
}

/// Answers a question from files that have the columns of `schema`: one row per group.
pub(super) fn ask(
    engine: &Engine,
    files: &[String],
    schema: &Schema,
    question: &Question,
) -> Result<RecordBatch, LakeError> {
    let grouping = || Grouping::new(schema, (&question.keys, &question.tags), &question.measures);
    if files.is_empty() {
        return grouping()?.finish();
    }
    engine.wait(async {
        let answer = async {
            let frame = open(engine, files, schema).await?;
            let frame = match &question.condition {
                Some(condition) => frame.filter(condition.clone())?,
                None => frame,
            };
            let parts = frame.select(question.columns())?.execute_stream_partitioned().await?;
            let mut running = JoinSet::new();
            for part in parts {
                running.spawn(add_up(part, grouping()?));
            }
            let mut whole = grouping()?;
            while let Some(part) = running.join_next().await {
                let ended = |_| {
                    let what = Text::new("a task that did not end", "끝나지 않은 작업");
                    LakeError::Unexpected(what)
                };
                whole.merge(&part.map_err(ended)??)?;
            }
            whole.finish()
        };
        match answer.await {
            Err(cause) if is_damage(&cause) => Err(damaged(engine, files, schema, cause).await),
            answer => answer,
        }
    })
}

async fn add_up(
    mut batches: SendableRecordBatchStream,
    mut grouping: Grouping,
) -> Result<Grouping, LakeError> {
    while let Some(batch) = batches.next().await {
        grouping.add(&batch?)?;
    }
    Ok(grouping)
}

async fn open(
    engine: &Engine,
    files: &[String],
    schema: &Schema,
) -> Result<DataFrame, DataFusionError> {
    let options = ParquetReadOptions::default().schema(schema);
    engine.session().read_parquet(files.to_vec(), options).await
}

/// Returns whether bytes are why a query failed: a checksum does not match, or what
/// they stand for is no Parquet.
fn is_damage(cause: &LakeError) -> bool {
    let LakeError::Engine(EngineError::Query(cause)) = cause else { return false };
    match cause.find_root() {
        DataFusionError::ParquetError(_) => true,
        DataFusionError::ArrowError(cause, _) => matches!(**cause, ArrowError::ParquetError(_)),
        _ => false,
    }
}

/// Finds the first file, and the first column in it, that cannot be read.
async fn damaged(
    engine: &Engine,
    files: &[String],
    schema: &Schema,
    cause: LakeError,
) -> LakeError {
    let all: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
    for file in files {
        if reads(engine, file, schema, &all).await {
            continue;
        }
        let mut column = None;
        for name in &all {
            if !reads(engine, file, schema, &[*name]).await {
                column = Some((*name).clone());
                break;
            }
        }
        return LakeError::Damaged { file: file.clone(), column, cause: Box::new(cause) };
    }
    cause
}

async fn reads(engine: &Engine, file: &str, schema: &Schema, columns: &[&String]) -> bool {
    let drained = async {
        let frame = open(engine, &[file.to_owned()], schema).await?;
        let columns: Vec<Expr> = columns.iter().map(|name| ident(*name)).collect();
        let mut batches = frame.select(columns)?.execute_stream().await?;
        while let Some(batch) = batches.next().await {
            batch?;
        }
        Ok::<_, DataFusionError>(())
    };
    drained.await.is_ok()
}
