//! `trimtab serve`.

use trimtab_app::config::Settings;
use trimtab_app::failure::Failure;
use trimtab_web::{Authentication, ServeOptions};

use crate::cli::{AuthWhen, ServeArgs};
use crate::console::Console;
use crate::terminal::{Printed, print_text};

/// Serves until it is interrupted.
pub fn run(console: &Console, args: &ServeArgs) -> Result<Printed, Failure> {
    console.no_rows()?;
    let options = ServeOptions {
        addr: args.addr,
        is_read_only: args.read_only,
        authentication: match args.auth {
            AuthWhen::Token => Authentication::Token,
            AuthWhen::None => Authentication::None,
        },
        hosts: args.host.clone(),
        is_demo: false,
    };
    serve(console, console.settings.clone(), options)
}

/// Prints the address, and serves until it is interrupted.
pub fn serve(
    console: &Console,
    settings: Settings,
    options: ServeOptions,
) -> Result<Printed, Failure> {
    let is_local = options.addr.ip().is_loopback();
    let mut printed = Ok(());
    trimtab_web::serve(settings, options, |address| {
        printed = print_text(address);
        if !is_local {
            console.say(&console.style.locale().text("serve-open"));
        }
        console.say(&console.style.locale().text("serve-until"));
    })?;
    printed.map(|()| Printed::Complete)
}
