//! How reports and messages leave: mail over SMTP, Slack, webhooks and files.
