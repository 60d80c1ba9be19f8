//! Parameter groups that DB instances use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What `describe-db-parameters` says of one group, as far as a size depends on it. The
/// resource's id is `DBParameterGroupName`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbParameterGroup {
    /// The parameters by name; absent where they could not be read.
    pub parameters: Option<BTreeMap<String, DbParameter>>,
}

/// One entry of `Parameters`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbParameter {
    /// `ParameterValue`: a number, a word or a formula such as `{DBInstanceClassMemory/12582880}`.
    pub value: Option<String>,
    /// `Source`: `user`, `system` or `engine-default`.
    pub source: Option<String>,
}
