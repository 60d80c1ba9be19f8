//! The other end of `tools/preload/preload.c`: a disk, a death and a clock as a test wants them.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// How much faster than ours the clock of a program under test runs.
pub const FACTOR: i64 = 20;

/// A number of the control file, by its place.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Epoch,
    Factor,
    Offset,
    Syncs,
    KillAt,
    When,
    IsFull,
    SickAt,
    IsReadOnly,
    Refused,
}

const SLOTS: usize = 10;

/// At which point of a write of the journal a program dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// None of it is on the disk.
    Before,
    /// Some of it is.
    Torn,
    /// All of it is, and nothing else was done.
    After,
}

/// What is to happen to the programs that were started with it.
pub struct Control {
    file: File,
    path: PathBuf,
}

impl Control {
    /// Makes one below a directory: with a healthy disk, and a clock that shows a moment, in
    /// nanoseconds, or the present one, and runs fast from now on.
    pub fn new(dir: &Path, shown: Option<i64>) -> Self {
        let path = dir.join("control");
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(true).read(true).write(true).open(&path);
        let file = file.expect("a file of our own");
        file.set_len((SLOTS * 8) as u64).expect("a file of our own");
        let control = Self { file, path };
        let now = nanoseconds();
        control.set(Slot::Epoch, now);
        control.set(Slot::Offset, shown.map_or(0, |shown| shown - now));
        control.set(Slot::Factor, FACTOR);
        control
    }

    /// Lets a command run under it.
    pub fn over(&self, command: &mut Command) {
        command.env("LD_PRELOAD", library()).env("PRELOAD_CONTROL", &self.path);
    }

    /// Counts writes from none on, and kills at one of them, if at any.
    pub fn kill_at(&self, point: Option<(usize, When)>) {
        self.set(Slot::KillAt, 0);
        self.set(Slot::Syncs, 0);
        let Some((number, when)) = point else { return };
        let when = match when {
            When::Before => 1,
            When::Torn => 2,
            When::After => 3,
        };
        self.set(Slot::When, when);
        self.set(Slot::KillAt, i64::try_from(number).expect("a small number"));
    }

    /// Returns how many writes of the journal there were since they were last counted from none on.
    pub fn writes(&self) -> usize {
        usize::try_from(self.get(Slot::Syncs)).expect("a count")
    }

    /// Fills the disk, but for what the reserve keeps.
    pub fn fill(&self) {
        self.set(Slot::IsFull, 1);
    }

    /// Lets no write be made durable any more.
    pub fn sicken(&self) {
        self.set(Slot::SickAt, 1);
    }

    /// Lets the journal be opened for reading only.
    pub fn write_protect(&self) {
        self.set(Slot::IsReadOnly, 1);
    }

    /// Gives the disk its health back.
    pub fn heal(&self) {
        self.set(Slot::IsFull, 0);
        self.set(Slot::SickAt, 0);
        self.set(Slot::IsReadOnly, 0);
    }

    /// Returns how many writes were refused.
    pub fn refused(&self) -> i64 {
        self.get(Slot::Refused)
    }

    /// Moves the calendar's clock by so many seconds, and no other.
    pub fn move_clock(&self, seconds: i64) {
        self.set(Slot::Offset, self.get(Slot::Offset) + seconds * 1_000_000_000);
    }

    /// Returns the moment that the clock shows, in nanoseconds.
    pub fn shown(&self) -> i64 {
        let epoch = self.get(Slot::Epoch);
        epoch + (nanoseconds() - epoch) * FACTOR + self.get(Slot::Offset)
    }

    /// Returns since when the clock runs fast, in seconds, and how far it was ahead then.
    pub fn begun(&self) -> (f64, i64) {
        (self.get(Slot::Epoch) as f64 / 1e9, self.get(Slot::Offset) / 1_000_000_000)
    }

    fn set(&self, slot: Slot, value: i64) {
        self.file.write_all_at(&value.to_ne_bytes(), slot as u64 * 8).expect("a file of our own");
    }

    fn get(&self, slot: Slot) -> i64 {
        let mut bytes = [0; 8];
        self.file.read_exact_at(&mut bytes, slot as u64 * 8).expect("a file of our own");
        i64::from_ne_bytes(bytes)
    }
}

fn nanoseconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock of our time");
    i64::try_from(since.as_nanos()).expect("a clock of our time")
}

/// Returns the library that is loaded before the system's, built once.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/preload/preload.c");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let own = target.join(format!("preload-{}.so", std::process::id()));
        let output = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(&own)
            .arg(source)
            .arg("-ldl")
            .output()
            .expect("a C compiler, without which nothing of this could be linked");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        own
    })
}
