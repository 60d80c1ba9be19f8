//! The dashboard and its API: the only crate that names the server and writes pages.
//!
//! The server keeps nothing of its own. Everything on a page is read from the store through
//! `trimtab_app::pipeline`; what is held in memory is a copy that is made anew when the store has
//! changed. A page and its API are made from the same view, so that they cannot disagree.

mod answers;
mod api;
mod asset;
mod auth;
mod blocking;
mod command;
mod cookie;
mod decision;
mod etag;
mod file;
mod guard;
mod html;
mod kept;
mod options;
mod pages;
mod problem;
mod query;
mod reader;
mod register;
mod repeats;
mod saved;
mod scope;
mod server;
mod shared;
mod ui;
mod view;
mod warm;
mod words;

pub use api::openapi;
pub use command::command_for;
pub use options::{Authentication, ServeOptions};
pub use server::{Serving, listen, serve};
