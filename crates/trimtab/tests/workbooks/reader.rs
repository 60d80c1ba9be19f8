//! What openpyxl reads of a workbook.

#[path = "../tools/mod.rs"]
pub mod tools;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A workbook as openpyxl reads it.
pub struct Read(pub Value);

/// Reads a workbook.
pub fn read(bytes: &[u8]) -> Read {
    let python = tools::python("workbooks");
    assert!(
        python.is_file(),
        "{} is not there: run ./setup, which installs openpyxl",
        python.display()
    );
    let home = tempfile::tempdir().expect("a temporary directory");
    let file = home.path().join("book.xlsx");
    std::fs::write(&file, bytes).expect("a file of our own");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/workbooks/read.py");
    let output =
        Command::new(python).arg(script).arg(&file).output().expect("the interpreter runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Read(serde_json::from_slice(&output.stdout).expect("one JSON document"))
}

impl Read {
    /// Returns the sheets.
    pub fn sheets(&self) -> &[Value] {
        self.0["sheets"].as_array().expect("sheets")
    }

    /// Returns the names of the sheets.
    pub fn names(&self) -> Vec<&str> {
        self.sheets().iter().map(|sheet| sheet["name"].as_str().expect("a name")).collect()
    }

    /// Returns a sheet by its name.
    pub fn sheet(&self, name: &str) -> &Value {
        let found = self.sheets().iter().find(|sheet| sheet["name"] == name);
        assert!(found.is_some(), "no sheet {name}: {:?}", self.names());
        found.unwrap_or(&Value::Null)
    }

    /// Iterates over all cells.
    pub fn cells(&self) -> impl Iterator<Item = &Value> {
        self.sheets().iter().flat_map(cells)
    }

    /// Returns whether a cell holds these words and nothing else.
    pub fn says(&self, words: &str) -> bool {
        self.cells().any(|cell| cell["value"] == words)
    }
}

/// Returns the cells of a sheet.
pub fn cells(sheet: &Value) -> &[Value] {
    sheet["cells"].as_array().expect("cells")
}

/// Returns the cell at a place such as `B4`.
pub fn cell<'a>(sheet: &'a Value, at: &str) -> &'a Value {
    cells(sheet).iter().find(|cell| cell["at"] == at).unwrap_or(&Value::Null)
}
