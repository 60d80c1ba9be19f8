//! The pages of a project: how it is deployed, and how it takes over, in English and Korean.

use super::alarm::{Alarm, alarms, duration_limit_milliseconds};
use super::clock::DAY;
use super::fill::filled;
use super::migration::{Gate, Phase, Words, phases, words};
use super::project::{Iac, Runtime, Scaffold, Template};
use super::replaced;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    Korean,
}

impl Language {
    fn of(self, words: Words) -> String {
        match self {
            Self::English => words.english,
            Self::Korean => words.korean,
        }
    }

    fn pick(self, english: &str, korean: &str) -> String {
        self.of(words(english, korean))
    }
}

/// Returns the pages of a project, by name.
pub(super) fn pages(scaffold: &Scaffold) -> Vec<(&'static str, String)> {
    let (english, korean) = (Language::English, Language::Korean);
    let guide = [include_str!("templates/guide/en.md"), include_str!("templates/guide/ko.md")];
    let plan = [
        include_str!("templates/guide/migration.en.md"),
        include_str!("templates/guide/migration.ko.md"),
    ];
    let [guide_english, guide_korean] = guide;
    let [plan_english, plan_korean] = plan;
    vec![
        ("README.md", filled(guide_english, &values(scaffold, english))),
        ("README.ko.md", filled(guide_korean, &values(scaffold, korean))),
        ("MIGRATION.md", filled(plan_english, &values(scaffold, english))),
        ("MIGRATION.ko.md", filled(plan_korean, &values(scaffold, korean))),
    ]
}

fn values(scaffold: &Scaffold, language: Language) -> Vec<(&'static str, String)> {
    vec![
        ("name", scaffold.name.clone()),
        ("region", scaffold.region.clone()),
        ("runtime", scaffold.runtime.identifier().to_owned()),
        ("architecture", scaffold.architecture.id().to_owned()),
        ("memory_mb", scaffold.memory_mb.to_string()),
        ("timeout_seconds", scaffold.timeout_seconds.to_string()),
        ("duration_limit", duration_limit_milliseconds(scaffold).to_string()),
        ("retention_days", scaffold.log_retention_days.to_string()),
        ("soak_days", scaffold.soak_days.to_string()),
        ("what", what(scaffold, language)),
        ("tools", tools(scaffold, language)),
        ("kept", kept(scaffold, language)),
        ("secrets", secrets(scaffold, language)),
        ("deployment", deployment(scaffold, language)),
        ("whose", whose(scaffold, language)),
        ("by_itself", by_itself(scaffold.iac, language)),
        ("failures", failures(scaffold, language)),
        ("network", network(scaffold, language)),
        ("limits", limits(scaffold, language)),
        ("alarms", alarm_table(scaffold)),
        ("replaced", language.of(replaced::told(scaffold))),
        ("look_back", [look_back(scaffold, language), seldom(scaffold, language)].concat()),
        ("phases", phase_sections(scaffold, language)),
        ("test", test_command(scaffold).to_owned()),
    ]
}

fn what(scaffold: &Scaffold, language: Language) -> String {
    match &scaffold.template {
        Template::S3Notice { bucket } => language.of(words(
            format!("An object that ends in `.json` and is put into the bucket `{bucket}` is read as a notice, written to MySQL in one transaction, and announced on an SNS topic. The same version of an object is handled once.\n\nOf two notices with the same `id` the newer one stays, in whatever order their events come: of one object, the one whose event has the higher `sequencer`; of different objects, the one whose event has the later time. The older one is neither written nor announced."),
            format!("버킷 `{bucket}`에 올라온 `.json` 객체를 공지로 읽어 하나의 트랜잭션으로 MySQL에 쓰고 SNS 토픽에 알립니다. 객체의 같은 버전은 한 번만 처리합니다.\n\n`id`가 같은 공지가 둘이면 이벤트가 도착한 순서와 관계없이 새것이 남습니다. 같은 객체에서는 이벤트의 `sequencer`가 더 큰 쪽이, 서로 다른 객체에서는 이벤트 시각이 더 늦은 쪽이 새것입니다. 오래된 공지는 쓰지도 알리지도 않습니다."),
        )),
        Template::Http { .. } => language.pick(
            "`POST /notices` takes a notice as JSON and writes it to MySQL; `GET /health` says that the function answers. Callers send `Authorization: Bearer TOKEN`, and an `Idempotency-Key` by which a repeated request changes nothing: it is answered with 200 and `repeated`. The same key with another body is answered with 422.\n\nOf two notices with the same `id` the one stays whose request the API took later (`timeEpoch`), in whatever order they are written; the other one is answered with 200 and `older`.\n\nIt stands behind an HTTP API of API Gateway and not behind a function URL: a URL costs nothing by itself, but takes no domain name of yours, so that traffic could not be shifted by DNS, and it limits neither rate nor burst.",
            "`POST /notices`는 JSON 공지를 받아 MySQL에 쓰고, `GET /health`는 함수가 응답하는지 알려 줍니다. 호출하는 쪽은 `Authorization: Bearer 토큰`과 `Idempotency-Key`를 보내며, 같은 키로 다시 보낸 요청은 아무것도 바꾸지 않고 200과 `repeated`로 응답합니다. 같은 키에 본문이 다르면 422로 응답합니다.\n\n`id`가 같은 공지가 둘이면 쓰는 순서와 관계없이 API가 더 늦게 받은 요청(`timeEpoch`)이 남고, 다른 요청에는 200과 `older`로 응답합니다.\n\n함수 URL이 아니라 API Gateway의 HTTP API를 씁니다. 함수 URL은 자체 요금이 없지만 사용자 도메인을 붙일 수 없어 DNS로 트래픽을 옮길 수 없고, 초당 요청 수도 제한하지 못합니다.",
        ),
        Template::Schedule { expression } => language.of(words(
            format!("By the clock, `{expression}` in UTC, notices that have expired are removed from MySQL in batches. One time is run once, whoever calls how often: a row of `job_run` is its lock."),
            format!("UTC 기준 `{expression}` 일정에 맞춰 만료된 공지를 MySQL에서 나누어 지웁니다. 호출이 겹쳐도 한 시각의 작업은 한 번만 실행되며, `job_run` 테이블의 행이 잠금 역할을 합니다."),
        )),
        Template::Queue => language.of(words(
            format!("Messages of the queue `{}` are written to MySQL as notices, in batches. Of a batch, only the messages that failed come again.\n\nOf two notices with the same `id` the one stays whose message was sent later (`SentTimestamp`), in whatever order the queue delivers them.", scaffold.name),
            format!("대기열 `{}`의 메시지를 묶음으로 받아 공지로 MySQL에 씁니다. 묶음 가운데 실패한 메시지만 다시 옵니다.\n\n`id`가 같은 공지가 둘이면 대기열이 전달하는 순서와 관계없이 더 늦게 보낸 메시지(`SentTimestamp`)가 남습니다.", scaffold.name),
        )),
    }
}

fn tools(scaffold: &Scaffold, language: Language) -> String {
    let runtime = match scaffold.runtime {
        Runtime::Nodejs => "Node.js 24, npm",
        Runtime::Python => "Python 3.11+, pip",
        Runtime::Rust => "Rust, cargo-lambda",
    };
    let iac = match scaffold.iac {
        Iac::Serverless => "Node.js (npx osls)",
        Iac::Sam => "AWS SAM CLI",
        Iac::Cloudformation => "sha256sum",
        Iac::Terraform => "Terraform 1.9+",
    };
    let rest = language.pick(
        "and a role that may create what is listed below",
        "그리고 아래 자원을 만들 수 있는 역할",
    );
    format!("AWS CLI v2, {runtime}, {iac}, zip, curl, {rest}")
}

/// Returns how long the database keeps what is there for the function's sake alone.
fn kept(scaffold: &Scaffold, language: Language) -> String {
    match scaffold.template {
        Template::Schedule { .. } => String::new(),
        Template::S3Notice { .. } | Template::Http { .. } | Template::Queue => language.pick(
            " What was handled is remembered in the table `handled` for 30 days; then the function removes it, a few rows at a time.",
            " 처리한 기록은 `handled` 테이블에 30일 동안 남고, 그 뒤에는 함수가 조금씩 나누어 지웁니다.",
        ),
    }
}

fn secrets(scaffold: &Scaffold, language: Language) -> String {
    let key = scaffold.kms_key_arn.as_ref().map_or(String::new(), |arn| format!(" --key-id {arn}"));
    let put = |name: &str, file: &str| {
        format!(
            "aws ssm put-parameter --region {} --type SecureString{key} \\\n    --name {name} --value file://{file}\n",
            scaffold.region
        )
    };
    let mut text = String::from("```bash\n");
    text.push_str(&put(&scaffold.database_parameter, "database.json"));
    if let Template::Http { token_parameter } = &scaffold.template {
        // Without the end of its line, which would be part of the token.
        text.push_str("(umask 077 && openssl rand -hex 32 | tr -d '\\n' > token.txt)\n");
        text.push_str(&put(token_parameter, "token.txt"));
    }
    text.push_str("```\n\n");
    text.push_str(&language.pick(
        "`database.json` holds `{\"host\": \"…\", \"port\": 3306, \"user\": \"…\", \"password\": \"…\", \"schema\": \"…\"}`. Remove the files afterwards. The database is reached over TLS; its authority is that of RDS in this region, or `certificates/database-ca.pem` where you put one: RDS Proxy needs the roots of Amazon Trust Services there. `host` is the endpoint of the database itself, since its certificate holds no other name.",
        "`database.json`의 내용은 `{\"host\": \"…\", \"port\": 3306, \"user\": \"…\", \"password\": \"…\", \"schema\": \"…\"}`입니다. 등록한 뒤에는 파일을 지웁니다. 데이터베이스에는 TLS로 연결하며, 인증 기관은 이 리전의 RDS 것을 쓰거나 `certificates/database-ca.pem`에 둔 것을 씁니다. RDS Proxy를 쓴다면 그 파일에 Amazon Trust Services의 루트 인증서를 넣습니다. 인증서에는 다른 이름이 없으므로 `host`에는 데이터베이스의 엔드포인트를 그대로 적습니다.",
    ));
    text
}

fn deployment(scaffold: &Scaffold, language: Language) -> String {
    match scaffold.iac {
        Iac::Serverless => language.pick(
            "`deploy.sh` runs `osls`, the maintained open fork of the Serverless Framework, on `serverless.yml`.",
            "`deploy.sh`는 Serverless Framework의 오픈 소스 포크인 `osls`로 `serverless.yml`을 배포합니다.",
        ),
        Iac::Sam => language.pick("`deploy.sh` runs `sam deploy` on `template.yaml`.", "`deploy.sh`는 `template.yaml`을 `sam deploy`로 배포합니다."),
        Iac::Cloudformation => language.pick(
            "`deploy.sh` puts the code into the bucket that `CODE_BUCKET` names and deploys `template.yaml`.",
            "`deploy.sh`는 `CODE_BUCKET` 환경 변수로 지정한 버킷에 코드를 올린 뒤 `template.yaml`을 배포합니다.",
        ),
        Iac::Terraform => language.pick(
            "`deploy.sh` runs `terraform apply`. Keep its state where your team keeps states.",
            "`deploy.sh`는 `terraform apply`를 실행합니다. 상태 파일은 팀에서 쓰는 저장소에 두세요.",
        ),
    }
}

/// Returns whose credentials are refused, where the account is known.
fn whose(scaffold: &Scaffold, language: Language) -> String {
    scaffold.account.as_ref().map_or_else(String::new, |account| {
        language.of(words(
            format!(" With the credentials of another account than `{account}`, `deploy.sh` refuses too: `account.sh` asks AWS whose they are."),
            format!(" 자격 증명이 계정 `{account}`의 것이 아니어도 `deploy.sh`가 실행을 거부하며, 어느 계정의 것인지는 `account.sh`가 AWS에 확인합니다."),
        ))
    })
}

/// Returns what a deployment without `deploy.sh` makes of a mode that is not named.
fn by_itself(iac: Iac, language: Language) -> String {
    match iac {
        Iac::Serverless => language.pick(
            "So does `osls deploy` without `--param=mode=…`.",
            "`--param=mode=…` 없이 실행한 `osls deploy`도 마찬가지입니다.",
        ),
        Iac::Sam | Iac::Cloudformation => language.pick(
            "Deployed past it, the stack keeps the mode that it has.",
            "`deploy.sh`를 거치지 않고 배포하면 스택의 현재 모드가 유지됩니다.",
        ),
        Iac::Terraform => language.pick(
            "`terraform apply` by itself asks for it.",
            "`terraform apply`를 직접 실행하면 모드를 묻습니다.",
        ),
    }
}

fn failures(scaffold: &Scaffold, language: Language) -> String {
    let queue = scaffold.dead_letter_queue();
    match &scaffold.template {
        Template::S3Notice { .. } | Template::Schedule { .. } => language.of(words(
            format!("Lambda tries a failed event twice more. Then it lies in the queue `{queue}` for fourteen days, with the reason. The event is the message's `requestPayload`: `aws lambda invoke` with it tries again; then remove the message."),
            format!("실패한 이벤트는 두 번 더 시도합니다. 그래도 실패하면 이유와 함께 대기열 `{queue}`에 14일 동안 남습니다. 원래 이벤트는 메시지의 `requestPayload`에 있으며, 이것으로 `aws lambda invoke`를 실행해 다시 처리한 뒤 메시지를 지웁니다."),
        )),
        Template::Queue => language.of(words(
            format!("A message that failed five times lies in the queue `{queue}` for fourteen days. `aws sqs start-message-move-task` moves it back when the cause is gone."),
            format!("다섯 번 실패한 메시지는 대기열 `{queue}`에 14일 동안 남습니다. 원인을 없앤 뒤 `aws sqs start-message-move-task`로 원래 대기열로 되돌립니다."),
        )),
        Template::Http { .. } => language.pick(
            "A caller is told at once, with a status of 500, and tries again with the same `Idempotency-Key`: there is nothing to keep, and so no dead-letter queue.",
            "실패하면 호출한 쪽이 바로 500 응답을 받고 같은 `Idempotency-Key`로 다시 보냅니다. 남겨 둘 것이 없으므로 DLQ(dead-letter queue)는 두지 않습니다.",
        ),
    }
}

fn network(scaffold: &Scaffold, language: Language) -> String {
    if scaffold.vpc.is_some() {
        let services = match scaffold.template {
            Template::S3Notice { .. } => ["SSM, S3 and SNS", "SSM, S3, SNS"],
            Template::Http { .. } | Template::Schedule { .. } | Template::Queue => ["SSM", "SSM"],
        };
        let [english, korean] = services;
        return language.of(words(
            format!("It runs in your VPC. From private subnets it reaches {english} over a NAT gateway or over VPC endpoints: both cost by the hour. The S3 gateway endpoint costs nothing. The security group of the database has to let it in."),
            format!("함수는 VPC 안에서 실행됩니다. 프라이빗 서브넷에서 {korean}에 닿으려면 NAT 게이트웨이나 VPC 엔드포인트가 필요하고, 둘 다 시간당 요금이 듭니다. S3 게이트웨이 엔드포인트는 무료입니다. 데이터베이스의 보안 그룹에서 이 함수의 접근을 허용해야 합니다."),
        ));
    }
    language.pick(
        "It runs in no VPC, so that it needs neither a NAT gateway nor endpoints. A database in private subnets is reached from a VPC only: write the project again with subnets and security groups for that.",
        "함수는 VPC 밖에서 실행되므로 NAT 게이트웨이나 엔드포인트가 필요 없습니다. 프라이빗 서브넷에 있는 데이터베이스에는 VPC 안에서만 닿을 수 있으니, 그때는 서브넷과 보안 그룹을 지정해 프로젝트를 다시 만드세요.",
    )
}

fn limits(scaffold: &Scaffold, language: Language) -> String {
    match scaffold.reserved_concurrency {
        Some(reserved) => language.of(words(
            format!("At most {reserved} run at the same time, which also bounds its connections to the database. The account has to have that many to spare: AWS keeps 100 unreserved."),
            format!("동시에 최대 {reserved}개까지 실행되며, 데이터베이스 연결 수도 그만큼으로 제한됩니다. 계정에 여유가 있어야 합니다. AWS는 예약하지 않은 동시 실행 100개를 남겨 둡니다."),
        )),
        None => language.pick(
            "As many run at the same time as the account lets: nothing bounds its connections to the database.",
            "계정 한도까지 동시에 실행되며, 데이터베이스 연결 수는 제한되지 않습니다.",
        ),
    }
}

/// Returns the alarms as a table: their names are the same in both languages.
fn alarm_table(scaffold: &Scaffold) -> String {
    let row = |alarm: Alarm| {
        let unit = alarm.unit.map_or(String::new(), |unit| format!(" {unit}"));
        format!(
            "| `{}` | {} {} | {} | > {}{unit} |\n",
            alarm.name(scaffold),
            alarm.namespace,
            alarm.metric,
            alarm.statistic.name(),
            alarm.threshold
        )
    };
    alarms(scaffold).into_iter().map(row).collect()
}

/// Returns how far the gate looks back, where that is not what it is told, and what has to be there.
fn look_back(scaffold: &Scaffold, language: Language) -> String {
    let expression = match &scaffold.template {
        Template::Schedule { expression } => expression,
        Template::Http { .. } => {
            let sentence = language.pick(
                "An API that nobody asked has no errors, and is not well for that: without requests in that time it ends with 2.",
                "요청이 없으면 오류도 없지만 그렇다고 정상인 것은 아닙니다. 그 시간 동안 들어온 요청이 없으면 종료 코드는 2입니다.",
            );
            return format!("\n\n{sentence}");
        }
        Template::S3Notice { .. } | Template::Queue => return String::new(),
    };
    let minutes = scaffold.look_back_minutes();
    let Words { english: longest, korean: longest_ko } = span(minutes);
    let sentence = match scaffold.clock_minutes() {
        Some(period) => {
            let Words { english: period_en, korean: period_ko } = span(period);
            let gap = words(
                format!("By `{expression}` the longest time between two runs is {period_en}:"),
                format!("`{expression}` 일정에서는 두 실행 사이가 최대 {period_ko}입니다."),
            );
            gap.then(if minutes < period.saturating_mul(2) {
                words(
                    format!("`gate.sh` looks back for {longest}, as far as CloudWatch keeps figures, even if it is told less."),
                    format!("`gate.sh`는 더 짧게 지정해도 CloudWatch에 지표가 남아 있는 {longest_ko}을 모두 되돌아봅니다."),
                )
            } else {
                words(
                    format!("`gate.sh` looks back for at least twice that, {longest}, even if it is told less."),
                    format!("`gate.sh`는 더 짧게 지정해도 두 번의 실행이 들어가는 최근 {longest_ko}을 되돌아봅니다."),
                )
            })
        }
        None => words(
            format!(
                "How often `{expression}` runs cannot be told from it: `gate.sh` looks back for {longest}, as far as CloudWatch keeps figures. Go on only after the clock has called in a phase."
            ),
            format!(
                "`{expression}`만으로는 얼마나 자주 실행되는지 알 수 없으므로, `gate.sh`는 CloudWatch에 지표가 남아 있는 {longest_ko}을 모두 되돌아봅니다. 단계마다 일정에 따라 한 번은 실행된 뒤에 다음으로 넘어갑니다."
            ),
        ),
    };
    format!("\n\n{}", language.of(sentence))
}

/// Returns how long what works seldom is watched, where that is more than a day.
fn seldom(scaffold: &Scaffold, language: Language) -> String {
    let days = scaffold.stop_days();
    let Some(gap) = scaffold.usual_gap_minutes else { return String::new() };
    if scaffold.clock_minutes().is_some() || days <= 1 {
        return String::new();
    }
    let hours = gap.div_ceil(60);
    let sentence = words(
        format!(
            "What it replaces usually works once in about {hours} hours. A stop that nothing has run after proves nothing: the function is watched for {days} days after it, and the gates of the watch and of the stop look back as far."
        ),
        format!(
            "기존 자원은 보통 {hours}시간쯤에 한 번 일합니다. 중지한 뒤 한 번도 실행되지 않으면 아무것도 확인할 수 없으므로 {days}일 동안 함수를 지켜보고, 지켜보기와 중지 단계의 관문도 그만큼 되돌아봅니다."
        ),
    );
    format!("\n\n{}", language.of(sentence))
}

/// Returns a time in days where it is a number of them, else in minutes.
fn span(minutes: u32) -> Words {
    let (number, unit, korean) = match minutes.checked_rem(DAY) {
        Some(0) => (minutes / DAY, "day", "일"),
        _ => (minutes, "minute", "분"),
    };
    let end = if number == 1 { "" } else { "s" };
    words(format!("{number} {unit}{end}"), format!("{number}{korean}"))
}

fn phase_sections(scaffold: &Scaffold, language: Language) -> String {
    let sections = phases(scaffold).into_iter().zip(1_u32..);
    let printed = sections.map(|(phase, number)| section(phase, number, language));
    let printed = printed.map(|section| section.trim_end().to_owned());
    printed.collect::<Vec<String>>().join("\n\n")
}

fn section(phase: Phase, number: u32, language: Language) -> String {
    let gate = gate(&phase);
    let mut text = format!("## {number}. {}\n\n", language.of(phase.title));
    if let Some(by_hand) = phase.by_hand {
        text.push_str(&language.of(by_hand));
        text.push_str("\n\n");
    }
    push_commands(&mut text, &phase.commands);
    text.push_str(&language.pick("**Gate.** ", "**관문.** "));
    text.push_str(&language.of(gate));
    text.push_str("\n\n");
    text.push_str(&language.pick("**The way back.**", "**되돌리는 방법.**"));
    if let Some(by_hand) = phase.back_by_hand {
        text.push(' ');
        text.push_str(&language.of(by_hand));
    }
    text.push_str("\n\n");
    push_commands(&mut text, &phase.back);
    text
}

/// Returns what has to be well before the next phase.
fn gate(phase: &Phase) -> Words {
    let minutes = match &phase.gate {
        Gate::Minutes(minutes) => minutes,
        Gate::ByHand(words) => return words.clone(),
    };
    match (phase.lasts_days, phase.id) {
        (0, "shift") => words(
            format!("After {minutes} minutes, `./gate.sh {minutes}` ends with 0."),
            format!("{minutes}분이 지난 뒤 `./gate.sh {minutes}`의 종료 코드가 0이어야 합니다."),
        ),
        (0, _) => words(
            format!("`./gate.sh {minutes}` ends with 0."),
            format!("`./gate.sh {minutes}`의 종료 코드가 0이어야 합니다."),
        ),
        (1, _) => words(
            format!("After a day, `./gate.sh {minutes}` ends with 0."),
            format!("하루가 지난 뒤 `./gate.sh {minutes}`의 종료 코드가 0이어야 합니다."),
        ),
        (days, "watch") => words(
            format!("For {days} days, `./gate.sh {minutes}` ends with 0 every day."),
            format!("{days}일 동안 날마다 `./gate.sh {minutes}`의 종료 코드가 0이어야 합니다."),
        ),
        (days, _) => words(
            format!("After {days} days, `./gate.sh {minutes}` ends with 0."),
            format!("{days}일이 지난 뒤 `./gate.sh {minutes}`의 종료 코드가 0이어야 합니다."),
        ),
    }
}

fn push_commands(text: &mut String, commands: &[String]) {
    if commands.is_empty() {
        return;
    }
    text.push_str("```bash\n");
    for command in commands {
        text.push_str(command);
        text.push('\n');
    }
    text.push_str("```\n\n");
}

fn test_command(scaffold: &Scaffold) -> &'static str {
    match scaffold.runtime {
        Runtime::Nodejs => "node --test test/*.test.mjs",
        Runtime::Python => "python3 -m unittest discover -s tests",
        Runtime::Rust => "cargo test",
    }
}
