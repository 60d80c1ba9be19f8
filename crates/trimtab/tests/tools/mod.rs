//! What `./setup` has prepared for the tests.

use std::path::PathBuf;

/// Returns the interpreter of a Python environment.
pub fn python(environment: &str) -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = || variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    variable("TRIMTAB_TOOLS_DIR")
        .or_else(|| Some(cache()?.join("trimtab/tools")))
        .unwrap_or_default()
        .join(environment)
        .join("bin/python")
}
