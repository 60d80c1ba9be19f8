//! Korean for the flags of plans and runs.

/// Returns what a flag or a value means of a command that makes or carries out plans.
pub(super) fn argument(path: &str, id: &str) -> Option<&'static str> {
    let command = path.split(' ').next().unwrap_or_default();
    if !matches!(command, "plan" | "apply" | "run" | "rollback" | "recover" | "halt" | "audit") {
        return None;
    }
    Some(match id {
        "recommendations" => "추천 식별자의 앞부분 [기본값: 열려 있는 모든 추천]",
        "by" if path == "plan create" => "만드는 사람 [기본값: 이 컴퓨터의 사용자]",
        "by" if path == "plan approve" => "승인하는 사람 [기본값: 이 컴퓨터의 사용자]",
        "by" if path == "plan attest" => "확인하는 사람 [기본값: 이 컴퓨터의 사용자]",
        "by" if path == "apply" => "수행하는 사람 [기본값: 이 컴퓨터의 사용자]",
        "by" => "요청하는 사람 [기본값: 이 컴퓨터의 사용자]",
        "migration" => {
            "함수에 작업을 넘긴 `trimtab serverless scaffold` 프로젝트 디렉터리. 기존 서버의 중지를 계획합니다. 여러 번 쓸 수 있습니다"
        }
        "terraform" => {
            "`terraform show -json`의 출력 파일. Terraform이 관리하는 것은 Terraform에 맡깁니다. 여러 번 쓸 수 있습니다"
        }
        "plan" => "계획의 식별자나 해시 또는 그 앞부분",
        "before" => "앞의 계획",
        "after" => "뒤의 계획",
        "stage" if path == "apply" => {
            "수행할 마지막 단계. next는 다음 단계 하나만 [기본값: 승인된 모든 단계]"
        }
        "canary" => "그 단계의 이 비율까지만 수행합니다. 숫자가 없으면 첫 변경 하나만",
        "window" => "변경 시간대가 아닐 때 할 일 [기본값: 2분 기다린 뒤 끝냅니다]",
        "stage" => "단계",
        "plan_hash" if path == "apply" => {
            "계획의 해시 또는 그 앞부분 열두 글자 이상. 물어볼 사람이 없으면 필요합니다"
        }
        "plan_hash" => "계획의 해시 또는 그 앞부분 열두 글자 이상",
        "alias" => {
            "운영 환경을 변경할 계정의 별칭. 별칭이 없으면 계정 번호. 계정마다 한 번씩 씁니다"
        }
        "format" => "쓸 형식",
        "contact" => "안내문에 적을 연락처",
        "run" if path == "plan export" => "안내문 대신 이 실행의 기록을 씁니다",
        "run" => "실행의 식별자 또는 그 앞부분",
        "execute" if path == "apply" => {
            "실제로 변경합니다. 없으면 아무것도 변경하지 않고 모든 호출을 보여 줍니다"
        }
        "execute" if path == "rollback" => {
            "확정되지 않은 것을 여기에서 되돌립니다. 없으면 요청만 기록합니다"
        }
        "execute" => {
            "여기에서 실행을 이어 갑니다. 없으면 일시 중지나 변경을 푸는 요청만 기록하고, --all이면 아무것도 기록하지 않습니다"
        }
        "allow_long_lived_keys" => {
            "만료되지 않는 IAM 사용자 액세스 키를 씁니다. 감사 기록에 남습니다"
        }
        "all" => {
            "끝나지 않았고 일시 중지되지 않은 모든 실행. 서비스가 중단되었을 수 있는 것부터 이어 갑니다"
        }
        "wait" => "변경 시간대와 확정을 포함해 실행이 끝날 때까지 기다립니다",
        "row" => "`trimtab plan preflight`의 항목. 예: ec2-08",
        "note" => "확인하거나 결정한 내용 한 줄",
        "change" if path == "plan attest" => "변경 식별자의 앞부분",
        "change" if path == "rollback" => "끝난 실행에서 이 변경만. 식별자 또는 그 앞부분",
        "change" => "사람의 판단을 기다리는 이 변경을 계속하게 합니다",
        "adopt" => {
            "이 계획, 또는 기록을 잃은 모든 계획의 기록을 새로 씁니다. AWS에서는 아무것도 바꾸지 않습니다"
        }
        "account" => "이 계정만. 번호 또는 별칭, 쉼표로 구분",
        "region" => "이 리전만, 쉼표로 구분 [기본값: 사용 중인 모든 리전]",
        "reason" => "이유. 확인하는 모든 사람에게 보여 줍니다",
        "clear" => "다시 변경을 시작할 수 있게 합니다",
        _ => return None,
    })
}
