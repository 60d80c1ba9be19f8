//! The dashboard that is given to Grafana, as the model of its own SDK reads it.

use std::path::Path;
use std::process::Command;

use crate::reader::tools;

#[test]
fn grafana_knows_every_field_of_the_dashboard() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(tools::python("workbooks"))
        .arg(root.join("tools/workbooks/dashboard.py"))
        .arg(root.join("docs/grafana/trimtab.json"))
        .output()
        .expect("the interpreter runs: ./setup installs it");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
}
