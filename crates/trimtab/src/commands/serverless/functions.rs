//! `trimtab serverless functions`.

use trimtab_app::failure::Failure;
use trimtab_model::environment::Environment;
use trimtab_model::function_use::FunctionUse;
use trimtab_render::contract::functions_json;
use trimtab_render::document::{function_notes, function_table};

use crate::cli::FunctionsArgs;
use crate::console::{Console, no_such_column};
use crate::terminal::{print_json, print_text};

/// Lists the functions of the latest analysis that the flags pick.
///
/// # Errors
/// Fails on a column that the list does not have.
pub(super) fn functions(
    console: &Console,
    all: &[FunctionUse],
    args: &FunctionsArgs,
) -> Result<(), Failure> {
    let picked: Vec<&FunctionUse> = all.iter().filter(|one| is_picked(one, args)).collect();
    let table = function_table(picked.iter().copied(), &console.list_style());
    let places = match &console.options.sort {
        Some(sort) => table.sorted(sort).map_err(|cause| no_such_column(&cause))?,
        None => (0..picked.len()).collect(),
    };
    let most = console.options.limit.unwrap_or(usize::MAX);
    let shown = places.iter().filter_map(|place| picked.get(*place)).take(most).copied();
    if console.is_json() {
        return print_json(&functions_json(shown));
    }
    if table.is_empty() && console.is_table() {
        return print_text(&console.style.locale().text("functions-none"));
    }
    console.print_table("serverless.functions", &table)?;
    match console.is_table() {
        true => print_text(&function_notes(shown, &console.style)),
        false => Ok(()),
    }
}

fn is_picked(function: &FunctionUse, args: &FunctionsArgs) -> bool {
    args.env.is_none_or(|env| function.resource.environment == Environment::from(env))
        && args.tags.iter().all(|(key, value)| function.tags.get(key) == Some(value))
}
