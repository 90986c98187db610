//! The folders of this process, which a signal takes away with it.

use std::collections::BTreeSet;

#[cfg(unix)]
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::removal::remove;

static LIVE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The folders that are there. Whoever makes, publishes or removes something holds this meanwhile,
/// so that none of it is half done when a signal ends the process.
pub(super) fn folders() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every folder of this process, which is about to end, and lets nobody make another.
pub fn clean() {
    let folders = folders();
    for folder in folders.iter() {
        // What cannot be removed now is removed at the next start.
        let _ = remove(folder);
    }
    // The process ends: until then every thread that wants a folder waits.
    std::mem::forget(folders);
}

/// Has an interrupt, a termination or, unless the process was told to ignore it, a hang-up remove
/// this process's folders before it ends the process, as it would have without this.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn clean_on_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    let mut handled = vec![SIGINT, SIGTERM];
    if hang_up_ends() {
        handled.push(SIGHUP);
    }
    let mut signals = Signals::new(&handled)?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            clean();
            // Whoever waits for the process sees the signal; a shell calls it 128 + its number.
            let _ = emulate_default_handler(signal);
            std::process::exit(128 + signal);
        }
    })?;
    Ok(())
}

/// Elsewhere the next start removes what an interrupt leaves.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn clean_on_signals() -> io::Result<()> {
    Ok(())
}

/// Whether a hang-up would end this process: not under `nohup`. Only Linux says so without unsafe
/// code; elsewhere a hang-up keeps its own effect.
#[cfg(unix)]
fn hang_up_ends() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let hang_up = 1_u64 << (signal_hook::consts::SIGHUP - 1);
    ignored.is_some_and(|mask| mask & hang_up == 0)
}
