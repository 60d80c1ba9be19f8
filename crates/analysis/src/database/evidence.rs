//! The explanation of a class: findings, codes, figures and notes.

use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{Finding, ReasonCode};
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::database::choice::{DbChoice, DbQuestion, DbSpec, has_custom_parameters};
use crate::database::connections::{max_connections, usable};
use crate::database::digests;
use crate::database::maintenance;
use crate::database::reads;
use crate::sizing::evidence::{cpu_figures, rounded};

/// Returns the code of a spec that is short; the connection limit follows the memory.
pub fn under(spec: DbSpec) -> ReasonCode {
    match spec {
        DbSpec::Cpu | DbSpec::Load => ReasonCode::CPUUnderprovisioned,
        DbSpec::Memory | DbSpec::Buffer | DbSpec::Reads | DbSpec::Connections => {
            ReasonCode::MemoryUnderprovisioned
        }
        DbSpec::Iops => ReasonCode::EBSIOPSUnderprovisioned,
        DbSpec::Throughput => ReasonCode::EBSThroughputUnderprovisioned,
    }
}

/// Returns the finding and its codes for the chosen class.
pub fn finding(
    short: &[DbSpec],
    question: DbQuestion<'_>,
    choice: &DbChoice<'_>,
) -> (Finding, Vec<ReasonCode>) {
    let (current, class) = (question.current, &choice.class);
    let mut codes: Vec<ReasonCode> = short.iter().map(|spec| under(*spec)).collect();
    let before = codes.len();
    if class.facts.vcpu < current.facts.vcpu
        || class.baseline_share.unwrap_or(1.0) < current.baseline_share.unwrap_or(1.0)
    {
        codes.push(ReasonCode::CPUOverprovisioned);
    }
    if class.memory_gib() < current.memory_gib() {
        codes.push(ReasonCode::MemoryOverprovisioned);
    }
    let shrinks = codes.len() > before;
    let series = |family: &str| family.chars().next();
    let generation = |family: &str| family.chars().find_map(|letter| letter.to_digit(10));
    if series(&class.facts.family) == series(&current.facts.family)
        && generation(&class.facts.family) > generation(&current.facts.family)
    {
        codes.push(ReasonCode::NewGenerationDBInstanceClassAvailable);
    }
    let finding = if !short.is_empty() {
        Finding::Underprovisioned
    } else if shrinks {
        Finding::Overprovisioned
    } else {
        Finding::NotOptimized
    };
    (finding, codes)
}

/// Returns the figures that the choice rests on.
pub fn evidence(facts: &Facts<'_>, question: DbQuestion<'_>, choice: &DbChoice<'_>) -> Evidence {
    let mut notes = notes(question, choice);
    notes.extend(reads::reads(question, &choice.class).map(|reads| reads::note(&reads)));
    notes.extend(connection_notes(question, choice));
    notes.extend(waits(question));
    notes.extend(question.growth.map(|growth| growth.note.clone()));
    notes.extend(question.load.map(digests::notes).unwrap_or_default());
    notes.extend(maintenance::notes(facts, question.db));
    Evidence {
        window_days: Some(question.demand.window_days),
        figures: rounded(figures(question, choice)),
        coverage: question.demand.coverage.clone(),
        signals_not_seen: unseen(facts, question),
        notes,
    }
}

/// Lists what was not seen and could have changed the choice.
fn unseen(facts: &Facts<'_>, question: DbQuestion<'_>) -> Vec<UnseenSignal> {
    let DbQuestion { db, demand, load, parameters, orderable, .. } = question;
    let no_load = load.is_none().then(|| UnseenSignal {
        name: "db_load".to_owned(),
        text: Text::new(
            "Performance Insights is off or was not read; how many sessions work or wait at once was not compared with vCPUs.",
            "Performance Insights가 꺼져 있거나 읽지 못해, 동시에 실행되거나 대기하는 세션 수를 vCPU 수와 비교하지 못했습니다.",
        ),
    });
    let mut unseen = demand.unseen();
    unseen.extend(no_load);
    unseen.extend(parameters.unseen(&db.kind));
    unseen.extend(orderable.unseen());
    unseen.extend(maintenance::unseen(facts, db));
    unseen
}

/// Says how many connections the new class admits, where it has less memory, and what that leaves
/// for each pool.
fn connection_notes(question: DbQuestion<'_>, choice: &DbChoice<'_>) -> Vec<Text> {
    let DbQuestion { parameters, engine, current, demand, .. } = question;
    let smaller = choice.class.memory_gib() < current.memory_gib();
    let limit = max_connections(engine.engine, parameters, &choice.class).ok();
    let Some(limit) = limit.filter(|_| smaller) else { return Vec::new() };
    let (least, most, all) = (limit.least, limit.most, usable(limit.least));
    let between = if (most - least).abs() < 1.0 {
        format!("{least:.0}")
    } else {
        format!("{least:.0}-{most:.0}")
    };
    let own = parameters.group().zip(parameters.max_connections());
    let limit_note = match own {
        Some((group, formula)) => Text::new(
            format!(
                "The parameter group {group} sets max_connections to {formula}: {between} on the new class."
            ),
            format!(
                "파라미터 그룹 {group}의 max_connections 설정은 {formula}이며, 새 클래스에서는 {between}입니다."
            ),
        ),
        None => Text::new(
            format!("By the engine's default the new class admits {between} connections."),
            format!("엔진 기본값으로 새 클래스가 허용하는 연결 수는 {between}개입니다."),
        ),
    };
    let peak = demand.connections.unwrap_or_default();
    let pools = Text::new(
        format!(
            "The pools of all application instances together may open {all:.0} connections; they opened {peak:.0} at most. Divide {all:.0} by the most application instances that run at once for the largest pool of each. Where that is too small, RDS Proxy shares connections."
        ),
        format!(
            "모든 애플리케이션 인스턴스의 커넥션 풀을 합쳐 {all:.0}개까지 열 수 있고, 지금까지는 최대 {peak:.0}개였습니다. {all:.0}개를 동시에 실행되는 애플리케이션 인스턴스의 최대 수로 나눈 값이 인스턴스별 풀의 상한입니다. 그 값이 너무 작으면 RDS Proxy로 연결을 공유할 수 있습니다."
        ),
    );
    let seen = demand.connections.map(|_| pools);
    std::iter::once(limit_note).chain(seen).collect()
}

/// Says what the sessions waited for.
fn waits(question: DbQuestion<'_>) -> Option<Text> {
    let load = question.load?;
    let list: Vec<String> =
        load.waits.iter().map(|wait| format!("{} {:.2}", wait.event, wait.mean)).collect();
    let list = list.join(", ");
    (!list.is_empty()).then(|| {
        Text::new(
            format!("Mean sessions at work or waiting, by what they wait for: {list}."),
            format!("대기 이벤트별 평균 활성 세션 수: {list}."),
        )
    })
}

fn figures(question: DbQuestion<'_>, choice: &DbChoice<'_>) -> Vec<Figure> {
    let DbQuestion { demand, policy, current, engine, load, parameters, .. } = question;
    let mut figures = cpu_figures(&demand.cpu_percent, policy);
    figures.push(Figure::number(
        "memory_now",
        "Memory of the class",
        "클래스 메모리",
        current.memory_gib(),
        "GiB",
    ));
    figures.extend(load.map(|load| {
        let vcpu = f64::from(choice.class.facts.vcpu);
        Figure::number(
            "db_load_p99_5",
            "Sessions at work or waiting, 99.5th percentile",
            "활성 세션 수 99.5 백분위수",
            load.p99_5,
            "",
        )
        .against(vcpu * (1.0 - policy.cpu_headroom.share()))
    }));
    figures.extend(demand.memory_gib.map(|used| {
        Figure::number("memory_max", "Memory used, maximum", "메모리 최대 사용량", used, "GiB")
            .against(choice.class.memory_gib() * (1.0 - policy.memory_headroom.share()))
    }));
    figures.extend(demand.swap_gib.map(|swap| {
        Figure::number("swap_max", "Swapped out, maximum", "최대 스왑 사용량", swap, "GiB")
    }));
    figures.extend(demand.fewest_credits.map(|credits| {
        Figure::number("cpu_credits_min", "CPU credits, fewest", "최소 CPU 크레딧", credits, "")
    }));
    let reads = reads::reads(question, &choice.class);
    figures.extend(reads.iter().flat_map(reads::figures));
    figures.extend(demand.connections.map(|peak| {
        let figure =
            Figure::number("connections_max", "Connections, maximum", "최대 연결 수", peak, "");
        match max_connections(engine.engine, parameters, &choice.class) {
            Ok(limit) => figure.against(usable(limit.least)),
            Err(_) => figure,
        }
    }));
    figures.extend(demand.iops.map(|used| {
        let figure = Figure::number(
            "storage_iops_p99_5",
            "Storage operations, 99.5th percentile",
            "스토리지 IOPS 99.5 백분위수",
            used,
            "IOPS",
        );
        match choice.class.ebs_iops {
            Some(limit) => figure.against(limit),
            None => figure,
        }
    }));
    figures
}

fn notes(question: DbQuestion<'_>, choice: &DbChoice<'_>) -> Vec<Text> {
    let DbQuestion { db, current, engine, parameters, .. } = question;
    let smaller = choice.class.memory_gib() < current.memory_gib();
    let rows = [
        (
            true,
            "A class change interrupts the database, for one to two minutes with Multi-AZ, longer without. It waits for the maintenance window.",
            "클래스를 변경하면 데이터베이스가 중단됩니다(Multi-AZ는 약 1~2분, 단일 AZ는 더 길어짐). 변경은 유지 관리 기간에 적용됩니다.",
        ),
        (
            smaller,
            "The engine has less than the nominal memory, and AWS does not publish how much: the lower limit counts 90 % of it (85 % up to 4 GiB, 75 % up to 2, 70 % up to 1), and decides.",
            "엔진이 쓸 수 있는 메모리는 명목 용량보다 적고 AWS는 그 차이를 공개하지 않습니다. 하한은 명목 용량의 90%(4GiB 이하 85%, 2GiB 이하 75%, 1GiB 이하 70%)로 계산하며, 하한으로 판단합니다.",
        ),
        (
            smaller && has_custom_parameters(&db.kind) && parameters.group().is_none(),
            "It has a parameter group of its own: a max_connections or buffer size fixed there must fit the smaller memory.",
            "사용자 지정 파라미터 그룹을 사용합니다. 고정된 max_connections나 버퍼 크기가 줄어든 메모리에 맞는지 확인하세요.",
        ),
        (
            db.kind.read_replica_source.is_some() || !db.kind.read_replicas.is_empty(),
            "It takes part in replication: change replicas before their source, and watch ReplicaLag.",
            "복제에 참여하는 인스턴스입니다. 소스보다 복제본을 먼저 변경하고 ReplicaLag를 확인하세요.",
        ),
        (
            question.members > 1,
            "It is sized with the other members of its cluster, any of which may become the writer: each figure is the highest of all. Change the readers first and fail over to one of them, then change the writer.",
            "어느 멤버든 라이터가 될 수 있어 클러스터 멤버와 함께 크기를 정했습니다. 각 수치는 전체 멤버의 최댓값입니다. 읽기 인스턴스를 먼저 변경하고 장애 조치한 뒤 쓰기 인스턴스를 변경하세요.",
        ),
        (
            smaller && engine.is_aurora(),
            "On Aurora Standard each read from storage is charged: what reads rise by is not taken off the saving.",
            "Aurora Standard에서는 스토리지 읽기마다 과금됩니다. 읽기가 늘어 생기는 비용은 절감액에서 빼지 않았습니다.",
        ),
        (
            smaller && engine.is_aurora(),
            "The cluster's parameter group was not read: a max_connections or buffer size fixed there must fit the smaller memory.",
            "클러스터 파라미터 그룹은 읽지 않았습니다. 거기에 고정된 max_connections나 버퍼 크기가 줄어든 메모리에 맞는지 확인하세요.",
        ),
        (
            db.kind.multi_az == Some(true),
            "Multi-AZ is taken at twice the Single-AZ price; the two differ by under 0.8 %.",
            "Multi-AZ 가격은 단일 AZ의 2배로 계산했습니다. 실제와의 차이는 0.8% 미만입니다.",
        ),
        (
            choice.class.is_burstable(),
            "A T class lives on CPU credits; the busiest day's mean stays below what it sustains.",
            "T 클래스는 CPU 크레딧으로 동작합니다. 가장 바쁜 날의 평균도 기준 성능보다 낮았습니다.",
        ),
    ];
    rows.into_iter().filter(|(applies, ..)| *applies).map(|(_, en, ko)| Text::new(en, ko)).collect()
}
