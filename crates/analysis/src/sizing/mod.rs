//! The size of an EC2 instance: from what it used to what would do.
//!
//! Each step is replaceable on its own: `demand` says what was used, `headroom` what
//! a size must offer, `fit` which types offer it, `risk` how close to the edge that
//! is, `choice` puts them together, and `evidence` explains the result. `arm` knows the Arm type in the place of
//! an x86 one.

pub mod agent;
pub mod arm;
pub mod burstable;
pub mod choice;
pub mod credits;
pub mod demand;
pub mod evidence;
pub mod exemption;
pub mod expected;
pub mod fit;
pub mod forecast;
pub mod headroom;
pub mod licensed;
pub mod performance;
pub mod risk;
pub mod series;
