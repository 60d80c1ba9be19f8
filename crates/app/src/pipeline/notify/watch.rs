//! The schedule, beside the server: looks twice a minute what is due.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use trimtab_notify::Waited;
use trimtab_store::state::State;

use super::sending::{Posting, Sending, tick};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::report::ReportPeriod;
use crate::pipeline::state::{now, open_state};

/// How often it is looked what is due.
const EVERY: Duration = Duration::from_secs(20);
/// How long a report that could not be made is left alone.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_mins(10);

/// What the schedule tells.
#[derive(Debug)]
pub enum Happened {
    /// What came of a report for one receiver.
    Posted(Posting),
    /// A report could not be made or written down.
    Failed(ReportPeriod, Failure),
}

/// The schedule at work, until it is ended.
#[derive(Debug)]
pub struct Watching {
    end: Sender<()>,
    thread: JoinHandle<()>,
}

impl Watching {
    /// Ends it, after what is being sent this moment.
    ///
    /// # Errors
    /// Fails if it ended before by a mistake of ours.
    pub fn end(self) -> Result<(), Failure> {
        drop(self.end);
        self.thread.join().map_err(|_| {
            Failure::new(
                Kind::Failed,
                (
                    "the schedule of reports ended before its time: look at the log",
                    "보고서 일정이 먼저 끝났습니다. 로그를 확인하세요",
                ),
            )
        })
    }
}

/// Begins to send reports when they are due, beside whatever else runs.
///
/// # Errors
/// Fails if no report goes anywhere, and if the state cannot be opened.
pub fn watch(
    settings: Settings,
    told: impl Fn(Happened) + Send + 'static,
) -> Result<Watching, Failure> {
    let goes = |period: &ReportPeriod| !settings.notify.channels_of(period.kind()).is_empty();
    if !ReportPeriod::ALL.iter().any(goes) {
        return Err(Failure::usage(
            ("no report goes anywhere by itself", "자동으로 보낼 보고서가 설정되지 않았습니다"),
            (
                "name channels under [notify.reports] in trimtab.toml: docs/guide/notify.md shows how",
                "trimtab.toml의 [notify.reports]에 채널을 적으세요. 방법은 docs/guide/notify.md에 있습니다",
            ),
        ));
    }
    let state = open_state(&settings)?;
    let (end, ended) = channel();
    let thread = std::thread::Builder::new()
        .name("schedule".to_owned())
        .spawn(move || look(&settings, &state, &ended, &told))
        .map_err(|cause| {
            let message = ("could not start the schedule", "일정을 시작하지 못했습니다");
            Failure::new(Kind::Failed, message).because(&cause)
        })?;
    Ok(Watching { end, thread })
}

fn look(settings: &Settings, state: &State, ended: &Receiver<()>, told: &dyn Fn(Happened)) {
    let pause = |length: Duration| match ended.recv_timeout(length) {
        Err(RecvTimeoutError::Timeout) => Waited::Whole,
        Ok(()) | Err(RecvTimeoutError::Disconnected) => Waited::Ended,
    };
    let sending = Sending { settings, state, clock: &now, pause: &pause };
    let mut not_before = [Timestamp::MIN; ReportPeriod::ALL.len()];
    loop {
        let moment = now();
        for (period, not_before) in ReportPeriod::ALL.into_iter().zip(&mut not_before) {
            if *not_before > moment {
                continue;
            }
            let results = guarded(|| tick(sending, &[period]))
                .unwrap_or_else(|failure| vec![(period, Err(failure))]);
            for (period, result) in results {
                match result {
                    Ok(postings) => postings.into_iter().map(Happened::Posted).for_each(told),
                    Err(failure) => {
                        *not_before = moment.saturating_add(AFTER_FAILURE).unwrap_or(moment);
                        told(Happened::Failed(period, failure));
                    }
                }
            }
        }
        if pause(EVERY) == Waited::Ended {
            return;
        }
    }
}

/// Does something, and makes a failure of a mistake of ours: the schedule goes on after it.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let message = (
            "a report could not be sent by a mistake of ours",
            "프로그램 오류로 보고서를 보내지 못했습니다",
        );
        Failure::new(Kind::Failed, message).with_hint((
            "the line above says where; it is tried again in ten minutes",
            "바로 위 줄에 오류 위치가 있습니다. 10분 뒤에 다시 시도합니다",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_of_ours_is_a_failure_and_not_the_end() {
        assert_eq!(guarded(|| 1).ok(), Some(1));
        let failure = guarded(|| -> u8 { panic!("a chart") }).unwrap_err();
        assert!(failure.message.en.contains("mistake of ours"));
    }
}
