//! Writes the page that tells a visitor what the directory is.

use std::path::Path;

use super::truth::Truth;
use crate::story::error::StoryError;

/// Writes `README.md` into `dir`.
pub(super) fn write(dir: &Path, truth: &Truth) -> Result<(), StoryError> {
    let path = dir.join("README.md");
    let text = format!(
        "# 데모 데이터 / Demo data\n\
        \n\
        이 디렉터리는 trimtab이 만든 **데모 데이터**입니다. 회사 `starfall-games`와 게임 스타폴, 계정 번호, \
        리소스는 모두 가상입니다. 단가만 실제 AWS 가격 목록에서 가져왔습니다.\n\
        \n\
        - `billing/` 2026년 7~10월 청구서(FOCUS 1.0, AWS 열 포함). 월 {cost} USD, 약 1,000만 원입니다.\n\
        - `inventory/` 개발, 스테이징, 운영 계정의 리소스 목록(AWS CLI 출력 형식).\n\
        - `metrics/` 93일치 CloudWatch 메트릭. 마지막 14일은 5분, 그 이전은 1시간 간격입니다.\n\
        - `traffic/` 일별 접속자 수와 로드 밸런서 접근 로그 16일치. 로그에는 클라이언트 400개 중 하나가 보낸 요청만 모두 들어 있습니다.\n\
        - `truth.json` 심어 둔 문제와 기대 절감액. 분석은 이 파일을 읽지 않습니다.\n\
        \n\
        분석 기준 시각은 {as_of}입니다. 이번 릴리스의 점검 항목은 종량 요금의 {now}%를, 전체 과정은 {all}%를 절감합니다.\n\
        \n\
        ```\n\
        trimtab analyze --from . --as-of {as_of}\n\
        ```\n\
        \n\
        ---\n\
        \n\
        trimtab wrote this directory: it is **demo data**. The company `starfall-games`, its game, its accounts \
        and its resources are invented; only the unit prices are those of AWS's price lists.\n\
        \n\
        - `billing/` the bills of July to October 2026 (FOCUS 1.0 with AWS's columns): {cost} USD a month, \
        about ten million won.\n\
        - `inventory/` what runs in the development, staging and production accounts, as the AWS CLI prints it.\n\
        - `metrics/` 93 days of CloudWatch metrics: five minutes apart for the last 14 days, an hour apart before.\n\
        - `traffic/` players per day, and 16 days of access logs of a load balancer: all that one client in four \
        hundred sent.\n\
        - `truth.json` the faults that were planted and what they cost. No analysis reads it.\n\
        \n\
        The story is analysed for {as_of}. The checks of this release save {now} % of what is metered, the whole \
        loop {all} %.\n",
        cost = truth.monthly_cost_usd.round_dp(2),
        as_of = truth.as_of,
        now = truth.this_release_percent,
        all = truth.whole_loop_percent,
    );
    std::fs::write(&path, text).map_err(StoryError::write(&path))
}
