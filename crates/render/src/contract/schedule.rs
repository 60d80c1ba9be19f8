//! `trimtab schedule show -o json`.

use serde_json::{Value, json};

use trimtab_model::analysis::Analysis;
use trimtab_model::schedule::{PlannedHour, Schedule, Switch};
use trimtab_model::text::Language;

use super::analysis::{recommendation_json, resource};
use crate::document::{LeftAlone, Proposed, Schedules};

/// The name and version of this shape.
pub const SCHEMA: &str = "trimtab/v1/schedule.show";

/// Returns schedules as JSON. `language` chooses the language of sentences only.
pub fn schedule_json(analysis: &Analysis, schedules: &Schedules<'_>, language: Language) -> Value {
    let holidays: Vec<Value> = analysis
        .holidays
        .iter()
        .map(|holiday| {
            json!({ "date": holiday.date.to_string(), "message": holiday.name.get(language) })
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "as_of": analysis.as_of.to_string(),
        "holidays": holidays,
        "items": schedules.proposed.iter().map(|one| proposed(one, language)).collect::<Vec<_>>(),
        "not_proposed": schedules.left_alone.iter().map(|one| left_alone(one, language)).collect::<Vec<_>>(),
    })
}

/// Returns a recommendation as in the analysis, with its week.
fn proposed(proposed: &Proposed<'_>, language: Language) -> Value {
    let mut item = recommendation_json(proposed.item, language);
    if let Some(object) = item.as_object_mut() {
        object.insert("schedule".to_owned(), week(proposed.schedule));
    }
    item
}

fn week(schedule: &Schedule) -> Value {
    let switches = |switches: Vec<Switch>| -> Vec<Value> {
        switches
            .iter()
            .map(|switch| {
                json!({ "days": switch.cron_days(), "at": format!("{:02}:00", switch.hour) })
            })
            .collect()
    };
    let days: Vec<String> = schedule
        .week
        .days()
        .map(|hours| hours.iter().copied().map(PlannedHour::sign).collect())
        .collect();
    json!({
        "time_zone": schedule.time_zone,
        "stop": switches(schedule.stops()),
        "start": switches(schedule.starts()),
        "off_hours_per_week": schedule.week.off_hours(),
        "hours": days,
    })
}

fn left_alone(one: &LeftAlone<'_>, language: Language) -> Value {
    let mut object = serde_json::Map::from_iter([
        ("check".to_owned(), json!(one.check)),
        ("outcome".to_owned(), json!(one.outcome.as_str())),
    ]);
    object.extend(resource(one.resource));
    let reason = json!({ "code": one.reason.code, "message": one.reason.text.get(language) });
    object.insert("reason".to_owned(), reason);
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::sample;

    #[test]
    fn a_schedule_has_the_documented_shape() {
        let analysis = sample::scheduled();
        let json = schedule_json(&analysis, &Schedules::of(&analysis, None), Language::En);
        let schedule = json.pointer("/items/0/schedule").unwrap();
        insta::assert_snapshot!(super::super::pretty(schedule), @r#"
        {
          "time_zone": "Asia/Seoul",
          "stop": [
            {
              "days": "MON-FRI",
              "at": "19:00"
            }
          ],
          "start": [
            {
              "days": "MON-FRI",
              "at": "09:00"
            }
          ],
          "off_hours_per_week": 118,
          "hours": [
            ".........+#########.....",
            ".........+#########.....",
            ".........+#########.....",
            ".........+#########.....",
            ".........+#########.....",
            "........................",
            "........................"
          ]
        }
        "#);
        assert_eq!(json.pointer("/schema"), Some(&json!(SCHEMA)));
        assert_eq!(json.pointer("/not_proposed/0/outcome"), Some(&json!("passed")));
        assert_eq!(json.pointer("/holidays/0/date"), Some(&json!("2026-12-25")));
        assert!(json.pointer("/items/0/commands/apply/0").is_some_and(Value::is_string));
    }
}
