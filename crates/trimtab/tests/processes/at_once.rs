//! Many histories at the same time.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many histories go on at the same time: most of their time is waiting.
const AT_ONCE: usize = 12;

/// Plays one history per point, several at once; returns how often which end was come to.
pub fn all<P: Sync>(
    points: &[P],
    play: impl Fn(&P) -> Result<String, String> + Sync,
) -> BTreeMap<String, usize> {
    let next = AtomicUsize::new(0);
    let (ends, wrong) = (Mutex::new(BTreeMap::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match play(point) {
                        Ok(end) => {
                            *ends.lock().expect("no thread ends in it").entry(end).or_default() += 1
                        }
                        Err(told) => wrong.lock().expect("no thread ends in it").push(told),
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("all threads ended");
    assert!(wrong.is_empty(), "{} ended badly:\n\n{}", wrong.len(), wrong.join("\n\n"));
    ends.into_inner().expect("all threads ended")
}

/// Says how often which end was come to.
pub fn listed(ends: &BTreeMap<String, usize>) -> String {
    let ends: Vec<String> = ends.iter().map(|(end, count)| format!("{count} {end}")).collect();
    ends.join(", ")
}
