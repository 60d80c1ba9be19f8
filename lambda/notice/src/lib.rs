//! Notices of a game service: a file in S3 becomes rows in MySQL and notifications, each once.
//!
//! [`service`] is the way of an event through the rest: [`event`] says what happened to which file, [`document`] reads
//! the file, [`store`] writes it in one transaction with its messages, and [`delivery`] takes those from the
//! [`outbox`] and hands them to a [`channel`].

pub mod audience;
pub mod aws;
pub mod channel;
pub mod connection;
pub mod credentials;
pub mod delivery;
pub mod document;
pub mod event;
pub mod key;
pub mod moment;
pub mod notice;
pub mod outbox;
pub mod problem;
pub mod schedule;
pub mod sequencer;
pub mod service;
pub mod settings;
pub mod store;
pub mod web;
