//! Durations of a function at several sizes, as somebody measured them, and the prices to compare them with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use csv::StringRecord;
use rust_decimal::Decimal;
use serde_json::Value;

use trimtab_analysis::serverless::MEMORY_MB;
use trimtab_model::id::RegionId;
use trimtab_model::price::PriceBook;
use trimtab_model::serverless::FunctionArchitecture;
use trimtab_model::text::Text;
use trimtab_model::tuning::{MeanOfSize, MeasuredCall, TuningPoints};
use trimtab_store::{InputError, catalog};

use crate::config::Settings;
use crate::failure::{Failure, Kind};

const MEMORY: &str = "memory_mb";
const DURATION: &str = "duration_ms";
const ARCHITECTURE: &str = "architecture";
const COLD: &str = "cold";
/// The largest file that is read, in bytes: a million calls are smaller.
const LARGEST: u64 = 64 << 20;
/// The longest call, in milliseconds (Lambda developer guide, "Lambda quotas").
const LONGEST_MS: u32 = 900_000;

/// Returns the prices of a region.
///
/// # Errors
/// Fails if a refreshed file of prices cannot be read.
pub fn region_prices(settings: &Settings, region: &RegionId) -> Result<PriceBook, Failure> {
    catalog::price_book_with(&settings.data_dir, &BTreeSet::from([region.clone()]))
        .map_err(|cause| Failure::from(&cause))
}

/// Reads what was measured: CSV with a row for each call, or the output of AWS Lambda Power Tuning.
///
/// # Errors
/// Fails at the first row or field that cannot be, and names it: without it another size might win.
pub fn tuning_points(file: &Path) -> Result<TuningPoints, Failure> {
    let name = file.display();
    let length = std::fs::metadata(file).map_err(|cause| unreadable(file, &cause))?.len();
    if length > LARGEST {
        let problem = (
            format!("{name} has {length} bytes, and {LARGEST} are the most that is read"),
            format!("파일이 너무 큽니다({length}바이트, 최대 {LARGEST}바이트): {name}"),
        );
        return Err(Failure::new(Kind::Failed, problem)
            .with_hint(("give fewer calls of each size", "크기마다 호출 수를 줄이세요")));
    }
    let bytes = std::fs::read(file).map_err(|cause| unreadable(file, &cause))?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let is_json = bytes
        .iter()
        .find(|byte| !byte.is_ascii_whitespace())
        .is_some_and(|first| matches!(first, b'{' | b'['));
    let points = if is_json { of_power_tuning(file, bytes) } else { of_calls(file, bytes) };
    points.map_err(|error| Failure::from(&error))
}

fn unreadable(file: &Path, cause: &std::io::Error) -> Failure {
    let name = file.display();
    let message = (format!("could not read {name}"), format!("파일을 읽지 못했습니다: {name}"));
    Failure::new(Kind::Failed, message)
        .because(cause)
        .with_hint(("give a file that can be read", "읽을 수 있는 파일을 지정하세요"))
}

fn of_calls(file: &Path, bytes: &[u8]) -> Result<TuningPoints, InputError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let broken = |cause: &csv::Error| {
        let problem = (format!("is no CSV: {cause}"), "CSV로 읽을 수 없습니다");
        let hint = ("save it as CSV in UTF-8", "UTF-8로 된 CSV로 저장하세요");
        let error = InputError::new(file, problem, hint);
        match cause.position() {
            Some(position) => error.at_row(position.line()),
            None => error,
        }
    };
    let mut record = StringRecord::new();
    if !reader.read_record(&mut record).map_err(|cause| broken(&cause))? {
        return Err(InputError::new(file, ("is empty", "비어 있습니다"), HEADER_HINT));
    }
    let header = Header::read(file, &record)?;
    let mut calls = Vec::new();
    while reader.read_record(&mut record).map_err(|cause| broken(&cause))? {
        let row = record.position().map_or(0, csv::Position::line);
        let call = header.call(&record).map_err(|bad| {
            InputError::new(file, bad.problem, bad.hint).at_row(row).in_column(bad.column)
        })?;
        calls.push(call);
    }
    if calls.is_empty() {
        let problem = ("has a header and no rows", "머리글뿐이고 행이 없습니다");
        return Err(InputError::new(file, problem, HEADER_HINT));
    }
    Ok(TuningPoints::Calls(calls))
}

const HEADER_HINT: (&str, &str) = (
    "give the header memory_mb,duration_ms and a row for each call",
    "머리글 memory_mb,duration_ms와 호출마다 한 행을 쓰세요",
);

/// What is wrong with one field.
struct Bad {
    column: String,
    problem: Text,
    hint: Text,
}

impl Bad {
    fn new(column: &str, problem: (String, String), hint: (&str, &str)) -> Self {
        Self { column: column.to_owned(), problem: problem.into(), hint: hint.into() }
    }
}

/// Where each column stands.
struct Header {
    memory: usize,
    duration: usize,
    architecture: Option<usize>,
    cold: Option<usize>,
}

impl Header {
    fn read(file: &Path, record: &StringRecord) -> Result<Self, InputError> {
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        for (index, name) in record.iter().enumerate() {
            let name = name.to_ascii_lowercase();
            if at.insert(name.clone(), index).is_some() {
                let problem = ("names a column twice", "같은 이름의 열이 두 번 나옵니다");
                let hint = ("keep one of the two", "둘 중 하나만 남기세요");
                return Err(InputError::new(file, problem, hint).at_row(1).in_column(name));
            }
        }
        let required = |name: &str| {
            at.get(name).copied().ok_or_else(|| {
                let problem = (format!("has no column {name}"), "필요한 열이 없습니다");
                InputError::new(file, problem, HEADER_HINT).at_row(1).in_column(name)
            })
        };
        Ok(Self {
            memory: required(MEMORY)?,
            duration: required(DURATION)?,
            architecture: at.get(ARCHITECTURE).copied(),
            cold: at.get(COLD).copied(),
        })
    }

    fn call(&self, record: &StringRecord) -> Result<MeasuredCall, Bad> {
        let text = |index| record.get(index).unwrap_or_default();
        Ok(MeasuredCall {
            memory_mb: memory(MEMORY, text(self.memory))?,
            duration_ms: duration(DURATION, text(self.duration))?,
            architecture: match self.architecture.map(text) {
                None | Some("") => None,
                Some(text) => Some(architecture(text)?),
            },
            is_cold: self.cold.map(text).map(is_cold).transpose()?.unwrap_or_default(),
        })
    }
}

fn memory(column: &str, text: &str) -> Result<u32, Bad> {
    let is_allowed = |memory: &u32| MEMORY_MB.contains(memory);
    text.parse::<u32>().ok().filter(is_allowed).ok_or_else(|| {
        let problem = (
            format!("{text:?} is no memory of a function"),
            format!("{text:?}: 함수 메모리로 쓸 수 없는 값입니다"),
        );
        let hint = ("give whole MB from 128 to 10240", "128에서 10240 사이의 정수(MB)를 쓰세요");
        Bad::new(column, problem, hint)
    })
}

fn duration(column: &str, text: &str) -> Result<Decimal, Bad> {
    let number = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(text)).ok();
    let is_possible = |ms: &Decimal| *ms > Decimal::ZERO && *ms <= Decimal::from(LONGEST_MS);
    number.filter(is_possible).ok_or_else(|| {
        let problem = (
            format!("{text:?} is no duration of a call"),
            format!("{text:?}: 호출 시간으로 쓸 수 없는 값입니다"),
        );
        let hint = (
            "give milliseconds above 0 and up to 900000, such as 12.5",
            "0보다 크고 900000 이하인 밀리초를 쓰세요(예: 12.5)",
        );
        Bad::new(column, problem, hint)
    })
}

fn architecture(text: &str) -> Result<FunctionArchitecture, Bad> {
    FunctionArchitecture::ALL.into_iter().find(|one| one.as_str() == text).ok_or_else(|| {
        let problem = (
            format!("{text:?} is no processor of a function"),
            format!("{text:?}: 함수의 프로세서가 아닙니다"),
        );
        Bad::new(ARCHITECTURE, problem, ("give arm64 or x86_64", "arm64나 x86_64를 쓰세요"))
    })
}

fn is_cold(text: &str) -> Result<bool, Bad> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => {
            let problem = (
                format!("{text:?} is neither true nor false"),
                format!("{text:?}: true도 false도 아닙니다"),
            );
            let hint = (
                "give true for a call in a new environment, else false",
                "새 환경에서 시작한 호출이면 true, 아니면 false를 쓰세요",
            );
            Err(Bad::new(COLD, problem, hint))
        }
    }
}

/// Reads `results.stats` of the output of AWS Lambda Power Tuning: `value` is the memory in MB, `averageDuration` a mean
/// that is trimmed already. Its prices are not used: they may be of another region or year.
fn of_power_tuning(file: &Path, bytes: &[u8]) -> Result<TuningPoints, InputError> {
    let hint = (
        "give the output of its state machine, run with \"includeOutputResults\": true",
        "\"includeOutputResults\": true로 실행한 상태 머신의 출력을 주세요",
    );
    let output: Value = serde_json::from_slice(bytes).map_err(|cause| {
        let row = u64::try_from(cause.line()).unwrap_or_default();
        let problem = (format!("is no JSON: {cause}"), "JSON으로 읽을 수 없습니다");
        InputError::new(file, problem, hint).at_row(row)
    })?;
    let results = output.get("results").unwrap_or(&output);
    let Some(stats) = results.get("stats").and_then(Value::as_array) else {
        let problem = (
            "is not the output of AWS Lambda Power Tuning: it has no results.stats",
            "AWS Lambda Power Tuning의 출력이 아닙니다(results.stats 없음)",
        );
        return Err(InputError::new(file, problem, hint));
    };
    let mut means: BTreeMap<u32, Decimal> = BTreeMap::new();
    for (place, one) in stats.iter().enumerate() {
        let column = |name: &str| format!("results.stats[{place}].{name}");
        let refused = |bad: Bad| InputError::new(file, bad.problem, bad.hint).in_column(bad.column);
        let memory_mb = memory(&column("value"), &text_of(one.get("value"))).map_err(refused)?;
        let field = column("averageDuration");
        let duration_ms =
            duration(&field, &text_of(one.get("averageDuration"))).map_err(refused)?;
        if means.insert(memory_mb, duration_ms).is_some() {
            let problem =
                (format!("gives {memory_mb} MB twice"), format!("{memory_mb}MB: 두 번 나옵니다"));
            let hint = ("keep one of the two", "둘 중 하나만 남기세요");
            return Err(InputError::new(file, problem, hint).in_column(column("value")));
        }
    }
    let mean = |(memory_mb, duration_ms)| MeanOfSize { memory_mb, duration_ms };
    Ok(TuningPoints::Means(means.into_iter().map(mean).collect()))
}

/// Returns a number, or a number in quotes, as it is written; nothing else has a text.
fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<TuningPoints, Failure> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("points");
        std::fs::write(&path, text).unwrap();
        tuning_points(&path)
    }

    fn refused(text: &str, expected: &str) {
        let failure = read(text).expect_err("it cannot be");
        assert!(failure.message.en.contains(expected), "{}", failure.message.en);
        assert!(failure.hint.is_some(), "{failure:?}");
    }

    #[test]
    fn a_row_is_one_call() {
        let text = "\u{feff}memory_mb,duration_ms,architecture,cold\n128, 12.5,arm64,true\n256,1e1,,false\n";
        let TuningPoints::Calls(calls) = read(text).expect("it can be") else {
            panic!("calls were given");
        };
        let call = |memory_mb, duration_ms: &str, architecture, is_cold| MeasuredCall {
            memory_mb,
            duration_ms: duration_ms.parse().unwrap(),
            architecture,
            is_cold,
        };
        let arm = Some(FunctionArchitecture::Arm64);
        assert_eq!(calls, [call(128, "12.5", arm, true), call(256, "10", None, false)]);
    }

    #[test]
    fn a_bad_field_is_named_with_row_and_column() {
        let with = |row: &str| format!("memory_mb,duration_ms,architecture,cold\n{row}\n");
        refused(&with("64,10,arm64,false"), "row 2, column memory_mb: \"64\"");
        refused(&with("10241,10,arm64,false"), "column memory_mb");
        refused(&with("128,0,arm64,false"), "row 2, column duration_ms: \"0\"");
        refused(&with("128,900000.1,arm64,false"), "column duration_ms");
        refused(&with("128"), "column duration_ms: \"\"");
        refused(&with("128,10,mips,false"), "column architecture");
        refused(&with("128,10,arm64,"), "column cold");
    }

    #[test]
    fn a_file_without_points_is_refused() {
        refused("", "is empty");
        refused("memory_mb,duration_ms\n", "no rows");
        refused("memory,duration_ms\n128,1\n", "column memory_mb: has no column");
        refused("memory_mb,duration_ms,memory_mb\n128,1,2\n", "twice");
        assert!(tuning_points(Path::new("/nowhere/points.csv")).is_err());
    }

    #[test]
    fn the_output_of_power_tuning_is_one_mean_for_each_size() {
        let text = r#" {"results": {"power": "128", "cost": 2e-7, "stats": [
            {"averagePrice": 2.08e-7, "averageDuration": 2.9066666666666667, "totalCost": 0.1, "value": 128},
            {"averagePrice": 2.08e-7, "averageDuration": 2, "value": "256"}]}}"#;
        let TuningPoints::Means(means) = read(text).expect("it can be") else {
            panic!("means were given");
        };
        let found: Vec<(u32, String)> =
            means.iter().map(|one| (one.memory_mb, one.duration_ms.to_string())).collect();
        assert_eq!(found, [(128, "2.9066666666666667".to_owned()), (256, "2".to_owned())]);
    }

    #[test]
    fn other_json_is_refused_with_its_field() {
        refused("{\"results\": {}}", "no results.stats");
        refused("{\"results\": ", "is no JSON");
        let bad = r#"{"results": {"stats": [{"averageDuration": 1, "value": 64}]}}"#;
        refused(bad, "results.stats[0].value");
        let missing = r#"{"results": {"stats": [{"value": 128}]}}"#;
        refused(missing, "results.stats[0].averageDuration");
        let twice = r#"{"stats": [{"averageDuration": 1, "value": 128}, {"averageDuration": 2, "value": 128}]}"#;
        refused(twice, "twice");
    }
}
