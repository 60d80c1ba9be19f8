//! A lake that is open for reading and for new bills.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use datafusion::error::DataFusionError;
use trimtab_model::explain::Explain;
use trimtab_model::money::MoneyError;
use trimtab_model::text::Text;

use super::location::Location;
use super::query::{self, Question};
use super::rollup;
use crate::billing::schema;
use crate::engine::{Engine, EngineError};
use crate::state::{LakeFileKind, State, StateError};

/// A failure of the lake itself, not of a file that was given to it.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A place cannot be reached or written.
    #[error("could not use {place}")]
    Place {
        /// The directory, URL or file.
        place: String,
        /// Why.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another process is committing to the same data directory.
    #[error("another trimtab is ingesting into the same data directory")]
    Busy,
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The state failed.
    #[error(transparent)]
    State(#[from] StateError),
    /// A sum has more digits than an amount can hold.
    #[error("a sum of the bill cannot be shown exactly")]
    Amount(#[from] MoneyError),
    /// A file of the lake is not what was written.
    #[error("{} is damaged", place_of(.file, .column.as_deref()))]
    Damaged {
        /// The file.
        file: String,
        /// The column, where one alone cannot be read.
        column: Option<String>,
        /// Why.
        #[source]
        cause: Box<LakeError>,
    },
    /// What the engine returned is not what was asked for.
    #[error("the lake holds something unexpected: {}", .0.en)]
    Unexpected(Text),
}

impl Explain for LakeError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Place { place, .. } => format!("쓸 수 없는 곳입니다: {place}"),
            Self::Busy => "다른 trimtab이 같은 데이터 디렉터리에 수집하고 있습니다".to_owned(),
            Self::Engine(cause) => return cause.text(),
            Self::State(cause) => return cause.text(),
            Self::Damaged { file, column: Some(column), .. } => {
                format!("손상된 파일입니다: {file}, {column} 열")
            }
            Self::Damaged { file, column: None, .. } => format!("손상된 파일입니다: {file}"),
            Self::Amount(_) => "청구 합계를 정확하게 표시할 수 없습니다".to_owned(),
            Self::Unexpected(what) => {
                format!("레이크에 예상하지 못한 내용이 있습니다: {}", what.ko)
            }
        };
        Text::new(self.to_string(), korean)
    }
}

impl From<DataFusionError> for LakeError {
    fn from(cause: DataFusionError) -> Self {
        Self::Engine(EngineError::Query(cause))
    }
}

/// Charges in Parquet with their manifest in the state.
///
/// Every function blocks; see [`Engine`].
#[derive(Debug)]
pub struct Lake {
    pub(super) state: Arc<State>,
    pub(super) engine: Engine,
    pub(super) location: Location,
    /// Held by whoever reads rows: a question uses all threads, and what two of them hold adds up.
    reading: Mutex<()>,
}

impl Lake {
    /// Opens the lake of a data directory: in its own `lake` directory, or at `location`,
    /// a path or an object store's URL such as `s3://bucket/prefix`.
    ///
    /// `options` are those of the object store, such as `aws_region`.
    ///
    /// # Errors
    /// Fails when the place cannot be used.
    pub fn open(
        state: Arc<State>,
        location: Option<&str>,
        options: &BTreeMap<String, String>,
        threads: usize,
    ) -> Result<Self, LakeError> {
        let engine = Engine::new(threads)?;
        let default = state.data_dir().join("lake").to_string_lossy().into_owned();
        let location = Location::open(location.unwrap_or(&default), options, &engine)?;
        Ok(Self { state, engine, location, reading: Mutex::new(()) })
    }

    /// Opens the lake in a data directory with one thread per processor.
    ///
    /// # Errors
    /// Fails when the directory cannot be used.
    pub fn open_local(data_dir: &Path) -> Result<Self, LakeError> {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Self::open(Arc::new(State::open(data_dir)?), None, &BTreeMap::new(), threads)
    }

    /// Returns the state beside the lake.
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Answers a question from the charges, row by row; one question at a time.
    pub(crate) fn ask_charges(&self, question: &Question) -> Result<RecordBatch, LakeError> {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        self.ask(LakeFileKind::Charges, &schema::READ, question)
    }

    /// Answers a question from the sums per day.
    pub(crate) fn ask_rollup(&self, question: &Question) -> Result<RecordBatch, LakeError> {
        self.ask(LakeFileKind::Rollup, &rollup::SCHEMA, question)
    }

    fn ask(
        &self,
        kind: LakeFileKind,
        schema: &Schema,
        question: &Question,
    ) -> Result<RecordBatch, LakeError> {
        let files: Vec<String> =
            self.state.lake_files(kind)?.iter().map(|path| self.location.address(path)).collect();
        query::ask(&self.engine, &files, schema, question)
    }
}

fn place_of(file: &str, column: Option<&str>) -> String {
    column.map_or_else(|| file.to_owned(), |column| format!("{file}, column {column},"))
}
