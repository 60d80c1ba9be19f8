//! The services of the bill, in AWS's words.

/// The words of a service on the bill.
#[derive(Clone, Copy)]
pub(super) struct Service {
    /// `ServiceName`.
    pub(super) name: &'static str,
    /// `ServiceCategory`.
    pub(super) category: &'static str,
    /// `x_ServiceCode`.
    pub(super) code: &'static str,
}

pub(super) const EC2: Service =
    Service { name: "Amazon Elastic Compute Cloud", category: "Compute", code: "AmazonEC2" };
pub(super) const VPC: Service =
    Service { name: "Amazon Virtual Private Cloud", category: "Networking", code: "AmazonVPC" };
pub(super) const ELB: Service =
    Service { name: "Elastic Load Balancing", category: "Networking", code: "AWSELB" };
pub(super) const RDS: Service = Service {
    name: "Amazon Relational Database Service",
    category: "Databases",
    code: "AmazonRDS",
};
pub(super) const S3: Service =
    Service { name: "Amazon Simple Storage Service", category: "Storage", code: "AmazonS3" };
pub(super) const LAMBDA: Service =
    Service { name: "AWS Lambda", category: "Compute", code: "AWSLambda" };
pub(super) const CLOUDWATCH: Service = Service {
    name: "AmazonCloudWatch",
    category: "Management and Governance",
    code: "AmazonCloudWatch",
};

/// Returns the end of the usage type of a volume.
pub(super) fn volume_suffix(volume_type: &str) -> &'static str {
    match volume_type {
        "gp2" => ".gp2",
        "gp3" => ".gp3",
        "io1" => ".piops",
        _ => "",
    }
}

/// Returns a stock-keeping unit that follows from the meter: sixteen letters and digits.
pub(super) fn sku(usage_type: &str, operation: &str) -> String {
    let hash = usage_type
        .bytes()
        .chain(operation.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016X}")
}
