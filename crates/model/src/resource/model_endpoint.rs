//! SageMaker endpoints.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-endpoint` says of one endpoint. The resource's id is `EndpointName`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelEndpoint {
    /// `EndpointArn`.
    pub endpoint_arn: Option<String>,
    /// `EndpointStatus`, such as `InService`.
    pub endpoint_status: String,
    /// `EndpointConfigName`.
    pub endpoint_config_name: Option<String>,
    /// `CreationTime`.
    pub creation_time: Option<Timestamp>,
    /// `LastModifiedTime`.
    pub last_modified_time: Option<Timestamp>,
    /// How requests come.
    pub inference: Inference,
    /// `ProductionVariants` and `ShadowProductionVariants`.
    pub variants: Vec<EndpointVariant>,
}

/// How an endpoint is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inference {
    /// A caller waits for the answer.
    RealTime,
    /// Requests wait in a queue: `AsyncInferenceConfig` is there.
    Asynchronous,
}

/// One variant of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointVariant {
    /// `VariantName`.
    pub variant_name: String,
    /// `InstanceType` of the endpoint's configuration; absent for a serverless variant.
    pub instance_type: Option<String>,
    /// `ModelName`; absent where inference components bring the models.
    pub model_name: Option<String>,
    /// `CurrentInstanceCount`.
    pub current_instance_count: Option<u32>,
    /// `CurrentServerlessConfig`; absent for instances.
    pub serverless: Option<ServerlessVariant>,
}

/// `CurrentServerlessConfig` of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerlessVariant {
    /// `MemorySizeInMB`.
    pub memory_size_mb: Option<u32>,
    /// `ProvisionedConcurrency`; absent where nothing is kept ready.
    pub provisioned_concurrency: Option<u32>,
}
