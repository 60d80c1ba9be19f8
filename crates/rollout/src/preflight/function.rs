//! May memory or architecture of a function be changed?

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::observed::{Attestation, FunctionPreflight, Obstacle};
use trimtab_model::plan::GateLimits;

use super::finding::{Findings, block, clear, found, known, unread, when};
use super::owner::managed;

const FUNCTIONS: &str = "lambda:GetFunctionConfiguration";
const METRICS: &str = "cloudwatch:GetMetricData";
const LEAST_MB: u32 = 128;
const MOST_MB: u32 = 10_240;

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 4] = [
    ("Last update and provisioned concurrency", "마지막 업데이트와 프로비저닝된 동시성"),
    ("Memory and time that are used", "메모리와 실행 시간"),
    ("Package, code and layers", "패키지, 코드, 레이어"),
    ("Managed by a tool", "관리 도구"),
];

/// Returns everything that stands in the way of an action on a function.
pub fn function(
    facts: &FunctionPreflight,
    action: &Action,
    limits: &GateLimits,
    environment: Environment,
) -> Findings {
    rows(facts, action, limits, environment).concat()
}

/// Judges every row, in order.
pub(super) fn rows(
    facts: &FunctionPreflight,
    action: &Action,
    limits: &GateLimits,
    environment: Environment,
) -> [Findings; 4] {
    let (size, code) = match action {
        Action::UpdateFunctionMemory { to_mb, .. } => {
            // Without an alias no version is published.
            let code = if facts.aliases == Some(0) { clear() } else { snap_start(facts) };
            (memory(facts, *to_mb, limits), code)
        }
        Action::UpdateFunctionArchitecture { .. } => {
            (clear(), [architecture(facts, environment), snap_start(facts)].concat())
        }
        _ => (clear(), clear()),
    };
    let owner = managed(facts.tags.as_ref(), "lambda:ListTags");
    [general(facts), size, code, owner]
}

fn general(facts: &FunctionPreflight) -> Findings {
    let status = facts.last_update_status.as_ref();
    let status = known(status, "LastUpdateStatus", FUNCTIONS, |status| match status.as_str() {
        "Successful" => clear(),
        "InProgress" => found(
            Obstacle::Wait,
            "function-updating",
            "An update of the function is under way.",
            "함수 업데이트가 진행 중입니다.",
        ),
        status => block(
            "function-not-updated",
            format!("Its last update is {status}."),
            format!("마지막 업데이트 상태: {status}."),
        ),
    });
    let provisioned = facts.has_provisioned_concurrency.as_ref();
    let source = "lambda:ListProvisionedConcurrencyConfigs";
    let provisioned = known(provisioned, "ProvisionedConcurrency", source, |is_on| {
        when(*is_on, || {
            block(
                "provisioned-concurrency",
                "It has provisioned concurrency, which belongs to a version and would not move along with the calls.",
                "프로비저닝된 동시성이 버전에 묶여 있어 호출과 함께 옮겨지지 않습니다.",
            )
        })
    });
    [status, provisioned].concat()
}

fn memory(facts: &FunctionPreflight, to_mb: u32, limits: &GateLimits) -> Findings {
    if !(LEAST_MB..=MOST_MB).contains(&to_mb) {
        return block(
            "memory-not-offered",
            format!("Lambda has no function of {to_mb} MB."),
            format!("Lambda 메모리를 {to_mb} MB로 설정할 수 없습니다."),
        );
    }
    let Some(has) = facts.memory_mb else { return unread("MemorySize", FUNCTIONS) };
    if to_mb >= has {
        return clear();
    }
    let most = f64::from(to_mb) * limits.memory_percent / 100.0;
    let peak = facts.memory_peak_mb.as_ref();
    let fits = known(peak, "Max Memory Used", "Lambda Insights or its logs", |peak| {
        when(*peak > most, || {
            block(
                "memory-asked-more",
                format!("{peak:.0} MB were used, and {most:.0} of the new memory may be."),
                format!(
                    "메모리를 {peak:.0} MB까지 사용했지만 변경 후 허용되는 양은 {most:.0} MB입니다."
                ),
            )
        })
    });
    let (Some(longest), Some(timeout)) = (facts.longest_ms, facts.timeout_seconds) else {
        return [fits, unread("Duration and Timeout", METRICS)].concat();
    };
    // CPU comes with memory: at half of it a run that only computes takes twice as long.
    let slowest = longest * f64::from(has) / f64::from(to_mb);
    let in_time = when(slowest > f64::from(timeout) * 1000.0, || {
        block(
            "may-time-out",
            format!(
                "Its longest run may take {slowest:.0} ms with less CPU, and its timeout is {timeout} s."
            ),
            format!(
                "CPU가 줄면 가장 긴 실행이 {slowest:.0} ms까지 늘 수 있지만 제한 시간은 {timeout}초입니다."
            ),
        )
    });
    [fits, in_time].concat()
}

fn architecture(facts: &FunctionPreflight, environment: Environment) -> Findings {
    let is_careful = matches!(environment, Environment::Prod | Environment::Unknown);
    let package = known(facts.package_type.as_ref(), "PackageType", FUNCTIONS, |package| {
        when(package != "Zip", || {
            block(
                "container-image",
                "It is a container image of one architecture: another must be built.",
                "한 아키텍처용 컨테이너 이미지입니다. 새 이미지를 빌드해야 합니다.",
            )
        })
    });
    let runs = facts.attested.contains(&Attestation::CodeRunsThere);
    let code = when(!runs, || {
        found(
            Obstacle::Attest,
            "native-code",
            "Whether its code has parts of one architecture cannot be seen from outside: its owner must say that it runs on the new one.",
            "코드에 특정 아키텍처용 라이브러리가 있는지 밖에서는 알 수 없습니다. 새 아키텍처에서 동작하는지 소유자가 확인해야 합니다.",
        )
    });
    let layers = known(facts.layers.as_ref(), "Layers", FUNCTIONS, |layers| {
        let names = layers.join(", ");
        when(!layers.is_empty() && !runs, || {
            found(
                Obstacle::Attest,
                "layers",
                format!("It uses layers that must be there for the new architecture: {names}."),
                format!("새 아키텍처에서도 사용할 수 있어야 하는 레이어가 있습니다: {names}."),
            )
        })
    });
    let aliases = known(facts.aliases.as_ref(), "Aliases", "lambda:ListAliases", |aliases| {
        when(*aliases == 0 && is_careful, || {
            block(
                "no-alias",
                "No alias leads to it: all of its calls would go to the new architecture at once.",
                "별칭이 없어 모든 호출이 한꺼번에 새 아키텍처로 넘어갑니다.",
            )
        })
    });
    [package, code, layers, aliases].concat()
}

/// A version that is published is not ready before its snapshot is made.
fn snap_start(facts: &FunctionPreflight) -> Findings {
    known(facts.uses_snap_start.as_ref(), "SnapStart", FUNCTIONS, |is_on| {
        when(*is_on, || {
            block(
                "snap-start",
                "It starts from snapshots, which must be made anew for each version before calls go there.",
                "SnapStart를 사용하므로 호출을 옮기기 전에 버전마다 스냅샷을 새로 만들어야 합니다.",
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn facts() -> FunctionPreflight {
        FunctionPreflight {
            last_update_status: Some("Successful".to_owned()),
            package_type: Some("Zip".to_owned()),
            layers: Some(Vec::new()),
            has_provisioned_concurrency: Some(false),
            uses_snap_start: Some(false),
            timeout_seconds: Some(10),
            longest_ms: Some(3000.0),
            memory_peak_mb: Some(300.0),
            memory_mb: Some(1024),
            aliases: Some(1),
            attested: BTreeSet::from([Attestation::CodeRunsThere]),
            tags: Some(BTreeMap::new()),
        }
    }

    fn check(action: &Action, alter: impl FnOnce(&mut FunctionPreflight), expected: &[&str]) {
        let mut facts = facts();
        alter(&mut facts);
        let found = function(&facts, action, &GateLimits::default(), Environment::Prod);
        let codes: Vec<String> = found.into_iter().map(|(_, why)| why.code).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn less_memory_must_hold_what_was_used_and_end_in_time() {
        let half = Action::UpdateFunctionMemory { from_mb: 1024, to_mb: 512 };
        check(&half, |_| {}, &[]);
        check(&half, |one| one.memory_peak_mb = Some(436.0), &["memory-asked-more"]);
        check(&half, |one| one.memory_peak_mb = None, &["unknown-max-memory-used"]);
        check(&half, |one| one.longest_ms = Some(5001.0), &["may-time-out"]);
        let busy = Some("InProgress".to_owned());
        check(&half, |one| one.last_update_status = busy, &["function-updating"]);
        let provisioned = Some(true);
        let code = "provisioned-concurrency";
        check(&half, |one| one.has_provisioned_concurrency = provisioned, &[code]);
        check(&half, |one| one.uses_snap_start = Some(true), &["snap-start"]);
        check(&half, |one| (one.uses_snap_start, one.aliases) = (Some(true), Some(0)), &[]);
        let none = Action::UpdateFunctionMemory { from_mb: 1024, to_mb: 64 };
        check(&none, |_| {}, &["memory-not-offered"]);
    }

    #[test]
    fn another_architecture_needs_a_word_about_the_code() {
        let arm = Action::UpdateFunctionArchitecture {
            from: "x86_64".to_owned(),
            to: "arm64".to_owned(),
        };
        check(&arm, |_| {}, &[]);
        check(&arm, |one| one.attested.clear(), &["native-code"]);
        check(&arm, |one| one.package_type = Some("Image".to_owned()), &["container-image"]);
        check(&arm, |one| one.aliases = Some(0), &["no-alias"]);
        check(&arm, |one| one.aliases = None, &["unknown-aliases"]);
        check(&arm, |one| one.uses_snap_start = Some(true), &["snap-start"]);
    }
}
