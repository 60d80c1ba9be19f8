//! What can go wrong while a story is written.

use std::path::{Path, PathBuf};

use trimtab_model::explain::Explain;
use trimtab_model::money::MoneyError;
use trimtab_model::text::Text;

/// A story or a generated file that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// A file or directory could not be made.
    #[error("could not write {path}")]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A Parquet file could not be written.
    #[error("could not write the Parquet file {path}")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the writer said.
        #[source]
        cause: parquet::errors::ParquetError,
    },
    /// Rows could not be brought into columns.
    #[error("could not arrange the columns of {path}")]
    Columns {
        /// The file they are for.
        path: PathBuf,
        /// What Arrow said.
        #[source]
        cause: arrow::error::ArrowError,
    },
    /// A CSV file could not be written.
    #[error("could not write the CSV file {path}")]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the writer said.
        #[source]
        cause: csv::Error,
    },
    /// The catalogue lacks a price that the story needs.
    #[error("the price catalogue has no price for {what} in {region}")]
    MissingPrice {
        /// The instance type, class or meter.
        what: String,
        /// The region.
        region: String,
    },
    /// An amount has too many digits.
    #[error("could not add up the amounts of the bill")]
    Amount(#[from] MoneyError),
    /// A file could not be written as JSON.
    #[error("could not write {path} as JSON")]
    Json {
        /// The file.
        path: PathBuf,
        /// What the writer said.
        #[source]
        cause: serde_json::Error,
    },
}

impl Explain for StoryError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Write { path, .. } => format!("쓰지 못했습니다: {}", path.display()),
            Self::Parquet { path, .. } => {
                format!("Parquet 파일을 쓰지 못했습니다: {}", path.display())
            }
            Self::Columns { path, .. } => format!("열을 만들지 못했습니다: {}", path.display()),
            Self::Csv { path, .. } => format!("CSV 파일을 쓰지 못했습니다: {}", path.display()),
            Self::MissingPrice { what, region } => {
                format!("가격 카탈로그에 {region} 리전의 가격이 없습니다: {what}")
            }
            Self::Amount(_) => "청구서의 금액을 더하지 못했습니다".to_owned(),
            Self::Json { path, .. } => format!("JSON으로 쓰지 못했습니다: {}", path.display()),
        };
        Text::new(self.to_string(), korean)
    }
}

impl StoryError {
    /// Returns the closure that turns an I/O error about `path` into this error.
    pub(crate) fn write(path: &Path) -> impl Fn(std::io::Error) -> Self + '_ {
        move |cause| Self::Write { path: path.to_owned(), cause }
    }

    /// Returns the closure that turns a Parquet error about `path` into this error.
    pub(crate) fn parquet(path: &Path) -> impl Fn(parquet::errors::ParquetError) -> Self + '_ {
        move |cause| Self::Parquet { path: path.to_owned(), cause }
    }

    /// Returns the closure that turns an Arrow error about `path` into this error.
    pub(crate) fn columns(path: &Path) -> impl Fn(arrow::error::ArrowError) -> Self + '_ {
        move |cause| Self::Columns { path: path.to_owned(), cause }
    }

    /// Returns the closure that turns a CSV error about `path` into this error.
    pub(crate) fn csv(path: &Path) -> impl Fn(csv::Error) -> Self + '_ {
        move |cause| Self::Csv { path: path.to_owned(), cause }
    }
}
