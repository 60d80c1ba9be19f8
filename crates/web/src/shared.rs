//! What all requests share: settings, the store, and copies of what is read often.

mod bills;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use tokio::sync::watch;

use trimtab_analysis::report::UsageMeter;
use trimtab_app::config::Settings;
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::anomalies::AnomalyParts;
use trimtab_app::pipeline::{self, KeptMetrics};
use trimtab_model::allocation::Allocations;
use trimtab_model::analysis::{Analysis, Passed};
use trimtab_model::commitment::{CommitmentMonth, CoveredUsage};
use trimtab_model::document::{ChartBlock, Document};
use trimtab_model::period::Period;
use trimtab_model::resource::ResourceRef;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Text;
use trimtab_store::cost::CostGroup;
use trimtab_store::lake::Lake;
use trimtab_store::metrics::Measured;
use trimtab_store::state::{Mark, State, Versions};

use crate::answers::Answers;
use crate::auth::Token;
use crate::kept::{Kept, held};
use crate::options::ServeOptions;
use crate::register::Register;
use crate::repeats::Repeats;
use crate::view::{Choices, Spending, Tagging, choices};
use crate::words::Words;

/// Answers about cost that are held at most, about.
const ANSWERS: usize = 256;
/// Groups of cost that these have at most: a hundred thousand take some thirty megabytes.
const GROUPS: u64 = 600_000;
/// Amounts of the pages of cost that are held at most.
const AMOUNTS: u64 = 1_000_000;
/// Ways to divide the bill, and days of commitments, that are held at most.
const DIVISIONS: usize = 32;

/// Resources whose samples are held at most: two weeks of one are some hundred kilobytes.
const RESOURCES: usize = 64;

/// Months whose difference is held at most.
const BRIDGES: usize = 24;

/// Weeks whose meters are held at most.
const WEEKS: usize = 8;

/// Reports that are held at most.
const REPORTS: usize = 12;

/// States of the inventory, or of the analysis, whose names are held at most.
const STATES: usize = 2;

/// What all requests share.
pub(crate) struct Shared {
    /// The configuration.
    pub(crate) settings: Settings,
    /// How the server was started.
    pub(crate) options: ServeOptions,
    /// The secret of the data directory.
    pub(crate) token: Token,
    state: State,
    lake: Mutex<Option<Arc<Lake>>>,
    analysis: Mutex<Option<KeptAnalysis>>,
    costs: Kept<Versions, Arc<Vec<CostGroup>>>,
    spent: Kept<Versions, Option<Arc<Spending>>>,
    divided: Kept<Versions, Arc<Allocations>>,
    committed: Kept<Versions, Arc<Committed>>,
    bridges: Kept<Versions, Bridge>,
    meters: Kept<Versions, Arc<Vec<UsageMeter>>>,
    parts: Kept<Versions, AnomalyParts>,
    reports: Kept<Mark, Arc<Document>>,
    /// Whole answers.
    pub(crate) answers: Answers,
    /// Plans that were made of requests with a key.
    pub(crate) planned: Repeats,
    /// Views that were saved by requests with a key.
    pub(crate) saved: Repeats,
    registers: Kept<Versions, Arc<Register>>,
    found: Kept<Versions, Arc<Words>>,
    choices: Kept<Versions, Arc<Choices>>,
    inventory: Mutex<Option<(Versions, Arc<Snapshot>)>>,
    tagging: Kept<Versions, Option<Arc<Tagging>>>,
    measured: Mutex<Option<KeptSamples>>,
    closing: watch::Sender<bool>,
}

/// What the latest analysis found, without what needs no change: all of it, and without what the user hid.
#[derive(Clone)]
pub(crate) struct Visible {
    /// All of it.
    pub(crate) whole: Arc<Analysis>,
    /// What is open today, its sums made anew.
    pub(crate) open: Arc<Analysis>,
    /// How many recommendations are hidden.
    pub(crate) hidden: u64,
}

struct KeptAnalysis {
    number: i64,
    decided: String,
    today: Date,
    visible: Visible,
}

/// The metrics of the data directory, and samples that were read of them.
struct KeptSamples {
    metrics: KeptMetrics,
    answers: HashMap<String, Arc<Vec<Measured>>>,
}

/// What commitments cost by month, and how much of the use they covered.
type Committed = (Vec<CommitmentMonth>, Vec<CoveredUsage>);

/// What made the difference between two months, or why that is not known; none without a bill.
type Bridge = Option<Result<ChartBlock, Text>>;

impl Shared {
    /// Opens the store.
    ///
    /// # Errors
    /// Fails if the data directory cannot be used.
    pub(crate) fn open(settings: Settings, options: ServeOptions) -> Result<Self, Failure> {
        let state = pipeline::open_state(&settings)?;
        let token = Token::of(&settings.data_dir)?;
        Ok(Self {
            settings,
            options,
            token,
            state,
            lake: Mutex::new(None),
            analysis: Mutex::new(None),
            costs: Kept::weighing(ANSWERS, GROUPS, |groups| groups.len() as u64),
            spent: Kept::weighing(ANSWERS, AMOUNTS, |spent| {
                spent.as_ref().map_or(1, |spent| spent.weight())
            }),
            divided: Kept::of(DIVISIONS),
            committed: Kept::of(DIVISIONS),
            bridges: Kept::of(BRIDGES),
            meters: Kept::of(WEEKS),
            parts: Kept::of(DIVISIONS),
            reports: Kept::of(REPORTS),
            answers: Answers::new(),
            planned: Repeats::default(),
            saved: Repeats::default(),
            registers: Kept::of(STATES),
            found: Kept::of(STATES),
            choices: Kept::of(STATES),
            inventory: Mutex::new(None),
            tagging: Kept::of(DIVISIONS),
            measured: Mutex::new(None),
            closing: watch::Sender::new(false),
        })
    }

    /// Tells whoever watches that the server ends.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Returns what becomes true when the server ends.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Returns the state.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Returns the lake, which is opened when it is first needed.
    ///
    /// # Errors
    /// Fails if its place cannot be used.
    pub(crate) fn lake(&self) -> Result<Arc<Lake>, Failure> {
        let mut kept = held(&self.lake);
        if let Some(lake) = kept.as_ref() {
            return Ok(Arc::clone(lake));
        }
        let lake = Arc::new(pipeline::open_lake(&self.settings)?);
        *kept = Some(Arc::clone(&lake));
        Ok(lake)
    }

    /// Returns the latest analysis; none where nothing was analysed yet.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub(crate) fn analysis(&self) -> Result<Option<Visible>, Failure> {
        let number = self.versions()?.analysis;
        if number == 0 {
            return Ok(None);
        }
        let dispositions = self.state.dispositions().map_err(unreadable)?;
        let decided = format!("{dispositions:?}");
        let today = pipeline::today(&self.settings);
        // Whoever comes while it is read waits here, and does not read it again.
        let mut kept = held(&self.analysis);
        if let Some(kept) = kept.as_ref()
            && (kept.number, &kept.decided, kept.today) == (number, &decided, today)
        {
            return Ok(Some(kept.visible.clone()));
        }
        let whole = match kept.as_ref() {
            Some(kept) if kept.number == number => Arc::clone(&kept.visible.whole),
            _ => Arc::new(pipeline::latest_findings(&self.state)?),
        };
        let (open, hidden) = pipeline::open_on(&self.state, &whole, today)?;
        let visible = Visible { whole, open, hidden };
        *kept = Some(KeptAnalysis { number, decided, today, visible: visible.clone() });
        Ok(Some(visible))
    }

    /// Returns what of the latest analysis needs no change on a resource.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub(crate) fn passed(&self, resource: &ResourceRef) -> Result<Vec<Passed>, Failure> {
        let mut passed = self.state.latest_passed(&resource.id).map_err(unreadable)?;
        passed.retain(|one| one.resource == *resource);
        Ok(passed)
    }

    /// Returns the inventory: what files said, brought up to date by scans; none without either.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub(crate) fn inventory(&self) -> Result<Option<Arc<Snapshot>>, Failure> {
        let versions = self.inventory_version()?;
        if versions == Versions::default() {
            return Ok(None);
        }
        let mut kept = held(&self.inventory);
        if let Some((of, snapshot)) = kept.as_ref()
            && *of == versions
        {
            return Ok(Some(Arc::clone(snapshot)));
        }
        let Some(snapshot) = pipeline::inventory(&self.settings, &self.state)? else {
            return Ok(None);
        };
        let snapshot = Arc::new(snapshot);
        *kept = Some((versions, Arc::clone(&snapshot)));
        Ok(Some(snapshot))
    }

    /// Returns how resources are tagged, as `make` counts it or has counted it of the same inventory.
    ///
    /// # Errors
    /// Fails as `make` does, and if the state cannot be read.
    pub(crate) fn tagging(
        &self,
        question: String,
        make: impl FnOnce() -> Result<Option<Arc<Tagging>>, Failure>,
    ) -> Result<Option<Arc<Tagging>>, Failure> {
        self.tagging.answer(self.inventory_version()?, question, make)
    }

    /// Returns every resource of the inventory by its names, and whose it is.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub(crate) fn register(&self) -> Result<Arc<Register>, Failure> {
        self.registers.answer(self.inventory_version()?, String::new(), || {
            let Some(snapshot) = self.inventory()? else { return Ok(Arc::default()) };
            Ok(Arc::new(Register::of(&snapshot, &self.settings.tags.owners)))
        })
    }

    /// Returns the names of what the latest analysis found, in its order.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub(crate) fn found_words(&self) -> Result<Arc<Words>, Failure> {
        let of = Versions { analysis: self.versions()?.analysis, ..Versions::default() };
        self.found.answer(of, String::new(), || {
            let mut words = Words::default();
            let visible = self.analysis()?;
            for item in visible.iter().flat_map(|visible| &visible.whole.items) {
                let names = [item.id.as_str(), item.resource.id.as_str()].into_iter();
                words.push(names.chain(item.resource.name.as_deref()));
            }
            Ok(Arc::new(words))
        })
    }

    /// Returns the accounts, environments and teams that can be looked at.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub(crate) fn choices(&self) -> Result<Arc<Choices>, Failure> {
        self.choices.answer(self.data_version()?, String::new(), || choices(self).map(Arc::new))
    }

    /// Returns the same where somebody has read them already: a large bill takes seconds.
    pub(crate) fn known_choices(&self) -> Option<Arc<Choices>> {
        self.choices.known(self.data_version().ok()?, String::new())
    }

    /// Reads the samples of some metrics of a resource.
    ///
    /// # Errors
    /// Fails if the metrics cannot be read.
    pub(crate) fn measured(
        &self,
        resource: &ResourceRef,
        names: &[&str],
        window: Period,
    ) -> Result<Arc<Vec<Measured>>, Failure> {
        // Whoever comes while one reads waits here: a fleet's files are opened once.
        let mut kept = held(&self.measured);
        let state = KeptMetrics::state_of(&self.settings);
        if kept.as_ref().is_none_or(|kept| kept.metrics.state() != state) {
            let metrics = KeptMetrics::open(&self.settings)?;
            *kept = Some(KeptSamples { metrics, answers: HashMap::new() });
        }
        let Some(kept) = kept.as_mut() else { return Ok(Arc::default()) };
        let question = format!("{:?} {names:?} {window:?}", resource.key());
        if let Some(answer) = kept.answers.get(&question) {
            return Ok(Arc::clone(answer));
        }
        let answer = Arc::new(kept.metrics.read(resource, names, window)?);
        if kept.answers.len() >= RESOURCES {
            kept.answers.clear();
        }
        kept.answers.insert(question, Arc::clone(&answer));
        Ok(answer)
    }

    /// Returns which state the bills are in, whatever else has changed.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub(crate) fn bills(&self) -> Result<Versions, Failure> {
        let Versions { ingest, lake_files, .. } = self.versions()?;
        Ok(Versions { ingest, lake_files, ..Versions::default() })
    }

    /// Returns which state the data directory is in.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub(crate) fn mark(&self) -> Result<Mark, Failure> {
        self.state.mark().map_err(unreadable)
    }

    /// Returns which state the inventory is in, whatever else has changed.
    fn inventory_version(&self) -> Result<Versions, Failure> {
        Ok(Versions { analysis: 0, ingest: 0, lake_files: 0, ..self.versions()? })
    }

    /// Returns which state bills and inventory are in.
    fn data_version(&self) -> Result<Versions, Failure> {
        Ok(Versions { analysis: 0, ..self.versions()? })
    }

    fn versions(&self) -> Result<Versions, Failure> {
        self.state.versions().map_err(unreadable)
    }
}

fn unreadable(cause: trimtab_store::state::StateError) -> Failure {
    Failure::from_error(Kind::Failed, &cause)
}
