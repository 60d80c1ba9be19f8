//! What recommendations say of storage, data transfer and database engines, by workload.

use std::collections::BTreeMap;

use trimtab_model::analysis::Analysis;
use trimtab_model::document::{
    Block, Column, ColumnKind, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::id::CheckId;
use trimtab_model::money::{Currency, Money};
use trimtab_model::recommendation::Recommendation;
use trimtab_model::text::{StaticText, Text};

use super::facts::ReportFacts;

/// Kinds of data that are named of what a theme needs.
const MOST_NEEDS: usize = 4;

/// A question of a review, and the checks that answer it by the beginning of their names.
struct Theme {
    title: StaticText,
    checks: &'static [&'static str],
    not: &'static [&'static str],
}

const THEMES: &[Theme] = &[
    Theme {
        title: StaticText { en: "Storage and its lifecycle", ko: "스토리지와 수명 주기" },
        checks: &[
            "s3-",
            "ebs-",
            "efs-",
            "rds-storage-",
            "rds-snapshot-",
            "rds-cluster-snapshot-",
            "logs-",
            "ecr-",
        ],
        not: &[],
    },
    Theme {
        title: StaticText { en: "Data transfer", ko: "데이터 전송" },
        checks: &["data-transfer-", "vpc-nat-", "vpc-endpoint-", "elb-load-balancer-cross-zone"],
        not: &[],
    },
    Theme {
        title: StaticText { en: "Databases and their engines", ko: "데이터베이스와 엔진" },
        checks: &[
            "rds-",
            "aurora-",
            "dynamodb-",
            "elasticache-",
            "documentdb-",
            "neptune-",
            "memorydb-",
            "redshift-",
            "opensearch-",
        ],
        not: &["rds-storage-", "rds-snapshot-", "rds-cluster-snapshot-"],
    },
];

impl Theme {
    fn has(&self, check: &str) -> bool {
        let begins = |all: &[&str]| all.iter().any(|begin| check.starts_with(begin));
        begins(self.checks) && !begins(self.not)
    }
}

/// Makes the section.
pub(super) fn section(facts: &ReportFacts<'_>) -> Section {
    let blocks = match facts.analysis {
        None => vec![Block::missing(Sentence::plain(
            "No analysis was made; `trimtab analyze` looks at storage, transfer and databases.",
            "분석 결과가 없습니다. `trimtab analyze`가 스토리지, 전송, 데이터베이스를 살펴봅니다.",
            &[],
        ))],
        Some(analysis) => blocks(facts, analysis),
    };
    Section {
        name: "findings".into(),
        title: Some(Text::new(
            "Storage, transfer and databases by workload",
            "워크로드별 스토리지·전송·데이터베이스",
        )),
        blocks,
    }
}

/// How many recommendations, and the sum of what they save.
type Found = (u64, Option<Money>);

fn blocks(facts: &ReportFacts<'_>, analysis: &Analysis) -> Vec<Block> {
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for theme in THEMES {
        let mut found: BTreeMap<(Currency, Option<&str>), Found> = BTreeMap::new();
        let mut conditional = 0;
        for item in analysis.items.iter().filter(|item| theme.has(item.check.as_str())) {
            if item.is_conditional() {
                conditional += 1;
                continue;
            }
            let likely = item.estimated_monthly_savings.likely;
            let start = (0, Some(Money::zero(likely.currency)));
            let sum = found.entry((likely.currency, workload(facts, item))).or_insert(start);
            *sum = (sum.0 + 1, sum.1.and_then(|sum| sum.checked_add(likely).ok()));
        }
        if conditional > 0 {
            notes.push(repairs(theme, conditional));
        } else if found.is_empty() {
            notes.push(nothing(theme, analysis, facts.passed));
        }
        rows.extend(found.into_iter().map(|((_, workload), found)| row(theme, workload, found)));
    }
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(Block::Rows(Rows {
            name: "findings".into(),
            title: None,
            columns: vec![
                Column::new("theme", ColumnKind::Text, "Of what", "분야"),
                Column::new("workload", ColumnKind::Text, "Workload", "워크로드"),
                Column::new("count", ColumnKind::Count, "Recommendations", "추천"),
                Column::new("savings", ColumnKind::Amount, "Could save a month", "월 절감 가능"),
            ],
            rows,
        }));
        blocks.push(Block::note(Sentence::plain(
            "Each row adds up its own recommendations; overlaps are removed in the sum of the roadmap alone.",
            "각 행은 그 행의 추천만 더한 값이며, 겹치는 절감은 로드맵의 합계에서만 뺐습니다.",
            &[],
        )));
    }
    blocks.extend(notes);
    blocks
}

fn workload<'a>(facts: &'a ReportFacts<'_>, item: &Recommendation) -> Option<&'a str> {
    facts.workload_of.get(&item.resource.key()).map(String::as_str)
}

fn row(theme: &Theme, workload: Option<&str>, (count, saving): Found) -> Row {
    let workload = workload.map_or_else(
        || Value::text("without the tag", "태그 없음"),
        |name| Value::Name(name.to_owned()),
    );
    let saving = saving.map_or_else(
        || Value::Missing(Text::new("the amount is too large", "금액이 너무 큽니다")),
        Value::Monthly,
    );
    Row::new(vec![Value::Text(theme.title.into()), workload, Value::Count(count), saving])
        .toned(3, Tone::Fell)
}

/// Says what of a theme only a repair of an application saves: it is in no sum.
fn repairs(theme: &Theme, count: u64) -> Block {
    Block::note(Sentence::plain(
        "{theme}: {count} more depend on a repair of an application and are in no sum.",
        "{theme}: 애플리케이션을 고쳐야 하는 추천 {count}건은 합계에 넣지 않았습니다.",
        &[("theme", Value::Text(theme.title.into())), ("count", Value::Count(count))],
    ))
}

/// Says that a theme has no recommendation: all was well, or what could not be judged and for want
/// of what.
fn nothing(theme: &Theme, analysis: &Analysis, passed: &BTreeMap<CheckId, u64>) -> Block {
    let title = ("theme", Value::Text(theme.title.into()));
    let unknown: Vec<_> =
        analysis.unknown.iter().filter(|one| theme.has(one.check.as_str())).collect();
    let of_theme = passed.iter().filter(|(check, _)| theme.has(check.as_str()));
    let passed: u64 = of_theme.map(|(_, count)| count).sum();
    if unknown.is_empty() && passed > 0 {
        return Block::note(Sentence::plain(
            "{theme}: nothing to recommend; {count} verdicts are that all is well.",
            "{theme}: 추천할 것이 없습니다. 정상 판정 {count}건입니다.",
            &[title, ("count", Value::Count(passed))],
        ));
    }
    if unknown.is_empty() {
        return Block::missing(Sentence::plain(
            "{theme}: nothing of it was read. `trimtab scan` reads what the account has.",
            "{theme}: 읽은 자원이 없습니다. `trimtab scan`이 계정에 있는 자원을 읽습니다.",
            &[title],
        ));
    }
    let mut needs: BTreeMap<&str, usize> = BTreeMap::new();
    for name in unknown.iter().flat_map(|one| &one.unknown.settled_by) {
        *needs.entry(name.as_str()).or_default() += 1;
    }
    let mut needs: Vec<(&str, usize)> = needs.into_iter().collect();
    needs.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    let names: Vec<&str> = needs.iter().take(MOST_NEEDS).map(|(name, _)| *name).collect();
    Block::missing(Sentence::plain(
        "{theme}: {count} could not be judged. These data would settle it: {needs}.",
        "{theme}: {count}건을 판단하지 못했습니다. 다음 데이터가 있으면 알 수 있습니다: {needs}.",
        &[
            title,
            ("count", Value::Count(u64::try_from(unknown.len()).unwrap_or(u64::MAX))),
            ("needs", Value::Text(Text::verbatim(names.join(", ")))),
        ],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_of_storage_belongs_to_one_theme() {
        let of = |check: &str| THEMES.iter().filter(|theme| theme.has(check)).count();
        for check in crate::checks::ALL {
            assert!(of(check.id) <= 1, "{}", check.id);
        }
        for check in [
            "rds-storage-gp2",
            "rds-instance-idle",
            "vpc-nat-gateway-idle",
            "s3-bucket-standard-cold",
        ] {
            assert_eq!(of(check), 1, "{check}");
        }
    }
}
