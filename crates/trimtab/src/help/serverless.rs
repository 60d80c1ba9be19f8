//! Korean for `trimtab serverless`.

/// Returns what a command is for.
pub(super) fn command(path: &str) -> Option<&'static str> {
    Some(match path {
        "serverless" => {
            "몇 분의 작업을 위해 온종일 실행되는 서버, 함수로 바꿀 때의 비용, 그리고 이미 있는 함수"
        }
        "serverless list" => {
            "대부분의 시간을 기다리는 서버를 함수로 바꿀 수 있는 것부터 나열합니다"
        }
        "serverless show" => "서버 하나를 자세히 보여 줍니다: 작업, 맞지 않는 이유, 양쪽 비용",
        "serverless simulate" => "직접 측정했거나 예상하는 값으로 함수 비용을 계산합니다",
        "serverless scaffold" => {
            "함수를 만듭니다: 테스트가 있는 핸들러, 인프라, 안내서, 서버에서 옮겨 가는 순서"
        }
        "serverless functions" => {
            "이미 있는 Lambda 함수를 나열합니다: 호출 수, 실행 시간, 비용, 특이 사항"
        }
        "serverless tune" => "여러 크기에서 직접 측정한 실행 시간으로 함수 메모리를 고릅니다",
        "serverless explain" => "금액이 어떻게 나왔는지 보여 줍니다",
        _ => return None,
    })
}

/// Returns what a flag or a value means.
pub(super) fn argument(path: &str, id: &str) -> Option<&'static str> {
    if !path.starts_with("serverless ") {
        return None;
    }
    Some(match id {
        "server" if path == "serverless scaffold" => {
            "함수가 일을 넘겨받을 서버(`trimtab serverless list`의 식별자 또는 이름)"
        }
        "server" => "식별자 또는 이름",
        "out" if path == "serverless scaffold" => "프로젝트를 쓸 디렉터리. 새로 만듭니다",
        "runtime" => "핸들러의 언어",
        "iac" => "인프라를 적는 형식",
        "name" if path == "serverless scaffold" => "함수 이름 [기본값: 서버 또는 템플릿의 이름]",
        "region" if path == "serverless scaffold" => {
            "리전 [기본값: 서버의 리전, 없으면 ap-northeast-2]"
        }
        "memory" if path == "serverless scaffold" => {
            "함수 메모리(MB) [기본값: 제안 값, 없으면 256]"
        }
        "timeout" if path == "serverless scaffold" => "한 번 실행의 최대 시간(초)",
        "template" if path == "serverless scaffold" => {
            "함수가 하는 일 [기본값: 서버의 작업이 시작되는 방식에 따름]"
        }
        "env" => "한 환경의 함수만 보여 줍니다",
        "tags" if path == "serverless functions" => {
            "이 태그가 있는 함수만 보여 줍니다(예: team=live). 여러 번 지정하면 모두 있어야 합니다"
        }
        "function" => {
            "`trimtab serverless functions`에 나오는 함수의 이름 또는 ARN. 현재 크기와 비교합니다"
        }
        "points" => {
            "호출마다 한 행인 CSV(memory_mb,duration_ms) 또는 AWS Lambda Power Tuning의 출력"
        }
        "strategy" => "크기를 고르는 기준 [기본값: cost]",
        "balance" => "`balanced`에서 비용의 가중치. 0(속도)부터 1(비용)까지 [기본값: 0.5]",
        "calls" => "월 호출 수 [기본값: FUNCTION을 지정하면 측정값]",
        "arch" => {
            "측정한 프로세서. 파일에 프로세서가 있으면 이 프로세서의 호출만 비교합니다 [기본값: FUNCTION의 프로세서]"
        }
        "region" if path == "serverless tune" => "가격의 리전 [기본값: FUNCTION의 리전]",
        "tags" => "비용이 드는 모든 자원에 붙일 태그(예: team=live). 여러 번 지정할 수 있습니다",
        "subnets" => "함수가 실행될 프라이빗 서브넷. 여러 번 지정할 수 있습니다",
        "security_groups" => "그 네트워크의 보안 그룹. 여러 번 지정할 수 있습니다",
        "factor" => "현재 실행 횟수의 배수(예: 10)",
        "runs" => "월 실행 횟수 [기본값: 측정값]",
        "seconds" => "직접 측정한 1회 실행 시간(초) [기본값: 서버가 작업한 시간 전체]",
        "memory" if path == "serverless simulate" => "함수 메모리(MB) [기본값: 제안 값]",
        "architecture" => "함수의 프로세서 [기본값: 제안 값]",
        _ => return None,
    })
}

/// Returns what a choice of a flag means.
pub(super) fn choice(id: &str, value: &str) -> Option<&'static str> {
    Some(match (id, value) {
        ("template", "s3-notice") => "버킷의 파일이 MySQL의 행과 메시지가 됩니다",
        ("template", "http") => "HTTP로 주고받는 JSON",
        ("template", "schedule") => "정해진 시각에 실행되는 작업",
        ("template", "queue") => "대기열의 메시지",
        ("runtime", "rust") => "네이티브 바이너리",
        ("runtime", "nodejs") => "JavaScript 코드",
        ("runtime", "python") => "Python 코드",
        ("iac", "serverless") => "serverless.yml 파일",
        ("iac", "sam") => "AWS SAM 템플릿",
        ("iac", "cloudformation") => "AWS CloudFormation 템플릿",
        ("iac", "terraform") => "Terraform 파일",
        ("env", "unknown") => "태그로 알 수 없음",
        ("strategy", "cost") => "가장 저렴한 크기",
        ("strategy", "speed") => "가장 빠른 크기",
        ("strategy", "balanced") => "둘 사이의 가중치",
        ("architecture" | "arch", "arm64") => "Graviton 프로세서",
        ("architecture" | "arch", "x86_64") => "Intel과 AMD",
        _ => return None,
    })
}
