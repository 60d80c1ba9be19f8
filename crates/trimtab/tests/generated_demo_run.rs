//! The recordings of the demo's rollout in docs are what the program tells.
//!
//! Stale ones are rewritten as `generated` does it.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::path::Path;

use support::{Exports, stderr, stdout};

const ENGLISH: &str = "\
# A whole staged rollout, recorded

This is what `trimtab demo --run` prints, word for word: a company that does not exist carries a plan out over development,
staging and production, in a simulated cloud and in accelerated time. The plan, its approval, the run, its gates, the journal
and the audit log are those of every rollout ([How a change reaches production](guide/rollout.md)); only what answers the calls
and the metrics is simulated. One machine does not bear its smaller type at the busiest hour, which no recommendation could
know; its gate sees it, and it is taken back. The page is generated, and a test compares it. [한국어](demo-run.ko.md)
";

const KOREAN: &str = "\
# 단계별 적용 전체 기록

`trimtab demo --run` 명령의 출력을 그대로 옮긴 것입니다. 실제로 없는 회사가 개발, 스테이징, 운영 순서로 계획을 적용하는 과정을 모의
환경에서 시계를 빨리 돌려 보여 줍니다. 계획과 승인, 실행, 관문, 실행 기록과 감사 기록은 실제 적용과 같고([변경이 운영 환경에 적용되기까지](guide/rollout.md)),
호출과 지표에 답하는 클라우드만 모의 환경입니다. 서버 한 대는 가장 바쁜 시간에 작은 유형을 견디지 못합니다. 추천으로는 알 수 없던
사실을 관문이 발견해 자동으로 되돌립니다. 이 문서는 자동으로 만들며 테스트가 비교합니다. [English](demo-run.md)
";

fn check(file: &str, language: &str, introduction: &str) {
    let exports = Exports::empty();
    let command = ["demo", "--run", "--lang", language];
    let output = exports.trimtab(&command);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let fresh =
        format!("{introduction}\n```\n$ trimtab {}\n{}```\n", command.join(" "), stdout(&output));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
    if std::fs::read_to_string(&path).is_ok_and(|committed| committed == fresh) {
        return;
    }
    std::fs::write(&path, fresh).expect("docs/ can be written");
    let is_asked_for = std::env::var_os("TRIMTAB_GEN").is_some_and(|value| value == "1");
    assert!(
        is_asked_for,
        "docs/{file} was stale and has been rewritten; read the difference and commit it"
    );
}

#[test]
fn the_recording_of_a_rollout_is_fresh() {
    check("demo-run.md", "en", ENGLISH);
}

#[test]
fn the_korean_recording_of_a_rollout_is_fresh() {
    check("demo-run.ko.md", "ko", KOREAN);
}
