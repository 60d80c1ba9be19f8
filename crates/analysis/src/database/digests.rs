//! The queries that the load of a database comes from, and what their repair would leave.

use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::resource::db_load::{DbDigest, DbLoad, DigestStatement};
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::database::choice::{DbChoice, DbQuestion};
use crate::database::evidence::evidence;
use crate::sizing::evidence::rounded;
use crate::sizing::headroom::threshold_percent;

/// Digests that are shown, and the share below which one says nothing.
const SHOWN: usize = 3;
const LEAST_SHARE: f64 = 0.05;

/// The wait event of sessions that work.
const AT_WORK: &str = "CPU";

/// Says which digests have most of the load.
pub fn notes(load: &DbLoad) -> Vec<Text> {
    let digests = load.digests.iter().flatten();
    digests.filter(|digest| digest.load_share >= LEAST_SHARE).take(SHOWN).map(note).collect()
}

fn note(digest: &DbDigest) -> Text {
    let (id, percent) = (&digest.id, digest.load_share * 100.0);
    match &digest.statement {
        DigestStatement::Query(query) => {
            let text = query.text();
            Text::new(
                format!("Query {id} makes {percent:.0} % of the load: {text}"),
                format!("부하의 {percent:.0}%를 차지하는 쿼리 {id}: {text}"),
            )
        }
        DigestStatement::Command => Text::new(
            format!(
                "A command that is no query, such as COMMIT, makes {percent:.0} % of the load ({id})."
            ),
            format!("COMMIT처럼 쿼리가 아닌 명령이 부하의 {percent:.0}%를 차지합니다({id})."),
        ),
        DigestStatement::Unread => Text::new(
            format!("A statement whose text is not kept makes {percent:.0} % of the load ({id})."),
            format!("텍스트를 보관하지 않는 구문이 부하의 {percent:.0}%를 차지합니다({id})."),
        ),
    }
}

/// Returns the figures behind a class that suffices without a query.
///
/// `measured` asks with the query, `without` as if it made no load.
pub fn evidence_without(
    facts: &Facts<'_>,
    measured: DbQuestion<'_>,
    without: DbQuestion<'_>,
    choice: &DbChoice<'_>,
    digest: &DbDigest,
) -> Evidence {
    let mut evidence = evidence(facts, measured, choice);
    // With the query the class need not suffice: its limit is for the sessions that are left.
    for figure in &mut evidence.figures {
        if figure.name == "db_load_p99_5" {
            figure.threshold = None;
        }
    }
    evidence.figures.extend(rounded(figures(without, choice, digest)));
    evidence.notes.extend(at_work(measured));
    evidence.notes.extend([assumption(), repair_first()]);
    evidence
}

fn figures(without: DbQuestion<'_>, choice: &DbChoice<'_>, digest: &DbDigest) -> Vec<Figure> {
    let DbQuestion { demand, policy, current, load, .. } = without;
    let room = 1.0 - policy.cpu_headroom.share();
    let vcpu = f64::from(choice.class.facts.vcpu);
    let sustained = vcpu / f64::from(current.facts.vcpu) * room * 100.0;
    let mut figures = vec![
        Figure::word(
            "query",
            "Query with most of the load",
            "부하가 가장 큰 쿼리",
            digest.id.as_str(),
        ),
        Figure::number(
            "query_load_share",
            "Its share of the load",
            "그 쿼리의 부하 비율",
            digest.load_share * 100.0,
            "%",
        ),
        Figure::number(
            "cpu_without_query",
            "CPU without the query, of the present class",
            "쿼리를 뺀 CPU(현재 클래스 기준)",
            threshold_percent(&demand.cpu_percent, policy.cpu_threshold),
            "%",
        )
        .against(sustained),
    ];
    figures.extend(load.map(|load| {
        Figure::number(
            "db_load_without_query",
            "Sessions at work or waiting without the query, 99.5th percentile",
            "쿼리를 뺀 활성 세션 수 99.5 백분위수",
            load.p99_5,
            "",
        )
        .against(vcpu * room)
    }));
    figures.extend(digest.db_id.as_ref().map(|name| {
        Figure::word(
            "query_db_id",
            "The server's name of it",
            "서버가 쓰는 쿼리 식별자",
            name.as_str(),
        )
    }));
    figures
}

/// Says how much of the load was work: where sessions wait, less of the processor may go.
fn at_work(question: DbQuestion<'_>) -> Option<Text> {
    let load = question.load.filter(|load| load.mean > 0.0)?;
    let work = load.waits.iter().find(|wait| wait.event == AT_WORK)?;
    let percent = (work.mean / load.mean).min(1.0) * 100.0;
    Some(Text::new(
        format!("{percent:.0} % of all load worked on the processor; the rest waited."),
        format!("전체 부하 중 {percent:.0}%는 프로세서를 사용했고 나머지는 대기했습니다."),
    ))
}

fn assumption() -> Text {
    Text::new(
        "The processor is taken to work in proportion to the load, which has waiting in it, and the query to make none after its repair: that is the most that a repair can allow. Memory, connections and storage stay as measured.",
        "프로세서 사용량이 대기를 포함한 부하에 비례하고, 수정한 뒤에는 이 쿼리의 부하가 없다고 보았습니다. 수정으로 얻을 수 있는 최대치입니다. 메모리, 연결 수, 스토리지는 측정값 그대로 계산했습니다.",
    )
}

/// Says what must come first, and how to see that it worked.
fn repair_first() -> Text {
    Text::new(
        "The saving depends on the repair: `trimtab db inspect` says which index or change would help. Change the class only after a week of new metrics with the repaired query.",
        "절감은 수정에 달려 있습니다. 어떤 인덱스나 변경이 도움이 되는지는 `trimtab db inspect`로 볼 수 있습니다. 쿼리를 수정하고 일주일 동안 새 지표를 확인한 뒤에 클래스를 바꾸세요.",
    )
}
