//! The one setting that a change is about.

use trimtab_model::action::Action;
use trimtab_model::call::Call;
use trimtab_model::observed::FunctionObserved;

use crate::sequence::Work;

/// Memory or architecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    /// `MemorySize` in MB.
    Memory(u32),
    /// `Architectures`.
    Architecture(String),
}

impl Setting {
    /// Returns what the plan leads to.
    pub(super) fn planned(work: &Work<'_>) -> Option<Self> {
        match &work.change.action {
            Action::UpdateFunctionMemory { to_mb, .. } => Some(Self::Memory(*to_mb)),
            Action::UpdateFunctionArchitecture { to, .. } => Some(Self::Architecture(to.clone())),
            _ => None,
        }
    }

    /// Returns the same setting as a function has it.
    pub(super) fn of(&self, function: &FunctionObserved) -> Self {
        match self {
            Self::Memory(_) => Self::Memory(function.memory_mb),
            Self::Architecture(_) => Self::Architecture(function.architecture.clone()),
        }
    }

    /// Returns whether a function has it.
    pub(super) fn is_of(&self, function: &FunctionObserved) -> bool {
        self.of(function) == *self
    }

    /// Returns the call that sets it, if the function is still as it was seen.
    pub(super) fn call(&self, work: &Work<'_>, now: &FunctionObserved) -> Call {
        let (function, revision) = (work.change.resource.id.clone(), now.revision.clone());
        match self {
            Self::Memory(memory_mb) => {
                Call::UpdateFunctionMemory { function, memory_mb: *memory_mb, revision }
            }
            Self::Architecture(architecture) => Call::UpdateFunctionArchitecture {
                function,
                architecture: architecture.clone(),
                revision,
            },
        }
    }

    /// Returns the setting in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Memory(memory_mb) => format!("{memory_mb} MB"),
            Self::Architecture(architecture) => architecture.clone(),
        }
    }
}
