//! Korean for the command line. English stands beside the declarations in `cli`.

mod rollout;
mod serverless;

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command};

use trimtab_model::text::Language;

/// Returns the command with everything that people read in `language`.
pub fn localised(command: Command, language: Language) -> Command {
    match language {
        Language::En => command,
        Language::Ko => korean(command, ""),
    }
}

fn korean(command: Command, path: &str) -> Command {
    let is_root = path.is_empty();
    let mut command = command
        .help_template(
            "{before-help}{about-with-newline}\n사용법: {usage}\n\n{all-args}{after-help}",
        )
        .subcommand_help_heading("명령")
        .mut_args(|arg| korean_argument(arg, path))
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help("도움말을 보여 줍니다")
                .help_heading("공통 옵션"),
        )
        .disable_version_flag(true)
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("버전을 보여 줍니다")
                .help_heading("공통 옵션"),
        );
    if let Some(text) = after_help(path) {
        command = command.after_help(text);
    }
    if let Some(text) = about(path) {
        command = command.about(text).long_about(None);
    }
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let below = if is_root { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |sub| korean(sub, &below));
    }
    command
}

fn korean_argument(arg: Arg, path: &str) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(_) => "공통 옵션",
        None if arg.is_positional() => "인수",
        None => "옵션",
    };
    let id = arg.get_id().as_str().to_owned();
    let takes_values = arg.get_action().takes_values();
    let values = if takes_values { arg.get_possible_values() } else { Vec::new() };
    let arg = arg.help_heading(heading);
    let arg = if takes_values { arg.hide_default_value(true) } else { arg };
    let Some(text) = argument(path, &id) else { return arg };
    if values.is_empty() {
        return arg.help(text).long_help(None);
    }
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let meanings: Vec<String> = names
        .iter()
        .filter_map(|name| Some(format!("  - {name}: {}", value(&id, name)?)))
        .collect();
    let arg = arg.hide_possible_values(true).help(format!("{text} [{}]", names.join(", ")));
    if meanings.is_empty() {
        arg.long_help(None)
    } else {
        arg.long_help(format!("{text}\n\n쓸 수 있는 값:\n{}", meanings.join("\n")))
    }
}

/// Returns what stands below the help of a command.
fn after_help(path: &str) -> Option<&'static str> {
    match path {
        "" => Some(
            "예:\n  trimtab demo --no-serve                  가상의 게임 회사 하나, 오프라인\n  trimtab init                             내 AWS 계정으로 시작\n  trimtab analyze --from ./export          내 파일로 분석\n  trimtab rec list --filter 'risk<=low'    먼저 할 일\n\n종료 코드: 0 정상 · 1 실패 · 2 사용법 · 3 권한 · 4 일부 데이터 없음(결과는 출력됨) · 20 계획이 오래되었거나 상태가 달라짐 · 21 관문 실패로 되돌림 · 22 사람의 확인 필요 · 130 중단",
        ),
        _ => None,
    }
}

/// Returns what a command does.
fn about(path: &str) -> Option<&'static str> {
    if let Some(text) = serverless::command(path) {
        return Some(text);
    }
    Some(match path {
        "" => "운영 중인 서비스를 건드리지 않고 AWS 요금을 줄입니다.",
        "demo" => "가상의 게임 회사를 만들어 오프라인으로 분석합니다",
        "init" => "이 머신의 AWS 계정을 찾아 읽기 전용 역할을 제안하고 trimtab.toml을 씁니다",
        "doctor" => {
            "스캔에 필요한 것을 확인합니다. 어떤 권한이 무엇 때문에 필요한지, 어떤 정책을 추가할지 알려 줍니다"
        }
        "analyze" => "내보낸 파일이나 수집해 둔 데이터에서 절감 방법을 찾습니다",
        "ingest" => "내보낸 파일이나 AWS의 청구서를 데이터 디렉터리로 읽어 들입니다",
        "scan" => {
            "AWS 계정의 현재 상태를 데이터 디렉터리로 읽어 들입니다. 아무것도 변경하지 않습니다"
        }
        "iam" => "역할에 필요한 최소 권한을 출력합니다. 배포는 직접 합니다",
        "iam policy" => "정책을 JSON으로 출력합니다",
        "iam cloudformation" => "역할을 CloudFormation 템플릿으로 출력합니다",
        "iam terraform" => "역할을 Terraform으로 출력합니다",
        "rec" => "최근 분석의 추천",
        "rec list" => "추천을 절감액이 큰 순서로 보여 줍니다",
        "rec show" => "추천 하나를 자세히 보여 줍니다",
        "rec explain" => "금액이 어떻게 계산되었는지 설명합니다",
        "rec aws" => "AWS는 권하지만 trimtab은 권하지 않는 것과 그 이유를 나열합니다",
        "rec dismiss" => "추천을 영구히 또는 정해진 날까지 닫습니다",
        "rec snooze" => "추천을 정해진 날까지 숨깁니다",
        "rec reopen" => "닫거나 숨긴 추천을 다시 엽니다",
        "plan" => "무엇을 변경할지 정한 계획. 해시로 승인합니다",
        "plan create" => "추천으로 계획을 만듭니다. 아무것도 변경하지 않습니다",
        "plan list" => "계획을 나열합니다",
        "plan show" => "계획 하나를 자세히 보여 줍니다. 승인하기 전에 읽으세요",
        "plan lint" => "계획의 문제를 알려 줍니다",
        "plan diff" => "두 계획의 차이를 보여 줍니다",
        "plan simulate" => "계획의 변경이 각각 언제 시작되는지와 모든 호출을 보여 줍니다",
        "plan preflight" => {
            "각 변경을 막는 것을 AWS에서 읽어 보여 줍니다. 아무것도 변경하지 않습니다"
        }
        "plan attest" => "사람만 알 수 있는 것을 확인해 기록합니다",
        "plan approve" => "계획의 한 단계를 승인합니다",
        "plan export" => "수행할 사람, 자원의 소유자, 영향을 받는 사람을 위해 계획을 문서로 씁니다",
        "apply" => "계획을 수행합니다. --execute가 없으면 모의 실행입니다",
        "run" => "계획의 실행: 지금 일어나는 일과 일어난 일",
        "run list" => "실행을 나열합니다",
        "run show" => "실행 하나를 자세히 보여 줍니다",
        "run watch" => "다른 프로세스가 진행하는 실행을 지켜봅니다",
        "run pause" => "더는 시작하지 않도록 요청합니다. 진행 중인 변경은 끝냅니다",
        "run resume" => {
            "시작할 때 정한 범위까지 실행을 이어 가거나, 일시 중지 또는 사람의 판단을 기다리는 변경을 풉니다"
        }
        "run cancel" => "실행을 끝내고 확정되지 않은 것을 되돌리도록 요청합니다",
        "rollback" => "실행을 되돌립니다",
        "recover" => "실행이 AWS에 남긴 것을 찾고, 기록을 잃은 실행을 이어받습니다",
        "halt" => "모든 변경을 즉시 멈춥니다. 새 변경을 시작하지 않습니다",
        "audit" => "무언가를 변경한 모든 호출의 기록",
        "audit verify" => "기록이 변조되지 않았는지 확인합니다",
        "backtest" => "내 과거 데이터로 크기 조정을 재현합니다: 비용, 절감, 피해가 얼마였을지",
        "db" => "데이터베이스 서버의 쿼리와 인덱스가 쓰는 자원",
        "db inspect" => {
            "MySQL, MariaDB, PostgreSQL 서버에서 부하가 큰 쿼리와 인덱스를 찾습니다. 읽기만 합니다"
        }
        "schedule" => "운영 환경이 아닌 자원을 꺼 둘 수 있는 요일과 시간",
        "schedule show" => "꺼 둘 수 있는 시간과 절감액, 나머지를 제안하지 않는 이유를 보여 줍니다",
        "traffic" => "사용자와 요청: 얼마나, 언제, 그중 불필요한 요청은 무엇인지",
        "traffic summary" => "서비스별 요청과 사용자 수, 붐비는 시간, 증가세를 보여 줍니다",
        "traffic endpoints" => "어떤 경로에 요청이 얼마나 오는지, 그중 중복이 얼마인지 보여 줍니다",
        "traffic duplicates" => "중복 요청을 경로와 종류별로 예와 함께 보여 줍니다",
        "traffic drivers" => {
            "어떤 자원이 사용자나 요청을 따라 움직이는지, 몇 명까지 감당하고 비용은 얼마인지 보여 줍니다"
        }
        "traffic forecast" => "앞으로 예상되는 사용자와 요청을 일별 또는 시간별로 보여 줍니다",
        "simulate" => "사용자 수가 달라지면 크기, 추천, 금액이 어떻게 바뀌는지 알아봅니다",
        "cost" => "청구된 비용",
        "cost summary" => "서비스·계정·날짜 등 기준별 비용",
        "cost top" => "비용이 가장 큰 자원",
        "cost diff" => "두 기간 사이에 달라진 비용",
        "cost allocation" => "비용의 담당: 태그, 가상 태그, 공유 비용의 몫",
        "cost unit" => "일·월 사용자 한 명, 또는 요청 1,000건당 비용",
        "prices" => "단가와 그 출처",
        "prices show" => "인스턴스 유형, RDS 클래스, 과금 항목의 단가를 보여 줍니다",
        "anomaly" => "평소와 다르게 나온 날의 비용, 그리고 사람이 확인한 내용",
        "anomaly list" => "튀는 비용을 차이가 큰 순서로 나열합니다",
        "anomaly show" => "튀는 비용 하나를 자세히 보여 줍니다",
        "anomaly ack" => "어떤 비용인지 기록합니다. 금액이 더 늘 때까지 다시 묻지 않습니다",
        "anomaly reopen" => "기록한 확인을 취소합니다",
        "prices list" => "단가표를 출처·날짜와 함께 나열합니다",
        "prices refresh" => "AWS 공개 단가표를 다시 읽습니다",
        "checks" => "점검 항목: 무엇을 찾는지, 기준값은 얼마인지",
        "checks list" => "점검 항목을 나열합니다",
        "checks show" => "점검 하나를 보여 줍니다: 무엇을 왜 찾는지, 기준값",
        "report" => "보고서를 씁니다",
        "report weekly" => "지난주: 무엇이 왜 움직였고 무엇을 결정해야 하는지",
        "report monthly" => "지난달: 무엇이 달라졌고 누구의 비용이며 무엇을 절감했는지",
        "report quarterly" => "지난 분기: 워크로드와 환경별 비용, 다음에 할 일, 결정 기록",
        "notify" => "보고서를 보내는 곳: 메일, Slack, 웹훅, 파일",
        "notify list" => {
            "채널을 나열합니다: 무엇을 보내고 다음은 언제이며 지난번은 어떻게 되었는지"
        }
        "notify test" => "채널로 짧은 메시지를 보냅니다. 보고서는 아닙니다",
        "serve" => "모든 것을 이 컴퓨터에서 웹 화면과 API로 보여 줍니다",
        "coverage" => "어떤 데이터가 없고, 있으면 무엇을 더 알 수 있는지 보여 줍니다",
        "config" => "적용 중인 설정",
        "config show" => "적용 중인 값과 그 출처를 보여 줍니다",
        "config path" => "읽는 설정 파일의 위치를 보여 줍니다",
        "config validate" => "설정 파일을 검사합니다",
        "config schema" => "설정 파일의 JSON 스키마를 출력합니다",
        "completion" => "셸 자동 완성 스크립트를 출력합니다",
        "man" => "매뉴얼 페이지를 출력합니다",
        "version" => "버전, 빌드, 단가표 정보를 출력합니다",
        _ => return None,
    })
}

/// Returns what a flag or a value of a command means.
fn argument(path: &str, id: &str) -> Option<&'static str> {
    if let Some(text) = rollout::argument(path, id).or_else(|| serverless::argument(path, id)) {
        return Some(text);
    }
    Some(match id {
        "all" if path == "anomaly list" => "이미 확인한 것도 나열합니다",
        "anomaly_kind" => "어떤 비용인지",
        "reason" if path == "anomaly ack" => "이유. 확인 기록과 함께 보관합니다",
        "by" if path == "anomaly ack" => "확인하는 사람 [기본값: 이 컴퓨터의 사용자]",
        "until" if path.starts_with("rec") => "숨겨 둘 마지막 날",
        "output" => "출력 형식. 지정하지 않으면 터미널에서는 표, 파이프에서는 탭으로 구분한 텍스트",
        "wide" => "폭에 상관없이 모든 열을 보여 줍니다",
        "columns" => "보여 줄 열, 쉼표로 구분",
        "sort" => "정렬할 열. 뒤에 `:desc`를 붙이면 내림차순",
        "limit" => "목록에서 보여 줄 최대 행 수",
        "lang" => "화면 언어 [기본값: LANG]",
        "currency" => "표시 통화. 설정에 환율이 있어야 합니다",
        "tz" => "시각과 날짜, 운영 일정의 IANA 시간대. 예: Asia/Seoul [기본값: UTC]",
        "config" => "trimtab.toml 대신 읽을 설정 파일",
        "data_dir" => "trimtab이 읽은 데이터를 두는 디렉터리",
        "color" => "색 사용 여부. NO_COLOR를 따릅니다. 기본값 auto",
        "quiet" => "결과와 오류만 출력합니다",
        "verbose" => "표준 오류로 더 자세히 알립니다. 두 번 쓰면 전부",
        "log_format" => "표준 오류로 나가는 로그의 형식. 기본값 text",
        "seed" => "이야기의 시드. 같은 시드는 같은 회사를 만듭니다",
        "no_serve" => "만들고 분석하기만 하고 대시보드는 띄우지 않습니다",
        "dir" => "이 디렉터리에 쓰고 남겨 둡니다",
        "run" if path == "demo" => "모의 환경에서 시계를 빨리 돌려 단계별 적용 전체를 수행합니다",
        "from" if path == "ingest" => {
            "billing/, inventory/, metrics/, traffic/이 있는 디렉터리, s3://버킷/접두사, aws(AWS에 등록된 내보내기), cost-explorer(합계만, 요청당 0.01 USD) 가운데 하나"
        }
        "resource" if path == "db inspect" => {
            "서버가 실행되는 DB 인스턴스. 이 쿼리들이 없으면 어떤 클래스로 충분한지 알려 줍니다"
        }
        "from" if path == "db inspect" => {
            "DB 인스턴스의 정보가 있는 내보내기 디렉터리 [기본값: 스캔하거나 수집한 데이터]"
        }
        "as_of" if path == "db inspect" => "DB 인스턴스를 볼 기준 시각 [기본값: 데이터의 끝]",
        "url" if path == "db inspect" => {
            "예: mysql://reader@host:3306/game, postgres://reader@host:5432/game. 비밀번호는 TRIMTAB_DATABASE_PASSWORD, MYSQL_PWD, PGPASSWORD 환경 변수로 지정합니다"
        }
        "settled_hours" => {
            "한 번도 쓰이지 않은 인덱스를 미사용으로 판단하는 데 필요한 집계 시간. 기본값 168"
        }
        "idle_after" => "쿼리가 없는 연결을 유휴로 보는 초. 기본값 600",
        "resource" if path == "traffic drivers" => "이 자원만",
        "resource" => "이 자원만. 자원의 식별자나 이름 또는 추천 식별자의 앞부분",
        "exempt" => "추천 대신 태그와 설정의 예외 규칙으로 제외된 것을 이유와 함께 보여 줍니다",
        "from" if path == "backtest" => {
            "inventory/와 metrics/가 있는 디렉터리 [기본값: 읽어 들이거나 스캔한 데이터]"
        }
        "train" => "크기를 정할 때 볼 기간. 예: 14d. 기본값 14d",
        "test" => "정한 크기가 버텨야 할 기간. 예: 14d. 기본값 14d",
        "policy" => "설정 대신 평가할 정책",
        "from" if path == "traffic drivers" => {
            "수집해 둔 데이터 대신 traffic/, metrics/, inventory/, billing/이 있는 이 디렉터리를 읽습니다"
        }
        "ahead" => "얼마나 앞까지 볼지. 14d 같은 일수나 48h 같은 시간. 기본값 14d",
        "users" => "지금 사용자의 몇 배인지. 예: x1.5. 기본값 x1.0",
        "event" => "사용자가 더 몰리는 날. 예: 2026-12-24:x2. 여러 번 쓸 수 있습니다",
        "per" => "무엇으로 나눌지. 기본값 dau",
        "list" if path == "coverage" => "무엇을 나열할지. 기본값 sources",
        "from" if path == "simulate" => {
            "inventory/, metrics/, traffic/, billing/이 있는 디렉터리 [기본값: 읽어 들이거나 스캔한 데이터]"
        }
        "from" if path.starts_with("traffic") => {
            "수집해 둔 데이터 대신 traffic/과 metrics/가 있는 이 디렉터리를 읽습니다. 결과는 저장하지 않습니다"
        }
        "service" if path.starts_with("traffic") => {
            "이 서비스만. 로드 밸런서나 배포의 이름, 또는 로그 디렉터리의 이름"
        }
        "from" if path == "schedule show" => {
            "최근 분석 대신 이 디렉터리를 분석합니다. 결과는 저장하지 않습니다"
        }
        "as_of" if path == "schedule show" => "디렉터리의 분석 기준 시각 [기본값: 데이터의 끝]",
        "from" => "billing/, inventory/, metrics/, traffic/이 있는 디렉터리. 일부가 없어도 됩니다",
        "as_of" if path.starts_with("report") => {
            "보고할 시점. 예: 2026-11-02 [기본값: 최근 분석의 시점]"
        }
        "as_of" => "분석 기준 시각. 예: 2026-10-31T00:00:00Z [기본값: 데이터의 끝]",
        "checks" => "이 점검만 실행, 쉼표로 구분",
        "profile" if path == "ingest" => "청구서가 AWS에 있을 때 시작할 AWS 설정의 프로필",
        "profile" => "시작할 AWS 설정의 프로필",
        "months" => "Cost Explorer에 물을 달의 수. 이번 달을 포함합니다. 기본값 3",
        "bills" => "청구서 내보내기를 찾고 이 버킷에서만 읽게 합니다",
        "cost_explorer" => "요청마다 요금이 드는 Cost Explorer에 묻게 합니다",
        "no_second_opinion" => "Compute Optimizer와 Cost Optimization Hub의 의견을 묻지 않습니다",
        "tier" => "역할이 할 수 있는 일",
        "env" => "역할이 쓰일 환경. 다른 환경에서는 모두 거부됩니다",
        "actions" => "이 작업만, 쉼표로 구분. 예: modify-instance-type",
        "types" => "바꿀 수 있는 인스턴스 유형, 쉼표로 구분. 예: m7i.*",
        "account" if path.starts_with("iam ") => "역할이 변경할 수 있는 자원의 계정",
        "trusted" => "역할을 맡을 수 있는 대상. 계정 번호나 사용자 또는 역할의 ARN",
        "external_id_env" => "보여야 하는 외부 ID가 든 환경 변수의 이름",
        "org" => "관리 계정용: 조직의 계정 목록도 읽게 합니다",
        "no_metrics" => "CloudWatch가 요금을 받는 지표는 읽지 않습니다",
        "estimate" => "스캔하지 않고 호출 수, 요금, 시간을 미리 알려 줍니다",
        "budget" if path == "ingest" => "Cost Explorer에 이 금액(US 달러)까지만 요청합니다",
        "budget" if path == "doctor" => {
            "이 금액(US 달러) 안에서 지표도 확인합니다 [기본값: 0, 지표는 확인하지 않음]"
        }
        "budget" => "이 금액(US 달러)만큼만 지표를 요청합니다",
        "prometheus" => {
            "이 Prometheus 서버의 지표도 읽습니다. 예: http://prometheus:9090. AWS 요금은 들지 않습니다"
        }
        "services" => "이 서비스만. AWS CLI의 서비스 이름, 쉼표로 구분",
        "since" if path == "scan" => {
            "이때부터의 지표를 읽습니다. 30d 같은 일수, 날짜, 시각. CloudWatch는 455일까지 보관합니다 [기본값: 점검이 보는 기간]"
        }
        "account" if path == "ingest" => {
            "계정을 밝히지 않는 인벤토리 파일의 계정. AWS의 청구서라면 읽을 계정(번호 또는 별칭)"
        }
        "yes" => "묻지 않고 제안대로 합니다",
        "non_interactive" => "묻지 않습니다. --yes가 없으면 쓸 내용만 보여 주고 쓰지 않습니다",
        "force" => "이미 있는 파일도 바꿔 씁니다",
        "no_role" => "역할 없이 자격 증명을 그대로 써서 읽습니다",
        "template" => "역할을 쓰는 형식. 기본값 cloudformation",
        "file" if path == "init" => "새로 쓸 설정 파일. 기본값 trimtab.toml",
        "region" if path == "init" => "이 리전만 스캔, 쉼표로 구분 [기본값: 사용 중인 모든 리전]",
        "region" if path == "doctor" => {
            "이 리전을 전부 확인, 쉼표로 구분 [기본값: 계정마다 한 리전, 나머지는 호출 한 번]"
        }
        "account" if matches!(path, "scan" | "doctor") => "이 계정만. 번호 또는 별칭, 쉼표로 구분",
        "region" if path == "scan" => "이 리전만, 쉼표로 구분 [기본값: 사용 중인 모든 리전]",
        "account" => "계정. 계정을 밝히지 않는 인벤토리 파일이나 비용 필터에 씁니다",
        "region" => "리전",
        "filter" => "조건. 예: `saving>500usd and risk<=low and env!=prod`",
        "all" => "닫거나 숨긴 추천도 보여 줍니다",
        "id" => "추천의 식별자 또는 그 앞부분",
        "reason" => "이유. 닫은 기록과 함께 남습니다",
        "until" => "제외되기 시작하는 날(UTC). 이 날은 포함되지 않습니다",
        "since" => "첫날(UTC)",
        "service" => "이 서비스만",
        "by" if path == "cost allocation" => {
            "설정에 있는 배분 기준 하나만. 예: team [기본값: 모든 기준]"
        }
        "by" if path == "cost unit" => "서비스별로 나누어 보여 줍니다",
        "by" => "묶는 기준",
        "before" => "앞 기간. 2026-09 같은 월 또는 2026-09-01..2026-09-15 같은 날짜 범위",
        "after" => "뒤 기간. 쓰는 방법은 같습니다",
        "product" => "예: m6i.large, db.r6g.large, ebs/volume_storage_gp3",
        "url" => "단가표를 제공하는 주소",
        "check" => "점검 이름. 예: ebs-volume-unattached",
        "origin" => "값마다 출처를 함께 보여 줍니다",
        "file" => "파일 [기본값: 실제로 읽히는 파일]",
        "shell" => "셸",
        "report_format" => "쓰는 형식 [기본값: text]",
        "out" => "이 파일에 씁니다",
        "send" => "trimtab.toml에 정한 채널로 보내고 결과를 보여 줍니다",
        "to" if path.starts_with("report") => "대신 이 채널로 보냅니다, 쉼표로 구분",
        "missing" => "이미 받은 사람에게는 보내지 않습니다",
        "dry_run" if path.starts_with("report") => {
            "무엇을 어디로 보낼지만 보여 주고 아무것도 보내지 않습니다"
        }
        "channels" => "trimtab.toml의 채널 이름 [기본값: 모든 채널]",
        "schedule" if path == "serve" => {
            "trimtab.toml의 [notify.reports]에 정한 때에 보고서를 자동으로 보냅니다"
        }
        "addr" => "열 주소. 포트가 0이면 빈 포트를 고릅니다",
        "read_only" => "보기만 합니다. 승인, 제외, 요청을 할 수 없습니다",
        "auth" => "읽는 사람을 확인하는 방법",
        "host" => "프록시가 전달하는 다른 이름(포트 제외). 여러 번 쓸 수 있습니다",
        "help" => "도움말을 보여 줍니다",
        "version" => "버전을 보여 줍니다",
        _ => return None,
    })
}

/// Returns what a word means that a flag takes.
fn value(id: &str, name: &str) -> Option<&'static str> {
    if let Some(text) = serverless::choice(id, name) {
        return Some(text);
    }
    Some(match (id, name) {
        ("policy", "expected-cost") => "기대 비용 최소: 가격, 크레딧, 피해의 합",
        ("policy", "default") => "Compute Optimizer의 기본 프리셋",
        ("policy", "maximum-savings") => "최대 절감 프리셋",
        ("policy", "balanced") => "균형 프리셋",
        ("policy", "maximum-performance") => "최대 성능 프리셋",
        ("format", "awscli") => "되돌리는 방법이 함께 있는 AWS CLI 스크립트",
        ("format", "md") => "Markdown으로 쓴 변경 예정 안내 또는 실행 기록",
        ("format", "terraform") => "소유자가 Terraform에서 바꿀 내용",
        ("format", "cloudformation") => "소유자가 CloudFormation에서 바꿀 내용",
        ("stage", "dev") => "개발",
        ("stage", "staging") => "스테이징",
        ("stage", "prod") => "운영",
        ("stage", "next") => "아직 끝나지 않은 첫 단계",
        ("window", "now") => "시작하지 않습니다",
        ("window", "next") => "다음 변경 시간대까지 기다립니다",
        ("tier", "read") => "읽기만 하며 아무것도 변경하지 않습니다",
        ("tier", "apply") => "한 환경에서 되돌릴 수 있는 변경을 적용합니다",
        ("tier", "destroy") => "한 환경에서 격리 기간이 지난 자원을 삭제합니다",
        ("tier", "scheduler") => {
            "운영 환경이 아닌 자원을 중지하고 시작합니다: 일정이 사용하는 역할"
        }
        ("tier", "boundary") => "위 두 역할이 가질 수 있는 권한의 최대치: 권한 경계",
        ("tier", "trust") => "위 두 역할을 누가 맡을 수 있는지 정하는 신뢰 정책",
        ("env", "dev") => "개발",
        ("env", "staging") => "스테이징",
        ("env", "prod") => "프로덕션",
        ("template", "cloudformation") => "CloudFormation 템플릿(trimtab-read.yaml)",
        ("template", "terraform") => "Terraform 파일(trimtab-read.tf)",
        ("anomaly_kind", "expected") => "예상됨: 이벤트, 출시, 이전 작업",
        ("anomaly_kind", "real") => "실제 이상: 실수나 낭비이며 아직 아무도 조치하지 않음",
        ("anomaly_kind", "in-progress") => "조치 중",
        ("output", "table") => "터미널에 맞춘 표",
        ("output", "json") => "JSON 문서 하나",
        ("output", "jsonl") => "한 줄에 JSON 객체 하나",
        ("output", "csv") => "쉼표로 구분한 값",
        ("output", "md") => "Markdown 표",
        ("report_format", "text") => "터미널에서 읽는 글",
        ("report_format", "md") => "Markdown 문서",
        ("report_format", "json") => "JSON 문서 하나",
        ("report_format", "html") => "혼자서 열리는 페이지 하나",
        ("report_format", "pdf") => "글자를 선택할 수 있는 PDF",
        ("report_format", "xlsx") => "숫자와 차트가 든 엑셀 파일",
        ("auth", "token") => "출력된 토큰으로 확인합니다",
        ("auth", "none") => {
            "확인하지 않습니다. 다른 컴퓨터에서 접속할 수 없는 주소에만 쓸 수 있습니다"
        }
        ("lang", "en") => "영어",
        ("lang", "ko") => "한국어",
        ("color", "auto") => "터미널에서만. NO_COLOR가 있으면 쓰지 않습니다",
        ("color", "always") => "항상",
        ("color", "never") => "쓰지 않음",
        ("log_format", "text") => "사람이 읽는 형식",
        ("log_format", "json") => "프로그램이 읽는 형식",
        ("by", "currency") => "청구 통화(BillingCurrency)",
        ("by", "service") => "서비스(ServiceName)",
        ("by", "account") => "계정(SubAccountId)",
        ("by", "region") => "리전(RegionId)",
        ("by", "resource") => "자원(ResourceId)",
        ("by", "day") => "ChargePeriodStart의 날짜(UTC)",
        ("by", "month") => "청구 기간",
        ("by", "category") => "분류(ChargeCategory)",
        ("by", "usage-type") => "AWS의 사용 유형",
        ("list", "sources") => "데이터 출처: 최근 분석에 있던 것과 없던 것",
        ("list", "places") => "계정과 리전: 출처별로 얼마나, 언제 읽었는지",
        ("list", "permissions") => "마지막 스캔에 없던 권한",
        ("list", "signals") => "판정하지 못한 것을 판정하게 해 줄 데이터",
        ("list", "calls") => "AWS 조회 내역, 실행별",
        ("list", "months") => "AWS 조회 내역, 월별",
        ("per", "dau") => "하루 사용자",
        ("per", "mau") => "그 달의 마지막 날까지 30일간의 사용자",
        ("per", "1000-requests") => "요청 1,000건",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use clap::builder::StyledStr;
    use clap::error::ErrorKind;

    fn is_korean(text: &str) -> bool {
        text.chars().any(|c| ('가'..='힣').contains(&c))
    }

    /// Asserts that what is said in English is said in Korean too.
    fn same(place: &str, english: Option<&StyledStr>, korean: Option<&StyledStr>) {
        let korean = korean.map(ToString::to_string).unwrap_or_default();
        if let Some(english) = english {
            assert!(is_korean(&korean), "no Korean for {place}: `{english}`");
        }
    }

    fn check_argument(place: &str, english: &Arg, korean: &Arg) {
        same(place, english.get_help(), korean.get_help());
        same(&format!("the long help of {place}"), english.get_long_help(), korean.get_long_help());
        if !english.get_action().takes_values() {
            return;
        }
        let long_help = korean.get_long_help().map(ToString::to_string).unwrap_or_default();
        for value in english.get_possible_values() {
            let start = format!("  - {}: ", value.get_name());
            let meaning = long_help.lines().find_map(|line| line.strip_prefix(&start));
            assert!(
                value.get_help().is_none() || meaning.is_some_and(is_korean),
                "no Korean for the value `{}` of {place}",
                value.get_name()
            );
        }
    }

    fn check(english: &Command, korean: &Command, path: &str) {
        if english.is_hide_set() {
            return;
        }
        let place = |what: &str| format!("the {what} of `{path}`");
        assert!(english.get_about().is_some(), "`{path}` does not say what it does");
        same(&place("about"), english.get_about(), korean.get_about());
        same(&place("long_about"), english.get_long_about(), korean.get_long_about());
        same(&place("before_help"), english.get_before_help(), korean.get_before_help());
        same(
            &place("before_long_help"),
            english.get_before_long_help(),
            korean.get_before_long_help(),
        );
        same(&place("after_help"), english.get_after_help(), korean.get_after_help());
        same(
            &place("after_long_help"),
            english.get_after_long_help(),
            korean.get_after_long_help(),
        );
        for arg in english.get_arguments() {
            let id = arg.get_id();
            let translated = korean
                .get_arguments()
                .find(|other| other.get_id() == id)
                .unwrap_or_else(|| panic!("`{path}` has no {id} in Korean"));
            check_argument(&format!("{id} of `{path}`"), arg, translated);
        }
        for sub in english.get_subcommands() {
            let name = sub.get_name();
            let translated = korean
                .find_subcommand(name)
                .unwrap_or_else(|| panic!("`{path}` has no {name} in Korean"));
            check(sub, translated, &format!("{path} {name}"));
        }
    }

    fn check_whole(english: Command) {
        let korean = localised(english.clone(), Language::Ko);
        check(&english, &korean, english.get_name());
    }

    #[test]
    fn every_command_tells_the_version_in_either_language() {
        for language in [Language::En, Language::Ko] {
            for words in [&["--version"][..], &["coverage", "-V"], &["rec", "list", "--version"]] {
                let words = std::iter::once("trimtab").chain(words.iter().copied());
                let command = localised(crate::cli::Cli::command(), language);
                let kind = command.try_get_matches_from(words).expect_err("the version").kind();
                assert_eq!(kind, ErrorKind::DisplayVersion);
            }
        }
    }

    #[test]
    fn every_text_of_the_command_line_has_korean() {
        check_whole(crate::cli::Cli::command());
    }

    #[test]
    #[should_panic(expected = "no Korean for the long_about of `trimtab coverage`")]
    fn a_long_text_without_korean_is_found() {
        check_whole(
            crate::cli::Cli::command().mut_subcommand("coverage", |sub| sub.long_about("More.")),
        );
    }

    #[test]
    #[should_panic(expected = "no Korean for the after_help of `trimtab rec list`")]
    fn a_text_below_the_help_without_korean_is_found() {
        check_whole(crate::cli::Cli::command().mut_subcommand("rec", |sub| {
            sub.mut_subcommand("list", |sub| sub.after_help("Example: none"))
        }));
    }

    #[test]
    #[should_panic(expected = "no Korean for the value `loud` of color of `trimtab`")]
    fn a_value_without_korean_is_found() {
        let loud = PossibleValue::new("loud").help("Loudly.");
        check_whole(crate::cli::Cli::command().mut_arg("color", |arg| arg.value_parser([loud])));
    }
}
