//! A workbook that cannot be made.

use rust_xlsxwriter::XlsxError;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

/// A workbook that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkbookError {
    /// A sheet has room for 1,048,576 rows and 16,384 columns.
    #[error("there are more rows or columns than a sheet has room for")]
    TooLarge,
    /// The writer refuses.
    #[error("the workbook cannot be written: {0}")]
    Write(String),
}

impl Explain for WorkbookError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::TooLarge => "한 시트에 담을 수 있는 행이나 열보다 많습니다".to_owned(),
            Self::Write(cause) => format!("엑셀 파일을 쓸 수 없습니다: {cause}"),
        };
        Text::new(self.to_string(), korean)
    }
}

/// Says in our words what the writer says.
pub(crate) fn written(cause: XlsxError) -> WorkbookError {
    match cause {
        XlsxError::RowColumnLimitError => WorkbookError::TooLarge,
        other => WorkbookError::Write(other.to_string()),
    }
}
