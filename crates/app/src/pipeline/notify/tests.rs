//! The schedule under a clock of the test's own.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::analysis::Analysis;
use trimtab_model::coverage::Coverage;
use trimtab_model::document::Days;
use trimtab_model::text::Text;
use trimtab_notify::Waited;
use trimtab_store::state::{DeliveryKey, DeliveryOutcome, DeliveryResult, Sender, State, Step};

use super::overview::overview;
use super::sending::{Came, Posting, Sending, deliver_by_hand, tick};
use super::steps::Wanted;
use crate::config::{self, Overrides, Settings};
use crate::pipeline::report::{self, ReportPeriod};

/// Half an hour into a Monday, when the week's report is due.
const MONDAY: &str = "2026-11-23T00:30:00Z";

struct Scene {
    dir: tempfile::TempDir,
    settings: Settings,
    state: State,
    now: Cell<Timestamp>,
}

impl Scene {
    /// A data directory with an analysis, and this configuration of `notify`.
    fn with(notify: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let files = dir.path().join("out");
        let text = notify.replace("DIR", &files.display().to_string());
        let config = dir.path().join("trimtab.toml");
        std::fs::write(&config, text).unwrap();
        let overrides = Overrides {
            config: Some(config),
            data_dir: Some(dir.path().join("data")),
            ..Overrides::default()
        };
        let settings = config::load(dir.path(), &overrides).unwrap();
        let state = State::open(&settings.data_dir).unwrap();
        let analysis = Analysis {
            as_of: "2026-11-20T00:00:00Z".parse().unwrap(),
            coverage: Coverage::default(),
            totals: BTreeMap::new(),
            items: Vec::new(),
            increases: Vec::new(),
            superseded: Vec::new(),
            passed: Vec::new(),
            unknown: Vec::new(),
            only_aws: Vec::new(),
            serverless: Vec::new(),
            functions: Vec::new(),
            holidays: Vec::new(),
        };
        state.save_analysis(&analysis).unwrap();
        Self { dir, settings, state, now: Cell::new(MONDAY.parse().unwrap()) }
    }

    fn at(&self, moment: &str) -> Vec<Posting> {
        self.now.set(moment.parse().unwrap());
        self.tick()
    }

    fn tick(&self) -> Vec<Posting> {
        let pause = |_: Duration| Waited::Whole;
        let clock = || self.now.get();
        let sending =
            Sending { settings: &self.settings, state: &self.state, clock: &clock, pause: &pause };
        let results = tick(sending, &ReportPeriod::ALL);
        results.into_iter().flat_map(|(_, result)| result.unwrap()).collect()
    }

    fn came(&self, moment: &str) -> Vec<(String, Came)> {
        let postings = self.at(moment).into_iter();
        postings.map(|one| (one.key.channel, one.came)).collect()
    }

    fn files(&self) -> Vec<String> {
        let dir = self.dir.path().join("out");
        let entries = std::fs::read_dir(dir).into_iter().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn key(&self, channel: &str) -> DeliveryKey {
        DeliveryKey {
            report: "weekly".to_owned(),
            period: Days {
                first: "2026-11-16".parse().unwrap(),
                last: "2026-11-22".parse().unwrap(),
            },
            channel: channel.to_owned(),
            receiver: String::new(),
        }
    }

    /// Begins a delivery as a process that has ended since.
    fn die_over(&self, channel: &str) {
        let sender =
            Sender { host: config::machine_name(), process: "another boot/1/1".to_owned() };
        let moment = (SignedDuration::from_mins(30), self.now.get());
        self.state.claim_delivery(&self.key(channel), &sender, moment, |_| Step::Send).unwrap();
    }
}

const FILES: &str = "[notify.files.archive]\ndirectory = \"DIR\"\nformats = [\"md\", \"json\"]\n[notify.reports]\nweekly = [\"archive\"]\n";

/// Answers so many requests on loopback, and tells what they were.
fn web(answers: usize) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/services/T0/hunter2", listener.local_addr().unwrap());
    let (told, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(answers) {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
            reader.get_mut().write_all(answer).unwrap();
            if told.send(format!("{head}\n{}", String::from_utf8(body).unwrap())).is_err() {
                return;
            }
        }
    });
    (address, heard)
}

#[test]
fn a_report_leaves_when_it_is_due_and_once() {
    let scene = Scene::with(FILES);
    assert_eq!(scene.came("2026-11-23T00:29:59Z"), []);
    assert_eq!(scene.came(MONDAY), [("archive".to_owned(), Came::Sent)]);
    assert_eq!(scene.files(), ["trimtab-weekly-2026-11-16.json", "trimtab-weekly-2026-11-16.md"]);
    assert_eq!(scene.came("2026-11-23T00:31:00Z"), []);
    assert_eq!(scene.came("2026-11-29T23:59:00Z"), []);
    assert_eq!(scene.came("2026-11-30T00:30:00Z").len(), 1);
    assert_eq!(scene.files().len(), 4);
}

#[test]
fn a_report_that_was_missed_is_sent_late_and_once_if_its_week_is_the_last() {
    let scene = Scene::with(FILES);
    assert_eq!(scene.came("2026-11-26T12:00:00Z").len(), 1);
    assert_eq!(scene.files().len(), 2);
    // Of the week before nothing is sent: it is not the last one that is over.
    assert_eq!(scene.came("2026-11-30T00:10:00Z"), []);
    assert_eq!(scene.came("2026-11-26T12:00:20Z"), []);
}

#[test]
fn what_is_not_there_is_tried_again_after_a_while() {
    let (address, heard) = web(1);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let notify = "[notify.slack.team]\nurl_file = \"URL\"\n[notify.reports]\nweekly = [\"team\"]\n";
    let dir = tempfile::tempdir().unwrap();
    let url = dir.path().join("url");
    std::fs::write(&url, format!("http://{closed}/services/T0/hunter2")).unwrap();
    let scene = Scene::with(&notify.replace("URL", &url.display().to_string()));
    let failed = scene.at(MONDAY);
    assert_eq!((failed[0].came, failed[0].tries), (Came::Failed, 3));
    assert!(!format!("{failed:?}").contains("hunter2"));
    assert_eq!(scene.came("2026-11-23T00:30:30Z"), []);
    std::fs::write(&url, &address).unwrap();
    assert_eq!(scene.came("2026-11-23T00:31:01Z"), [("team".to_owned(), Came::Sent)]);
    assert!(heard.recv().unwrap().contains("\"blocks\""));
    assert_eq!(scene.came("2026-11-23T12:00:00Z"), []);
}

#[test]
fn what_a_dead_process_left_is_doubted_where_a_second_copy_would_be_read() {
    let (address, heard) = web(1);
    let dir = tempfile::tempdir().unwrap();
    let url = dir.path().join("url");
    std::fs::write(&url, &address).unwrap();
    let scene = Scene::with(&format!(
        "[notify.slack.team]\nurl_file = {url:?}\n{}",
        FILES.replace("[\"archive\"]", "[\"team\", \"archive\"]")
    ));
    scene.die_over("team");
    scene.die_over("archive");
    let postings = scene.at("2026-11-23T00:30:20Z");
    let came: Vec<(&str, Came)> =
        postings.iter().map(|one| (one.key.channel.as_str(), one.came)).collect();
    assert_eq!(came, [("team", Came::Uncertain), ("archive", Came::Sent)]);
    let again = "`trimtab report weekly --as-of 2026-11-23T00:30:00Z --send --missing --to team`";
    assert!(postings[0].note.en.contains(again), "{}", postings[0].note.en);
    assert_eq!(scene.came("2026-11-23T09:00:00Z"), []);
    assert!(heard.try_recv().is_err(), "nothing was sent to Slack");
    let kept = scene.state.delivery(&scene.key("team")).unwrap().unwrap();
    assert_eq!(kept.outcome, DeliveryOutcome::Uncertain);
}

#[test]
fn a_channel_that_lacks_its_secret_holds_up_no_other() {
    let scene = Scene::with(&format!(
        "[notify.slack.team]\nurl_env = \"TRIMTAB_TEST_IS_NEVER_SET\"\n{}",
        FILES.replace("[\"archive\"]", "[\"team\", \"archive\"]")
    ));
    let came = scene.came(MONDAY);
    assert_eq!(came, [("team".to_owned(), Came::Failed), ("archive".to_owned(), Came::Sent)]);
}

#[test]
fn a_webhook_is_told_the_same_name_for_the_same_report() {
    let (address, heard) = web(2);
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("secret");
    std::fs::write(&secret, "both know").unwrap();
    let notify = format!(
        "[notify.webhook.portal]\nurl = \"{address}\"\nsecret_file = {secret:?}\n[notify.reports]\nweekly = [\"portal\"]\n"
    );
    let scene = Scene::with(&notify);
    assert_eq!(scene.came(MONDAY).len(), 1);
    let first = heard.recv().unwrap();
    scene.die_over("portal");
    assert_eq!(scene.came("2026-11-23T00:31:00Z"), [("portal".to_owned(), Came::Sent)]);
    let second = heard.recv().unwrap();
    let header = |request: &str, name: &str| {
        let line = request.lines().find(|line| line.starts_with(name));
        line.map(str::to_owned).unwrap_or_default()
    };
    let name = header(&first, "idempotency-key:");
    assert!(name.contains("trimtab-weekly-2026-11-16-"), "{first}");
    assert_eq!(name, header(&second, "idempotency-key:"));
    let body = first.split_once("\n\n").or_else(|| first.split_once("\n{")).unwrap().1;
    assert!(body.contains("\"schema\":\"trimtab/v1/report\""), "{first}");
    assert!(header(&first, "x-trimtab-signature:").contains("sha256="), "{first}");
}

#[test]
fn who_asks_for_what_is_missing_gets_it_once_and_what_was_sent_stays_sent() {
    let scene = Scene::with(FILES);
    let document = report::document(
        &scene.settings,
        ReportPeriod::Weekly,
        Some(scene.now.get()),
        scene.now.get(),
    )
    .unwrap();
    let pause = |_: Duration| Waited::Whole;
    let clock = || scene.now.get();
    let sending =
        Sending { settings: &scene.settings, state: &scene.state, clock: &clock, pause: &pause };
    let send = |wanted| {
        let names = ["archive".to_owned(), "archive".to_owned()];
        let postings = deliver_by_hand(sending, &document, &names, wanted).unwrap();
        postings.iter().map(|one| one.came).collect::<Vec<Came>>()
    };
    assert_eq!(send(Wanted::Missing), [Came::Sent]);
    assert_eq!(send(Wanted::Missing), [Came::Before]);
    assert_eq!(scene.state.delivery(&scene.key("archive")).unwrap().unwrap().attempt, 1);
    assert_eq!(send(Wanted::All), [Came::Sent]);
}

#[test]
fn nothing_is_begun_after_somebody_wants_an_end() {
    let scene = Scene::with(FILES);
    let clock = || scene.now.get();
    let looks = Cell::new(0);
    // The end comes while the report is made.
    let pause = |_: Duration| {
        looks.set(looks.get() + 1);
        if looks.get() > 1 { Waited::Ended } else { Waited::Whole }
    };
    let sending =
        Sending { settings: &scene.settings, state: &scene.state, clock: &clock, pause: &pause };
    assert!(tick(sending, &ReportPeriod::ALL).is_empty());
    assert_eq!(scene.files(), [""; 0]);
    assert_eq!(scene.state.delivery(&scene.key("archive")).unwrap(), None);
}

#[test]
fn the_list_doubts_what_a_dead_process_left_and_says_how_it_is_sent_again() {
    let scene = Scene::with(
        "[notify.slack.team]\nurl_env = \"U\"\n[notify.reports]\nweekly = [\"team\"]\n",
    );
    let listed = |now: &str| {
        let lines = overview(&scene.settings, &scene.state, now.parse().unwrap()).unwrap();
        let last = lines[0].last.clone().unwrap();
        (last.outcome, last.note.en)
    };
    scene.die_over("team");
    let command = "`trimtab report weekly --as-of 2026-11-23T00:30:00Z --send --missing --to team`";
    let (outcome, note) = listed("2026-11-23T01:30:00Z");
    assert_eq!(outcome, DeliveryOutcome::Uncertain);
    assert!(note.contains(command), "{note}");
    let unanswered = DeliveryResult {
        outcome: DeliveryOutcome::Uncertain,
        at: scene.now.get(),
        again_at: None,
        note: Text::verbatim("no answer"),
    };
    scene.state.settle_delivery(&scene.key("team"), 1, &unanswered).unwrap();
    let (_, note) = listed("2026-11-23T01:30:00Z");
    assert!(note.starts_with("no answer: ") && note.contains(command), "{note}");
    // What was sent by hand in a later week is still of its own week.
    scene.now.set("2026-12-03T12:00:00Z".parse().unwrap());
    scene.die_over("team");
    let (_, note) = listed("2026-12-03T13:00:00Z");
    assert!(note.contains("--as-of 2026-11-23T00:00:00Z "), "{note}");
}
