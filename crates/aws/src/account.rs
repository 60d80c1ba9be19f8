//! Which accounts there are.

use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

/// The action that lists an organisation's accounts.
pub const LIST_ACCOUNTS: &str = "organizations:ListAccounts";

/// The action that tells the organisation that an account is in.
pub const DESCRIBE_ORGANIZATION: &str = "organizations:DescribeOrganization";

/// An account of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// Its twelve digits.
    pub id: String,
    /// Its name in the organisation.
    pub name: Option<String>,
}

/// Returns the active accounts of the organisation, in order of their number.
///
/// # Errors
/// Fails outside the management account and its delegates, and without permission.
pub async fn accounts(session: &Session) -> Result<Vec<Account>, AwsError> {
    use aws_sdk_organizations::types::AccountStatus;
    let stream = session.organizations().list_accounts().into_paginator().send();
    let mut accounts = Vec::new();
    pages(LIST_ACCOUNTS, stream, |page| {
        let active = page
            .accounts
            .unwrap_or_default()
            .into_iter()
            // A suspended account cannot be entered.
            .filter(|account| account.status.as_ref() != Some(&AccountStatus::Suspended))
            .filter_map(|account| Some(Account { id: account.id?, name: account.name }));
        accounts.extend(active);
    })
    .await?;
    accounts.sort();
    accounts.dedup();
    Ok(accounts)
}

/// Returns the management account of the organisation that the session's account is in; nothing
/// where it is in none.
///
/// # Errors
/// Fails without permission, and if AWS does not answer.
pub async fn management_account(session: &Session) -> Result<Option<String>, AwsError> {
    let answer = session.organizations().describe_organization().send().await;
    match answer.map_err(|error| AwsError::of(DESCRIBE_ORGANIZATION, &error)) {
        Ok(answer) => Ok(answer.organization.and_then(|one| one.master_account_id)),
        Err(AwsError::Failed { code, .. }) if code == "AWSOrganizationsNotInUseException" => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
