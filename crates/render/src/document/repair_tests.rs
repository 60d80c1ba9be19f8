//! A saving that depends on a repair stands apart, in both languages.

use trimtab_model::action::{Action, ApplicationFault, QueryRepair, Repair};
use trimtab_model::analysis::Analysis;
use trimtab_model::recommendation::{ActionType, Recommendation};

use super::*;
use crate::style::Style;
use crate::table::{Format, TableOptions};

/// The instance of the sample, whose memory leaks.
fn repair() -> Recommendation {
    Recommendation {
        check: "ec2-instance-memory-leak".into(),
        action: Action::FixApplication(Repair {
            faults: vec![ApplicationFault::MemoryLeak],
            endpoint: Some("GET /inventory/list".to_owned()),
            from: "m5.2xlarge".into(),
            to: "m6i.xlarge".into(),
        }),
        action_type: ActionType::FixApplication,
        ..sample::rightsize()
    }
}

fn analysis() -> Analysis {
    let mut analysis = sample::analysis();
    let item = repair();
    for total in analysis.totals.values_mut() {
        total.conditional = Some(item.estimated_monthly_savings.likely);
    }
    analysis.items = vec![item];
    analysis
}

#[track_caller]
fn has(page: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(page.contains(sentence), "{sentence} is not in\n{page}");
    }
}

#[test]
fn the_change_says_that_the_repair_comes_first() {
    has(
        &recommendation_show(&repair(), &sample::english()),
        &["Fix application", "m5.2xlarge → repaired, m6i.xlarge", "only after work on the program"],
    );
    has(
        &recommendation_show(&repair(), &sample::korean()),
        &["애플리케이션 수정", "m5.2xlarge → 수정 후 m6i.xlarge", "프로그램 작업 후에만 가능"],
    );
}

#[test]
fn the_repair_of_a_query_names_the_class_behind_it() {
    let item = Recommendation {
        action: Action::FixQuery(QueryRepair {
            digest: "A1".to_owned(),
            from: "db.r5.xlarge".into(),
            to: "db.r5.large".into(),
        }),
        ..repair()
    };
    has(
        &recommendation_show(&item, &sample::english()),
        &["db.r5.xlarge → repaired, db.r5.large", "only after work on the program"],
    );
    has(&recommendation_show(&item, &sample::korean()), &["db.r5.xlarge → 수정 후 db.r5.large"]);
}

#[test]
fn the_explanation_says_that_no_sum_has_it() {
    has(&recommendation_explain(&repair(), &sample::english()), &["in no sum of savings"]);
    has(&recommendation_explain(&repair(), &sample::korean()), &["절감 합계에 넣지 않습니다"]);
}

#[test]
fn summary_and_list_show_it_apart() {
    let list = |style: &Style| {
        let options = TableOptions { format: Format::Table, ..TableOptions::default() };
        recommendation_list(&analysis(), style, &options).unwrap()
    };
    has(&analysis_summary(&analysis(), &sample::english()), &["After work ", "in no sum above"]);
    has(
        &analysis_summary(&analysis(), &sample::korean()),
        &["작업 후 추가", "위 합계에 넣지 않음"],
    );
    has(&list(&sample::english()), &["more after work on programs"]);
    has(&list(&sample::korean()), &["프로그램 작업 후 추가"]);
}

#[test]
fn where_repairs_alone_save_the_verdict_says_so() {
    let mut analysis = analysis();
    for total in analysis.totals.values_mut() {
        let nothing = trimtab_model::money::Money::zero(total.likely.currency);
        (total.low, total.likely, total.high) = (nothing, nothing, nothing);
    }
    has(&analysis_summary(&analysis, &sample::english()), &["once programs are repaired"]);
    has(&analysis_summary(&analysis, &sample::korean()), &["프로그램을 고치거나"]);
}
