//! Functions of Lambda.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::id::{ChangeId, ResourceId};
use trimtab_model::observed::{AliasObserved, FunctionObserved};
use trimtab_model::plan::{Change, Fingerprint};

use super::answer::{Answer, Refusal, made, refuse, taken};
use super::state::State;

/// Memory that a function may have, in MB.
const MEMORY: std::ops::RangeInclusive<u32> = 128..=10_240;

/// A function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// `MemorySize` in MB.
    pub memory_mb: u32,
    /// `Architectures`, the first.
    pub architecture: String,
    /// `CodeSha256`.
    pub code_sha256: String,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// Its aliases, by name: version, and a version that gets a share in percent.
    pub aliases: BTreeMap<String, Alias>,
    versions: Vec<Version>,
    revision: u64,
    updating_until: Option<Timestamp>,
}

/// An alias.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alias {
    /// The version.
    pub version: String,
    /// Another one, and its share in percent.
    pub canary: Option<(String, u8)>,
    pub(super) revision: u64,
}

#[derive(Debug, Clone, PartialEq)]
struct Version {
    change: Option<ChangeId>,
    memory_mb: u32,
    architecture: String,
}

impl Alias {
    /// Makes an alias of a version.
    pub fn of(version: &str) -> Self {
        Self { version: version.to_owned(), canary: None, revision: 1 }
    }
}

impl Function {
    /// Makes a function with one published version.
    pub fn new(memory_mb: u32, architecture: &str) -> Self {
        let architecture = architecture.to_owned();
        let first = Version { change: None, memory_mb, architecture: architecture.clone() };
        Self {
            memory_mb,
            architecture,
            code_sha256: "c0de".to_owned(),
            is_opted_in: true,
            aliases: BTreeMap::new(),
            versions: vec![first],
            revision: 1,
            updating_until: None,
        }
    }

    fn has_revision(&self, revision: &str) -> Result<(), Refusal> {
        if self.revision.to_string() == revision {
            Ok(())
        } else {
            refuse("PreconditionFailedException", "the RevisionId is another one")
        }
    }

    fn is_free(&self) -> Result<(), Refusal> {
        match self.updating_until {
            None => Ok(()),
            Some(_) => refuse("ResourceConflictException", "an update is in progress"),
        }
    }
}

impl State {
    fn function_mut(&mut self, id: &ResourceId) -> Result<&mut Function, Refusal> {
        match self.functions.get_mut(id) {
            Some(function) => Ok(function),
            None => refuse("ResourceNotFoundException", format!("no {id}")),
        }
    }

    pub(super) fn set_memory(&mut self, id: &ResourceId, memory_mb: u32, revision: &str) -> Answer {
        let until = self.now.saturating_add(SignedDuration::from_secs(5)).ok();
        let function = self.function_mut(id)?;
        function.is_free()?;
        function.has_revision(revision)?;
        if !MEMORY.contains(&memory_mb) {
            return refuse("InvalidParameterValueException", format!("no {memory_mb} MB"));
        }
        function.memory_mb = memory_mb;
        function.revision += 1;
        function.updating_until = until;
        taken()
    }

    pub(super) fn set_architecture(&mut self, id: &ResourceId, to: &str, revision: &str) -> Answer {
        let until = self.now.saturating_add(SignedDuration::from_secs(15)).ok();
        let function = self.function_mut(id)?;
        function.is_free()?;
        function.has_revision(revision)?;
        if !matches!(to, "x86_64" | "arm64") {
            return refuse("InvalidParameterValueException", format!("no {to}"));
        }
        to.clone_into(&mut function.architecture);
        function.revision += 1;
        function.updating_until = until;
        taken()
    }

    /// Publishes a version; where nothing changed since the last one, that one is returned.
    pub(super) fn publish(&mut self, id: &ResourceId, sha256: &str, change: &ChangeId) -> Answer {
        let function = self.function_mut(id)?;
        function.is_free()?;
        if function.code_sha256 != sha256 {
            return refuse("InvalidParameterValueException", "the code is another one");
        }
        let is_same = function.versions.last().is_some_and(|last| {
            last.memory_mb == function.memory_mb && last.architecture == function.architecture
        });
        if !is_same {
            function.versions.push(Version {
                change: Some(change.clone()),
                memory_mb: function.memory_mb,
                architecture: function.architecture.clone(),
            });
        }
        made("version", &function.versions.len().to_string())
    }

    pub(super) fn update_alias(
        &mut self,
        id: &ResourceId,
        name: &str,
        to: &Alias,
        revision: &str,
    ) -> Answer {
        let function = self.function_mut(id)?;
        let is_version = |version: &str| {
            let number = version.parse::<usize>().unwrap_or(0);
            (1..=function.versions.len()).contains(&number)
        };
        let canary = to.canary.as_ref().map(|(version, _)| version.as_str());
        if !std::iter::once(to.version.as_str()).chain(canary).all(is_version) {
            return refuse("InvalidParameterValueException", "no such version");
        }
        let Some(alias) = function.aliases.get_mut(name) else {
            return refuse("ResourceNotFoundException", format!("no alias {name}"));
        };
        if alias.revision.to_string() != revision {
            return refuse("PreconditionFailedException", "the RevisionId is another one");
        }
        let next = alias.revision + 1;
        *alias = Alias { revision: next, ..to.clone() };
        taken()
    }

    /// Ends updates. That the `RevisionId` changes once more with it is how it was seen to be;
    /// AWS only says that it changes with every update.
    pub(super) fn finish_updates(&mut self, now: Timestamp) {
        for function in self.functions.values_mut() {
            if function.updating_until.is_some_and(|until| until <= now) {
                function.updating_until = None;
                function.revision += 1;
            }
        }
    }

    pub(super) fn function(&self, change: &Change) -> Option<FunctionObserved> {
        let id = &change.resource.id;
        let function = self.functions.get(id)?;
        let status = if function.updating_until.is_some() { "InProgress" } else { "Successful" };
        let versions = (1..).zip(&function.versions);
        Some(FunctionObserved {
            fingerprint: Fingerprint(BTreeMap::from([
                ("FunctionName".to_owned(), id.to_string()),
                ("CodeSha256".to_owned(), function.code_sha256.clone()),
            ])),
            obstacles: Vec::new(),
            revision: function.revision.to_string(),
            code_sha256: function.code_sha256.clone(),
            last_update_status: status.to_owned(),
            memory_mb: function.memory_mb,
            architecture: function.architecture.clone(),
            is_opted_in: function.is_opted_in,
            versions: versions
                .filter_map(|(number, one): (u32, _)| {
                    Some((number.to_string(), one.change.clone()?))
                })
                .filter(|(_, made_for)| *made_for == change.id)
                .collect(),
            aliases: function
                .aliases
                .iter()
                .map(|(name, alias)| AliasObserved {
                    name: name.clone(),
                    version: alias.version.clone(),
                    canary: alias.canary.clone(),
                    revision: alias.revision.to_string(),
                    is_latest: None,
                })
                .collect(),
        })
    }
}
