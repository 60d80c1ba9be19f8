//! Bills as AWS delivers them to a bucket: what lies there, what a manifest names, and how
//! it is fetched.

mod bucket;
mod credentials;
mod deliveries;
mod layout;
mod manifest;

pub use bucket::{Bucket, BucketAddress, Object};
pub use credentials::{CredentialSource, Credentials};
pub use deliveries::{Deliveries, Delivery, deliveries};
pub use manifest::{Manifest, parse};
