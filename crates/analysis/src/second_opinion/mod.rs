//! What AWS itself recommends, held against what we recommend.

mod compare;
mod coverage;
mod differences;
mod only_aws;
mod stance;

pub use compare::compare;
