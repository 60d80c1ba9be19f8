//! From the statistics of a server to findings, the largest share of its load first.

use trimtab_model::database::{
    Inspection, Missing, Probe, ProbeAnswer, QueryFinding, ServerStatistics, UnknownAnswer,
};
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::text::Text;

use super::candidate::candidates;
use super::thresholds::{QueryThresholds, UNATTRIBUTED};
use super::unused_index::settled;
use super::words::{decimals, hours};
use super::{
    disk, duplicate_index, full_scan, idle_connections, missing_index, query_per_row, unused_index,
};

/// Says what is wrong, and what could not be answered.
///
/// `answers` are what the planner said to [`probes`](super::probes), each with its question.
pub fn inspect(
    statistics: &ServerStatistics,
    answers: &[(Probe, ProbeAnswer)],
    thresholds: &QueryThresholds,
) -> Inspection {
    let mut findings: Vec<QueryFinding> = candidates(statistics, thresholds)
        .iter()
        .filter_map(|candidate| {
            let asked = candidate.probe();
            let answer = answers.iter().find(|(probe, _)| *probe == asked);
            let answer = answer.map(|(_, answer)| answer.clone()).unwrap_or_default();
            missing_index::finding(statistics, candidate, &answer)
        })
        .collect();
    findings.extend(disk::findings(statistics, thresholds));
    findings.extend(query_per_row::findings(statistics));
    findings.extend(full_scan::findings(statistics, &findings));
    if let Some(signal) = young(statistics, thresholds) {
        findings.iter_mut().for_each(|finding| finding.unseen.push(signal.clone()));
    }
    let duplicates = duplicate_index::findings(statistics);
    findings.extend(unused_index::findings(statistics, thresholds, &duplicates));
    findings.extend(duplicates);
    findings.extend(idle_connections::finding(statistics));
    findings.sort_by(|a, b| {
        let share = |finding: &QueryFinding| finding.load_share.unwrap_or(-1.0);
        share(b).total_cmp(&share(a)).then_with(|| (a.kind, &a.about).cmp(&(b.kind, &b.about)))
    });
    Inspection {
        database: statistics.database.clone(),
        rights: statistics.rights.clone(),
        age: statistics.age,
        total: statistics.total,
        connections: statistics.connections.clone(),
        memory: statistics.memory,
        capacity: None,
        findings,
        unknown: unknown(statistics, thresholds),
    }
}

/// Says that shares of load may change, where the server has not counted for long.
fn young(statistics: &ServerStatistics, thresholds: &QueryThresholds) -> Option<UnseenSignal> {
    let counted = statistics.age.statement_hours?;
    (counted < thresholds.settled_hours).then(|| {
        let ((age_en, age_ko), (wanted_en, wanted_ko)) =
            (hours(counted), hours(thresholds.settled_hours));
        UnseenSignal {
            name: "age".to_owned(),
            text: Text::new(
                format!("The server has counted for {age_en} only; after {wanted_en} the shares may be others."),
                format!("서버가 집계한 기간이 {age_ko}뿐입니다. {wanted_ko}이 지나면 비중이 달라질 수 있습니다."),
            ),
        }
    })
}

fn unknown(statistics: &ServerStatistics, thresholds: &QueryThresholds) -> Vec<UnknownAnswer> {
    let mut unknown: Vec<UnknownAnswer> = statistics
        .missing
        .iter()
        .map(|missing| UnknownAnswer {
            what: missing.what.as_str().to_owned(),
            why: missing.why.clone(),
            settled_by: missing.settled_by.clone(),
        })
        .collect();
    unknown.extend(without_digest(statistics));
    let counts = statistics.has(Missing::IndexUse) && statistics.has(Missing::Tables);
    if counts && settled(statistics, thresholds).is_none() {
        unknown.push(too_young(statistics, thresholds));
    }
    if statistics.has(Missing::Tables) && statistics.tables.is_empty() {
        unknown.push(UnknownAnswer {
            what: Missing::Tables.as_str().to_owned(),
            why: Text::new(
                "The account sees no table, so nothing can be said of indexes.",
                "계정에 보이는 테이블이 없어 인덱스를 판단할 수 없습니다.",
            ),
            settled_by: Text::new(
                "Grant REFERENCES on the application's schemas in MySQL and MariaDB; in PostgreSQL, name the application's database in the URL.",
                "MySQL과 MariaDB에서는 서비스 스키마의 REFERENCES 권한을 부여하고, PostgreSQL에서는 URL에 서비스의 데이터베이스를 지정하세요.",
            ),
        });
    }
    unknown
}

/// Says how much of the load is of statements that the server had no room to tell apart.
fn without_digest(statistics: &ServerStatistics) -> Option<UnknownAnswer> {
    let share = statistics.load_share(statistics.total?.unattributed_seconds)?;
    (share >= UNATTRIBUTED).then(|| {
        let percent = decimals(share * 100.0);
        UnknownAnswer {
            what: "without-digest".to_owned(),
            why: Text::new(
                format!("{percent} % of the load is of queries that the server had no room to tell apart."),
                format!("부하의 {percent}%는 서버의 집계 공간이 부족해 쿼리별로 나뉘지 않았습니다."),
            ),
            settled_by: Text::new(
                "Raise performance_schema_digests_size and restart the server, or truncate performance_schema.events_statements_summary_by_digest.",
                "performance_schema_digests_size를 늘리고 재시작하거나, performance_schema.events_statements_summary_by_digest를 비우세요.",
            ),
        }
    })
}

fn too_young(statistics: &ServerStatistics, thresholds: &QueryThresholds) -> UnknownAnswer {
    let (wanted_en, wanted_ko) = hours(thresholds.settled_hours);
    let (why_en, why_ko) = match statistics.age.index_hours {
        Some(counted) => {
            let (age_en, age_ko) = hours(counted);
            (
                format!(
                    "The server has counted uses of indexes for {age_en}; an index without one may be needed once a week."
                ),
                format!(
                    "서버가 인덱스 사용을 집계한 기간이 {age_ko}입니다. 한 주에 한 번 쓰는 인덱스일 수 있습니다."
                ),
            )
        }
        None => (
            "The server does not say since when it counts uses of indexes.".to_owned(),
            "서버가 인덱스 사용을 언제부터 집계했는지 알 수 없습니다.".to_owned(),
        ),
    };
    UnknownAnswer {
        what: "unused-index".to_owned(),
        why: Text::new(why_en, why_ko),
        settled_by: Text::new(
            format!(
                "Run this again once it has counted for {wanted_en}, or say how long is enough with --settled-hours."
            ),
            format!(
                "집계 기간이 {wanted_ko} 이상일 때 다시 실행하거나, 충분한 기간을 --settled-hours로 지정하세요."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::database::{QueryFindingKind, Statement};

    use super::super::probes;
    use super::super::sample::{index, statement, statistics, table};
    use super::*;

    const LOOKUP: &str = "SELECT id FROM orders WHERE player_id = ?";

    fn check(statements: Vec<Statement>, expected: &[(QueryFindingKind, &str)]) -> Inspection {
        let mut statistics = statistics();
        statistics.statements = statements;
        statistics.tables = vec![
            table(
                "orders",
                40_000,
                &["id", "player_id", "memo"],
                vec![index("PRIMARY", &["id"], 9)],
            ),
            table("settings", 20, &["id", "value"], vec![]),
        ];
        let inspection = inspect(&statistics, &[], &QueryThresholds::default());
        let found: Vec<_> = inspection
            .findings
            .iter()
            .map(|one| match &one.about {
                trimtab_model::database::Subject::Statement { digest, .. } => {
                    (one.kind, digest.as_str())
                }
                _ => (one.kind, ""),
            })
            .collect();
        assert_eq!(found, expected);
        inspection
    }

    #[test]
    fn a_whole_table_for_few_rows_lacks_an_index() {
        let found = check(
            vec![statement(LOOKUP, 10, 40_000, 8)],
            &[(QueryFindingKind::MissingIndex, LOOKUP)],
        );
        let suggestion = found.findings[0].suggestion.clone().unwrap_or_default();
        assert!(suggestion.contains("ON game.orders (player_id)"), "{suggestion}");
        assert_eq!(found.findings[0].load_share, Some(0.1));
    }

    #[test]
    fn what_reads_little_or_gives_much_lacks_none() {
        check(vec![statement(LOOKUP, 10, 8, 8)], &[]);
        check(vec![statement(LOOKUP, 10, 40_000, 20_000)], &[]);
        check(vec![statement("SELECT value FROM settings WHERE value = ?", 10, 20, 1)], &[]);
        // It has its index, and yet reads the whole table: worth a look, and no other index.
        let unused = "SELECT memo FROM orders WHERE id = ?";
        let scan = (QueryFindingKind::FullScan, unused);
        check(vec![statement(unused, 10, 40_000, 8)], &[scan]);
    }

    #[test]
    fn a_small_share_of_the_load_is_left_alone() {
        let light = Statement { seconds: 0.9, ..statement(LOOKUP, 10, 40_000, 8) };
        check(vec![light], &[]);
    }

    #[test]
    fn a_planner_that_would_not_use_the_index_is_believed() {
        let mut statistics = statistics();
        statistics.statements = vec![statement(LOOKUP, 10, 40_000, 8)];
        statistics.tables = vec![table("orders", 40_000, &["id", "player_id"], vec![])];
        let thresholds = QueryThresholds::default();
        let probe = probes(&statistics, &thresholds).remove(0);
        let found = |now, then| {
            let answer = ProbeAnswer {
                reads_whole_table: Some(true),
                rows_planned: Some(8.0),
                weight: Some(now),
                weight_with_index: Some(then),
            };
            let kinds = inspect(&statistics, &[(probe.clone(), answer)], &thresholds).findings;
            kinds.iter().filter(|one| one.kind == QueryFindingKind::MissingIndex).count()
        };
        assert_eq!((found(900.0, 30.0), found(900.0, 800.0)), (1, 0));
    }

    #[test]
    fn a_query_for_each_row_of_another_is_found() {
        let outer = statement("SELECT id FROM orders WHERE id > ? LIMIT ?", 2, 300, 300);
        let inner = statement("SELECT value FROM settings WHERE id = ?", 600, 1, 1);
        let name = inner.digest.clone();
        check(vec![outer.clone(), inner.clone()], &[(QueryFindingKind::QueryPerRow, &name)]);
        let often = Statement { calls: 700, ..inner };
        check(vec![outer, often], &[]);
    }

    #[test]
    fn disk_and_long_scans_are_found() {
        let on_disk = Statement {
            disk_temporary_tables: Some(10),
            ..statement("SELECT memo, COUNT(*) FROM orders GROUP BY memo", 10, 80_000, 5)
        };
        let sorted = Statement {
            sort_merge_passes: Some(20),
            ..statement("SELECT id FROM orders ORDER BY memo", 10, 40_000, 40_000)
        };
        let scan = statement("SELECT COUNT(*) FROM orders WHERE memo LIKE ?", 10, 40_000, 1);
        let names = [on_disk.digest.clone(), sorted.digest.clone(), scan.digest.clone()];
        check(
            vec![on_disk, sorted, scan],
            &[
                (QueryFindingKind::DiskTemporaryTable, &names[0]),
                (QueryFindingKind::SortOnDisk, &names[1]),
                (QueryFindingKind::FullScan, &names[2]),
            ],
        );
    }

    #[test]
    fn a_young_server_is_told_of() {
        let mut statistics = statistics();
        statistics.age.index_hours = Some(3.0);
        let inspection = inspect(&statistics, &[], &QueryThresholds::default());
        let codes: Vec<&str> = inspection.unknown.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(codes, ["unused-index", "tables"]);
    }
}
