//! With which credentials something is changed.

use clap::Args;

use trimtab_app::pipeline::runs::{Actor, LongLivedKeys};

/// With which credentials something is changed.
#[derive(Debug, Args)]
pub struct ActorArgs {
    /// Profile of the AWS configuration to start from
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Use the access keys of an IAM user, which never end; the audit log says so
    #[arg(long)]
    pub allow_long_lived_keys: bool,
}

impl ActorArgs {
    /// Returns who makes the changes.
    pub fn actor(&self) -> Actor {
        let long_lived_keys = if self.allow_long_lived_keys {
            LongLivedKeys::Allowed
        } else {
            LongLivedKeys::Refused
        };
        Actor { profile: self.profile.clone(), long_lived_keys }
    }
}
