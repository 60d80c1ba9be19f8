//! The explanation of a class: findings, codes, figures and notes.

use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{Finding, ReasonCode};
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::database::choice::{DbChoice, DbQuestion, DbSpec, has_custom_parameters};
use crate::database::connections::{CONNECTION_ROOM, max_connections};
use crate::database::maintenance;
use crate::sizing::evidence::{cpu_figures, rounded};

/// Returns the code of a spec that is short; the connection limit follows the memory.
pub fn under(spec: DbSpec) -> ReasonCode {
    match spec {
        DbSpec::Cpu | DbSpec::Load => ReasonCode::CPUUnderprovisioned,
        DbSpec::Memory | DbSpec::Connections => ReasonCode::MemoryUnderprovisioned,
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
    notes.extend(parameter_note(question, choice));
    notes.extend(waits(question));
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

/// Says what the parameter group makes of the new class, where it was read and matters.
fn parameter_note(question: DbQuestion<'_>, choice: &DbChoice<'_>) -> Option<Text> {
    let DbQuestion { parameters, engine, current, .. } = question;
    let smaller = choice.class.memory_gib() < current.memory_gib();
    let (group, formula) = (parameters.group()?, parameters.max_connections()?);
    let limit = max_connections(engine.engine, parameters, &choice.class).filter(|_| smaller)?;
    Some(Text::new(
        format!(
            "The parameter group {group} sets max_connections to {formula}: {limit:.0} on the new class."
        ),
        format!(
            "파라미터 그룹 {group}의 max_connections 설정은 {formula}이며, 새 클래스에서는 {limit:.0}입니다."
        ),
    ))
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
    figures.extend(demand.connections.map(|peak| {
        let figure =
            Figure::number("connections_max", "Connections, maximum", "최대 연결 수", peak, "");
        match max_connections(engine.engine, parameters, &choice.class) {
            Some(limit) => figure.against((limit / CONNECTION_ROOM).floor()),
            None => figure,
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
            "The connection limit is computed from 90 % of the class's memory (75 % up to 2 GiB), as the engine has less than the nominal amount.",
            "연결 수 한도는 클래스 메모리의 90%(2GiB 이하는 75%)로 계산했습니다. 엔진이 쓸 수 있는 메모리는 명목 용량보다 적습니다.",
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
            engine.is_aurora(),
            "Aurora's connection limit by class is not known here, so no class with less memory is proposed.",
            "Aurora의 클래스별 연결 수 한도를 알 수 없어 메모리가 더 적은 클래스는 제안하지 않습니다.",
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
