//! The pages as a reader sees them, in both languages.

use trimtab_model::money::Money;
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::recommendation::{ActionType, Onset, Threshold};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::{StaticText, Text};

use super::*;
use crate::style::{Colour, Style};
use crate::table::{Format, TableOptions};
use crate::width::cells;

#[test]
fn the_summary_begins_with_the_verdict() {
    insta::assert_snapshot!(analysis_summary(&sample::analysis(), &sample::korean()), @r#"
        2026-10-31 09:00 KST 기준 분석

        월 ₩26.6만 절감이 가능합니다. 월 비용의 32%입니다.

         비용          실효(상각) ₩82.9만/월 · 청구 ₩84.8만/월 · KRW, 730시간 한 달 환산
         예상 절감     ₩26.6만/월 (17.6–26.6) · 비용의 32% · 추정
         판정          추천 2건 · 정상 1건 · 판단 보류 1건 · 다른 추천에 포함 1건

        절감이 큰 순서로 2건
         ID        자원              환경  현재 → 제안                   월 절감 (범위)  위험
         ─────────────────────────────────────────────────────────────────────────────────────────
         R-6b0089  lobby-게이트웨이  prod  m5.2xlarge → m6i.xlarge  ₩23.9만 (14.9–23.9)  낮음
         R-af2eed  vol-0old          dev   gp2 172 GiB → 삭제                   ₩2.72만  매우 낮음

        예정된 비용 증가: 약정 1건 종료
         - 2026-12-15: 0a1b2c3d(AWS::EC2::ReservedInstances) 종료, ₩40.5만/월 증가
        같은 사용량에 앞으로 더 내게 될 금액입니다. 절감액이 아니며 위 합계에 넣지 않았습니다.

        판단하지 못한 점검 1건
         - 1건: CPU 지표가 없습니다.

        AWS는 권하지만 trimtab은 권하지 않는 변경이 1건 있습니다. 이유는 `trimtab rec aws` 명령으로 볼 수
        있습니다.

        빠진 데이터
         - metrics:CWAgent:mem_used_percent: 일부 · 자원 24개 중 8개에 있음 · 채우면 점검 1개 가능

        환율 1 USD = 1,385.2 KRW (2026-11-20, 출처: fixed). 표시용 환산입니다.
        절감액은 730시간 한 달 기준의 추정이며, 실효(상각) 비용에서 겹침을 뺀 값입니다.

        다음
           trimtab rec show R-6b0089
           trimtab rec list
           trimtab coverage
        "#);
    insta::assert_snapshot!(analysis_summary(&sample::analysis(), &sample::english()), @r#"
        Analysis as of 2026-10-31 00:00 UTC

        You can save $192 a month: 32% of the monthly cost.

         Cost          $598/mo effective (amortised) · $613/mo billed · USD, per month of 730 hours
         Savings       $192/mo (127–192) · 32% of the cost · estimated
         Verdicts      2 recommended · 1 passed · 1 could not be judged · 1 covered by another
                       recommendation

        Top 2 by saving
         ID        Type       Resource          Env   Current → recommended    Saving/mo (range)  Risk
         ─────────────────────────────────────────────────────────────────────────────────────────────────
         R-6b0089  Rightsize  lobby-게이트웨이  prod  m5.2xlarge → m6i.xlarge     $172 (108–172)  Low
         R-af2eed  Delete     vol-0old          dev   gp2 172 GiB → deleted               $19.65  Very low

        Coming increase: 1 commitment ends
         - 2026-12-15: 0a1b2c3d (AWS::EC2::ReservedInstances) ends, $293/mo more
        An increase is what the same use costs more from then on. It is no saving and in no sum above.

        Not judged: 1 verdict
         - 1 × There is no CPU metric.

        AWS recommends 1 change that trimtab does not: `trimtab rec aws` says why.

        Missing data
         - metrics:CWAgent:mem_used_percent: partial · for 8 of 24 resources · unlocks 1 check

        Savings are estimates per month of 730 hours, effective (amortised), without overlaps.

        Next
           trimtab rec show R-6b0089
           trimtab rec list
           trimtab coverage
        "#);
}

#[test]
fn the_list_ends_with_its_sum() {
    let list = |style: &Style| {
        recommendation_list(&sample::analysis(), style, &TableOptions::default()).unwrap()
    };
    insta::assert_snapshot!(list(&sample::korean()), @r#"
         ID        자원              환경  현재 → 제안                   월 절감 (범위)  위험
         ─────────────────────────────────────────────────────────────────────────────────────────
         R-6b0089  lobby-게이트웨이  prod  m5.2xlarge → m6i.xlarge  ₩23.9만 (14.9–23.9)  낮음
         R-af2eed  vol-0old          dev   gp2 172 GiB → 삭제                   ₩2.72만  매우 낮음

        2건 · ₩26.6만/월 (17.6–26.6), 비용의 32% · 판단을 마치지 못한 자원 1개
        환율 1 USD = 1,385.2 KRW (2026-11-20, 출처: fixed). 표시용 환산입니다.
        다음: trimtab rec show R-6b0089
        "#);
}

#[test]
fn coverage_says_what_is_missing() {
    insta::assert_snapshot!(coverage(&sample::analysis().coverage, &sample::korean()), @r#"
         출처                              상태  자원 수  시작        끝          점검 수
         ────────────────────────────────────────────────────────────────────────────────
         billing                           완전  –        2026-10-01  2026-10-31        0
         metrics:CWAgent:mem_used_percent  일부  8/24     –           –                 1

        빠진 데이터
         - metrics:CWAgent:mem_used_percent: 24대 중 16대에 메모리 지표가 없습니다. CloudWatch 에이전트를
           설치하세요.
           채우면 열리는 점검: ec2-instance-oversized
        "#);
}

#[test]
fn nothing_found_is_a_sentence_and_not_an_empty_page() {
    let mut analysis = sample::analysis();
    analysis.items.clear();
    analysis.increases.clear();
    analysis.totals.clear();
    let first = |analysis: &_| {
        let text = analysis_summary(analysis, &sample::english());
        text.lines().nth(2).unwrap_or_default().to_owned()
    };
    assert_eq!(
        first(&analysis),
        "Nothing to change was found, but 1 verdict is open for lack of data."
    );
    analysis.unknown.clear();
    assert_eq!(first(&analysis), "Nothing to change: 1 check of a resource found no waste.");
    analysis.passed.clear();
    assert_eq!(first(&analysis), "There is nothing to judge: no inventory was read.");
}

#[test]
fn a_cost_that_has_risen_already_is_told_apart_from_one_that_will() {
    let mut analysis = sample::analysis();
    analysis.increases[0].increase.onset = Onset::Past;
    let english = analysis_summary(&analysis, &sample::english());
    assert!(english.contains("Increased lately: 1 commitment has ended"), "{english}");
    assert!(english.contains("since 2026-12-15: 0a1b2c3d"), "{english}");
    assert!(!english.contains("Coming increase"), "{english}");
    let korean = analysis_summary(&analysis, &sample::korean());
    assert!(korean.contains("이미 늘어난 비용: 최근 끝난 약정 1건"), "{korean}");
}

#[test]
fn pages_fit_and_carry_nothing_hidden() {
    for style in [sample::korean(), sample::english()] {
        let analysis = sample::analysis();
        let list = recommendation_list(&analysis, &style, &TableOptions::default()).unwrap();
        let summary = analysis_summary(&analysis, &style);
        let explain = recommendation_explain(&analysis.items[0], &style);
        let page = coverage(&analysis.coverage, &style);
        for text in [list, summary, explain, page] {
            assert!(!text.contains('['), "a key without a text: {text}");
            for line in text.lines() {
                assert!(cells(line) <= 100, "{line}");
                assert!(!line.chars().any(crate::sanitise::is_hidden), "{line:?}");
            }
        }
    }
}

#[test]
fn colour_changes_nothing_but_escape_sequences() {
    let plain = sample::english();
    let coloured = Style { colour: Colour::On, ..plain.clone() };
    let analysis = sample::analysis();
    let strip = |text: String| text.lines().map(crate::sanitise).collect::<Vec<_>>().join("\n");
    let summary = analysis_summary(&analysis, &coloured);
    assert!(summary.contains("\u{1b}[32m"));
    assert_eq!(strip(summary), strip(analysis_summary(&analysis, &plain)));
}

#[test]
fn a_list_for_machines_has_full_identifiers() {
    let options = TableOptions { format: Format::Csv, ..TableOptions::default() };
    let analysis = sample::analysis();
    let text = recommendation_list(&analysis, &sample::english(), &options).unwrap();
    assert!(text.contains(analysis.items[0].id.as_str()), "{text}");
}

#[test]
fn costs_show_both_bases_and_their_share() {
    let usd = |amount: &str| Money::usd(amount.parse().unwrap());
    let row = |key: &str, billed, effective, list: Option<&str>| CostRow {
        key: key.into(),
        billed: usd(billed),
        effective: Some(usd(effective)),
        effective_complete: true,
        list: list.map(usd),
        contracted: None,
    };
    let rows = [row("AmazonEC2", "300", "450.5", Some("500")), row("Tax", "12.3", "0", None)];
    let style = sample::english();
    insta::assert_snapshot!(cost_table(&rows, &rows, "Service", &style).terminal(&style), @r#"
        Service     Billed  Effective  Share     List
        ─────────────────────────────────────────────
        AmazonEC2  $300.00    $450.50   100%  $500.00
        Tax         $12.30      $0.00     0%        –
        "#);
    insta::assert_snapshot!(cost_total(&rows[..1], "2026-10", &sample::korean()), @r#"
        2026-10: 청구 ₩415,560, 실효(상각) ₩624,033, KRW
        환율 1 USD = 1,385.2 KRW (2026-11-20, 출처: fixed). 표시용 환산입니다.
        "#);
    let changes = [
        CostChange { key: "AmazonEC2".into(), before: Some(usd("300")), after: Some(usd("450")) },
        CostChange { key: "AmazonRDS".into(), before: None, after: Some(usd("20")) },
    ];
    insta::assert_snapshot!(cost_changes(&changes, "Service", &style).terminal(&style), @r#"
        Service     Before    After  Difference  Change
        ───────────────────────────────────────────────
        AmazonEC2  $300.00  $450.00     $150.00     50%
        AmazonRDS        –   $20.00      $20.00       –
        "#);
}

#[test]
fn prices_name_their_source() {
    let price = Price {
        usd: "0.118".parse().unwrap(),
        unit: "hour".into(),
        basis: PriceBasis::List,
        source: "aws-price-list".into(),
        as_of: Some("2026-10-13".parse().unwrap()),
    };
    let row = PriceRow { product: "m6i.large".into(), region: "ap-northeast-2".into(), price };
    let style = sample::korean();
    insta::assert_snapshot!(price_table(&[row], &style).terminal(&style), @r#"
        제품       리전              단가  단위  기준    기준일      출처
        ───────────────────────────────────────────────────────────────────────────
        m6i.large  ap-northeast-2  $0.118  시간  정가표  2026-10-13  aws-price-list
        "#);
}

#[test]
fn an_ingest_reports_totals_and_problems() {
    let usd = |amount: &str| Money::usd(amount.parse().unwrap());
    let ingested = Ingested {
        files: vec![IngestedFile {
            file: "billing/2026-10.csv".into(),
            format: "FOCUS 1.2".into(),
            rows: 10_000,
        }],
        failures: vec![IngestFailure {
            problem: Text::new(
                "metrics/bad.csv, row 3, column value: `x` is not a number",
                "metrics/bad.csv, 3행, value 열: `x`: 숫자가 아닙니다",
            ),
            hint: Text::new("write a number such as 12.5", "12.5와 같은 숫자를 쓰세요"),
        }],
        totals: vec![PeriodTotal {
            period: "2026-10".into(),
            billed: usd("123.4500000001"),
            effective: Some(usd("120")),
        }],
        ..Ingested::default()
    };
    insta::assert_snapshot!(ingest_report(&ingested, &sample::korean()), @r#"
        파일 1개를 읽었습니다(10,000행).
         파일                 형식           행
         ──────────────────────────────────────
         billing/2026-10.csv  FOCUS 1.2  10,000

        청구 합계(전체 자릿수)
         - 2026-10: 청구 $123.4500000001, 실효(상각) $120.00, USD

        문제 1건
         - metrics/bad.csv, 3행, value 열: `x`: 숫자가 아닙니다
           조치: 12.5와 같은 숫자를 쓰세요

        다음: trimtab analyze
        "#);
}

#[test]
fn a_check_has_a_page() {
    let thresholds = [Threshold {
        name: "min_age_days",
        default: "14",
        unit: "days",
        text: StaticText {
            en: "Younger volumes pass.", ko: "이보다 새로운 볼륨은 통과합니다."
        },
    }];
    let check = CheckPage {
        id: "ebs-volume-unattached",
        title: StaticText { en: "Unattached EBS volumes", ko: "연결되지 않은 EBS 볼륨" },
        kind: ResourceKind::Volume,
        action_type: ActionType::Delete,
        needs: vec!["inventory:describe-volumes".into(), "billing".into()],
        thresholds: &thresholds,
        docs: "A volume that is attached to nothing\ncosts the same.\n\n- It is snapshotted first.",
    };
    let style = sample::korean();
    insta::assert_snapshot!(check_show(&check, &style), @r#"
        ebs-volume-unattached · 연결되지 않은 EBS 볼륨

         자원 종류     AWS::EC2::Volume
         권하는 조치   삭제
         읽는 데이터   inventory:describe-volumes, billing

        A volume that is attached to nothing costs the same.

        - It is snapshotted first.

        기준값
         기준값        기본값
         ────────────────────
         min_age_days    14일

         - min_age_days: 이보다 새로운 볼륨은 통과합니다.
        "#);
    insta::assert_snapshot!(checks_list(&[check], &style).terminal(&style), @r#"
        점검                   찾는 것                 종류
        ───────────────────────────────────────────────────
        ebs-volume-unattached  연결되지 않은 EBS 볼륨  삭제
        "#);
}
