//! How a function takes over from what does the work today, as phases with their gates.

use super::alarm::{Subject, alarms};
use super::clock::DAY;
use super::node::{Map, Node, json, list};
use super::project::{Iac, Scaffold, Template};
use super::replaced;
use super::script::removal;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) english: String,
    pub(super) korean: String,
}

impl Words {
    /// Returns the text with another one after it.
    pub(super) fn then(self, next: Self) -> Self {
        words(
            format!("{} {}", self.english, next.english),
            format!("{} {}", self.korean, next.korean),
        )
    }
}

/// What has to be well before the next phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Gate {
    /// The function, in so many of the last minutes.
    Minutes(u32),
    /// What the gate does not ask for, and a person sees.
    ByHand(Words),
}

/// A step of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phase {
    pub(super) id: &'static str,
    pub(super) title: Words,
    /// What a person does, besides the commands; `None` where the commands are all.
    pub(super) by_hand: Option<Words>,
    pub(super) commands: Vec<String>,
    /// What has to be well before the next phase.
    pub(super) gate: Gate,
    /// How many days it lasts at least.
    pub(super) lasts_days: u32,
    /// What a person does to go back, before the commands.
    pub(super) back_by_hand: Option<Words>,
    pub(super) back: Vec<String>,
}

pub(super) fn words(english: impl Into<String>, korean: impl Into<String>) -> Words {
    Words { english: english.into(), korean: korean.into() }
}

/// Returns the phases of a migration, in their order; the last one is the way back from any of them.
pub(super) fn phases(scaffold: &Scaffold) -> Vec<Phase> {
    let Input { both, apart, only, again } = input(scaffold);
    // What did not run cannot be known: a phase lasts until the clock has called, and its gate looks back
    // for two calls.
    let minutes = |wanted: u32| Gate::Minutes(wanted.max(scaffold.look_back_minutes()));
    let (shift_minutes, shift_days) = match scaffold.template {
        Template::Schedule { .. } => (DAY, scaffold.clock_days()),
        Template::S3Notice { .. } | Template::Http { .. } | Template::Queue => (60, 0),
    };
    let shadow = || "./deploy.sh shadow".to_owned();
    let live = || "./deploy.sh live".to_owned();
    vec![
        Phase {
            id: "beside",
            title: words("Deploy beside", "나란히 배포"),
            by_hand: None,
            commands: [vec!["./build.sh".to_owned(), shadow()], trial(scaffold)].concat(),
            gate: minutes(15),
            lasts_days: 0,
            back_by_hand: stays(scaffold),
            back: vec![removal(scaffold)],
        },
        Phase {
            id: "shadow",
            title: words("Shadow", "섀도 실행"),
            by_hand: Some(both),
            commands: vec![shadow()],
            gate: minutes(DAY),
            lasts_days: scaffold.clock_days(),
            back_by_hand: Some(join(stays(scaffold), apart)),
            back: vec![removal(scaffold)],
        },
        Phase {
            id: "shift",
            title: words("Shift", "전환"),
            by_hand: Some(only.clone()),
            commands: vec![live()],
            gate: minutes(shift_minutes),
            lasts_days: shift_days,
            back_by_hand: Some(again.clone()),
            back: vec![shadow()],
        },
        Phase {
            id: "watch",
            title: words("Watch", "지켜보기"),
            by_hand: Some(words(
                "Leave what it replaces running, and look at the gate once a day.",
                "기존 자원은 켜 둔 채 하루에 한 번 관문을 확인합니다.",
            )),
            commands: Vec::new(),
            gate: minutes(scaffold.stop_minutes()),
            lasts_days: scaffold.watch_days(),
            back_by_hand: Some(again.clone()),
            back: vec![shadow()],
        },
        Phase {
            id: "stop",
            title: words("Stop what it replaces", "기존 자원 중지"),
            by_hand: replaced::stop_by_hand(scaffold),
            commands: replaced::stop(scaffold),
            gate: minutes(scaffold.stop_minutes()),
            lasts_days: scaffold.stop_days(),
            back_by_hand: replaced::start_by_hand(scaffold),
            back: replaced::start(scaffold),
        },
        Phase {
            id: "rollback",
            title: words("Rollback", "되돌리기"),
            by_hand: Some(join(replaced::started(scaffold), again)),
            // What it replaces runs before the function stops to write.
            commands: [replaced::start(scaffold), vec![shadow()]].concat(),
            gate: Gate::ByHand(words(
                "What did the work before does it again. `gate.sh` asks for the function alone, and ends with 2 where nothing reaches it any more.",
                "예전 자원이 다시 일을 처리하고 있어야 합니다. `gate.sh`는 함수만 살펴보므로, 함수로 들어오는 것이 없으면 종료 코드가 2입니다.",
            )),
            lasts_days: 0,
            back_by_hand: Some(only),
            back: vec![live()],
        },
    ]
}

/// How the input of a function changes its way.
struct Input {
    /// To both, so that shadow sees what is real.
    both: Words,
    /// To what it replaces alone, after shadow.
    apart: Words,
    /// To the function alone.
    only: Words,
    /// To what it replaces alone, after the function was live.
    again: Words,
}

fn input(scaffold: &Scaffold) -> Input {
    match &scaffold.template {
        Template::S3Notice { bucket } => Input {
            both: words(
                format!(
                    "Upload every notice to the bucket `{bucket}` too, besides where it goes today."
                ),
                format!("공지를 지금 올리는 곳과 함께 버킷 `{bucket}`에도 올립니다."),
            ),
            apart: words(
                "Upload notices to where they went before, and nowhere else.",
                "공지를 예전에 올리던 곳에만 올립니다.",
            ),
            only: words(
                format!(
                    "After the command, upload notices to the bucket `{bucket}` only. Until then a notice that goes to both may be announced twice."
                ),
                format!(
                    "명령을 실행한 다음 공지를 버킷 `{bucket}`에만 올립니다. 그 사이 양쪽에 올라간 공지는 알림이 두 번 나갈 수 있습니다."
                ),
            ),
            again: words(
                "Upload notices to where they went before, and nowhere else. What the function could not handle in the last hour, upload there again: in shadow it is tried once more, and not written.",
                "공지를 예전에 올리던 곳에만 올립니다. 지난 한 시간 동안 함수가 처리하지 못한 공지는 그곳에 다시 올립니다. 섀도에서는 다시 시도만 하고 쓰지 않습니다.",
            ),
        },
        Template::Http { .. } => Input {
            both: words(
                "Send a copy of every request to the endpoint, and go on answering from what runs today.",
                "모든 요청의 사본을 엔드포인트로 보내되, 응답은 계속 기존 자원이 합니다.",
            ),
            apart: words(
                "Stop sending copies to the endpoint.",
                "엔드포인트로 보내던 사본을 중단합니다.",
            ),
            only: words(
                "Before the command, give the API your domain name: a certificate of ACM, a custom domain name, and its API mapping. Without them TLS fails under that name. After the command, let the DNS name lead to the target of the custom domain name: for a tenth of the requests first, then for half, then for all.",
                "명령을 실행하기 전에 API에 사용자 지정 도메인을 연결합니다. ACM 인증서, 사용자 지정 도메인 이름, API 매핑이 필요하며, 없으면 그 이름으로는 TLS 연결이 실패합니다. 명령을 실행한 다음 DNS 이름이 사용자 지정 도메인의 대상 주소를 가리키게 합니다. 처음에는 요청의 10%, 다음에는 50%, 마지막에 전부를 보냅니다.",
            ),
            again: words(
                "Let the DNS name lead to what answered before, and wait for as long as the name may be cached: in shadow a request is answered, and nothing of it is kept.",
                "DNS 이름이 다시 기존 자원을 가리키게 하고, 캐시된 DNS 응답이 만료될 때까지 기다립니다. 섀도에서는 요청에 응답만 하고 아무것도 저장하지 않습니다.",
            ),
        },
        Template::Schedule { .. } => Input {
            both: words(
                "Leave today's job on. The function counts at its own times what it would remove: compare that with what the job removes.",
                "기존 작업은 그대로 둡니다. 함수는 정해진 시각에 지울 대상을 세기만 하므로, 기존 작업이 실제로 지운 수와 견주어 봅니다.",
            ),
            apart: words(
                "Leave today's job on: nothing of it was changed.",
                "기존 작업은 바꾼 것이 없으므로 그대로 둡니다.",
            ),
            only: words(
                "Before the command, switch today's job off.",
                "명령을 실행하기 전에 기존 작업을 끕니다.",
            ),
            again: words("Switch the job on that ran before.", "예전 작업을 다시 켭니다."),
        },
        Template::Queue => Input {
            both: words(
                format!(
                    "Send every message to the queue `{}` too, besides where it goes today.",
                    scaffold.name
                ),
                format!("메시지를 지금 보내는 곳과 함께 대기열 `{}`에도 보냅니다.", scaffold.name),
            ),
            apart: words(
                "Send messages to where they went before, and nowhere else.",
                "메시지를 예전에 보내던 곳에만 보냅니다.",
            ),
            only: words(
                format!("After the command, send messages to the queue `{}` only.", scaffold.name),
                format!("명령을 실행한 다음 메시지를 대기열 `{}`에만 보냅니다.", scaffold.name),
            ),
            again: words(
                format!(
                    "Send messages to where they went before, and nowhere else, and wait until the queue `{}` is empty: in shadow what is left in it is taken out, and not written.",
                    scaffold.name
                ),
                format!(
                    "메시지를 예전에 보내던 곳에만 보내고, `{}` 대기열이 빌 때까지 기다립니다. 섀도에서는 남은 메시지를 꺼내기만 하고 쓰지 않습니다.",
                    scaffold.name
                ),
            ),
        },
    }
}

/// Returns the commands that give the function something to do for the first time.
fn trial(scaffold: &Scaffold) -> Vec<String> {
    let Scaffold { name, region, .. } = scaffold;
    match &scaffold.template {
        Template::S3Notice { bucket } => {
            vec![format!("aws s3 cp example.json s3://{bucket}/example.json --region {region}")]
        }
        Template::Http { token_parameter } => {
            // As JSON: a text would have a line for every page of APIs.
            let endpoint = format!(
                "$(aws apigatewayv2 get-apis --region {region} \
                 --query \"Items[?Name=='{name}'].ApiEndpoint | [0]\" --output json | tr -d '\"')"
            );
            vec![
                format!("curl --fail --silent --show-error \"{endpoint}/health\""),
                // The token goes through a pipe, and not into the list of processes.
                format!(
                    "aws ssm get-parameter --region {region} --name {token_parameter} \
                     --with-decryption --query Parameter.Value --output text \
                     | sed 's/^/authorization: Bearer /' \
                     | curl --fail --silent --show-error --header @- \
                     --header 'idempotency-key: example-1' \
                     --header 'content-type: application/json' \
                     --data-binary @example.json \"{endpoint}/notices\""
                ),
            ]
        }
        // As the clock calls it, so that the age of its events is known; for a time long ago, for which
        // there is nothing to remove even in live.
        Template::Schedule { .. } => vec![format!(
            "aws lambda invoke --function-name {name} --region {region} --invocation-type Event \
             --cli-binary-format raw-in-base64-out --payload \
             '{{\"time\": \"2000-01-01T00:00:00Z\"}}' /dev/stdout"
        )],
        Template::Queue => vec![format!(
            "aws sqs send-message --region {region} --message-body file://example.json \
             --queue-url \"$(aws sqs get-queue-url --region {region} --queue-name {name} \
             --query QueueUrl --output text)\""
        )],
    }
}

/// Returns what removing the project leaves, where it leaves anything.
fn stays(scaffold: &Scaffold) -> Option<Words> {
    let Template::S3Notice { bucket } = &scaffold.template else { return None };
    let words = match scaffold.iac {
        Iac::Terraform => words(
            format!(
                "The command ends with an error where the bucket `{bucket}` holds anything, and leaves it: empty it, with all versions of its objects, and run the command again."
            ),
            format!(
                "버킷 `{bucket}`에 객체가 있으면 명령이 오류로 끝나고 버킷이 남습니다. 객체의 모든 버전을 지운 뒤 명령을 다시 실행합니다."
            ),
        ),
        Iac::Serverless | Iac::Sam | Iac::Cloudformation => words(
            format!(
                "The command leaves the bucket `{bucket}`, which may hold the only copy of something. Before the project is deployed again, empty it, with all versions of its objects, and remove it."
            ),
            format!(
                "버킷 `{bucket}`에는 하나뿐인 사본이 있을 수 있어 명령을 실행해도 남습니다. 프로젝트를 다시 배포하기 전에 객체의 모든 버전을 지우고 버킷을 삭제합니다."
            ),
        ),
    };
    Some(words)
}

fn join(first: Option<Words>, second: Words) -> Words {
    match first {
        Some(first) => first.then(second),
        None => second,
    }
}

/// Returns `migration.json`: the phases for a program, with what their gates read.
pub(super) fn plan(scaffold: &Scaffold) -> String {
    let exits = Map::new().with("0", "well").with("1", "not well").with("2", "cannot be known");
    let gate = Map::new()
        .with("command", "./gate.sh MINUTES")
        .with("exit_codes", exits)
        .with("looks_back_at_least_minutes", scaffold.look_back_minutes())
        .with("unknown_without", list(counted(scaffold)))
        .with("checks", list(checks(scaffold)));
    let map = Map::new()
        .with("version", 1_u32)
        .with("name", scaffold.name.as_str())
        .with("region", scaffold.region.as_str())
        .with("template", scaffold.template.id())
        .with_some(
            "replaces",
            scaffold.replaces.as_ref().map(|of| replaced::map(of, scaffold.account.as_deref())),
        )
        .with("soak_days", scaffold.watch_days())
        .with("gate", gate)
        .with("phases", list(phases(scaffold).into_iter().map(phase)));
    json(map)
}

/// Returns what has to be counted before anything can be called well.
fn counted(scaffold: &Scaffold) -> Vec<Map> {
    let count = |id: &str, namespace: &str, metric: &str| {
        Map::new().with("id", id).with("namespace", namespace).with("metric", metric)
    };
    let runs = count("runs", "AWS/Lambda", "Invocations");
    match scaffold.template {
        Template::Http { .. } => vec![runs, count("requests", "AWS/ApiGateway", "Count")],
        Template::S3Notice { .. } | Template::Schedule { .. } | Template::Queue => vec![runs],
    }
}

fn checks(scaffold: &Scaffold) -> impl Iterator<Item = Map> {
    alarms(scaffold).into_iter().map(|alarm| {
        let (dimension, of) = match alarm.subject {
            Subject::Named(dimension, name) => (dimension, Some(name)),
            // AWS gives the id: the gate asks for it by the name of the API.
            Subject::Api => ("ApiId", None),
        };
        Map::new()
            .with("id", alarm.slug)
            .with("namespace", alarm.namespace)
            .with("metric", alarm.metric)
            .with("statistic", alarm.statistic.name())
            .with("dimension", dimension)
            .with_some("of", of)
            .with("fails_above", alarm.threshold)
            .with_some("unit", alarm.unit)
    })
}

fn phase(phase: Phase) -> Map {
    let (minutes, by_hand) = match phase.gate {
        Gate::Minutes(minutes) => (Some(minutes), None),
        Gate::ByHand(words) => (None, Some(words)),
    };
    Map::new()
        .with("id", phase.id)
        .with("title", both(phase.title))
        .with_some("by_hand", phase.by_hand.map(both))
        .with("commands", list(phase.commands))
        .with_some("gate_minutes", minutes)
        .with_some("gate_by_hand", by_hand.map(both))
        .with("lasts_days", phase.lasts_days)
        .with_some("back_by_hand", phase.back_by_hand.map(both))
        .with("back", list(phase.back))
}

fn both(words: Words) -> Node {
    Map::new().with("en", words.english).with("ko", words.korean).into()
}
