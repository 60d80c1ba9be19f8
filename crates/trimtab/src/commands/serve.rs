//! `trimtab serve`.

use std::path::PathBuf;

use trimtab_app::config::{Origin, Setting, Settings};
use trimtab_app::failure::Failure;
use trimtab_app::pipeline::notify::{self, Happened, Watching};
use trimtab_app::pipeline::now;
use trimtab_app::pipeline::report::ReportPeriod;
use trimtab_web::{Authentication, ServeOptions};

use super::notify::{line, report_word};
use crate::cli::{AuthWhen, ServeArgs};
use crate::console::Console;
use crate::terminal::{Printed, print_failure, print_mistake, print_text};

/// Serves until it is interrupted.
pub fn run(console: &Console, args: &ServeArgs) -> Result<Printed, Failure> {
    console.no_rows()?;
    let options = ServeOptions {
        addr: args.addr,
        is_read_only: args.read_only,
        authentication: match args.auth {
            AuthWhen::Token => Authentication::Token,
            AuthWhen::None => Authentication::None,
        },
        hosts: args.host.clone(),
        is_scheduled: args.schedule,
        is_demo: false,
        named_data_dir: named_data_dir(&console.settings),
    };
    let schedule = args.schedule.then(|| schedule(console)).transpose()?;
    let served = serve(console, console.settings.clone(), options);
    // What is being sent this moment is brought to its end.
    let ended = schedule.map_or(Ok(()), Watching::end);
    let printed = served?;
    ended.map(|()| printed)
}

/// Returns the data directory where a flag named it: whoever types a command has to name it too.
fn named_data_dir(settings: &Settings) -> Option<PathBuf> {
    let by_flag = |one: &Setting| one.key == "data_dir" && one.origin == Origin::Flag;
    settings.settings.iter().any(by_flag).then(|| settings.data_dir.clone())
}

/// Begins to send what is due, and says what became of it.
fn schedule(console: &Console) -> Result<Watching, Failure> {
    let settings = &console.settings;
    for period in ReportPeriod::ALL {
        let channels = settings.notify.channels_of(period.kind()).join(", ");
        let next = notify::next(period, settings.notify.schedule(), &settings.timezone, now());
        if let Some(next) = next.filter(|_| !channels.is_empty()) {
            let at = trimtab_render::time::date_time(next, &settings.notify.schedule().zone);
            let locale = console.style.locale();
            let report = report_word(period.kind().as_str(), locale);
            let words = [("report", report.as_str()), ("channels", &channels), ("at", &at)];
            console.say(&locale.text_with("notify-next", &words));
        }
    }
    let (style, say) = (console.style.clone(), console.speaker());
    notify::watch(settings.clone(), move |happened| match happened {
        Happened::Posted(posting) if posting.came.is_failure() => {
            print_mistake(&line(&posting, &style));
        }
        Happened::Posted(posting) => say(&line(&posting, &style)),
        Happened::Failed(_, failure) => print_failure(&failure, &style),
    })
}

/// Prints the address, and serves until it is interrupted.
pub fn serve(
    console: &Console,
    settings: Settings,
    options: ServeOptions,
) -> Result<Printed, Failure> {
    let is_local = options.addr.ip().is_loopback();
    let mut printed = Ok(());
    trimtab_web::serve(settings, options, |address| {
        printed = print_text(address);
        if !is_local {
            console.say(&console.style.locale().text("serve-open"));
        }
        console.say(&console.style.locale().text("serve-until"));
    })?;
    printed.map(|()| Printed::Complete)
}
