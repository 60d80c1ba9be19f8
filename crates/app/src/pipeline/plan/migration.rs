//! What a project says of the server that its function replaces: its `migration.json`.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use trimtab_model::action::Action;
use trimtab_model::analysis::Analysis;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::migration::{MIGRATION_VERSION, Migration, MigrationCheck, Replaced};
use trimtab_model::recommendation::Recommendation;

use crate::failure::{Failure, Kind};

/// The file of a project.
const NAME: &str = "migration.json";
/// More than any of them has.
const LARGEST: u64 = 1 << 20;
/// What AWS takes as the name of a function at most.
const LONGEST_NAME: usize = 64;
/// More days than anybody waits.
const MOST_DAYS: u32 = 365;

/// Reads migrations: of a project's directory, or the file itself.
///
/// # Errors
/// Fails at the first file that is not what `trimtab serverless scaffold` writes, and where two of
/// them replace the same server.
pub(super) fn migrations(paths: &[PathBuf]) -> Result<Vec<Migration>, Failure> {
    let mut read: Vec<Migration> = Vec::new();
    for path in paths {
        let migration = project(path)?;
        let twin = |one: &&Migration| {
            let is_there = one.region == migration.region
                && (one.account.is_none()
                    || migration.account.is_none()
                    || one.account == migration.account);
            is_there && one.replaces.label() == migration.replaces.label()
        };
        if let Some(other) = read.iter().find(twin) {
            let (first, second, server) =
                (&other.name, &migration.name, migration.replaces.label());
            return Err(Failure::usage(
                (
                    format!("{first} and {second} both replace {server}"),
                    format!("{first}와(과) {second} 모두 {server}을(를) 대체합니다"),
                ),
                ("give each --migration once", "--migration을 한 번씩만 쓰세요"),
            ));
        }
        read.push(migration);
    }
    Ok(read)
}

/// Returns the recommendations whose servers migrations replace, in order. A migration that names no account gets that
/// of its server.
///
/// # Errors
/// Fails where the analysis has none for one of them, and where it has several.
pub(super) fn recommended(
    analysis: &Analysis,
    migrations: &mut [Migration],
) -> Result<Vec<Recommendation>, Failure> {
    let one = |migration: &mut Migration| {
        let found = |is_wanted: fn(&Action) -> bool| -> Vec<&Recommendation> {
            let its = analysis.items.iter().filter(|item| migration.is_of(&item.resource));
            its.filter(|item| is_wanted(&item.action)).collect()
        };
        let mut its = found(|action| matches!(action, Action::ConvertServerless(_)));
        if its.is_empty() {
            // Once the function does the work, the server is no candidate any more: it is idle.
            its = found(|action| matches!(action, Action::StopInstance { .. }));
        }
        match its.as_slice() {
            [item] => {
                migration.account = Some(item.resource.account.clone());
                Ok((*item).clone())
            }
            [] => Err(not_recommended(migration)),
            [_, ..] => Err(ambiguous(migration)),
        }
    };
    migrations.iter_mut().map(one).collect()
}

fn not_recommended(migration: &Migration) -> Failure {
    let (name, server) = (&migration.name, migration.replaces.label());
    let region = &migration.region;
    let (of, of_ko) = migration.account.as_ref().map_or_else(Default::default, |account| {
        (format!(" of the account {account}"), format!("계정 {account}, "))
    });
    Failure::new(
        Kind::Failed,
        (
            format!("no open recommendation lets the function {name} replace {server} in {region}{of}"),
            format!("{of_ko}{region} 리전의 {server}을(를) 함수 {name}(으)로 대체하라는 열린 추천이 없습니다"),
        ),
    )
    .with_hint((
        format!("run `trimtab analyze` again; `trimtab serverless show {server}` says why it is no candidate, `trimtab rec reopen` opens what was dismissed; or stop it with the commands of the project's guide, phase `stop`"),
        format!("`trimtab analyze`를 다시 실행하세요. 후보가 아닌 이유는 `trimtab serverless show {server}`로 확인하고, 닫은 추천은 `trimtab rec reopen`으로 다시 엽니다. 또는 프로젝트 전환 안내서의 `stop` 단계 명령으로 중지하세요"),
    ))
}

fn ambiguous(migration: &Migration) -> Failure {
    let (server, region) = (migration.replaces.label(), &migration.region);
    Failure::new(
        Kind::Failed,
        (
            format!("several accounts have {server} in {region}, and the project does not name its account"),
            format!("{region} 리전에 {server}이(가) 있는 계정이 여럿인데 프로젝트에는 계정이 적혀 있지 않습니다"),
        ),
    )
    .with_hint((
        "write the project again with `trimtab serverless scaffold`, which names it, or stop it with the commands of the guide, phase `stop`",
        "계정이 적히도록 `trimtab serverless scaffold`로 프로젝트를 다시 만들거나, 전환 안내서의 `stop` 단계 명령으로 중지하세요",
    ))
}

fn project(path: &Path) -> Result<Migration, Failure> {
    let file = if path.is_dir() { path.join(NAME) } else { path.to_owned() };
    let name = file.display();
    let length = std::fs::metadata(&file).map_err(|cause| unreadable(&file, &cause))?.len();
    if length > LARGEST {
        return Err(refused(
            format!("{name} has {length} bytes, more than a {NAME} has"),
            format!("{NAME}(으)로는 너무 큽니다({length}바이트): {name}"),
        ));
    }
    let text = std::fs::read(&file).map_err(|cause| unreadable(&file, &cause))?;
    let value: Value = serde_json::from_slice(&text).map_err(|cause| {
        refused(format!("{name} is not JSON"), format!("JSON이 아닙니다: {name}")).because(&cause)
    })?;
    of(&value).map_err(|wrong| {
        let Wrong { field, en, ko } = wrong;
        refused(format!("{name}: `{field}` {en}"), format!("{name}: `{field}` {ko}"))
    })
}

fn unreadable(file: &Path, cause: &std::io::Error) -> Failure {
    let name = file.display();
    let message = (format!("could not read {name}"), format!("파일을 읽지 못했습니다: {name}"));
    Failure::new(Kind::Failed, message).because(cause).with_hint((
        "give the directory that `trimtab serverless scaffold --out DIR` wrote",
        "`trimtab serverless scaffold --out DIR`로 만든 디렉터리를 지정하세요",
    ))
}

fn refused(en: String, ko: String) -> Failure {
    Failure::new(Kind::Failed, (en, ko)).with_hint((
        "write the project again with `trimtab serverless scaffold CANDIDATE --out DIR`",
        "`trimtab serverless scaffold CANDIDATE --out DIR`로 프로젝트를 다시 만드세요",
    ))
}

/// What is wrong with a field, which is named as in `gate.checks[2].metric`.
#[derive(Debug)]
struct Wrong {
    field: String,
    en: String,
    ko: String,
}

/// An object of the file, and where it is.
#[derive(Clone, Copy)]
struct At<'a> {
    map: &'a Map<String, Value>,
    path: &'a str,
}

impl<'a> At<'a> {
    fn path(self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn wrong(self, key: &str, en: impl Into<String>, ko: impl Into<String>) -> Wrong {
        Wrong { field: self.path(key), en: en.into(), ko: ko.into() }
    }

    fn text(self, key: &str) -> Result<&'a str, Wrong> {
        let text = self.map.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| self.wrong(key, "must be a text", "값은 문자열이어야 합니다"))
    }

    fn word(self, key: &str, is_plain: fn(char) -> bool) -> Result<&'a str, Wrong> {
        let text = self.text(key)?;
        if text.len() <= 256 && text.chars().all(is_plain) {
            return Ok(text);
        }
        Err(self.wrong(
            key,
            "has characters that AWS does not take there",
            "값에 AWS가 받지 않는 문자가 있습니다",
        ))
    }

    fn number(self, key: &str) -> Result<u32, Wrong> {
        let number = self.map.get(key).and_then(Value::as_u64);
        number.and_then(|number| u32::try_from(number).ok()).ok_or_else(|| {
            self.wrong(key, "must be a whole number from 0", "값은 0 이상의 정수여야 합니다")
        })
    }

    fn days(self, key: &str) -> Result<u32, Wrong> {
        let days = self.number(key)?;
        if (1..=MOST_DAYS).contains(&days) {
            return Ok(days);
        }
        Err(self.wrong(
            key,
            format!("must be from 1 to {MOST_DAYS}"),
            format!("값은 1 이상 {MOST_DAYS} 이하여야 합니다"),
        ))
    }

    fn object(self, key: &str) -> Result<&'a Map<String, Value>, Wrong> {
        let object = self.map.get(key).and_then(Value::as_object);
        object.ok_or_else(|| self.wrong(key, "must be an object", "값은 객체여야 합니다"))
    }

    fn list(self, key: &str) -> Result<&'a [Value], Wrong> {
        let list = self.map.get(key).and_then(Value::as_array);
        let list = list.map(Vec::as_slice);
        list.ok_or_else(|| self.wrong(key, "must be a list", "값은 목록이어야 합니다"))
    }
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

fn is_metric(letter: char) -> bool {
    is_name(letter) || matches!(letter, '/' | '.')
}

fn of(value: &Value) -> Result<Migration, Wrong> {
    let Some(map) = value.as_object() else {
        let (en, ko) = ("is not an object", "객체가 아닙니다");
        return Err(Wrong { field: NAME.to_owned(), en: en.to_owned(), ko: ko.to_owned() });
    };
    let top = At { map, path: "" };
    if map.get("version").and_then(Value::as_u64) != Some(MIGRATION_VERSION) {
        return Err(top.wrong(
            "version",
            format!("must be {MIGRATION_VERSION}: this trimtab reads no other form"),
            format!(
                "값은 {MIGRATION_VERSION}이어야 합니다. 이 trimtab은 다른 형식을 읽지 않습니다"
            ),
        ));
    }
    let name = top.word("name", is_name)?;
    if name.len() > LONGEST_NAME {
        return Err(top.wrong(
            "name",
            format!("has more than {LONGEST_NAME} characters"),
            format!("값은 {LONGEST_NAME}자를 넘을 수 없습니다"),
        ));
    }
    let gate = At { map: top.object("gate")?, path: "gate" };
    let stop = stop_phase(top)?;
    let region = top.word("region", is_name)?;
    let replaces = replaced(top)?;
    in_region(top, region)?;
    let migration = Migration {
        name: name.to_owned(),
        region: RegionId::new(region),
        account: account(top)?,
        replaces,
        soak_days: top.days("soak_days")?,
        stop_days: stop.days,
        checks: checks(gate)?,
        stop: stop.commands,
    };
    Ok(migration)
}

fn replaced(top: At<'_>) -> Result<Replaced, Wrong> {
    if !top.map.contains_key("replaces") {
        return Err(top.wrong(
            "replaces",
            "is missing: the project does not know what it replaces, so that there is nothing to stop",
            "항목이 없습니다. 프로젝트가 무엇을 대체하는지 몰라 중지할 대상이 없습니다",
        ));
    }
    let of = At { map: top.object("replaces")?, path: "replaces" };
    match of.text("kind")? {
        "AWS::EC2::Instance" => {
            let id = of.word("id", is_name)?;
            if !id.starts_with("i-") {
                return Err(of.wrong("id", "is no instance", "값이 인스턴스 ID가 아닙니다"));
            }
            Ok(Replaced::Instance { id: id.into() })
        }
        "AWS::ECS::Service" => Ok(Replaced::Service {
            cluster: of.word("cluster", is_name)?.to_owned(),
            service: of.word("id", is_name)?.to_owned(),
            desired_count: of.number("desired_count")?,
        }),
        _ => Err(of.wrong(
            "kind",
            "must be AWS::EC2::Instance or AWS::ECS::Service",
            "값은 AWS::EC2::Instance나 AWS::ECS::Service여야 합니다",
        )),
    }
}

/// Refuses what is replaced in another region than that of the function: a change is read in one.
fn in_region(top: At<'_>, region: &str) -> Result<(), Wrong> {
    let of = At { map: top.object("replaces")?, path: "replaces" };
    // An earlier version did not write it.
    if !of.map.contains_key("region") {
        return Ok(());
    }
    let its = of.word("region", is_name)?;
    if its == region {
        return Ok(());
    }
    Err(of.wrong(
        "region",
        format!(
            "is {its}, and the function is in {region}: a plan takes both in one region only. Stop it with the commands of the guide, phase `stop`, or leave out --region of the scaffold"
        ),
        format!(
            "값이 {its}인데 함수는 {region}에 있습니다. 계획에서는 둘이 같은 리전에 있어야 합니다. 전환 안내서의 `stop` 단계 명령으로 중지하거나, 프로젝트를 --region 없이 만드세요"
        ),
    ))
}

fn account(top: At<'_>) -> Result<Option<SubAccountId>, Wrong> {
    let of = At { map: top.object("replaces")?, path: "replaces" };
    if !of.map.contains_key("account") {
        return Ok(None);
    }
    of.word("account", is_name).map(|account| Some(SubAccountId::new(account)))
}

fn checks(gate: At<'_>) -> Result<Vec<MigrationCheck>, Wrong> {
    let list = gate.list("checks")?;
    if list.is_empty() {
        return Err(gate.wrong(
            "checks",
            "is empty: nothing would tell whether the function is well",
            "목록이 비어 있어 함수가 정상인지 확인할 수 없습니다",
        ));
    }
    list.iter().enumerate().map(|(at, value)| check(&format!("gate.checks[{at}]"), value)).collect()
}

fn check(path: &str, value: &Value) -> Result<MigrationCheck, Wrong> {
    let Some(map) = value.as_object() else {
        let (en, ko) = ("must be an object", "값은 객체여야 합니다");
        return Err(Wrong { field: path.to_owned(), en: en.to_owned(), ko: ko.to_owned() });
    };
    let of = At { map, path };
    let statistic = of.text("statistic")?;
    if !is_statistic(statistic) {
        return Err(of.wrong(
            "statistic",
            "must be Sum, Maximum, Average, Minimum, SampleCount or a percentile such as p95",
            "값은 Sum, Maximum, Average, Minimum, SampleCount 또는 p95 같은 백분위여야 합니다",
        ));
    }
    let named = map.contains_key("of");
    Ok(MigrationCheck {
        id: of.word("id", is_name)?.to_owned(),
        namespace: of.word("namespace", is_metric)?.to_owned(),
        metric: of.word("metric", is_metric)?.to_owned(),
        statistic: statistic.to_owned(),
        dimension: of.word("dimension", is_metric)?.to_owned(),
        of: if named { Some(of.word("of", is_metric)?.to_owned()) } else { None },
        fails_above: of.number("fails_above")?,
    })
}

fn is_statistic(word: &str) -> bool {
    let percentile = word.strip_prefix('p').and_then(|number| number.parse::<u8>().ok());
    matches!(word, "Sum" | "Maximum" | "Average" | "Minimum" | "SampleCount")
        || percentile.is_some_and(|number| (1..100).contains(&number))
}

/// What the last phase before the way back says.
struct Stop {
    days: u32,
    commands: Vec<String>,
}

fn stop_phase(top: At<'_>) -> Result<Stop, Wrong> {
    let phases = top.list("phases")?;
    let is_stop = |phase: &&Value| phase.get("id").and_then(Value::as_str) == Some("stop");
    let found = phases.iter().enumerate().find(|(_, phase)| is_stop(phase));
    let Some((at, Some(map))) = found.map(|(at, phase)| (at, phase.as_object())) else {
        return Err(top.wrong("phases", "has no phase `stop`", "목록에 `stop` 단계가 없습니다"));
    };
    let path = format!("phases[{at}]");
    let phase = At { map, path: &path };
    let commands = phase.list("commands")?.iter().map(|command| {
        let command = command.as_str().filter(|text| !text.chars().any(char::is_control));
        command.map(str::to_owned).ok_or_else(|| {
            phase.wrong(
                "commands",
                "must be texts of one line",
                "값은 한 줄짜리 문자열이어야 합니다",
            )
        })
    });
    Ok(Stop { days: phase.days("lasts_days")?, commands: commands.collect::<Result<_, _>>()? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use trimtab_model::environment::Environment;
    use trimtab_model::resource::{ResourceKind, ResourceRef};
    use trimtab_render::scaffold::{Iac, Runtime, Scaffold, Template, files};

    use super::*;

    fn whole() -> Value {
        json!({
            "version": 1,
            "name": "notice",
            "region": "ap-northeast-2",
            "template": "s3-notice",
            "replaces": {
                "kind": "AWS::EC2::Instance", "id": "i-0a1b", "region": "ap-northeast-2",
                "account": "111122223333",
            },
            "soak_days": 14,
            "gate": {
                "command": "./gate.sh MINUTES",
                "checks": [
                    {
                        "id": "errors", "namespace": "AWS/Lambda", "metric": "Errors",
                        "statistic": "Sum", "dimension": "FunctionName", "of": "notice",
                        "fails_above": 0,
                    },
                    {
                        "id": "server_errors", "namespace": "AWS/ApiGateway", "metric": "5xx",
                        "statistic": "Sum", "dimension": "ApiId", "fails_above": 0,
                    },
                ],
            },
            "phases": [
                { "id": "watch", "commands": [], "lasts_days": 14 },
                { "id": "stop", "commands": ["aws ec2 stop-instances"], "lasts_days": 1 },
            ],
        })
    }

    fn read(value: &Value) -> Result<Migration, Failure> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(NAME), value.to_string()).unwrap();
        migrations(&[dir.path().to_owned()]).map(|mut all| all.remove(0))
    }

    #[test]
    fn a_project_is_read_by_its_directory_or_its_file() {
        let found = read(&whole()).unwrap();
        assert_eq!((found.name.as_str(), found.region.as_str()), ("notice", "ap-northeast-2"));
        assert_eq!(found.replaces, Replaced::Instance { id: "i-0a1b".into() });
        assert_eq!((found.soak_days, found.stop_days), (14, 1));
        assert_eq!(found.checks.len(), 2);
        assert_eq!(found.checks[1].of, None);
        assert_eq!(found.stop, ["aws ec2 stop-instances"]);
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("mine.json");
        std::fs::write(&file, whole().to_string()).unwrap();
        assert_eq!(migrations(&[file]).unwrap()[0], found);
    }

    #[test]
    fn what_the_scaffold_writes_can_be_read() {
        let templates =
            [Template::S3Notice { bucket: "service-notifications".to_owned() }, Template::Queue];
        for template in templates {
            let mut project = Scaffold::new("notice", template, Runtime::Nodejs, Iac::Sam);
            project.replaces = Some(trimtab_render::scaffold::Replaced::Instance {
                id: "i-0123456789abcdef0".to_owned(),
                region: "ap-northeast-2".to_owned(),
            });
            let files = files(&project).unwrap();
            let file = files.into_iter().find(|file| file.path == NAME).unwrap();
            let found = read(&serde_json::from_str(&file.text).unwrap()).unwrap();
            assert_eq!(found.soak_days, project.soak_days);
            assert!(found.checks.iter().any(|check| check.id == "errors"), "{found:?}");
            assert!(!found.stop.is_empty());
        }
    }

    #[test]
    fn a_field_that_is_wrong_is_named_with_its_file() {
        let cases: &[(&str, &str, Value)] = &[
            ("/version", "version", json!(2)),
            ("/version", "version", json!("1")),
            ("/name", "name", json!("")),
            ("/name", "name", json!("a b; rm -rf /")),
            ("/name", "name", json!("n".repeat(65))),
            ("/region", "region", json!(7)),
            ("/replaces", "replaces", json!("i-0a1b")),
            ("/replaces/kind", "replaces.kind", json!("AWS::RDS::DBInstance")),
            ("/replaces/id", "replaces.id", json!("vol-1")),
            ("/replaces/region", "replaces.region", json!(7)),
            ("/replaces/account", "replaces.account", json!(null)),
            ("/soak_days", "soak_days", json!(0)),
            ("/soak_days", "soak_days", json!(1.5)),
            ("/soak_days", "soak_days", json!(366)),
            ("/gate", "gate", json!([])),
            ("/gate/checks", "gate.checks", json!([])),
            ("/gate/checks/0", "gate.checks[0]", json!(1)),
            ("/gate/checks/0/metric", "gate.checks[0].metric", json!("")),
            ("/gate/checks/0/namespace", "gate.checks[0].namespace", json!("a\nb")),
            ("/gate/checks/0/statistic", "gate.checks[0].statistic", json!("p100")),
            ("/gate/checks/0/of", "gate.checks[0].of", json!(null)),
            ("/gate/checks/1/fails_above", "gate.checks[1].fails_above", json!(-1)),
            ("/phases", "phases", json!([])),
            ("/phases/1/lasts_days", "phases[1].lasts_days", json!(null)),
            ("/phases/1/commands", "phases[1].commands", json!([1])),
            ("/phases/1/commands", "phases[1].commands", json!(["a\nb"])),
        ];
        for (pointer, field, value) in cases {
            let mut changed = whole();
            *changed.pointer_mut(pointer).unwrap() = value.clone();
            let failure = read(&changed).unwrap_err();
            for text in [&failure.message.en, &failure.message.ko] {
                assert!(text.contains(NAME), "{pointer}: {text}");
                assert!(text.contains(&format!("`{field}`")), "{pointer}: {text}");
            }
            assert!(failure.hint.is_some());
        }
        let mut open = whole();
        open.as_object_mut().unwrap().remove("replaces");
        assert!(read(&open).unwrap_err().message.en.contains("`replaces`"));
    }

    #[test]
    fn what_is_replaced_in_another_region_is_refused_with_both() {
        let mut changed = whole();
        *changed.pointer_mut("/replaces/region").unwrap() = json!("us-east-1");
        let failure = read(&changed).unwrap_err();
        for text in [&failure.message.en, &failure.message.ko] {
            assert!(text.contains("`replaces.region`"), "{text}");
            assert!(text.contains("us-east-1") && text.contains("ap-northeast-2"), "{text}");
        }
        changed["replaces"].as_object_mut().unwrap().remove("region");
        assert_eq!(read(&changed).unwrap(), read(&whole()).unwrap());
    }

    #[test]
    fn a_server_of_another_account_is_not_the_one_that_is_replaced() {
        let server = |account: &str| ResourceRef {
            id: "i-0a1b".into(),
            kind: ResourceKind::Instance,
            account: account.into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Prod,
            name: None,
        };
        let mut value = whole();
        let named = of(&value).unwrap();
        assert!(named.is_of(&server("111122223333")));
        assert!(!named.is_of(&server("444455556666")));
        let failure = not_recommended(&named);
        assert!(failure.message.en.contains("of the account 111122223333"), "{failure:?}");
        assert!(failure.message.ko.contains("111122223333"), "{failure:?}");
        value["replaces"].as_object_mut().unwrap().remove("account");
        let open = of(&value).unwrap();
        assert!(open.is_of(&server("111122223333")) && open.is_of(&server("444455556666")));
        assert!(!not_recommended(&open).message.en.contains("of the account"));
    }

    #[test]
    fn what_is_no_file_or_no_json_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let missing = migrations(&[dir.path().to_owned()]).unwrap_err();
        assert!(missing.message.en.contains(NAME), "{missing:?}");
        let cut = dir.path().join("cut.json");
        std::fs::write(&cut, "{").unwrap();
        assert!(migrations(&[cut]).unwrap_err().message.en.contains("is not JSON"));
        let list = dir.path().join("list.json");
        std::fs::write(&list, "[]").unwrap();
        assert!(migrations(&[list]).unwrap_err().message.en.contains("is not an object"));
    }

    #[test]
    fn the_same_server_is_not_replaced_twice() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(NAME);
        std::fs::write(&file, whole().to_string()).unwrap();
        let failure = migrations(&[file.clone(), file]).unwrap_err();
        assert_eq!(failure.kind, Kind::Usage);
        assert!(failure.message.en.contains("i-0a1b"), "{failure:?}");
    }
}
