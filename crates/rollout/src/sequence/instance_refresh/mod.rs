//! Replaces the instances of an Auto Scaling group by ones of another type.
//!
//! A version of the launch template is made, and the group gets it by a refresh of its instances
//! alone: AWS sets it only once the refresh is over, and so knows what to go back to while it is
//! under way. Once it is over, the way back is a refresh to the version of before. There is never
//! a second refresh beside one that is under way, whoever began it.

mod back;
mod forward;
mod sight;
mod steps;

pub(super) use steps::SEQUENCE;
