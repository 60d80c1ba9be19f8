//! Chooses the memory of a function by durations that were measured at several sizes.
//!
//! The method is that of AWS Lambda Power Tuning: of each size the mean without the fastest and the slowest fifth, paid by
//! the millisecond. `cost` takes the cheapest size, `speed` the fastest, and `balanced` the one with the least
//! `w × cost / highest cost + (1 − w) × duration / longest duration`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::function_use::FunctionUse;
use trimtab_model::id::RegionId;
use trimtab_model::price::{Price, PriceBook};
use trimtab_model::serverless::FunctionArchitecture;
use trimtab_model::tuning::{
    MonthlyCalls, Step, Strategy, TunedSize, Tuning, TuningFault, TuningPoints,
};

use super::functions::meter_of;

/// The least and the most memory of a function, in MB (Lambda developer guide, "Lambda quotas").
pub const MEMORY_MB: std::ops::RangeInclusive<u32> = 128..=10_240;

/// One of so many calls is left out at either end.
const TRIMMED_OF: usize = 5;
/// Digits behind the point of durations and ratios.
const DIGITS: u32 = 3;
const REQUEST: &str = "lambda/request";
const MILLION: u32 = 1_000_000;

/// What is asked of the points.
#[derive(Debug, Clone)]
pub struct TuningQuestion<'a> {
    /// The function; absent where none was named.
    pub function: Option<&'a FunctionUse>,
    /// Where it runs.
    pub region: &'a RegionId,
    /// What the size is chosen by.
    pub strategy: Strategy,
    /// The weight of cost, from 0 (speed) to 1 (cost): of `balanced` alone.
    pub balance: Decimal,
    /// Calls a month.
    pub calls: Option<MonthlyCalls>,
    /// The processor that was measured, where the points do not tell it; of points that do, those on it alone count.
    pub architecture: Option<FunctionArchitecture>,
}

/// Compares the sizes and chooses one.
///
/// Of equal ones the one with less memory is chosen.
///
/// # Errors
/// Says what is missing: another size, the processor, or a price of the catalogue.
pub fn tune(
    points: &TuningPoints,
    prices: &PriceBook,
    question: &TuningQuestion<'_>,
) -> Result<Tuning, TuningFault> {
    let gathered = gather(points, question)?;
    let price = |meter: &str| {
        let price = prices.meter(question.region, meter).cloned();
        price.ok_or_else(|| TuningFault::Price(meter.to_owned()))
    };
    let request_price = price(REQUEST)?;
    let mut gb_second_prices = BTreeMap::new();
    for (architecture, _) in gathered.means.keys() {
        if !gb_second_prices.contains_key(architecture) {
            gb_second_prices.insert(*architecture, price(meter_of(*architecture))?);
        }
    }
    let mut sizes = Vec::new();
    for ((architecture, memory_mb), mean) in &gathered.means {
        let Some(price) = gb_second_prices.get(architecture) else { continue };
        let at = (*architecture, *memory_mb);
        sizes
            .push(sized(at, mean, (price, &request_price), question).ok_or(TuningFault::TooLarge)?);
    }
    compare(&mut sizes, &gathered.means);
    let chosen = choose(&sizes, &gathered.means, question).ok_or(TuningFault::TooLarge)?;
    for (place, size) in sizes.iter_mut().enumerate() {
        size.is_chosen = place == chosen;
    }
    let present = sizes.iter().find(|one| one.is_present).map(|one| one.usd_per_million);
    let saved = present
        .zip(sizes.get(chosen))
        .and_then(|(present, chosen)| present.checked_sub(chosen.usd_per_million));
    Ok(Tuning {
        function: question.function.map(|function| function.resource.clone()),
        region: question.region.clone(),
        present_memory_mb: question.function.and_then(|function| function.memory_mb),
        strategy: question.strategy,
        balance: (question.strategy == Strategy::Balanced).then_some(question.balance),
        calls: question.calls,
        cold_left_out: gathered.cold,
        others_left_out: gathered.others,
        sizes,
        saved_per_million: saved.map(|saved| saved.normalize()),
        saved_per_month: saved.zip(question.calls).and_then(|(saved, calls)| monthly(saved, calls)),
        request_price,
        gb_second_prices,
    })
}

type At = (FunctionArchitecture, u32);

/// The mean of one size.
struct Mean {
    samples: Option<u32>,
    trimmed: Option<u32>,
    milliseconds: Decimal,
    /// Of all calls, the fastest and the slowest too: what is paid.
    paid: Decimal,
}

struct Gathered {
    means: BTreeMap<At, Mean>,
    cold: u64,
    others: u64,
}

/// Makes one mean of each size of what counts.
fn gather(points: &TuningPoints, question: &TuningQuestion<'_>) -> Result<Gathered, TuningFault> {
    let of_function = question.function.and_then(|function| function.architecture);
    let wanted = question.architecture;
    let untold = wanted.or(of_function).ok_or(TuningFault::ArchitectureUnknown);
    let (mut means, mut cold, mut others) = (BTreeMap::new(), 0, 0);
    match points {
        TuningPoints::Calls(calls) => {
            let mut by_size: BTreeMap<At, Vec<Decimal>> = BTreeMap::new();
            for call in calls {
                if call.is_cold {
                    cold += 1;
                    continue;
                }
                let architecture = match call.architecture {
                    Some(told) => told,
                    None => untold.clone()?,
                };
                if wanted.is_some_and(|wanted| wanted != architecture) {
                    others += 1;
                    continue;
                }
                by_size.entry((architecture, call.memory_mb)).or_default().push(call.duration_ms);
            }
            for (at, durations) in by_size {
                means.insert(at, trimmed(durations).ok_or(TuningFault::TooLarge)?);
            }
        }
        TuningPoints::Means(all) => {
            for one in all {
                let mean = Mean {
                    samples: None,
                    trimmed: None,
                    milliseconds: one.duration_ms,
                    paid: one.duration_ms,
                };
                means.insert((untold.clone()?, one.memory_mb), mean);
            }
        }
    }
    match (means.len(), means.keys().next()) {
        (_, None) => Err(TuningFault::Nothing { cold, others }),
        (1, Some((_, memory_mb))) => Err(TuningFault::OneSize(*memory_mb)),
        (_, Some(_)) => Ok(Gathered { means, cold, others }),
    }
}

/// Returns the mean without the fastest and the slowest fifth: fewer than five calls have none to leave out.
fn trimmed(mut durations: Vec<Decimal>) -> Option<Mean> {
    durations.sort();
    let samples = durations.len();
    let left_out = samples / TRIMMED_OF;
    let kept = durations.get(left_out..samples.checked_sub(left_out)?)?;
    let sum = |of: &[Decimal]| of.iter().try_fold(Decimal::ZERO, |sum, one| sum.checked_add(*one));
    Some(Mean {
        samples: u32::try_from(samples).ok(),
        trimmed: u32::try_from(left_out * 2).ok(),
        milliseconds: sum(kept)?.checked_div(Decimal::from(kept.len()))?,
        paid: sum(&durations)?.checked_div(Decimal::from(samples))?,
    })
}

/// Prices a million calls of one size; absent where amounts are too large.
fn sized(
    (architecture, memory_mb): At,
    mean: &Mean,
    (gb_second, request): (&Price, &Price),
    question: &TuningQuestion<'_>,
) -> Option<TunedSize> {
    let billed_ms = mean.paid.ceil();
    // Milliseconds of a million calls are thousands of seconds.
    let gb_seconds = billed_ms
        .checked_mul(Decimal::from(1000))?
        .checked_mul(Decimal::from(memory_mb))?
        .checked_div(Decimal::from(1024))?;
    let requests = request.usd.checked_mul(Decimal::from(MILLION))?;
    let usd = gb_seconds.checked_mul(gb_second.usd)?.checked_add(requests)?;
    let is_present = question.function.is_some_and(|function| {
        function.memory_mb == Some(memory_mb)
            && function.architecture.is_none_or(|present| present == architecture)
    });
    let usd_per_month = match question.calls {
        Some(calls) => Some(monthly(usd, calls)?),
        None => None,
    };
    Some(TunedSize {
        memory_mb,
        architecture,
        samples: mean.samples,
        trimmed: mean.trimmed,
        duration_ms: mean.milliseconds.round_dp(DIGITS).normalize(),
        billed_ms: billed_ms.normalize(),
        gb_seconds_per_million: gb_seconds.normalize(),
        usd_per_million: usd.normalize(),
        step: None,
        cost_times: None,
        duration_times: None,
        usd_per_month,
        is_present,
        is_chosen: false,
    })
}

/// Returns what a month costs of which a million calls cost `usd`.
fn monthly(usd: Decimal, calls: MonthlyCalls) -> Option<Decimal> {
    let millions = calls.calls.checked_div(Decimal::from(MILLION))?;
    Some(usd.checked_mul(millions)?.round_dp(6).normalize())
}

/// Sets what one size is beside the present one, and beside the next smaller one.
fn compare(sizes: &mut [TunedSize], means: &BTreeMap<At, Mean>) {
    let mean = |size: &TunedSize| {
        means.get(&(size.architecture, size.memory_mb)).map(|mean| mean.milliseconds)
    };
    let present = sizes.iter().find(|one| one.is_present);
    let present = present.and_then(|one| Some((one.usd_per_million, mean(one)?)));
    let mut smaller: Option<(At, Decimal)> = None;
    for size in sizes {
        let Some(duration) = mean(size) else { continue };
        if let Some((usd, present)) = present {
            let times = |one: Decimal, other: Decimal| {
                one.checked_div(other).map(|times| times.round_dp(DIGITS).normalize())
            };
            size.cost_times = times(size.usd_per_million, usd);
            size.duration_times = times(duration, present);
        }
        size.step = smaller
            .filter(|((architecture, _), _)| *architecture == size.architecture)
            .and_then(|((_, memory), before)| step((memory, before), (size.memory_mb, duration)));
        smaller = Some(((size.architecture, size.memory_mb), duration));
    }
}

/// Says how durations change with memory: by the share that they fell of what they would fall in proportion.
fn step((less, before): (u32, Decimal), (more, after): (u32, Decimal)) -> Option<Step> {
    let kept = Decimal::from(less).checked_div(Decimal::from(more))?;
    let in_proportion = before.checked_mul(Decimal::ONE.checked_sub(kept)?)?;
    let share = before.checked_sub(after)?.checked_div(in_proportion)?;
    let (fifth, most) = (Decimal::new(2, 1), Decimal::new(8, 1));
    Some(if share >= most {
        Step::CpuBound
    } else if share > fifth {
        Step::Mixed
    } else if share >= -fifth {
        Step::Waiting
    } else {
        Step::Slower
    })
}

/// Returns the place of the size that the strategy takes.
fn choose(
    sizes: &[TunedSize],
    means: &BTreeMap<At, Mean>,
    question: &TuningQuestion<'_>,
) -> Option<usize> {
    let duration = |size: &TunedSize| {
        means.get(&(size.architecture, size.memory_mb)).map(|mean| mean.milliseconds)
    };
    let longest = sizes.iter().filter_map(duration).max()?;
    let dearest = sizes.iter().map(|one| one.usd_per_million).max()?;
    let value = |size: &TunedSize| -> Option<Decimal> {
        match question.strategy {
            Strategy::Cost => Some(size.usd_per_million),
            Strategy::Speed => duration(size),
            Strategy::Balanced => {
                // Where all cost nothing, cost tells nothing apart.
                let cost = size.usd_per_million.checked_div(dearest).unwrap_or_default();
                let speed = duration(size)?.checked_div(longest)?;
                let rest = Decimal::ONE.checked_sub(question.balance)?;
                question.balance.checked_mul(cost)?.checked_add(rest.checked_mul(speed)?)
            }
        }
    };
    let mut best: Option<((Decimal, u32, FunctionArchitecture), usize)> = None;
    for (place, size) in sizes.iter().enumerate() {
        let key = (value(size)?, size.memory_mb, size.architecture);
        if best.is_none_or(|(known, _)| key < known) {
            best = Some((key, place));
        }
    }
    best.map(|(_, place)| place)
}

#[cfg(test)]
mod tests {
    use trimtab_model::function_use::FunctionUse;
    use trimtab_model::tuning::{CallsFrom, MeanOfSize, MeasuredCall};

    use super::*;
    use crate::scene::{Scene, scene};
    use crate::serverless::{Asked, functions};

    fn priced() -> Scene {
        scene().price(REQUEST, "0.0000002").function(|_| ())
    }

    fn function(scene: &Scene) -> FunctionUse {
        functions(&scene.facts(), &[], &Asked::new()).remove(0)
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    /// Calls on arm64 of so many milliseconds at each size.
    fn calls(sizes: &[(u32, &[i64])]) -> TuningPoints {
        let call = |memory_mb, milliseconds: i64| MeasuredCall {
            memory_mb,
            duration_ms: milliseconds.into(),
            architecture: Some(FunctionArchitecture::Arm64),
            is_cold: false,
        };
        let each = |(memory, all): &(u32, &[i64])| -> Vec<MeasuredCall> {
            all.iter().map(|one| call(*memory, *one)).collect()
        };
        TuningPoints::Calls(sizes.iter().flat_map(each).collect())
    }

    fn question(region: &RegionId, strategy: Strategy) -> TuningQuestion<'_> {
        TuningQuestion {
            function: None,
            region,
            strategy,
            balance: Decimal::new(5, 1),
            calls: None,
            architecture: None,
        }
    }

    fn by(strategy: Strategy, points: &TuningPoints) -> Result<Tuning, TuningFault> {
        let region = "us-east-1".into();
        tune(points, &priced().prices, &question(&region, strategy))
    }

    fn chosen(strategy: Strategy, points: &TuningPoints) -> u32 {
        by(strategy, points).expect("compared").chosen().expect("one").memory_mb
    }

    #[test]
    fn a_million_calls_are_priced_by_whole_milliseconds() {
        let points = TuningPoints::Means(vec![
            MeanOfSize { memory_mb: 512, duration_ms: decimal("100.2") },
            MeanOfSize { memory_mb: 1024, duration_ms: decimal("60") },
        ]);
        let region = "us-east-1".into();
        let asked = TuningQuestion {
            architecture: Some(FunctionArchitecture::X86),
            ..question(&region, Strategy::Cost)
        };
        let tuning = tune(&points, &priced().prices, &asked).expect("compared");
        let small = &tuning.sizes[0];
        assert_eq!((small.billed_ms, small.gb_seconds_per_million), (101.into(), 50_500.into()));
        // 50,500 × 0.0000166667 and a million requests.
        assert_eq!(small.usd_per_million, decimal("1.04166835"));
        assert_eq!((small.samples, small.trimmed), (None, None));
        assert_eq!(tuning.calls, None);
        assert!(tuning.sizes.iter().all(|one| one.usd_per_month.is_none()));
    }

    #[test]
    fn the_fastest_and_the_slowest_fifth_are_left_out_of_five_calls_and_more() {
        let five = calls(&[(128, &[1, 100, 110, 120, 9000]), (256, &[10, 20, 30, 70])]);
        let tuning = by(Strategy::Cost, &five).expect("compared");
        let found = |place: usize| {
            let size = &tuning.sizes[place];
            (size.samples, size.trimmed, size.duration_ms)
        };
        assert_eq!(found(0), (Some(5), Some(2), 110.into()));
        assert_eq!(found(1), (Some(4), Some(0), decimal("32.5")));
    }

    #[test]
    fn each_strategy_takes_its_own_size() {
        // Cheapest at 128, fastest at 1024; between them at 512.
        let points = calls(&[(128, &[800]), (512, &[220]), (1024, &[180])]);
        assert_eq!(chosen(Strategy::Cost, &points), 128);
        assert_eq!(chosen(Strategy::Speed, &points), 1024);
        assert_eq!(chosen(Strategy::Balanced, &points), 512);
    }

    #[test]
    fn a_weight_of_nothing_is_speed_and_one_of_all_is_cost() {
        let points = calls(&[(128, &[800]), (512, &[220]), (1024, &[180])]);
        let region = "us-east-1".into();
        let with = |balance| {
            let asked = TuningQuestion { balance, ..question(&region, Strategy::Balanced) };
            tune(&points, &priced().prices, &asked)
                .expect("compared")
                .chosen()
                .expect("one")
                .memory_mb
        };
        assert_eq!((with(Decimal::ZERO), with(Decimal::ONE)), (1024, 128));
    }

    #[test]
    fn of_equal_sizes_the_smaller_is_chosen() {
        let points = calls(&[(256, &[100]), (512, &[50]), (1024, &[50])]);
        assert_eq!(chosen(Strategy::Cost, &points), 256);
        assert_eq!(chosen(Strategy::Speed, &points), 512);
    }

    #[test]
    fn what_a_call_waits_for_is_one_word_for_each_step() {
        let points =
            calls(&[(128, &[1000]), (256, &[500]), (512, &[375]), (1024, &[370]), (2048, &[600])]);
        let tuning = by(Strategy::Cost, &points).expect("compared");
        let steps: Vec<Option<Step>> = tuning.sizes.iter().map(|one| one.step).collect();
        let told = [Step::CpuBound, Step::Mixed, Step::Waiting, Step::Slower].map(Some);
        assert_eq!(steps[0], None);
        assert_eq!(steps[1..], told);
    }

    #[test]
    fn the_present_size_and_its_calls_give_the_effect_of_a_month() {
        let scene = priced();
        let mut present = function(&scene);
        present.architecture = Some(FunctionArchitecture::Arm64);
        let points = calls(&[(512, &[100]), (1024, &[100])]);
        let region = "us-east-1".into();
        let calls = MonthlyCalls { calls: 2_000_000.into(), source: CallsFrom::Given };
        let asked = TuningQuestion {
            function: Some(&present),
            calls: Some(calls),
            ..question(&region, Strategy::Cost)
        };
        let tuning = tune(&points, &scene.prices, &asked).expect("compared");
        assert_eq!(tuning.present_memory_mb, Some(1024));
        // 50,000 GB-seconds less at 0.0000133334.
        assert_eq!(tuning.saved_per_million, Some(decimal("0.66667")));
        assert_eq!(tuning.saved_per_month, Some(decimal("1.33334")));
        assert_eq!(tuning.sizes[0].duration_times, Some(Decimal::ONE));
        let other = FunctionUse { memory_mb: Some(2048), ..present.clone() };
        let asked = TuningQuestion { function: Some(&other), ..asked };
        let tuning = tune(&points, &scene.prices, &asked).expect("compared");
        assert_eq!((tuning.saved_per_million, tuning.saved_per_month), (None, None));
        assert!(
            tuning.sizes.iter().all(|one| one.cost_times.is_none() && one.usd_per_month.is_some())
        );
    }

    #[test]
    fn cold_calls_and_those_on_another_processor_are_left_out_and_counted() {
        let TuningPoints::Calls(mut all) = calls(&[(128, &[10, 10]), (256, &[10, 10])]) else {
            return;
        };
        all[0].is_cold = true;
        all[2].architecture = Some(FunctionArchitecture::X86);
        let points = TuningPoints::Calls(all);
        let region = "us-east-1".into();
        let asked = TuningQuestion {
            architecture: Some(FunctionArchitecture::Arm64),
            ..question(&region, Strategy::Cost)
        };
        let tuning = tune(&points, &priced().prices, &asked).expect("compared");
        assert_eq!((tuning.cold_left_out, tuning.others_left_out), (1, 1));
        assert_eq!(tuning.sizes.len(), 2);
        // Without the wish each processor is priced as what it is.
        let tuning = by(Strategy::Cost, &points).expect("compared");
        assert_eq!((tuning.sizes.len(), tuning.gb_second_prices.len()), (3, 2));
    }

    #[test]
    fn what_cannot_be_compared_is_said() {
        let fault = |points: &TuningPoints| by(Strategy::Cost, points).expect_err("not comparable");
        assert_eq!(fault(&calls(&[])), TuningFault::Nothing { cold: 0, others: 0 });
        assert_eq!(fault(&calls(&[(128, &[1, 2])])), TuningFault::OneSize(128));
        let means = TuningPoints::Means(vec![MeanOfSize { memory_mb: 128, duration_ms: 1.into() }]);
        assert_eq!(fault(&means), TuningFault::ArchitectureUnknown);
        let region = "mars-1".into();
        let points = calls(&[(128, &[2]), (256, &[1])]);
        let elsewhere = tune(&points, &priced().prices, &question(&region, Strategy::Cost));
        assert_eq!(elsewhere.expect_err("no price"), TuningFault::Price(REQUEST.to_owned()));
    }
}
