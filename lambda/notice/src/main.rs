//! The program that Lambda starts: it waits for events and hands them to the service.

use std::time::Duration;

use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use tracing_subscriber::EnvFilter;
use trimtab_notice::service::Service;
use trimtab_notice::settings::Settings;

// One event at a time is all that Lambda hands to an environment: one thread starts sooner than several.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(
            EnvFilter::try_from_env("NOTICE_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_current_span(false)
        .without_time()
        .init();
    let service = start().inspect_err(|error| tracing::error!(%error, "function cannot start"))?;
    let service = &service;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let deadline = Duration::from_millis(event.context.deadline);
        service.handle(&event.payload, deadline, Timestamp::now).await.map_err(|error| {
            tracing::error!(error = %chain(&error), "event was not handled");
            Error::from(chain(&error))
        })
    }))
    .await
}

fn start() -> Result<Service, Error> {
    // As text: what is wrong with the environment is told in the words of its error.
    let settings =
        Settings::read(|name| std::env::var(name).ok()).map_err(|error| error.to_string())?;
    Ok(Service::new(settings)?)
}

/// Returns an error with its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
