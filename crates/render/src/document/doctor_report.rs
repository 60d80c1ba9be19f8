//! What was tried before accounts are read, what is missing for what, and what grants it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use trimtab_model::diagnosis::{Area, Lack, Permission, Status, Step, Subject};

use super::page::Page;
use crate::contract::pretty;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table, Tone};
use crate::{number, sanitise};

/// Regions that are named of a need; JSON has all of them.
const MOST_REGIONS: usize = 3;

/// What was tried, and what is missing.
#[derive(Debug, Clone, Copy)]
pub struct DoctorReport<'a> {
    /// What was tried, in order.
    pub steps: &'a [Step],
    /// Each action that was tried.
    pub permissions: &'a [Permission],
    /// What is missing.
    pub lacks: &'a [Lack],
    /// Calls to AWS, retries included.
    pub calls: u64,
    /// How many of them went to S3, which charges for requests.
    pub charged_by_s3: u64,
    /// How many of them asked CloudWatch for metrics or their names.
    pub charged_by_cloudwatch: u64,
}

/// Returns each step by area, then what is missing with the statements that grant it.
pub fn doctor_report(report: &DoctorReport<'_>, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.strong(&verdict(report, locale));
    page.sentence(&cost(report, locale));
    let mut area: Option<Area> = None;
    for step in report.steps {
        if area.replace(step.area) != Some(step.area) {
            page.heading(&area_word(step.area, locale));
        }
        page.labelled(&status_word(step.status, locale), &line(step, style));
        if let Some(hint) = &step.hint {
            let label = locale.text("failure-hint");
            page.labelled("", &format!("{label} {}", style.sentence(hint)));
        }
    }
    lacks(&mut page, report.lacks, style);
    page.heading(&locale.text("next-commands"));
    let is_whole = report.steps.iter().all(|step| step.status != Status::Missing);
    if is_whole {
        page.command("trimtab scan --estimate");
        page.command("trimtab scan");
    } else {
        page.command("trimtab doctor");
    }
    page.finish()
}

/// Returns the policy of each principal: one statement per need, those who need the same together.
pub fn grants(lacks: &[Lack]) -> Vec<(Vec<&Lack>, Value)> {
    let mut of_principal: BTreeMap<&str, Vec<&Lack>> = BTreeMap::new();
    for lack in lacks {
        let known = of_principal.entry(&lack.principal).or_default();
        // An organisation's account of our own may be reached in two ways.
        if !known.iter().any(|one| one.statement == lack.statement) {
            known.push(lack);
        }
    }
    let mut grants: Vec<(Vec<&Lack>, Value)> = Vec::new();
    for lacks in of_principal.into_values() {
        let statements: Vec<&Value> = lacks.iter().map(|lack| &lack.statement).collect();
        let policy = json!({"Version": "2012-10-17", "Statement": statements});
        let Some(first) = lacks.first() else { continue };
        match grants.iter_mut().find(|(_, known)| *known == policy) {
            Some((who, _)) => who.push(first),
            None => grants.push((vec![first], policy)),
        }
    }
    grants
}

/// Makes the table of steps and of single actions.
pub fn doctor_table(report: &DoctorReport<'_>, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |name, key: &str| Column::new(name, locale.text(key), Kind::Text, Priority::Essential);
    let mut table = Table::new(vec![
        column("area", "column-area"),
        column("status", "column-status"),
        column("account", "column-account"),
        column("region", "column-region"),
        column("resource_type", "column-resource-type"),
        column("action", "column-action"),
        Column::new("message", locale.text("column-message"), Kind::Text, Priority::Normal),
    ]);
    for step in report.steps {
        let mut text = style.sentence(&step.reason.text);
        if let Some(hint) = &step.hint {
            text.push_str(&format!(" ({})", style.sentence(hint)));
        }
        table.toned_row(vec![
            (Cell::Text(area_word(step.area, locale)), Tone::Plain),
            (Cell::Text(status_word(step.status, locale)), tone(step.status)),
            (Cell::optional(step.account.as_ref().map(|one| one.as_str())), Tone::Plain),
            (Cell::optional(step.region.as_ref().map(|one| one.as_str())), Tone::Plain),
            (Cell::optional(None::<String>), Tone::Plain),
            (Cell::optional(None::<String>), Tone::Plain),
            (Cell::Text(text), Tone::Plain),
        ]);
    }
    for permission in report.permissions {
        table.toned_row(vec![
            (Cell::Text(area_word(Area::Permissions, locale)), Tone::Plain),
            (Cell::Text(status_word(permission.status, locale)), tone(permission.status)),
            (Cell::text(permission.account.as_str()), Tone::Plain),
            (Cell::text(permission.region.as_str()), Tone::Plain),
            (Cell::optional(permission.subject.kind().map(|kind| kind.as_str())), Tone::Plain),
            (Cell::text(&permission.action), Tone::Plain),
            (Cell::optional(None::<String>), Tone::Plain),
        ]);
    }
    table
}

fn verdict(report: &DoctorReport<'_>, locale: Locale) -> String {
    let has = |status| report.steps.iter().any(|step| step.status == status);
    if !report.lacks.is_empty() {
        let actions: u64 = report.lacks.iter().map(|lack| lack.actions.len() as u64).sum();
        locale.text_with("doctor-lacks", &[("count", &number::count(actions))])
    } else if has(Status::Missing) {
        locale.text("doctor-incomplete")
    } else if has(Status::Failed) {
        locale.text("doctor-failed")
    } else {
        locale.text("doctor-whole")
    }
}

/// Says what was called, and who charges for it.
fn cost(report: &DoctorReport<'_>, locale: Locale) -> String {
    let key = match (report.charged_by_s3, report.charged_by_cloudwatch) {
        (0, 0) => "doctor-calls",
        (_, 0) => "doctor-calls-s3",
        _ => "doctor-calls-metrics",
    };
    let metrics = number::count(report.charged_by_cloudwatch);
    let (calls, s3) = (number::count(report.calls), number::count(report.charged_by_s3));
    match key {
        "doctor-calls" => locale.text_with("doctor-calls", &[("calls", &calls)]),
        "doctor-calls-s3" => locale.text_with("doctor-calls-s3", &[("calls", &calls), ("s3", &s3)]),
        _ => locale.text_with(
            "doctor-calls-metrics",
            &[("calls", &calls), ("s3", &s3), ("metrics", &metrics)],
        ),
    }
}

fn line(step: &Step, style: &Style) -> String {
    let place = [
        step.account.as_ref().map(|one| one.as_str()),
        step.region.as_ref().map(|one| one.as_str()),
    ];
    let place: Vec<String> = place.into_iter().flatten().map(sanitise).collect();
    let text = style.sentence(&step.reason.text);
    if place.is_empty() { text } else { format!("{}: {text}", place.join(" · ")) }
}

fn lacks(page: &mut Page<'_>, lacks: &[Lack], style: &Style) {
    if lacks.is_empty() {
        return;
    }
    let locale = style.locale();
    page.heading(&locale.text("doctor-missing"));
    for lack in lacks {
        page.bullet(&format!("{}: {}", place(lack, locale), lack.actions.join(", ")));
        if lack.subjects.contains(&Subject::Metrics) {
            page.detail(&locale.text("scan-missing-metrics"));
        }
        let kinds: Vec<&str> =
            lack.subjects.iter().filter_map(|subject| Some(subject.kind()?.as_str())).collect();
        if !kinds.is_empty() {
            page.detail(&locale.text_with("scan-missing", &[("kinds", &kinds.join(", "))]));
        }
        for source in lack.subjects.iter().filter_map(|subject| subject.opinions()) {
            let name = [("source", source.name())];
            page.detail(&locale.text_with("doctor-missing-opinion", &name));
        }
        if !lack.checks.is_empty() {
            let checks: Vec<&str> = lack.checks.iter().map(|check| check.as_str()).collect();
            page.detail(&locale.text_with("doctor-unknown", &[("checks", &checks.join(", "))]));
        }
    }
    page.heading(&locale.text("doctor-grant"));
    for (who, policy) in grants(lacks) {
        let who: Vec<String> = who.iter().map(|lack| style.sentence(&lack.who)).collect();
        page.bullet(&locale.text_with("doctor-attach", &[("who", &who.join(", "))]));
        for line in pretty(&policy).lines() {
            page.command(line);
        }
    }
}

/// Names the account and its first regions.
fn place(lack: &Lack, locale: Locale) -> String {
    let mut place = vec![sanitise(lack.account.as_str())];
    let named = lack.regions.iter().take(MOST_REGIONS);
    place.extend(named.map(|region| sanitise(region.as_str())));
    let more = lack.regions.len().saturating_sub(MOST_REGIONS);
    if more > 0 {
        let count = number::count(more as u64);
        place.push(locale.text_with("doctor-more-regions", &[("count", &count)]));
    }
    place.join(" · ")
}

fn area_word(area: Area, locale: Locale) -> String {
    locale.text(match area {
        Area::Credentials => "area-credentials",
        Area::Accounts => "area-accounts",
        Area::Permissions => "area-permissions",
        Area::Environment => "area-environment",
    })
}

fn status_word(status: Status, locale: Locale) -> String {
    locale.text(match status {
        Status::Ok => "status-ok",
        Status::Note => "status-note",
        Status::Missing => "status-missing",
        Status::Failed => "status-failed",
        Status::NotAsked => "status-not-asked",
    })
}

fn tone(status: Status) -> Tone {
    match status {
        Status::Missing | Status::Failed => Tone::Danger,
        Status::Ok | Status::Note | Status::NotAsked => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::ResourceKind;
    use trimtab_model::text::{Language, Reason, Text};

    use super::*;

    fn lack(account: &str, role: &str) -> Lack {
        let arn = format!("arn:aws:iam::{account}:role/{role}");
        Lack {
            who: Text::verbatim(&arn),
            principal: arn,
            account: account.into(),
            regions: ["us-east-1".into()].into(),
            actions: vec!["ec2:DescribeVolumes".to_owned()],
            subjects: vec![Subject::Kind(ResourceKind::Volume)],
            checks: vec!["ebs-volume-unattached".into()],
            statement: json!({
                "Sid": "ReadEC2Volume", "Effect": "Allow",
                "Action": ["ec2:DescribeVolumes"], "Resource": "*",
            }),
        }
    }

    fn page(language: Language) -> String {
        let step = Step::new(
            Area::Accounts,
            Status::Missing,
            Reason::new("denied", "The role lacks something.", "역할에 권한이 없습니다."),
        );
        let lacks = [lack("111122223333", "trimtab-read"), lack("444455556666", "trimtab-read")];
        let report = DoctorReport {
            steps: &[step.at("111122223333", None).with_hint(("grant it", "권한을 주세요"))],
            permissions: &[],
            lacks: &lacks,
            calls: 12,
            charged_by_s3: 1,
            charged_by_cloudwatch: 0,
        };
        doctor_report(&report, &Style::plain(language))
    }

    #[test]
    fn what_is_missing_is_told_with_what_it_takes_in_both_languages() {
        for (language, label) in [(Language::En, "missing"), (Language::Ko, "없음")] {
            let page = page(language);
            for part in [label, "ec2:DescribeVolumes", "ebs-volume-unattached", "AWS::EC2::Volume"]
            {
                assert!(page.contains(part), "{part} is not in {page}");
            }
        }
    }

    #[test]
    fn those_who_need_the_same_get_one_policy_that_can_be_copied() {
        let lacks = [lack("111122223333", "trimtab-read"), lack("444455556666", "trimtab-read")];
        assert_eq!(grants(&lacks).len(), 1);
        let page = page(Language::En);
        let start = page.find("   {\n").expect("a policy");
        let text: String = page
            .get(start..)
            .unwrap_or_default()
            .lines()
            .take_while(|line| !line.trim().is_empty())
            .collect();
        let policy: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(policy["Statement"][0]["Action"][0], "ec2:DescribeVolumes");
    }
}
