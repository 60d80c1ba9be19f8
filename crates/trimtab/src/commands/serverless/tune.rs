//! `trimtab serverless tune`.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_analysis::serverless::{TuningQuestion, tune as compare};
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_model::function_use::FunctionUse;
use trimtab_model::id::RegionId;
use trimtab_model::tuning::{CallsFrom, MonthlyCalls, Strategy, TuningFault};
use trimtab_render::contract::tuning_json;
use trimtab_render::document::{tuning_notes, tuning_table};

use crate::cli::{StrategyName, TuneArgs};
use crate::console::Console;
use crate::terminal::{print_json, print_text};

/// Compares the sizes that were measured, and chooses one.
///
/// # Errors
/// Fails on points that cannot be, on fewer than two sizes, or where region, processor or price is not known.
pub(super) fn tune(console: &Console, args: &TuneArgs) -> Result<(), Failure> {
    let strategy = strategy(args)?;
    let points = pipeline::tuning_points(&args.points)?;
    let function = match &args.function {
        Some(wanted) => Some(find(console, wanted, args.region.as_deref())?),
        None => None,
    };
    let region = match (&args.region, &function) {
        (Some(region), _) => RegionId::from(region.as_str()),
        (None, Some(function)) => function.resource.region.clone(),
        (None, None) => {
            return Err(Failure::usage(
                ("in which region it runs is not known", "함수의 리전을 알 수 없습니다"),
                (
                    "give --region, such as --region ap-northeast-2, or the function",
                    "--region(예: --region ap-northeast-2)이나 함수를 지정하세요",
                ),
            ));
        }
    };
    let prices = pipeline::region_prices(&console.settings, &region)?;
    let question = TuningQuestion {
        function: function.as_ref(),
        region: &region,
        strategy,
        balance: args.balance.unwrap_or(Decimal::new(5, 1)),
        calls: calls(args, function.as_ref()),
        architecture: args.arch.map(super::architecture),
    };
    let tuning =
        compare(&points, &prices, &question).map_err(|fault| not_comparable(fault, &region))?;
    if console.is_json() {
        return print_json(&tuning_json(&tuning));
    }
    console.print_table("serverless.tune", &tuning_table(&tuning, &console.list_style()))?;
    match console.is_table() {
        true => print_text(&tuning_notes(&tuning, &console.style)),
        false => Ok(()),
    }
}

fn strategy(args: &TuneArgs) -> Result<Strategy, Failure> {
    match (args.strategy, args.balance) {
        (StrategyName::Balanced, _) => Ok(Strategy::Balanced),
        (StrategyName::Cost, None) => Ok(Strategy::Cost),
        (StrategyName::Speed, None) => Ok(Strategy::Speed),
        (StrategyName::Cost | StrategyName::Speed, Some(_)) => Err(Failure::usage(
            (
                "a weight has a meaning for the strategy `balanced` alone",
                "가중치는 `balanced`에서만 쓸 수 있습니다",
            ),
            (
                "give --strategy balanced, or leave --balance out",
                "--strategy balanced를 지정하거나 --balance를 빼세요",
            ),
        )),
    }
}

fn calls(args: &TuneArgs, function: Option<&FunctionUse>) -> Option<MonthlyCalls> {
    if let Some(calls) = args.calls {
        return Some(MonthlyCalls { calls, source: CallsFrom::Given });
    }
    let calls = Decimal::from_f64(function?.calls()?)?.round();
    Some(MonthlyCalls { calls, source: CallsFrom::Metrics })
}

/// Finds a function of the latest analysis by name or ARN, in a region where one is given.
fn find(console: &Console, wanted: &str, region: Option<&str>) -> Result<FunctionUse, Failure> {
    let state = pipeline::open_state(&console.settings)?;
    let analysis = pipeline::latest_findings(&state)?;
    let is_it = |one: &FunctionUse| {
        one.names().any(|name| name == wanted)
            && region.is_none_or(|region| one.resource.region.as_str() == region)
    };
    let mut found = analysis.functions.into_iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Failure::usage(
            (
                format!("several functions are called {wanted}"),
                format!("이름이 {wanted}인 함수가 여럿입니다"),
            ),
            ("give its ARN, or --region", "ARN이나 --region을 지정하세요"),
        )),
        (None, _) => Err(Failure::usage(
            (format!("no function is called {wanted}"), format!("그런 함수가 없습니다: {wanted}")),
            (
                "`trimtab serverless functions` lists them; without a name, --region and --arch will do",
                "함수는 `trimtab serverless functions`로 확인하세요. 이름 없이 --region과 --arch만 지정해도 됩니다",
            ),
        )),
    }
}

fn not_comparable(fault: TuningFault, region: &RegionId) -> Failure {
    match fault {
        TuningFault::Nothing { cold, others } => Failure::usage(
            (
                format!(
                    "no call is left to compare: {cold} began in a new environment, {others} ran on another processor"
                ),
                format!(
                    "비교할 호출이 없습니다. 새 환경에서 시작한 호출 {cold}회와 다른 프로세서의 호출 {others}회를 제외했습니다"
                ),
            ),
            (
                "measure calls in an environment that is there already, or leave --arch out",
                "이미 준비된 환경에서 호출을 측정하거나 --arch를 빼세요",
            ),
        ),
        TuningFault::OneSize(memory) => Failure::usage(
            (
                format!(
                    "{memory} MB is the only size that was measured, and one size cannot be compared"
                ),
                format!("측정한 크기가 {memory}MB 하나뿐이어서 비교할 수 없습니다"),
            ),
            (
                "measure the same calls with more memory, and with less",
                "같은 호출을 더 큰 메모리와 더 작은 메모리에서도 측정하세요",
            ),
        ),
        TuningFault::ArchitectureUnknown => Failure::usage(
            ("on which processor it was measured is not known", "측정한 프로세서를 알 수 없습니다"),
            ("give --arch arm64 or --arch x86_64", "--arch arm64나 --arch x86_64를 지정하세요"),
        ),
        TuningFault::Price(meter) => Failure::new(
            Kind::Failed,
            (
                format!("the catalogue has no price of {meter} in {region}"),
                format!("가격 카탈로그의 {region} 리전에 {meter} 가격이 없습니다"),
            ),
        )
        .with_hint((
            format!("`trimtab prices refresh --region {region}` reads the public list"),
            format!("`trimtab prices refresh --region {region}` 명령으로 공개 가격표를 읽으세요"),
        )),
        TuningFault::TooLarge => Failure::usage(
            ("the amount is too large", "금액이 너무 큽니다"),
            ("give smaller figures", "더 작은 값을 지정하세요"),
        ),
    }
}
