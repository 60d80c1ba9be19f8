//! `trimtab traffic drivers` and `trimtab traffic forecast`.

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{self, AnalyzeRequest, Source, TrafficRequest};
use trimtab_render::contract::{user_forecast_json, user_load_json};
use trimtab_render::document::{
    user_forecast_page, user_forecast_table, user_load_page, user_load_table,
};

use crate::cli::{TrafficDriversArgs, TrafficForecastArgs};
use crate::commands::analyze::{isolation, place};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Shows what each resource follows, carries and costs.
pub fn drivers(console: &Console, args: &TrafficDriversArgs) -> Result<Printed, Failure> {
    let request = AnalyzeRequest {
        source: args.from.clone().map_or(Source::DataDirectory, Source::Directory),
        as_of: None,
        checks: Vec::new(),
        place: place(None, None),
        isolation: isolation()?,
    };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-traffic"), locale, console.quiet);
    let mut answered = pipeline::resource_loads(&console.settings, &request, &|progress| {
        bar.show(progress);
    })?;
    drop(bar);
    if let Some(wanted) = &args.resource {
        answered.answer.retain(|load| load.link.resource.as_str() == wanted);
        if answered.answer.is_empty() {
            return Err(no_metrics(wanted));
        }
    }
    let loads = &answered.answer;
    if console.is_json() {
        print_json(&user_load_json(loads, console.style.language))?;
    } else if console.is_table() {
        print_text(&user_load_page(loads, &console.style))?;
    } else {
        console.print_table("traffic.drivers", &user_load_table(loads, &console.list_style()))?;
    }
    console.problems(&answered.errors, &[]);
    Ok(if answered.errors.is_empty() { Printed::Complete } else { Printed::Partial })
}

/// Shows what is expected of users and requests.
pub fn forecast(console: &Console, args: &TrafficForecastArgs) -> Result<Printed, Failure> {
    let request = TrafficRequest { from: args.from.clone(), isolation: isolation()? };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-traffic"), locale, console.quiet);
    let answered =
        pipeline::user_forecasts(&console.settings, &request, args.ahead, &|progress| {
            bar.show(progress);
        })?;
    drop(bar);
    console.problems(&answered.errors, &[]);
    let zone = &console.settings.policy.calendar.time_zone;
    if answered.answer.is_empty() {
        return Err(too_short());
    }
    if console.is_json() {
        print_json(&user_forecast_json(&answered.answer, console.style.language))?;
    } else if console.is_table() {
        print_text(&user_forecast_page(&answered.answer, zone, &console.style))?;
    } else {
        let table = user_forecast_table(&answered.answer, zone, &console.list_style());
        console.print_table("traffic.forecast", &table)?;
    }
    Ok(if answered.errors.is_empty() { Printed::Complete } else { Printed::Partial })
}

fn no_metrics(wanted: &str) -> Failure {
    let message = (
        format!("there are no metrics by the hour of `{wanted}`"),
        format!("시간별 지표가 없는 자원입니다: `{wanted}`"),
    );
    Failure::new(Kind::Failed, message).with_hint((
        "run the command without --resource to see every resource that has some",
        "--resource 없이 실행하면 지표가 있는 자원을 모두 볼 수 있습니다",
    ))
}

fn too_short() -> Failure {
    let message = (
        "the users and requests are of too short a time for a forecast",
        "예측하기에는 사용자·요청 자료의 기간이 너무 짧습니다",
    );
    Failure::new(Kind::Failed, message).with_hint((
        "a forecast by day needs a week of days, one by hour a day of hours",
        "일별 예측에는 7일 이상, 시간별 예측에는 24시간 이상의 자료가 필요합니다",
    ))
}
