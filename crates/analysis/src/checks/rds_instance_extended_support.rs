//! Finds RDS and Aurora DB instances whose engine version is in paid Extended Support.
//!
//! **Why it costs.** When AWS ends standard support of a major version, it keeps patching the
//! databases that stayed, and charges each vCPU by the hour for it, the standby's too. The charge
//! doubles in the third year. Reservations do not reduce it.
//!
//! **What we do.** Propose the upgrade to a major version in standard support, by a person, after
//! a test. The saving is what the bill charges for Extended Support of this database, else vCPUs
//! times the price where the catalogue has one, else *unknown*.
//!
//! **What could go wrong.** A major upgrade changes the optimiser, reserved words and extensions;
//! it interrupts the database and cannot be taken back. Rehearse it on a copy restored from a
//! snapshot, or use a blue/green deployment.
//!
//! **Where others err.** They list versions by age without saying what they cost, or forget the
//! standby and the third year.
//!
//! # 한국어
//!
//! 엔진 버전이 유료 연장 지원(Extended Support) 상태인 RDS와 Aurora DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** AWS는 메이저 버전의 표준 지원이 끝나면 남아 있는 데이터베이스를 계속 패치하면서 vCPU마다 시간당 요금을
//! 부과합니다. 대기 인스턴스도 포함되며 3년 차에는 요금이 두 배가 됩니다. 예약 할인은 적용되지 않습니다.
//!
//! **제안하는 조치.** 테스트를 거쳐 사람이 표준 지원 중인 메이저 버전으로 업그레이드하도록 제안합니다. 절감액은 청구서의 연장 지원
//! 비용이며, 없으면 vCPU 수에 카탈로그 가격을 곱하고, 가격도 없으면 알 수 없다고 답합니다.
//!
//! **주의할 점.** 메이저 업그레이드는 옵티마이저와 예약어, 확장 모듈을 바꾸고, 데이터베이스를 중단시키며, 되돌릴 수 없습니다. 스냅샷에서
//! 복원한 사본으로 먼저 연습하거나 블루/그린 배포를 사용하세요.
//!
//! **다른 도구와 다른 점.** 다른 도구는 비용 없이 버전 나이만 나열하거나, 대기 인스턴스와 3년 차 요금을 빠뜨립니다.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::class::Class;
use crate::database::names;
use crate::pricing::{Tariff, copies};
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks the charge for Extended Support: `ExtendedSupport:Yr1-Yr2:MySQL8.0` and the like.
const EXTENDED_SUPPORT: Meter = Meter {
    charges: |charge| {
        charge.usage_type.as_deref().is_some_and(|usage| usage.contains("ExtendedSupport"))
    },
    commitment: Commitment::Impossible,
};

/// A major version, the first day of the charge, and the first day of the third year's.
struct Version {
    engine: &'static str,
    major: &'static str,
    charged_from: Date,
    third_year_from: Option<Date>,
}

/// Source: AWS's release calendars of RDS for MySQL, RDS for PostgreSQL, Aurora MySQL and Aurora
/// PostgreSQL, and "Amazon RDS Extended Support charges", 2026-10.
const VERSIONS: &[Version] = &[
    version("mysql", "5.7", date(2024, 3, 1), Some(date(2026, 3, 1))),
    version("mysql", "8.0", date(2026, 8, 1), Some(date(2028, 8, 1))),
    version("postgres", "11", date(2024, 4, 1), Some(date(2026, 4, 1))),
    version("postgres", "12", date(2025, 3, 1), Some(date(2027, 3, 1))),
    version("postgres", "13", date(2026, 3, 1), Some(date(2028, 3, 1))),
    version("aurora-mysql", "5.7", date(2024, 12, 1), None),
    version("aurora-postgresql", "11", date(2024, 4, 1), Some(date(2026, 4, 1))),
    version("aurora-postgresql", "12", date(2025, 3, 1), Some(date(2027, 3, 1))),
    version("aurora-postgresql", "13", date(2026, 3, 1), Some(date(2028, 3, 1))),
];

const fn version(
    engine: &'static str,
    major: &'static str,
    charged_from: Date,
    third_year_from: Option<Date>,
) -> Version {
    Version { engine, major, charged_from, third_year_from }
}

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-extended-support",
    title: StaticText {
        en: "RDS DB instance whose engine version is in paid Extended Support",
        ko: "엔진 버전이 유료 연장 지원 상태인 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Upgrade,
    needs: &[Need::Kind(ResourceKind::DbInstance), Need::OptionalBilling],
    thresholds: &[],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    let Some(now) = db.kind.engine_version.as_deref() else {
        return Err(unknown(
            "version-unknown",
            "The listing does not say the engine version.",
            "목록에 엔진 버전이 없습니다.",
            &["inventory:describe-db-instances"],
        ));
    };
    let listed = VERSIONS.iter().find(|version| {
        db.kind.engine == version.engine
            && now
                .strip_prefix(version.major)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    let today = facts.now.to_zoned_datetime(TimeZone::UTC).date();
    let Some(version) = listed.filter(|version| version.charged_from <= today) else {
        return Ok(pass(
            "standard-support",
            format!("{} {now} is not charged for Extended Support.", db.kind.engine),
            format!("{} {now} 버전은 연장 지원 요금 대상이 아닙니다.", db.kind.engine),
        ));
    };
    let disabled = "open-source-rds-extended-support-disabled";
    if db.kind.engine_lifecycle_support.as_deref() == Some(disabled) {
        return Ok(pass(
            "not-enrolled",
            "It is not enrolled in Extended Support: RDS upgrades it by itself.",
            "연장 지원에 등록되지 않아 RDS가 자동으로 업그레이드합니다.",
        ));
    }
    let third_year = version.third_year_from.is_some_and(|from| from <= today);
    let reference = db.reference(ResourceKind::DbInstance);
    let list = surcharge(facts, db, version, third_year);
    let savings = deletion(facts, &reference, &names::of_instance(db), EXTENDED_SUPPORT, list)?;
    Ok(Proposal {
        action: Action::Configure {
            from: engine_version(db, Some(now.to_owned())),
            to: engine_version(db, None),
        },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::EngineInExtendedSupport],
        reason: Reason::new(
            "extended-support",
            format!("{} {} has been charged per vCPU since {}.", version.engine, version.major, version.charged_from),
            format!("{} {} 버전은 {}부터 vCPU당 연장 지원 요금이 부과됩니다.", version.engine, version.major, version.charged_from),
        ),
        savings,
        performance_risk: risk(db.environment, 2),
        effort: ImplementationEffort::High,
        restart_needed: Restart::Needed,
        undo: Undo::Impossible(Text::new(
            "A major version cannot go back. A restore of the snapshot taken before loses what was written since.",
            "메이저 버전은 되돌릴 수 없습니다. 이전 스냅샷으로 복원하면 그 뒤의 변경 내용을 잃습니다.",
        )),
        evidence: evidence(version, now, third_year),
    }
    .into_verdict(check, reference))
}

fn engine_version(db: &Resource<DbInstance>, version: Option<String>) -> Configuration {
    Configuration::DbEngineVersion {
        engine: db.kind.engine.clone(),
        version,
        db_cluster_identifier: db.kind.db_cluster_identifier.clone(),
    }
}

/// Returns vCPU-hours times the price of this version and year, where there is one.
fn surcharge(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    version: &Version,
    third_year: bool,
) -> Result<Vec<CostComponent>, Unknown> {
    let year = if third_year { "yr3" } else { "yr1_2" };
    let name = format!("{}{}", version.engine, version.major.replace('.', ""));
    let meter = format!("rds/extended_support_{name}_{year}");
    let Some(class) = Class::find(facts.prices, &db.kind.db_instance_class) else {
        return Err(unknown(
            "vcpu-unknown",
            format!("How many vCPUs {} has is not known.", db.kind.db_instance_class),
            format!("{} 클래스의 vCPU 수를 알 수 없습니다.", db.kind.db_instance_class),
            &["billing"],
        ));
    };
    let hours = Decimal::from(class.facts.vcpu) * Decimal::from(HOURS_PER_MONTH) * copies(&db.kind);
    Ok(vec![Tariff::of(facts, db).meter("Extended Support", hours, &meter)?])
}

fn evidence(version: &Version, now: &str, third_year: bool) -> Evidence {
    let mut evidence = Evidence {
        figures: vec![
            Figure::word("engine_version", "Engine version", "엔진 버전", now),
            Figure::word(
                "charged_from",
                "Charged from",
                "과금 시작일",
                version.charged_from.to_string(),
            ),
        ],
        signals_not_seen: vec![UnseenSignal {
            name: "compatibility".to_owned(),
            text: Text::new(
                "Whether clients, extensions and queries work with the next major version.",
                "클라이언트와 확장 모듈, 쿼리가 다음 메이저 버전에서 동작하는지 알 수 없습니다.",
            ),
        }],
        ..Evidence::default()
    };
    match version.third_year_from {
        Some(from) if !third_year => evidence.notes.push(Text::new(
            format!("The charge doubles on {from}."),
            format!("{from}에 요금이 두 배가 됩니다."),
        )),
        _ => {}
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn on(engine: &str, version: &str) -> Scene {
        scene().db_class_facts("db.m5.large", 2, 8, "0.171").db_instance(|db| {
            db.kind.engine = engine.into();
            db.kind.engine_version = Some(version.into());
        })
    }

    #[test]
    fn a_version_in_extended_support_fires() {
        let priced = on("mysql", "8.0.39").price("rds/extended_support_mysql80_yr1_2", "0.1");
        // Two vCPUs for 730 hours.
        check(&CHECK, priced, "recommend 146.00 / 146.00 / 146.00");
    }

    #[test]
    fn a_version_in_standard_support_passes() {
        check(&CHECK, on("mysql", "8.4.3"), "pass standard-support");
        check(&CHECK, on("postgres", "16.4"), "pass standard-support");
    }

    #[test]
    fn just_under_the_number_of_an_old_version_is_another_one() {
        check(&CHECK, on("postgres", "110.1"), "pass standard-support");
        check(&CHECK, on("aurora-mysql", "8.0.mysql_aurora.3.08.0"), "pass standard-support");
    }

    #[test]
    fn without_a_price_or_a_bill_it_is_unknown() {
        check(&CHECK, on("postgres", "12.20"), "unknown price-missing");
    }

    #[test]
    fn the_bill_decides_where_it_names_the_charge() {
        let scene = on("postgres", "12.20").bill(
            "db",
            "APN2-ExtendedSupport:Yr1-Yr2:PostgreSQL12",
            "1440",
            "172.80",
        );
        check(&CHECK, scene, "recommend 175.20 / 175.20 / 175.20");
    }
}
