//! What the parts of a project are called in AWS.

use super::project::{Scaffold, Template};

impl Scaffold {
    /// Returns the name of the queue that keeps what failed for good.
    pub(super) fn dead_letter_queue(&self) -> String {
        format!("{}-dead-letter", self.name)
    }

    /// Returns the name of the log group that Lambda writes to.
    pub(super) fn log_group(&self) -> String {
        format!("/aws/lambda/{}", self.name)
    }

    /// Returns the name of the log group of the API's accesses.
    pub(super) fn access_log_group(&self) -> String {
        format!("/aws/http-api/{}", self.name)
    }

    /// Returns the name of the topic that alarms go to.
    pub(super) fn alarm_topic(&self) -> String {
        format!("{}-alarms", self.name)
    }

    /// Returns the name of the topic that notices go to.
    pub(super) fn notice_topic(&self) -> String {
        format!("{}-notices", self.name)
    }

    /// Returns the names of the SSM parameters that the function reads.
    pub(super) fn parameters(&self) -> Vec<&str> {
        let mut names = vec![self.database_parameter.as_str()];
        if let Template::Http { token_parameter } = &self.template {
            names.push(token_parameter);
        }
        names
    }

    /// Returns how long a message that is being handled stays hidden, in seconds: six times the
    /// timeout, which is what AWS asks for.
    pub(super) fn visibility_timeout_seconds(&self) -> u32 {
        self.timeout_seconds.saturating_mul(6)
    }
}
