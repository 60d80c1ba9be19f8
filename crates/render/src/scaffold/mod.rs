//! Small serverless projects, complete and ready to deploy, as text.
//!
//! [`files`] turns a [`Scaffold`] into the files of a project: a handler with tests, the
//! infrastructure with its trigger and the least that its role needs, guides in English and Korean,
//! and the plan by which it takes over from what runs today. Nothing is written here: the caller has
//! the directory. Values are checked first, and quoted where they are printed, so that no name and no
//! tag says anything but itself.

mod alarm;
mod clock;
mod cloudformation;
mod error;
mod file;
mod fill;
mod function;
mod grant;
mod guide;
mod hcl;
mod migration;
mod names;
mod node;
mod project;
mod quote;
mod replaced;
mod resource;
mod sam;
mod script;
mod serverless;
mod source;
mod terraform;
mod validate;

pub use error::ScaffoldError;
pub use file::{ScaffoldFile, files};
pub use project::{Architecture, Iac, MOST_MESSAGES, Replaced, Runtime, Scaffold, Template, Vpc};
