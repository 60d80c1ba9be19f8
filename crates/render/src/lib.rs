//! Documents and figures for people.
