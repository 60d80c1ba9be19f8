//! The pages about one recommendation as a reader sees them, in both languages.

use super::*;

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

         정가에서 지불 금액까지
         단계           지금   변경 후       차이
         ────────────────────────────────────────
         정가       ₩477,285  ₩238,642  −₩238,642
         계약 할인         –         –          –
         약정              –         –          –
         실효 비용  ₩477,285  ₩238,642  −₩238,642
         - 청구서에 이 자원이 없어 정가로 계산했습니다. 계약 할인과 약정이 얼마나 적용되는지는 알 수
           없습니다.

        근거(최근 14일)
         신뢰도        낮음 · 부족한 근거: 보지 못한 신호 1개, 정가 기준

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

         From the list price to what is paid
         Step                   Now  After the change  Difference
         ────────────────────────────────────────────────────────
         List price         $344.56           $172.28    −$172.28
         Contract discount        –                 –           –
         Commitments              –                 –           –
         Effective cost     $344.56           $172.28    −$172.28
         - The bill does not name this resource, so its list price counts. What the contract and commitments
           take off is not known.

        Evidence over 14 days
         Confidence    Low · Evidence lacks: 1 signal not seen, list price

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
