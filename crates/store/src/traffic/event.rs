//! A line as it is held in memory: of fixed size, with digests in the place of texts.

/// The endpoint of what is beyond the number that is told apart.
pub(super) const OTHER: u32 = u32::MAX;

/// A request or an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    /// When it began, in microseconds since 1970.
    pub(super) time: i64,
    /// Digest of the line, where several files may hold the same one.
    pub(super) line: u64,
    /// Digest of the client.
    pub(super) client: u64,
    /// Which of the services of the files it belongs to.
    pub(super) service: u32,
    /// Whether the client is the user that the line names.
    pub(super) names_user: bool,
    /// Whether the client says that it is a bot.
    pub(super) is_bot: bool,
    /// The version of the client.
    pub(super) version: u32,
    /// What was asked for; absent for an event.
    pub(super) asked: Option<AskedEvent>,
}

/// What a request asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AskedEvent {
    /// Digest of method, path and query.
    pub(super) request: u64,
    /// Digest of method and path.
    pub(super) path: u64,
    /// Method and template.
    pub(super) endpoint: u32,
    /// Whether the template has a `{}`.
    pub(super) is_of_many: bool,
    /// The masked query.
    pub(super) query: u32,
    /// Status of the answer; 0 where none was sent.
    pub(super) status: u16,
    /// Bytes sent.
    pub(super) bytes: Option<u64>,
    /// How long the server worked, in microseconds.
    pub(super) server: Option<u64>,
}

const MICROS_PER_SECOND: i64 = 1_000_000;

impl Event {
    /// Returns the second of the clock, since 1970.
    pub(super) fn second(&self) -> i64 {
        self.time.div_euclid(MICROS_PER_SECOND)
    }

    /// Returns the minute of the clock, since 1970.
    pub(super) fn minute(&self) -> i64 {
        self.second().div_euclid(60)
    }

    /// Returns the UTC hour, since 1970.
    pub(super) fn hour(&self) -> i64 {
        self.second().div_euclid(3600)
    }
}

impl AskedEvent {
    /// Returns whether the server failed.
    pub(super) fn is_server_error(&self) -> bool {
        self.status >= 500
    }
}
