//! The pages as a reader sees them, in both languages.

use trimtab_model::money::Money;
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::recommendation::{ActionType, Threshold};
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
fn a_recommendation_shows_everything() {
    insta::assert_snapshot!(recommendation_show(&sample::rightsize(), &sample::korean()), @r#"
        R-6b00892cc514 · 적정 크기 · lobby-게이트웨이
        i-0lobby · AWS::EC2::Instance · prod · 111122223333 · ap-northeast-2

         변경          m5.2xlarge → m6i.xlarge
         판정          과다 할당
         이유          CPU 99.5 백분위 사용률이 31%입니다.
         점검          ec2-instance-oversized

        금액
         예상 절감     ₩23.9만/월 (14.9–23.9) · 추정
         현재 비용     ₩47.7만/월 · 실효(상각) 기준
         이후 비용     ₩23.9만/월 · 실효(상각) 기준
         할인 전       ₩23.9만/월 · 정가 기준
         가격 기준     정가표

         현재, 정가 기준
         - m5.2xlarge: 730시간 × $0.472 = $344.56 · 정가표, aws-price-list, 2026-10-13
         이후, 정가 기준
         - m6i.xlarge: 730시간 × $0.236 = $172.28 · 정가표, aws-price-list, 2026-10-13

        근거(최근 14일)
         수치                값  기준값
         ──────────────────────────────
         CPU 99.5 백분위  30.6%     80%
         메모리 최대        24%       –

         지표                    통계     표본 수  주기  측정 비율  최대 공백
         ────────────────────────────────────────────────────────────────────
         AWS/EC2 CPUUtilization  Maximum    4,020  5분       99.7%  1시간
         - 버스트형은 고려하지 않았습니다.

        보지 못한 신호
         - network: 네트워크 사용량을 읽지 못했습니다. NetworkIn과 NetworkOut 지표를 내보내세요.

        선택지
         현재 → 제안                   월 절감 (범위)  위험  예상 사용률
         ──────────────────────────────────────────────────────────────────────────────────
         m5.2xlarge → m6i.xlarge  ₩23.9만 (14.9–23.9)  낮음  CPU p99.5 61%, 메모리 최대 48%
         m5.2xlarge → m5.xlarge   ₩23.9만 (14.9–23.9)  높음

        변경 작업
         위험          낮음. 사용자가 느낄 가능성이 낮습니다. 수요가 새 구성의 용량 안에 있습니다.
         예상 사용률   CPU p99.5 61%, 메모리 최대 48%
         재시작        필요합니다. 자원이 잠시 중단됩니다.
         되돌리기      가능합니다. 원래 상태 그대로 돌아갑니다.
         작업량        보통

        AWS의 의견
        다름 · Compute Optimizer의 제안은 m5.xlarge, trimtab의 제안은 m6i.xlarge입니다.
         - Compute Optimizer: Overprovisioned · m5.xlarge · 절감액 ₩23.7만/월 · 14일 기준
         - AWS는 메모리 지표를 보지 못했고 trimtab은 보았습니다.

        적용
           aws ec2 stop-instances --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 wait instance-stopped --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 modify-instance-attribute --instance-id i-0lobby --instance-type Value=m6i.xlarge --region ap-northeast-2
           aws ec2 start-instances --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 wait instance-status-ok --instance-ids i-0lobby --region ap-northeast-2

        되돌리기
           aws ec2 stop-instances --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 wait instance-stopped --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 modify-instance-attribute --instance-id i-0lobby --instance-type Value=m5.2xlarge --region ap-northeast-2
           aws ec2 start-instances --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 wait instance-status-ok --instance-ids i-0lobby --region ap-northeast-2

        환율 1 USD = 1,385.2 KRW (2026-11-20, 출처: fixed). 표시용 환산입니다.
        "#);
    insta::assert_snapshot!(recommendation_show(&sample::rightsize(), &sample::english()), @r#"
        R-6b00892cc514 · Rightsize · lobby-게이트웨이
        i-0lobby · AWS::EC2::Instance · prod · 111122223333 · ap-northeast-2

         Change        m5.2xlarge → m6i.xlarge
         Finding       Overprovisioned
         Why           It uses 31 % of its CPU at the 99.5th percentile.
         Check         ec2-instance-oversized

        Money
         Savings       $172/mo (108–172) · estimated
         Cost now      $345/mo · effective (amortised)
         Cost after    $172/mo · effective (amortised)
         At list price $172/mo · list price
         Price basis   price list

         Now, at list prices
         - m5.2xlarge: 730 hours × $0.472 = $344.56 · price list, aws-price-list, 2026-10-13
         Afterwards, at list prices
         - m6i.xlarge: 730 hours × $0.236 = $172.28 · price list, aws-price-list, 2026-10-13

        Evidence over 14 days
         Figure                  Value  Threshold
         ────────────────────────────────────────
         CPU, 99.5th percentile  30.6%        80%
         Memory, maximum           24%          –

         Metric                  Statistic  Samples  Period  Coverage  Longest gap
         ─────────────────────────────────────────────────────────────────────────
         AWS/EC2 CPUUtilization  Maximum      4,020  5 min      99.7%  1 h
         - Burstable types were not considered.

        Signals not seen
         - network: Network use was not read; export NetworkIn and NetworkOut.

        Options
         Current → recommended    Saving/mo (range)  Risk  Projected use
         ───────────────────────────────────────────────────────────────────────────────────
         m5.2xlarge → m6i.xlarge     $172 (108–172)  Low   CPU p99.5 61%, memory maximum 48%
         m5.2xlarge → m5.xlarge      $172 (108–172)  High

        The change
         Risk          Low. Users are unlikely to notice: demand stays below what the new configuration
                       offers.
         Use after     CPU p99.5 61%, memory maximum 48%
         Restart       Needed: the resource is interrupted.
         Undo          Possible, back to exactly what was.
         Effort        Medium

        Second opinion of AWS
        differ · Compute Optimizer proposes m5.xlarge where trimtab proposes m6i.xlarge.
         - Compute Optimizer: Overprovisioned · m5.xlarge · saves $171/mo · looked at 14 days
         - AWS saw no metric of memory; trimtab did.

        Apply
           aws ec2 stop-instances --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 wait instance-stopped --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 modify-instance-attribute --instance-id i-0lobby --instance-type Value=m6i.xlarge --region ap-northeast-2
           aws ec2 start-instances --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 wait instance-status-ok --instance-ids i-0lobby --region ap-northeast-2

        Undo
           aws ec2 stop-instances --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 wait instance-stopped --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 modify-instance-attribute --instance-id i-0lobby --instance-type Value=m5.2xlarge --region ap-northeast-2
           aws ec2 start-instances --instance-ids i-0lobby --region ap-northeast-2
           aws ec2 wait instance-status-ok --instance-ids i-0lobby --region ap-northeast-2
        "#);
}

#[test]
fn an_explanation_goes_step_by_step() {
    insta::assert_snapshot!(recommendation_explain(&sample::rightsize(), &sample::korean()), @r#"
        R-6b00892cc514 · lobby-게이트웨이

         1. 점검 ec2-instance-oversized 결과입니다.
         2. 지표를 읽었습니다: AWS/EC2 CPUUtilization(Maximum, 5분 간격), 표본 4,020개. 기간의 99.7%, 최대
            공백 1시간입니다.
         3. CPU 99.5 백분위: 30.6% (기준값 80%).
         4. 메모리 최대: 24%.
         5. 판정: 과다 할당. CPU 99.5 백분위 사용률이 31%입니다.
         6. 변경: m5.2xlarge → m6i.xlarge. 선택지 2개 가운데 첫째입니다.
         7. 변경 후 사용률(새 구성 대비): CPU p99.5 61%, 메모리 최대 48%.
         8. 현재 정가 비용: m5.2xlarge 730시간 × $0.472 = $344.56.
         9. 이후 정가 비용: m6i.xlarge 730시간 × $0.236 = $172.28. 할인 전 차이는 ₩23.9만/월입니다.
        10. 청구서에 이 자원이 없어 정가를 썼습니다. 현재 ₩47.7만/월, 이후 ₩23.9만/월입니다.
        11. 절감액은 ₩23.9만/월이며 범위는 ₩14.9만/월–₩23.9만/월입니다. 청구서가 없으면 이미 적용 중인 약정
            할인을 볼 수 없습니다.
        12. 사용자가 느낄 가능성이 낮습니다. 수요가 새 구성의 용량 안에 있습니다.

        보지 못한 신호
         - 네트워크 사용량을 읽지 못했습니다. NetworkIn과 NetworkOut 지표를 내보내세요.

        참고
         - 버스트형은 고려하지 않았습니다.

        AWS의 의견
        다름 · Compute Optimizer의 제안은 m5.xlarge, trimtab의 제안은 m6i.xlarge입니다.
         - Compute Optimizer: Overprovisioned · m5.xlarge · 절감액 ₩23.7만/월 · 14일 기준
         - AWS는 메모리 지표를 보지 못했고 trimtab은 보았습니다.

        환율 1 USD = 1,385.2 KRW (2026-11-20, 출처: fixed). 표시용 환산입니다.
        "#);
    insta::assert_snapshot!(recommendation_explain(&sample::rightsize(), &sample::english()), @r#"
        R-6b00892cc514 · lobby-게이트웨이

         1. The check ec2-instance-oversized judged this resource.
         2. It read 4,020 samples of AWS/EC2 CPUUtilization (Maximum, every 5 min): 99.7% of the window,
            longest gap 1 h.
         3. CPU, 99.5th percentile: 30.6%, compared with 80%.
         4. Memory, maximum: 24%.
         5. Finding: Overprovisioned. It uses 31 % of its CPU at the 99.5th percentile.
         6. The change: m5.2xlarge → m6i.xlarge, the first of 2 options.
         7. Use afterwards, in percent of the new configuration: CPU p99.5 61%, memory maximum 48%.
         8. At list prices it costs now: m5.2xlarge 730 hours × $0.472 = $344.56.
         9. At list prices it costs afterwards: m6i.xlarge 730 hours × $0.236 = $172.28. The difference is
            $172/mo before discounts.
        10. Your bill does not name this resource, so list prices stand: $345/mo now, $172/mo afterwards.
        11. The saving is $172/mo, between $108/mo and $172/mo: without the bill, a commitment that already
            lowers the price cannot be seen.
        12. Users are unlikely to notice: demand stays below what the new configuration offers.

        Signals not seen
         - Network use was not read; export NetworkIn and NetworkOut.

        Notes
         - Burstable types were not considered.

        Second opinion of AWS
        differ · Compute Optimizer proposes m5.xlarge where trimtab proposes m6i.xlarge.
         - Compute Optimizer: Overprovisioned · m5.xlarge · saves $171/mo · looked at 14 days
         - AWS saw no metric of memory; trimtab did.
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
