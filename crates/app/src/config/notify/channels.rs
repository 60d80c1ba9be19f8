//! The channels, with all that they need to send.

use trimtab_model::text::Text;
use trimtab_notify::{
    Channel, FilesChannel, MailChannel, SlackChannel, SmtpServer, Way, WebAddress, WebhookChannel,
};

use super::secrets::unreadable;
use super::{ChannelTable, FilesTable, MailTable, NotifySettings, SlackTable, WebhookTable};
use crate::failure::Failure;

impl NotifySettings {
    /// Returns the channel of a name with all that it needs to send.
    ///
    /// # Errors
    /// Fails if there is none, and if a secret that it names is not there.
    pub fn channel(&self, name: &str) -> Result<Channel, Failure> {
        let table = self.table(name).ok_or_else(|| self.unknown(name))?;
        let way = match table {
            ChannelTable::Mail(mail) => Way::Mail(self.mail(name, mail)?),
            ChannelTable::Slack(slack) => Way::Slack(self.slack(name, slack)?),
            ChannelTable::Webhook(webhook) => Way::Webhook(self.webhook(name, webhook)?),
            ChannelTable::Files(files) => Way::Files(of_files(files)),
        };
        Ok(Channel { name: name.to_owned(), way })
    }

    /// Returns what to say about a channel that does not exist.
    pub fn unknown(&self, name: &str) -> Failure {
        let known: Vec<&str> = self.channels().map(|(name, _)| name).collect();
        let hint = if known.is_empty() {
            Text::new(
                "trimtab.toml has none: docs/guide/notify.md shows how to write one",
                "trimtab.toml에 채널이 없습니다. 쓰는 방법은 docs/guide/notify.md에 있습니다",
            )
        } else {
            let known = known.join(", ");
            Text::new(format!("there are {known}"), format!("있는 채널: {known}"))
        };
        let name = trimtab_render::sanitise(name);
        Failure::usage(
            (format!("there is no channel `{name}`"), format!("그런 채널이 없습니다: `{name}`")),
            hint,
        )
    }

    fn mail(&self, name: &str, table: &MailTable) -> Result<MailChannel, Failure> {
        let (file, variable) = (table.password_file.as_deref(), table.password_env.as_ref());
        let password = self.secrets.read(name, file, variable)?;
        let authorities = table
            .ca_file
            .as_deref()
            .map(|path| std::fs::read(path).map_err(|cause| unreadable(path, &cause)));
        Ok(MailChannel {
            server: SmtpServer {
                host: table.host.clone(),
                port: table.port(),
                security: table.security.security(),
                credentials: table.username.clone().zip(password),
                authorities: authorities.transpose()?,
            },
            from: table.from.0.clone(),
            to: table.to.iter().map(|one| one.0.clone()).collect(),
        })
    }

    fn slack(&self, name: &str, table: &SlackTable) -> Result<SlackChannel, Failure> {
        let url = self.secrets.read(name, table.url_file.as_deref(), table.url_env.as_ref())?;
        Ok(SlackChannel { address: address(name, url)? })
    }

    fn webhook(&self, name: &str, table: &WebhookTable) -> Result<WebhookChannel, Failure> {
        let secret =
            self.secrets.read(name, table.secret_file.as_deref(), table.secret_env.as_ref())?;
        let address = match &table.url {
            Some(url) => url.0.clone(),
            None => {
                let (file, variable) = (table.url_file.as_deref(), table.url_env.as_ref());
                address(name, self.secrets.read(name, file, variable)?)?
            }
        };
        Ok(WebhookChannel { address, secret })
    }
}

fn of_files(table: &FilesTable) -> FilesChannel {
    FilesChannel {
        directory: table.directory.clone(),
        formats: table.formats.iter().map(|one| one.0).collect(),
    }
}

/// Reads an address that is a secret: what is wrong with it is said without it.
fn address(name: &str, url: Option<String>) -> Result<WebAddress, Failure> {
    WebAddress::parse(&url.unwrap_or_default()).map_err(|_| {
        Failure::usage(
            (
                format!("what the channel `{name}` has for its address is not one"),
                format!("채널 `{name}`의 주소가 올바르지 않습니다"),
            ),
            (
                "it begins with https://, or with http:// where it is on this machine; it is not shown here because it is a secret",
                "https://로 시작해야 하며, 이 컴퓨터의 주소이면 http://로 시작할 수 있습니다. 비밀이므로 여기에 보여 주지 않습니다",
            ),
        )
    })
}
