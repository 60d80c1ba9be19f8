//! Which channels there are.

/// Is a way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Push messages to phones, in the form of FCM's HTTP interface.
    Push,
    /// A room of Slack.
    Slack,
    /// Mail by SES.
    Email,
    /// A topic of SNS.
    Sns,
    /// The queue that is told of refused files; no notice can name it.
    DeadLetter,
}

impl Channel {
    /// Returns the channel that a notice names.
    pub fn of_notice(name: &str) -> Option<Self> {
        Self::named(name).filter(|channel| *channel != Self::DeadLetter)
    }

    /// Returns the channel of a row.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Push, Self::Slack, Self::Email, Self::Sns, Self::DeadLetter]
            .into_iter()
            .find(|one| one.name() == name)
    }

    /// Returns its name in files and rows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Slack => "slack",
            Self::Email => "email",
            Self::Sns => "sns",
            Self::DeadLetter => "dead-letter",
        }
    }
}
