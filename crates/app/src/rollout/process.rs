//! Which process this is, and whether another one has ended: a crash leaves a lease behind, and
//! nobody should have to wait for it.

use std::path::Path;

/// Returns what tells this process from every other one on this machine, before and after a
/// restart of it; empty where the system does not say.
pub(crate) fn ours() -> String {
    let number = std::process::id();
    match (boot(), started(number)) {
        (Some(boot), Some(started)) => format!("{boot}/{number}/{started}"),
        _ => String::new(),
    }
}

/// Returns whether a process of this machine has ended for certain. What cannot be told is
/// taken for alive: its lease ends by itself.
pub(crate) fn has_ended(process: &str) -> bool {
    let mut parts = process.split('/');
    let (Some(boot_then), Some(number), Some(started_then)) =
        (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Some(boot), Ok(number)) = (boot(), number.parse()) else { return false };
    // Without /proc nothing of any process can be read, not even of our own.
    started(std::process::id()).is_some()
        && (boot != boot_then || started(number).as_deref() != Some(started_then))
}

fn boot() -> Option<String> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(text.trim().to_owned())
}

/// Returns when a process started, in ticks since the boot: field 22 of `/proc/N/stat`, counted
/// behind the name, which may hold anything. One that waits for its parent has ended.
fn started(number: u32) -> Option<String> {
    let path = Path::new("/proc").join(number.to_string()).join("stat");
    let text = std::fs::read_to_string(path).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let is_ended = matches!(fields.next()?, "Z" | "X");
    (!is_ended).then(|| fields.nth(18).map(str::to_owned)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn we_are_alive_and_a_child_that_ended_is_not() {
        let own = ours();
        if own.is_empty() {
            return;
        }
        assert!(!has_ended(&own), "{own}");
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let (boot, started) = (boot().unwrap(), started(child.id()).unwrap());
        let process = format!("{boot}/{}/{started}", child.id());
        assert!(!has_ended(&process));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(has_ended(&process));
    }

    #[test]
    fn after_a_restart_of_the_machine_nothing_of_before_runs() {
        let own = ours();
        if !own.is_empty() {
            let before = own.replacen(|sign: char| sign.is_ascii_hexdigit(), "x", 1);
            assert!(has_ended(&before));
        }
        assert!(!has_ended("") && !has_ended("nonsense"));
    }
}
