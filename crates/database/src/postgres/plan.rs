//! A plan as PostgreSQL writes it.

use serde_json::Value;

/// A plan: its weight, and how it reads each table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// What the planner reckons for the whole, in units of its own.
    pub(super) weight: f64,
    scans: Vec<Scan>,
}

/// How a plan reads one table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scan {
    table: String,
    alias: String,
    /// Whether it reads all of it.
    pub(super) is_whole: bool,
    /// Rows that it expects to keep.
    pub(super) rows: f64,
}

impl Plan {
    /// Returns how the plan reads a table.
    pub(super) fn scan_of(&self, table: &str, alias: &str) -> Option<&Scan> {
        let same = |scan: &&Scan| scan.table == table && scan.alias.eq_ignore_ascii_case(alias);
        self.scans.iter().find(same)
    }
}

/// Reads a plan in JSON.
pub(super) fn read(text: &str) -> Option<Plan> {
    let document: Value = serde_json::from_str(text).ok()?;
    let root = document.get(0)?.get("Plan")?;
    let mut scans = Vec::new();
    note(root, &mut scans);
    Some(Plan { weight: root.get("Total Cost")?.as_f64()?, scans })
}

fn note(node: &Value, scans: &mut Vec<Scan>) {
    let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if node.get("Relation Name").is_some() {
        scans.push(Scan {
            table: text("Relation Name"),
            alias: text("Alias"),
            is_whole: text("Node Type") == "Seq Scan",
            rows: node.get("Plan Rows").and_then(Value::as_f64).unwrap_or_default(),
        });
    }
    for below in node.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        note(below, scans);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_below_other_steps_is_found() {
        let plan = read(
            r#"[{"Plan": {"Node Type": "Aggregate", "Total Cost": 913.5, "Plan Rows": 1, "Plans": [
                {"Node Type": "Seq Scan", "Relation Name": "orders", "Alias": "o", "Plan Rows": 8}]}}]"#,
        );
        let plan = plan.unwrap();
        assert_eq!(Some(plan.weight), Some(913.5));
        assert_eq!(
            plan.scan_of("orders", "O").map(|scan| (scan.is_whole, scan.rows)),
            Some((true, 8.0))
        );
        assert_eq!(plan.scan_of("orders", "orders"), None);
        assert_eq!(read("no plan"), None);
    }
}
