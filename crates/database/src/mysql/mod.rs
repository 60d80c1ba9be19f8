//! What MySQL and MariaDB are asked: `session` connects, `reading` puts the answers together,
//! `statements`, `tables`, `server` and `rights` are the questions, `explain` asks the planner.

mod explain;
mod reading;
mod rights;
mod server;
mod session;
mod statements;
mod tables;

pub(crate) use session::MysqlSession;
