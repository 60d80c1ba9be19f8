//! The calls to AWS that are made here: five of them, signed by AWS's own code.

mod client;
mod s3;
mod ses;
mod sns;
mod sqs;
mod ssm;

pub use client::{Aws, AwsError};
pub use s3::{ObjectAnswer, object};
pub use ses::{Mail, send_mail};
pub use sns::{Once, Publication, publish};
pub use sqs::send_message;
pub use ssm::parameter;
