//! Whether a server could be a function.

use trimtab_model::evidence::UnseenSignal;
use trimtab_model::queue::{QUEUE_TAG, ReadQueues};
use trimtab_model::serverless::{Fit, QueueWork, RunsBy, Workload};
use trimtab_model::text::{Reason, counted};

use super::economics::LONGEST_RUN_SECONDS;
use super::economics::held;
use super::queue::is_behind;
use super::server::unseen_signal;

/// The code of the obstacle that a server works most of the time.
pub(super) const BUSY: &str = "busy";
/// The code of the obstacle that nothing it does stands out.
pub(super) const NO_WORK: &str = "no-work";

/// The most memory of a function, in MB (Lambda developer guide, "Lambda quotas").
const MOST_MEMORY_MB: f64 = 10_240.0;
/// The most bytes of a request or an answer (the same page: 6 MB, synchronous).
const MOST_PAYLOAD_BYTES: f64 = 6.0 * 1024.0 * 1024.0;
/// A run that is more than so many times too long is none that people cut into pieces: an hour.
pub(super) const CUTTABLE: u32 = 4;

/// Bytes a second from which on something is sent: agents of monitoring send less.
const STEADY_BYTES: f64 = 20_000.0;

/// From what on a server is refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Percent of the time in which it works at most.
    pub(super) max_duty_percent: f64,
    /// Days that must have been looked at.
    pub(super) min_days: f64,
}

/// Bytes a second that a server sends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Network {
    /// The median over its samples.
    pub(super) usual: f64,
    /// The mean.
    pub(super) mean: f64,
}

impl Network {
    /// Returns whether it sends all of the time, and not only where it works.
    fn is_steady(self) -> bool {
        self.usual >= STEADY_BYTES && self.usual * 2.0 >= self.mean
    }
}

/// What a server is made of, as far as it matters to a function.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    /// Graphics processors or other accelerators.
    pub(super) accelerators: u32,
    /// The operating system, where it is not Linux.
    pub(super) other_system: Option<String>,
    /// Volumes beside the one that it boots from.
    pub(super) data_volumes: usize,
    /// The load balancer that sends it connections and not requests.
    pub(super) connections_from: Option<String>,
    /// Whether it has a public address and no load balancer before it.
    pub(super) is_called_by_address: bool,
    /// Load balancers of its account and region of which nobody read whom they call.
    pub(super) balancers_unread: usize,
    /// Whether none is known to call it, and those of its account and region were not all listed.
    pub(super) has_unlisted_balancers: bool,
    /// The queues that it reads, and what is not known of them.
    pub(super) read_queues: ReadQueues,
    /// What it sends and for how long.
    pub(super) network: Option<Network>,
    /// Bytes sent for each request, the mean; absent without requests or without the metric.
    pub(super) bytes_of_an_answer: Option<f64>,
}

/// Returns whether it fits, what has to change before, and what stands against it.
pub(super) fn fit(
    workload: &Workload,
    body: &Body,
    limits: Limits,
) -> (Fit, Vec<Reason>, Vec<Reason>) {
    let obstacles = obstacles(workload, body, limits);
    let changes = changes(workload, body);
    let fit = match (obstacles.is_empty(), changes.is_empty()) {
        (false, _) => Fit::DoesNotFit,
        (true, false) => Fit::FitsAfterChanges,
        (true, true) => Fit::Fits,
    };
    (fit, changes, obstacles)
}

fn obstacles(workload: &Workload, body: &Body, limits: Limits) -> Vec<Reason> {
    let mut all = Vec::new();
    let duty = workload.duty_cycle * 100.0;
    // However often it is asked: what it does meanwhile cannot be told from waiting, nor priced.
    if duty <= 0.0 {
        all.push(Reason::new(
            NO_WORK,
            "Nothing that it does stands out from its waiting.",
            "대기 상태와 구분되는 작업이 보이지 않습니다.",
        ));
    }
    if duty > limits.max_duty_percent {
        all.push(Reason::new(
            BUSY,
            format!("It works {duty:.0} % of the time, more than {} %.", limits.max_duty_percent),
            format!(
                "전체 시간의 {duty:.0}% 동안 작업하며, 기준인 {}%보다 깁니다.",
                limits.max_duty_percent
            ),
        ));
    }
    if body.accelerators > 0 {
        all.push(Reason::new(
            "accelerator",
            "It has an accelerator, which functions do not have.",
            "가속기(GPU 등)를 사용하는데 Lambda에는 가속기가 없습니다.",
        ));
    }
    if let Some(system) = &body.other_system {
        all.push(Reason::new(
            "system",
            format!("It runs {system}, and functions run on Linux."),
            format!("{system}에서 실행 중인데 Lambda 함수는 Linux에서만 실행됩니다."),
        ));
    }
    if let Some(balancer) = &body.connections_from {
        all.push(Reason::new(
            "connections",
            format!(
                "{balancer} sends it connections that stay open, which a function cannot hold."
            ),
            format!("로드 밸런서 {balancer} 뒤에서 계속 유지되는 연결을 받는데, 함수는 연결을 유지할 수 없습니다."),
        ));
    }
    if let Some(memory) = workload.memory_mb.filter(|memory| *memory > MOST_MEMORY_MB) {
        all.push(Reason::new(
            "memory",
            format!("{memory:.0} MB of memory were in use, and a function has {MOST_MEMORY_MB:.0} MB at most."),
            format!("메모리를 {memory:.0}MB까지 사용했는데, 함수의 최대 메모리는 {MOST_MEMORY_MB:.0}MB입니다."),
        ));
    }
    let most = LONGEST_RUN_SECONDS * u64::from(CUTTABLE);
    if let Some(seconds) = longest_run(workload).filter(|seconds| *seconds > most) {
        let (minutes, limit) = (seconds.div_ceil(60), LONGEST_RUN_SECONDS / 60);
        let (en, ko) = match workload.runs_by {
            RunsBy::Messages => (
                format!(
                    "A message takes it {minutes} minutes on average, and a run ends after {limit}."
                ),
                format!(
                    "메시지 하나를 처리하는 데 평균 {minutes}분이 걸리는데, 함수는 {limit}분 안에 끝나야 합니다."
                ),
            ),
            RunsBy::Requests | RunsBy::Stretches => (
                format!("Its longest work lasted {minutes} minutes, and a run ends after {limit}."),
                format!("가장 긴 작업이 {minutes}분이었는데, 함수는 {limit}분 안에 끝나야 합니다."),
            ),
        };
        all.push(Reason::new("long-runs", en, ko));
    }
    all
}

/// Returns the seconds of a run that could be too long: of the longest stretch of work, or for which a message is held on average.
/// Where requests are counted, a stretch is many runs.
fn longest_run(workload: &Workload) -> Option<u64> {
    match workload.runs_by {
        RunsBy::Requests => None,
        RunsBy::Messages => Some(held(workload)?.round() as u64),
        RunsBy::Stretches => Some(workload.longest_seconds),
    }
}

/// Returns whether work is longer than a run may be.
pub(super) fn is_long(workload: &Workload) -> bool {
    longest_run(workload).is_some_and(|seconds| seconds > LONGEST_RUN_SECONDS)
}

fn changes(workload: &Workload, body: &Body) -> Vec<Reason> {
    let mut all = Vec::new();
    let cuttable = LONGEST_RUN_SECONDS + 1..=LONGEST_RUN_SECONDS * u64::from(CUTTABLE);
    if let Some(seconds) = longest_run(workload).filter(|seconds| cuttable.contains(seconds)) {
        let (minutes, limit) = (seconds.div_ceil(60), LONGEST_RUN_SECONDS / 60);
        let (en, ko) = match workload.runs_by {
            RunsBy::Messages => (
                format!(
                    "A message takes it {minutes} minutes on average: its work is cut into messages that take less than {limit}."
                ),
                format!(
                    "메시지 하나를 처리하는 데 평균 {minutes}분이 걸리므로, 메시지 하나를 {limit}분 안에 처리할 수 있도록 나누어야 합니다."
                ),
            ),
            RunsBy::Requests | RunsBy::Stretches => (
                format!(
                    "Its longest work lasted {minutes} minutes: it is cut into runs of less than {limit}."
                ),
                format!(
                    "가장 긴 작업이 {minutes}분이므로, 한 번에 {limit}분 안에 끝나도록 나누어야 합니다."
                ),
            ),
        };
        all.push(Reason::new("cut-runs", en, ko));
    }
    let ordered = workload.queues.iter().flat_map(|queues| &queues.names);
    let ordered: Vec<&str> =
        ordered.map(String::as_str).filter(|name| name.ends_with(".fifo")).collect();
    if !ordered.is_empty() {
        let names = ordered.join(", ");
        all.push(Reason::new(
            "ordered-messages",
            format!("{names} keeps messages in order and drops those that are sent twice: a generated project has a queue that does neither, and is changed where the work needs it."),
            format!("{names}은(는) 메시지 순서를 지키고 중복을 없애는 FIFO 대기열입니다. 생성되는 프로젝트의 대기열은 둘 다 하지 않으므로, 필요한 작업이라면 고쳐야 합니다."),
        ));
    }
    if let Some(queues) = workload.queues.as_ref().filter(|queues| is_behind(queues)) {
        let (names, depth) = (queues.names.join(", "), queues.usual_depth.unwrap_or_default());
        all.push(Reason::new(
            "backlog",
            format!("Half of the time and more, {depth:.0} messages or more wait on average in {names}, while its processor waits too: find out what it waits for. A function would wait for it as well, and that time is paid for."),
            format!("CPU가 쉬는 동안에도 {names} 대기열에 메시지가 절반 이상의 시간 동안 평균 {depth:.0}개 이상 쌓여 있습니다. 서버가 무엇을 기다리는지 먼저 확인하세요. 함수도 똑같이 기다리게 되고 그 시간에도 요금이 나옵니다."),
        ));
    }
    if body.data_volumes > 0 {
        let volumes = counted(body.data_volumes, "volume");
        all.push(Reason::new(
            "state-on-disk",
            format!("It has {volumes} beside the one it boots from: what it keeps there moves to S3, EFS or a database."),
            format!("부팅 볼륨 외에 볼륨이 {}개 더 있습니다. 그곳에 저장하는 데이터를 S3, EFS 또는 데이터베이스로 옮겨야 합니다.", body.data_volumes),
        ));
    }
    if let Some(network) = body.network.filter(|network| network.is_steady()) {
        let kilobytes = network.usual / 1000.0;
        all.push(Reason::new(
            "steady-traffic",
            format!("It sends {kilobytes:.0} kB a second also while its processor waits: find out what that is. A function holds no connection and streams nothing for hours."),
            format!("CPU가 쉬는 동안에도 초당 {kilobytes:.0}kB를 계속 보냅니다. 먼저 무엇인지 확인하세요. 함수는 연결을 유지하거나 몇 시간씩 계속 전송할 수 없습니다."),
        ));
    }
    if body.is_called_by_address {
        all.push(Reason::new(
            "called-by-address",
            "It has a public address of its own: whoever calls that is given the function's.",
            "자체 퍼블릭 주소가 있습니다. 이 주소를 호출하는 쪽에서 함수의 주소를 쓰도록 바꿔야 합니다.",
        ));
    }
    if let Some(bytes) = body.bytes_of_an_answer.filter(|bytes| *bytes > MOST_PAYLOAD_BYTES) {
        let megabytes = bytes / (1024.0 * 1024.0);
        all.push(Reason::new(
            "payload",
            format!("An answer has {megabytes:.1} MB on average, and a function answers with 6 MB at most: larger ones go through S3."),
            format!("응답이 평균 {megabytes:.1}MB인데 함수의 응답은 최대 6MB입니다. 더 큰 응답은 S3를 거쳐야 합니다."),
        ));
    }
    all
}

/// Returns what was not measured, and what it would tell.
pub(super) fn unseen(workload: &Workload, body: &Body) -> Vec<UnseenSignal> {
    let mut all = Vec::new();
    if workload.runs_by == RunsBy::Stretches {
        all.push(unseen_signal(
            "requests",
            "How often it is asked: each stretch of work counts as one run, and there may be many within one. Requests cost little beside their duration.",
            "호출 횟수를 알 수 없어 이어진 작업 구간 하나를 실행 한 번으로 계산했습니다. 한 구간에 여러 번 호출되었을 수 있지만, 요청 요금은 실행 시간 요금에 비해 작습니다.",
        ));
    }
    queues_unseen(workload, body, &mut all);
    if body.balancers_unread > 0 {
        let balancers = counted(body.balancers_unread, "load balancer");
        all.push(unseen_signal(
            "load_balancers",
            &format!("Whether one of the {balancers} in its region calls it, whose targets were not read: one that passes connections on would stand against it."),
            &format!("같은 리전의 로드 밸런서 {}개는 대상을 읽지 못해 이 서버를 호출하는지 알 수 없습니다. 연결을 그대로 넘기는 로드 밸런서라면 함수로 바꿀 수 없습니다.", body.balancers_unread),
        ));
    } else if body.has_unlisted_balancers {
        all.push(unseen_signal(
            "load_balancers",
            "Whether a load balancer calls it: those of its region were not all listed. Each request would be a run, and one that passes connections on would stand against it.",
            "로드 밸런서가 호출하는지 알 수 없습니다. 이 리전의 로드 밸런서 목록이 다 갖춰져 있지 않습니다. 호출한다면 요청마다 한 번 실행한 것으로 계산해야 하고, 연결을 그대로 넘기는 로드 밸런서라면 함수로 바꿀 수 없습니다.",
        ));
    }
    if body.network.is_none() {
        all.push(unseen_signal(
            "network",
            "Whether it sends or receives while its processor waits.",
            "CPU가 쉬는 동안 데이터를 주고받는지 알 수 없습니다.",
        ));
    }
    if workload.memory_mb.is_none() {
        all.push(unseen_signal(
            "memory",
            "How much memory it uses: install the CloudWatch agent to know.",
            "메모리 사용량을 알 수 없습니다. CloudWatch 에이전트를 설치하면 알 수 있습니다.",
        ));
    }
    if let Some(memory) = workload.memory_mb {
        all.push(unseen_signal(
            "program_memory",
            &format!("How much of the {memory:.0} MB in use is the program's, and how much the system's: the function has room for what work takes beyond waiting. Try it, and compare sizes with `trimtab serverless tune`."),
            &format!("사용 중인 {memory:.0}MB 가운데 프로그램이 쓰는 양과 시스템이 쓰는 양을 구분할 수 없습니다. 함수 메모리는 작업할 때 늘어나는 만큼을 담도록 정했습니다. 직접 실행해 보고 `trimtab serverless tune`으로 크기를 비교하세요."),
        ));
    }
    if body.bytes_of_an_answer.is_none() && workload.runs_by == RunsBy::Requests {
        all.push(unseen_signal(
            "payload",
            "How large its answers are: 6 MB is the most.",
            "응답 크기를 알 수 없습니다. 최대 6MB입니다.",
        ));
    }
    all.push(unseen_signal(
        "state",
        "What it keeps in memory or on its disk between two runs: a function keeps nothing.",
        "실행 사이에 메모리나 디스크에 유지하는 상태가 있는지 알 수 없습니다. 함수는 상태를 유지하지 않습니다.",
    ));
    all.push(unseen_signal(
        "open_connections",
        "Whether clients hold connections open, such as WebSockets.",
        "WebSocket처럼 연결을 계속 유지하는 클라이언트가 있는지 알 수 없습니다.",
    ));
    let (en, ko) = match workload.runs_by {
        RunsBy::Messages => {
            ("the time for which the server holds a message", "서버가 메시지 하나를 처리하는 시간")
        }
        RunsBy::Requests | RunsBy::Stretches => {
            ("all of the time in which the server worked", "서버가 작업한 전체 시간")
        }
    };
    all.push(unseen_signal(
        "duration",
        &format!("How long a run takes as a function: between its work on the processor and {en}. Measure it with a few real runs."),
        &format!("함수로 실행할 때의 소요 시간은 알 수 없습니다. CPU 작업 시간과 {ko} 사이이며, 실제로 몇 번 실행해 재 보세요."),
    ));
    all
}

/// Says what is not known of the queues that a server reads.
fn queues_unseen(workload: &Workload, body: &Body, all: &mut Vec<UnseenSignal>) {
    let read = &body.read_queues;
    if !read.elsewhere.is_empty() {
        let names = read.elsewhere.join(", ");
        all.push(unseen_signal(
            "queue",
            &format!("What {names} tells of it: a queue of another account or region is not read."),
            &format!("{names}: 다른 계정이나 리전의 대기열이라 읽지 않았습니다."),
        ));
    }
    if !read.wrong.is_empty() {
        let words = read.wrong.join(", ");
        all.push(unseen_signal(
            "queue",
            &format!("What it reads: its tag {QUEUE_TAG} has {words}, which is no name of a queue in SQS. Write names with spaces between."),
            &format!("{QUEUE_TAG} 태그의 {words}은(는) SQS 대기열 이름이 아닙니다. 이름을 공백으로 구분해 적으세요."),
        ));
    }
    if read.unread_alarms > 0 {
        let alarms = counted(read.unread_alarms, "alarm");
        all.push(unseen_signal(
            "queue",
            &format!("Whether it is scaled by a queue that it reads: {alarms} of its scaling policies were not read."),
            &format!("대기열에 따라 태스크 수가 조정되는지 알 수 없습니다. 스케일링 정책의 경보 {}개를 읽지 못했습니다.", read.unread_alarms),
        ));
    }
    let is_told = !read.elsewhere.is_empty() || !read.wrong.is_empty() || read.unread_alarms > 0;
    match &workload.queues {
        None if workload.runs_by == RunsBy::Stretches && !is_told => all.push(no_queue(read)),
        None => {}
        Some(queues) => of_queues(queues, workload.runs_by, all),
    }
}

/// Says that no queue is known, and how one is made known.
fn no_queue(read: &ReadQueues) -> UnseenSignal {
    let (en, ko) = match read.are_policies_unread {
        true => (
            "its scaling policies were not read, and no tag names one",
            "스케일링 정책을 읽지 못했고 대기열이 적힌 태그도 없습니다",
        ),
        false => ("nothing names one", "대기열을 알려 주는 태그나 스케일링 정책이 없습니다"),
    };
    unseen_signal(
        "queue",
        &format!(
            "Whether it reads a queue: {en}. Name those of SQS in its tag {QUEUE_TAG}, and their messages are counted and their depth is read."
        ),
        &format!(
            "대기열을 읽는 서버인지 알 수 없습니다. {ko}. 읽는 SQS 대기열의 이름을 {QUEUE_TAG} 태그에 적으면 메시지 수와 대기열의 길이를 읽습니다."
        ),
    )
}

fn of_queues(queues: &QueueWork, runs_by: RunsBy, all: &mut Vec<UnseenSignal>) {
    let names = queues.names.join(", ");
    if queues.deepest.is_none() {
        all.push(unseen_signal(
            "queue_depth",
            &format!("How many messages wait in {names}: so many come to the function at a time."),
            &format!("{names} 대기열에 쌓이는 메시지 수를 알 수 없습니다. 그만큼이 한꺼번에 함수로 전달됩니다."),
        ));
    }
    if queues.readers > 1 {
        let readers = queues.readers;
        all.push(unseen_signal(
            "queue_share",
            &format!("Which of the messages in {names} it receives: {readers} servers read there, and each is taken to receive as many."),
            &format!("{names} 대기열을 읽는 서버가 {readers}대여서 이 서버가 받는 메시지를 구분할 수 없습니다. 서버마다 같은 수를 받는 것으로 계산했습니다."),
        ));
    }
    if queues.messages.is_some_and(|messages| messages <= 0.0) {
        all.push(unseen_signal(
            "queue",
            &format!("What starts its work: nothing was received from {names} in the time that was looked at."),
            &format!("무엇이 작업을 시작시키는지 알 수 없습니다. 확인한 기간에 {names} 대기열에서 받은 메시지가 없습니다."),
        ));
    }
    if runs_by == RunsBy::Messages {
        let (en, ko) = match queues.seconds_of_a_message {
            Some(_) => (
                "the mean over all is known, and a run ends after 15 minutes",
                "평균만 알 수 있으며, 함수는 15분 안에 끝나야 합니다",
            ),
            None => ("a run ends after 15 minutes", "함수는 15분 안에 끝나야 합니다"),
        };
        all.push(unseen_signal(
            "longest_message",
            &format!("How long the longest message takes: {en}."),
            &format!("가장 오래 걸리는 메시지의 처리 시간은 알 수 없습니다. {ko}."),
        ));
    }
}
