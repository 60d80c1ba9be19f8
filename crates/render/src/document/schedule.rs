//! When resources run: a week of each that could be off, and why the others are not proposed.

use std::collections::BTreeMap;

use trimtab_model::analysis::Analysis;
use trimtab_model::calendar::{HOURS_PER_WEEK, WeekHour};
use trimtab_model::id::CheckId;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::ResourceRef;
use trimtab_model::schedule::{PlannedHour, Schedule, day_name};

use super::identifier::short_identifiers;
use super::page::Page;
use super::schedules::{LeftAlone, Outcome, Proposed, Schedules};
use super::words;
use crate::sanitise;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table, Tone};
use crate::width::{Alignment, padded};

/// Holidays that the page names.
const HOLIDAYS: usize = 6;

/// Reasons that the page names without a resource that was asked for.
const REASONS: usize = 8;

/// Cells of the name of a day.
const DAY: usize = 6;

/// Makes the table of schedules, what was left alone behind what is proposed.
pub fn schedule_table(schedules: &Schedules<'_>, style: &Style) -> Table {
    let locale = style.locale();
    let column = |key, title: &str, kind, priority| Column::new(key, title, kind, priority);
    let text = |key, title: String, priority| column(key, &title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("status", locale.text("column-status"), Priority::Essential),
        text("resource", locale.text("column-resource"), Priority::Essential),
        text("environment", locale.text("column-environment"), Priority::High),
        text("runs", locale.text("column-runs"), Priority::Essential).cut_late(),
        column("off_hours", &locale.text("column-off-hours"), Kind::Count, Priority::High),
        column("saving", &locale.text("column-monthly-saving"), Kind::Range, Priority::Essential),
        text("reason", locale.text("column-reason"), Priority::Normal),
        text("time_zone", locale.text("column-time-zone"), Priority::Wide),
        text("stop", locale.text("column-stop"), Priority::Wide),
        text("start", locale.text("column-start"), Priority::Wide),
        text("id", locale.text("column-id"), Priority::Wide),
        text("check", locale.text("column-check"), Priority::Wide),
        text("resource_id", locale.text("column-resource-id"), Priority::Wide),
        text("resource_type", locale.text("column-resource-type"), Priority::Wide),
        text("account", locale.text("column-account"), Priority::Wide),
        text("region", locale.text("column-region"), Priority::Wide),
    ]);
    let place = |check: &CheckId, resource: &ResourceRef| {
        [
            check.as_str(),
            resource.id.as_str(),
            resource.kind.as_str(),
            resource.account.as_str(),
            resource.region.as_str(),
        ]
        .map(Cell::text)
    };
    let environment = |resource: &ResourceRef| Cell::text(resource.environment.as_str());
    for Proposed { item, schedule } in &schedules.proposed {
        let saving = &item.estimated_monthly_savings;
        let switches = |switches: Vec<trimtab_model::schedule::Switch>| {
            let words: Vec<String> = switches.iter().map(|switch| switch.words()).collect();
            Cell::text(words.join("; "))
        };
        let mut row = vec![
            Cell::text("proposed"),
            Cell::text(words::resource_name(&item.resource)),
            environment(&item.resource),
            Cell::text(schedule.phrase().get(style.language)),
            Cell::Count(schedule.week.off_hours() as u64),
            Cell::Range { likely: saving.likely, low: saving.low, high: saving.high },
            Cell::text(item.reason.text.get(style.language)),
            Cell::text(&schedule.time_zone),
            switches(schedule.stops()),
            switches(schedule.starts()),
            Cell::text(item.id.as_str()),
        ];
        row.extend(place(&item.check, &item.resource));
        let tone = |index| if index == 5 { Tone::Saved } else { Tone::Plain };
        table.toned_row(
            row.into_iter().enumerate().map(|(index, cell)| (cell, tone(index))).collect(),
        );
    }
    for one in &schedules.left_alone {
        let mut row = vec![
            Cell::text(one.outcome.as_str()),
            Cell::text(words::resource_name(one.resource)),
            environment(one.resource),
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
            Cell::text(one.reason.text.get(style.language)),
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
        ];
        row.extend(place(one.check, one.resource));
        table.row(row);
    }
    table
}

/// Returns the page: a week per resource, the next holidays, and what is left alone and why.
///
/// `limit` says how many weeks are drawn at most.
pub fn schedule_show(
    analysis: &Analysis,
    schedules: &Schedules<'_>,
    limit: usize,
    style: &Style,
) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    if schedules.proposed.is_empty() {
        page.sentence(&locale.text("schedule-none"));
    }
    let short = short_identifiers(analysis.items.iter().map(|item| &item.id));
    for proposed in schedules.proposed.iter().take(limit) {
        let id = short.get(&proposed.item.id).cloned();
        week(&mut page, proposed, &id.unwrap_or_else(|| proposed.item.id.to_string()), style);
    }
    if schedules.proposed.len() > limit {
        let count = (schedules.proposed.len() - limit).to_string();
        page.gap();
        page.bullet(&locale.text_with("and-more", &[("count", &count)]));
    }
    left_alone(&mut page, &schedules.left_alone, style);
    holidays(&mut page, analysis, style);
    page.gap();
    for line in style.rate_lines(analysis.totals.keys().copied()) {
        page.faint(&line);
    }
    page.faint(&locale.text("summary-basis"));
    if let Some(id) = schedules.proposed.first().and_then(|first| short.get(&first.item.id)) {
        page.heading(&locale.text("next-commands"));
        page.command(&format!("trimtab rec show {id}"));
    }
    page.finish()
}

/// Draws one week, and says what it is worth and what it rests on.
fn week(page: &mut Page<'_>, proposed: &Proposed<'_>, id: &str, style: &Style) {
    let locale = style.locale();
    let Proposed { item, schedule } = proposed;
    let resource = &item.resource;
    page.heading(&format!("{} · {id}", words::resource_name(resource)));
    page.sentence(&sanitise(&format!(
        "{} · {} · {} · {} · {}",
        resource.id,
        resource.kind.as_str(),
        resource.environment,
        resource.account,
        resource.region
    )));
    page.gap();
    let saving = &item.estimated_monthly_savings;
    let amount = style.monthly_range(saving.likely, saving.low, saving.high);
    page.labelled(
        &locale.text("label-savings"),
        &format!("{} · {}", style.green(&amount), locale.text("summary-estimated")),
    );
    let phrase = schedule.phrase();
    page.labelled(
        &locale.text("label-runs"),
        &format!("{} ({})", phrase.get(style.language), sanitise(&schedule.time_zone)),
    );
    let off = schedule.off_phrase();
    let share = 100.0 * schedule.week.off_hours() as f64 / HOURS_PER_WEEK as f64;
    let share = crate::number::percent(share);
    page.labelled(
        &locale.text("label-off"),
        &locale.text_with("schedule-off", &[("off", off.get(style.language)), ("share", &share)]),
    );
    page.labelled(&locale.text("label-seen"), &seen(item, style));
    page.gap();
    grid(page, schedule, style);
}

/// Writes the figures that the schedule rests on, each with its limit.
fn seen(item: &Recommendation, style: &Style) -> String {
    let locale = style.locale();
    let figures = item.evidence.figures.iter().filter(|one| one.name != "off_hours_per_week");
    let parts: Vec<String> = figures
        .map(|one| {
            let value = words::figure_value(&one.value, &one.unit, locale);
            let label = style.sentence(&one.label);
            match &one.threshold {
                Some(limit) => {
                    let limit = words::figure_value(limit, &one.unit, locale);
                    let arguments =
                        [("label", &*label), ("value", &*value), ("limit", limit.as_str())];
                    locale.text_with("schedule-figure-limit", &arguments)
                }
                None => {
                    locale.text_with("schedule-figure", &[("label", &*label), ("value", &*value)])
                }
            }
        })
        .collect();
    parts.join(" · ")
}

/// Draws the hours of a week: seven rows of 24. The signs say it without colour too.
fn grid(page: &mut Page<'_>, schedule: &Schedule, style: &Style) {
    let locale = style.locale();
    let hours: String = (0..24).step_by(3).map(|hour| format!("{hour:02}    ")).collect();
    page.line(&style.dim(&format!("{}{}", " ".repeat(DAY), hours.trim_end())));
    for day in 0..7 {
        let name = format!(" {}", day_name(day).get(style.language));
        let signs: Vec<String> = (0..24)
            .map(|hour| schedule.week.at(WeekHour::at(day * 24 + hour)))
            .map(|planned| sign(planned, style))
            .collect();
        page.line(&format!("{}{}", padded(&name, DAY, Alignment::Left), signs.join(" ")));
    }
    let legend = [
        (PlannedHour::Used, "schedule-used"),
        (PlannedHour::Kept, "schedule-kept"),
        (PlannedHour::Off, "schedule-off-sign"),
    ]
    .map(|(planned, key)| format!("{} {}", sign(planned, style), locale.text(key)));
    page.line(&format!("{}{}", " ".repeat(DAY), legend.join("   ")));
}

/// Returns the sign of an hour: what is saved is green, what only runs is faint.
fn sign(planned: PlannedHour, style: &Style) -> String {
    let sign = planned.sign().to_string();
    match planned {
        PlannedHour::Used => sign,
        PlannedHour::Kept => style.dim(&sign),
        PlannedHour::Off => style.green(&sign),
    }
}

/// Adds why the others are not proposed: each outcome and reason once, with how often.
fn left_alone(page: &mut Page<'_>, left_alone: &[LeftAlone<'_>], style: &Style) {
    if left_alone.is_empty() {
        return;
    }
    let locale = style.locale();
    let mut reasons: BTreeMap<(Outcome, &str), Vec<&LeftAlone<'_>>> = BTreeMap::new();
    for one in left_alone {
        reasons.entry((one.outcome, one.reason.code.as_str())).or_default().push(one);
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by(|(left_key, left), (right_key, right)| {
        right.len().cmp(&left.len()).then_with(|| left_key.cmp(right_key))
    });
    page.heading(&locale.text("schedule-left-alone"));
    let all = reasons.len();
    for (_, group) in reasons.into_iter().take(REASONS) {
        let Some(first) = group.first() else { continue };
        let count = group.len().to_string();
        page.bullet(&locale.text_with(
            "schedule-reason",
            &[
                ("count", &count),
                ("example", &words::resource_name(first.resource)),
                ("reason", &style.sentence(&first.reason.text)),
            ],
        ));
    }
    if all > REASONS {
        let count = (all - REASONS).to_string();
        page.bullet(&locale.text_with("and-more", &[("count", &count)]));
    }
}

fn holidays(page: &mut Page<'_>, analysis: &Analysis, style: &Style) {
    let locale = style.locale();
    page.heading(&locale.text("schedule-holidays"));
    if analysis.holidays.is_empty() {
        page.sentence(&locale.text("schedule-no-holidays"));
        return;
    }
    let days: Vec<String> = analysis
        .holidays
        .iter()
        .take(HOLIDAYS)
        .map(|holiday| format!("{} {}", holiday.date, style.sentence(&holiday.name)))
        .collect();
    page.sentence(&days.join(" · "));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::sample;
    use crate::style::Colour;
    use crate::table::{Format, TableOptions};
    use crate::width::cells;

    #[test]
    fn a_week_is_drawn_with_its_money_and_its_reasons() {
        let analysis = sample::scheduled();
        let schedules = Schedules::of(&analysis, None);
        let shown = schedule_show(&analysis, &schedules, 5, &sample::english());
        insta::assert_snapshot!(shown, @r#"
        lobby-stg · R-6b0089
        i-0stg · AWS::EC2::Instance · staging · 111122223333 · ap-northeast-2

         Savings       $172/mo (108–172) · estimated
         Runs          Mon–Fri 09–19 (Asia/Seoul)
         Off           118 hours a week, 70% of it
         Seen          Observed: 2 weeks · Highest CPU use while off: 2.5% (limit 5%)

              00    03    06    09    12    15    18    21
         Mon  . . . . . . . . . + # # # # # # # # # . . . . .
         Tue  . . . . . . . . . + # # # # # # # # # . . . . .
         Wed  . . . . . . . . . + # # # # # # # # # . . . . .
         Thu  . . . . . . . . . + # # # # # # # # # . . . . .
         Fri  . . . . . . . . . + # # # # # # # # # . . . . .
         Sat  . . . . . . . . . . . . . . . . . . . . . . . .
         Sun  . . . . . . . . . . . . . . . . . . . . . . . .
              # used   + on, not used   . off

        Not proposed, and why
         - 1 × such as i-0busy: It is used around the clock.

        Next holidays
        2026-12-25 Christmas Day

        Savings are estimates per month of 730 hours, effective (amortised), without overlaps.

        Next
           trimtab rec show R-6b0089
        "#);
        let shown = schedule_show(&analysis, &schedules, 5, &sample::korean());
        insta::assert_snapshot!(shown, @r#"
        lobby-stg · R-6b0089
        i-0stg · AWS::EC2::Instance · staging · 111122223333 · ap-northeast-2

         예상 절감     ₩23.9만/월 (14.9–23.9) · 추정
         켜짐          월–금 09–19 (Asia/Seoul)
         꺼짐          주 118시간, 전체의 70%
         근거          관측 기간 2주 · 꺼 두는 시간의 최대 CPU 사용률 2.5% (기준 5%)

              00    03    06    09    12    15    18    21
         월   . . . . . . . . . + # # # # # # # # # . . . . .
         화   . . . . . . . . . + # # # # # # # # # . . . . .
         수   . . . . . . . . . + # # # # # # # # # . . . . .
         목   . . . . . . . . . + # # # # # # # # # . . . . .
         금   . . . . . . . . . + # # # # # # # # # . . . . .
         토   . . . . . . . . . . . . . . . . . . . . . . . .
         일   . . . . . . . . . . . . . . . . . . . . . . . .
              # 사용   + 켜짐, 사용 없음   . 꺼짐

        제안하지 않은 것과 이유
         - 1건 (예: i-0busy): 하루 종일 사용합니다.

        다가오는 공휴일
        2026-12-25 기독탄신일

        환율 1 USD = 1,385.2 KRW (2026-11-20, 출처: fixed). 표시용 환산입니다.
        절감액은 730시간 한 달 기준의 추정이며, 실효(상각) 비용에서 겹침을 뺀 값입니다.

        다음
           trimtab rec show R-6b0089
        "#);
    }

    #[test]
    fn a_week_fits_eighty_columns_in_colour_and_without() {
        let analysis = sample::scheduled();
        let schedules = Schedules::of(&analysis, None);
        for style in [sample::english(), sample::korean()] {
            let plain = Style { width: 80, ..style };
            let coloured = Style { colour: Colour::On, ..plain.clone() };
            let bare = schedule_show(&analysis, &schedules, 5, &plain);
            let coloured = schedule_show(&analysis, &schedules, 5, &coloured);
            assert!(bare.lines().chain(coloured.lines()).all(|line| cells(line) <= 80), "{bare}");
            assert!(coloured.contains("\u{1b}[32m.") && !bare.contains('\u{1b}'));
            assert!(bare.contains("# # #") && bare.contains(". . ."), "the signs say it too");
        }
    }

    #[test]
    fn the_table_has_what_is_proposed_and_what_is_not() {
        let analysis = sample::scheduled();
        let table = schedule_table(&Schedules::of(&analysis, None), &sample::english());
        let options = TableOptions { format: Format::Csv, ..TableOptions::default() };
        let text = table.render(&sample::english(), &options).unwrap();
        let mut lines = text.lines();
        assert!(
            lines.next().unwrap().starts_with("status,resource,environment,runs,off_hours,saving")
        );
        assert!(lines.next().unwrap().starts_with("proposed,lobby-stg,staging,Mon–Fri 09–19,118,"));
        assert!(lines.next().unwrap().starts_with("passed,"));
    }
}
