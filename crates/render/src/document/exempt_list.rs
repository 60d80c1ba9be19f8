//! What the owner took out of checks, by a tag or by a rule of the configuration.

use trimtab_model::analysis::{Analysis, Passed};

use super::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table, Tone};

/// Makes the table of verdicts that the owner took out, each with its reason.
pub fn exempt_table(analysis: &Analysis, style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: &str, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("check", &locale.text("column-check"), Priority::Essential).cut_late(),
        text("resource", &locale.text("column-resource"), Priority::Essential),
        text("environment", &locale.text("column-environment"), Priority::High),
        text("reason", &locale.text("column-reason"), Priority::Essential),
        text("code", &locale.text("column-exempt-by"), Priority::Wide),
        text("resource_id", &locale.text("column-resource-id"), Priority::Wide),
        text("account", &locale.text("column-account"), Priority::Wide),
        text("region", &locale.text("column-region"), Priority::Wide),
    ]);
    let plain = |text: &str| (Cell::text(text), Tone::Plain);
    for Passed { check, resource, reason } in
        analysis.passed.iter().filter(|passed| passed.is_exempt())
    {
        table.toned_row(vec![
            plain(check.as_str()),
            plain(&words::resource_name(resource)),
            (
                Cell::text(resource.environment.as_str()),
                words::environment_tone(resource.environment),
            ),
            plain(reason.text.get(style.language)),
            plain(&reason.code),
            plain(resource.id.as_str()),
            plain(resource.account.as_str()),
            plain(resource.region.as_str()),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::sample;
    use trimtab_model::text::Reason;

    #[test]
    fn only_what_the_owner_took_out_is_listed_with_the_owners_words() {
        let mut analysis = sample::analysis();
        let mut taken = analysis.passed[0].clone();
        taken.reason = Reason::new(
            "exempt-rule",
            "A rule of the configuration says so until 2027-01-31: kept for the audit",
            "설정의 예외 규칙으로 2027-01-31까지 제외된 자원입니다: kept for the audit",
        );
        analysis.passed.push(taken);
        insta::assert_snapshot!(exempt_table(&analysis, &sample::english()).terminal(&sample::english()), @r#"
        Check              Resource  Env  Reason
        ───────────────────────────────────────────────────────────────────────────────────────────────────
        ec2-instance-idle  i-0busy   dev  A rule of the configuration says so until 2027-01-31: kept for t…
        "#);
    }
}
