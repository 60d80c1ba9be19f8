//! What is remarkable about a function.

use rust_decimal::Decimal;

use trimtab_model::function_use::{FunctionWork, Remark, RemarkCode};
use trimtab_model::id::CheckId;
use trimtab_model::resource::function::Function;
use trimtab_model::serverless::FunctionArchitecture;
use trimtab_model::text::{Text, counted};

use super::functions::meter_of;
use crate::pricing::Tariff;

/// Days without a call from which on a function counts as idle: what runs once a month has had its turn.
const IDLE_DAYS: f64 = 30.0;
/// Times of the mean duration, and seconds, from which on a timeout is far above what calls take.
const FAR_TIMES: f64 = 5.0;
const FAR_SECONDS: u32 = 60;
/// Share of the timeout from which on a call came near it.
const NEAR_SHARE: f64 = 0.9;
/// The checks whose recommendations are told here.
pub(super) const OF_X86: &str = "lambda-function-x86";
pub(super) const OF_BUSY: &str = "lambda-function-always-busy";

/// Returns what is remarkable, in order of the codes.
///
/// `checks` are those that recommend a change. Without what was measured they are all that there is to say.
pub(super) fn remarks(
    tariff: &Tariff<'_>,
    (function, architecture): (&Function, Option<FunctionArchitecture>),
    work: Option<&FunctionWork>,
    checks: &[&CheckId],
) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = checks.iter().filter_map(|check| recommended(check)).collect();
    if let Some(work) = work {
        remarks.extend(silence(work));
        remarks.extend(far_timeout(tariff, function, architecture, work));
        remarks.extend(near_timeout(function, work));
    }
    remarks.sort_by_key(|remark| remark.code);
    remarks
}

fn silence(work: &FunctionWork) -> Option<Remark> {
    if work.calls > 0.0 {
        return None;
    }
    let days = work.days.floor();
    let (code, en, ko) = match work.days >= IDLE_DAYS {
        true => (
            RemarkCode::Idle,
            format!("Nobody called it in {days:.0} days."),
            format!("{days:.0}일 동안 호출되지 않았습니다."),
        ),
        false => (
            RemarkCode::IdleSoFar,
            format!(
                "Nobody called it in the {} that were read; {IDLE_DAYS:.0} days tell whether it is idle.",
                counted(format_args!("{days:.0}"), "day")
            ),
            format!(
                "지표가 있는 {days:.0}일 동안 호출되지 않았습니다. 쓰이지 않는지는 {IDLE_DAYS:.0}일치를 봐야 알 수 있습니다."
            ),
        ),
    };
    Some(remark(code, en, ko))
}

fn far_timeout(
    tariff: &Tariff<'_>,
    function: &Function,
    architecture: Option<FunctionArchitecture>,
    work: &FunctionWork,
) -> Option<Remark> {
    let timeout = function.timeout_seconds.filter(|timeout| *timeout > FAR_SECONDS)?;
    let times = work.timeout_times.filter(|times| *times >= FAR_TIMES)?;
    let hung = hung_call(tariff, function.memory_size_mb, architecture, timeout);
    let mean = work.duration_ms.unwrap_or_default();
    let (en, ko) = match hung {
        Some(usd) => (
            format!("One call that hangs costs {usd} USD."),
            format!("멈춘 호출 하나의 비용은 {usd} USD입니다."),
        ),
        None => (
            "What a call that hangs costs is not known.".to_owned(),
            "멈춘 호출의 비용은 알 수 없습니다.".to_owned(),
        ),
    };
    Some(Remark {
        hung_call_usd: hung,
        ..remark(
            RemarkCode::TimeoutFarAbove,
            format!(
                "Its timeout of {timeout} s is {times:.0} times the mean duration of {mean:.0} ms. {en}"
            ),
            format!(
                "제한 시간 {timeout}초가 평균 실행 시간 {mean:.0}ms의 {times:.0}배입니다. {ko}"
            ),
        )
    })
}

/// Returns what one call costs that hangs until the timeout, in dollars.
fn hung_call(
    tariff: &Tariff<'_>,
    memory_mb: Option<u32>,
    architecture: Option<FunctionArchitecture>,
    timeout_seconds: u32,
) -> Option<Decimal> {
    let price = tariff.meter_price(meter_of(architecture?)).ok()?;
    let gigabytes = Decimal::from(memory_mb?).checked_div(Decimal::from(1024))?;
    let gb_seconds = gigabytes.checked_mul(Decimal::from(timeout_seconds))?;
    Some(gb_seconds.checked_mul(price.usd)?.round_dp(6).normalize())
}

fn near_timeout(function: &Function, work: &FunctionWork) -> Option<Remark> {
    let timeout = function.timeout_seconds?;
    let longest = work.longest_ms?;
    (longest >= f64::from(timeout) * 1000.0 * NEAR_SHARE).then(|| {
        remark(
            RemarkCode::TimeoutNear,
            format!(
                "Its longest call took {longest:.0} ms of a timeout of {timeout} s: calls are cut off, or soon will be."
            ),
            format!(
                "가장 긴 호출이 제한 시간 {timeout}초 가운데 {longest:.0}ms를 썼습니다. 중간에 끊기는 호출이 있거나 곧 생깁니다."
            ),
        )
    })
}

/// Returns what a check recommends, as a remark.
fn recommended(check: &CheckId) -> Option<Remark> {
    let (code, en, ko) = match check.as_str() {
        OF_X86 => {
            (RemarkCode::X86, "arm64 would run it for less", "arm64로 실행하면 더 저렴합니다")
        }
        OF_BUSY => (
            RemarkCode::AlwaysBusy,
            "It never rests, and containers would cost less",
            "쉬지 않고 실행되어 컨테이너가 더 저렴합니다",
        ),
        _ => return None,
    };
    let text = (format!("{en}: check {check}."), format!("{ko}. 점검: {check}."));
    Some(Remark { check: Some(check.clone()), ..remark(code, text.0, text.1) })
}

fn remark(code: RemarkCode, en: String, ko: String) -> Remark {
    Remark { code, text: Text::new(en, ko), check: None, hung_call_usd: None }
}
