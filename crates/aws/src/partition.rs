//! AWS's partitions: separate clouds with their own accounts, regions and names.

use std::fmt;

/// A partition of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// The commercial regions.
    Aws,
    /// The regions in China.
    AwsCn,
    /// AWS GovCloud (US).
    AwsUsGov,
}

impl Partition {
    /// Returns the partition that a region belongs to.
    pub fn of_region(region: &str) -> Self {
        if region.starts_with("cn-") {
            Self::AwsCn
        } else if region.starts_with("us-gov-") {
            Self::AwsUsGov
        } else {
            Self::Aws
        }
    }

    /// Returns the partition that an ARN names.
    pub fn of_arn(arn: &str) -> Option<Self> {
        match arn.split(':').nth(1)? {
            "aws" => Some(Self::Aws),
            "aws-cn" => Some(Self::AwsCn),
            "aws-us-gov" => Some(Self::AwsUsGov),
            _ => None,
        }
    }

    /// Returns its name in ARNs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
        }
    }

    /// Returns the region where what has no region of its own is asked for.
    pub fn home_region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-1",
            Self::AwsCn => "cn-north-1",
            Self::AwsUsGov => "us-gov-west-1",
        }
    }

    /// Returns the region where bills are asked for.
    pub fn billing_region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-1",
            Self::AwsCn => "cn-northwest-1",
            Self::AwsUsGov => "us-gov-west-1",
        }
    }

    /// Returns where S3 answers in a region, if that is not where the name of AWS leads.
    pub fn s3_endpoint(self, region: &str) -> Option<String> {
        match self {
            Self::Aws | Self::AwsUsGov => None,
            Self::AwsCn => Some(format!("https://s3.{region}.amazonaws.com.cn")),
        }
    }

    /// Returns the ARN of a role.
    pub fn role_arn(self, account: &str, role: &str) -> String {
        format!("arn:{}:iam::{account}:role/{role}", self.as_str())
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d29_a_role_is_named_in_its_own_partition() {
        let arn = Partition::of_region("cn-northwest-1").role_arn("111122223333", "trimtab-read");
        assert_eq!(arn, "arn:aws-cn:iam::111122223333:role/trimtab-read");
        assert_eq!(Partition::of_arn(&arn), Some(Partition::AwsCn));
        assert_eq!(Partition::of_region("us-gov-east-1"), Partition::AwsUsGov);
        assert_eq!(Partition::of_region("ap-northeast-2"), Partition::Aws);
    }
}
