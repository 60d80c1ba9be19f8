//! Turns requests into events, and keeps the few texts that are shown in the end.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::FixedState as Quick;
use foldhash::quality::FixedState;

use super::agent;
use super::event::{AskedEvent, Event, OTHER};
use super::reduction::Files;
use super::request::{Asked, Request};
use super::template::{masked_query, template};

/// Kinds of paths that are told apart.
const MOST_ENDPOINTS: usize = 2_048;
/// Texts of one sort that are kept; what comes later has none.
const MOST_TEXTS: usize = 4_096;
/// Digests whose meaning is remembered, so that it need not be found out again.
const MOST_REMEMBERED: usize = 1 << 18;

/// A map from digests, which need no second mixing.
pub(super) type ByDigest<V> = HashMap<u64, V, Quick>;

/// Makes a map from digests.
pub(super) fn by_digest<V>() -> ByDigest<V> {
    HashMap::with_hasher(Quick::default())
}

/// What texts became.
pub(super) struct Interner {
    digest: FixedState,
    files: Files,
    endpoints: Vec<Endpoint>,
    endpoint_of: HashMap<(String, String), u32, Quick>,
    paths: ByDigest<(u32, bool)>,
    agents: ByDigest<(bool, u32)>,
    query_of: ByDigest<u32>,
    queries: Texts,
    versions: Texts,
    services: Texts,
}

/// A method and a kind of path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) method: String,
    pub(super) template: String,
}

impl Interner {
    /// Makes an interner whose digests depend on `salt`. Lines of one file alone need none.
    pub(super) fn new(salt: u64, files: Files) -> Self {
        Self {
            digest: FixedState::with_seed(salt),
            files,
            endpoints: Vec::new(),
            endpoint_of: HashMap::with_hasher(Quick::default()),
            paths: by_digest(),
            agents: by_digest(),
            query_of: by_digest(),
            queries: Texts::new(MOST_TEXTS),
            versions: Texts::new(MOST_TEXTS),
            services: Texts::new(MOST_TEXTS),
        }
    }

    /// Turns a request into an event. `service` is that of the file.
    pub(super) fn event(&mut self, line: &[u8], request: &Request<'_>, service: &str) -> Event {
        let agent = request.agent.as_deref().unwrap_or_default();
        let client = match &request.user {
            Some(user) => self.digest.hash_one((1_u8, user.as_ref())),
            None => self.digest.hash_one((0_u8, request.address, agent)),
        };
        let (is_bot, version) = self.agent(agent);
        let service = match &request.service {
            Some(named) => self.services.number(&String::from_utf8_lossy(named)),
            None => self.services.number(service),
        };
        Event {
            time: request.time,
            line: match self.files {
                Files::One => 0,
                Files::Several => self.digest.hash_one(line),
            },
            client,
            service,
            names_user: request.user.is_some(),
            is_bot,
            version,
            asked: request.asked.as_ref().map(|asked| self.asked(asked)),
        }
    }

    /// Returns the endpoints by their number.
    pub(super) fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Returns the version of a client.
    pub(super) fn version(&self, number: u32) -> Option<&str> {
        self.versions.text(number)
    }

    /// Returns a masked query; empty where there was none.
    pub(super) fn query(&self, number: u32) -> &str {
        self.queries.text(number).unwrap_or_default()
    }

    /// Returns the name of a service; absent for those beyond the number that is told apart.
    pub(super) fn service(&self, number: u32) -> Option<&str> {
        self.services.text(number)
    }

    fn agent(&mut self, agent: &[u8]) -> (bool, u32) {
        if agent.is_empty() {
            return (false, NONE);
        }
        let digest = self.digest.hash_one(agent);
        if let Some(known) = self.agents.get(&digest) {
            return *known;
        }
        let version = match agent::version(agent) {
            Some(version) => self.versions.number(&version),
            None => NONE,
        };
        remember(&mut self.agents, digest, (agent::is_bot(agent), version))
    }

    fn asked(&mut self, asked: &Asked<'_>) -> AskedEvent {
        let path = self.digest.hash_one((asked.method, asked.path));
        let (endpoint, is_of_many) = match self.paths.get(&path) {
            Some(known) => *known,
            None => {
                let found = self.endpoint(asked);
                remember(&mut self.paths, path, found)
            }
        };
        let query = match asked.query {
            Some(query) => self.query_number(query),
            None => NONE,
        };
        AskedEvent {
            request: self.digest.hash_one((path, asked.query)),
            path,
            endpoint,
            is_of_many,
            query,
            status: asked.status.unwrap_or_default(),
            bytes: asked.bytes,
            server: asked.server,
        }
    }

    fn query_number(&mut self, query: &[u8]) -> u32 {
        let digest = self.digest.hash_one(query);
        if let Some(known) = self.query_of.get(&digest) {
            return *known;
        }
        let number = self.queries.number(&masked_query(query));
        remember(&mut self.query_of, digest, number)
    }

    fn endpoint(&mut self, asked: &Asked<'_>) -> (u32, bool) {
        let method = String::from_utf8_lossy(asked.method).into_owned();
        let template = template(asked.path);
        let is_of_many = template.contains("{}");
        let key = (method, template);
        if let Some(known) = self.endpoint_of.get(&key) {
            return (*known, is_of_many);
        }
        if self.endpoints.len() >= MOST_ENDPOINTS {
            return (OTHER, is_of_many);
        }
        let number = u32::try_from(self.endpoints.len()).unwrap_or(OTHER);
        let (method, template) = key.clone();
        self.endpoints.push(Endpoint { method, template });
        self.endpoint_of.insert(key, number);
        (number, is_of_many)
    }
}

/// Keeps what was found out for a digest; a full memory starts anew.
fn remember<V: Copy>(memory: &mut ByDigest<V>, digest: u64, found: V) -> V {
    if memory.len() >= MOST_REMEMBERED {
        memory.clear();
    }
    memory.insert(digest, found);
    found
}

/// The number of a text that is not there.
const NONE: u32 = u32::MAX;

/// Texts by number.
struct Texts {
    texts: Vec<String>,
    numbers: HashMap<String, u32, Quick>,
    most: usize,
}

impl Texts {
    fn new(most: usize) -> Self {
        Self { texts: Vec::new(), numbers: HashMap::with_hasher(Quick::default()), most }
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        if self.texts.len() >= self.most {
            return NONE;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(NONE);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn text(&self, number: u32) -> Option<&str> {
        self.texts.get(usize::try_from(number).ok()?).map(String::as_str)
    }
}
