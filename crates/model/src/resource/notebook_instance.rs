//! SageMaker notebook instances.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `list-notebook-instances` says of one. The resource's id is `NotebookInstanceName`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotebookInstance {
    /// `NotebookInstanceArn`.
    pub notebook_instance_arn: Option<String>,
    /// `NotebookInstanceStatus`, such as `InService`.
    pub notebook_instance_status: String,
    /// `InstanceType`, such as `ml.t3.medium`.
    pub instance_type: Option<String>,
    /// `CreationTime`.
    pub creation_time: Option<Timestamp>,
    /// `LastModifiedTime`: of the last start, stop or change, never of its use.
    pub last_modified_time: Option<Timestamp>,
    /// `NotebookInstanceLifecycleConfigName`: a script that may stop it when idle.
    pub lifecycle_config_name: Option<String>,
}
