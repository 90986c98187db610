//! The folders of this process, which are removed when a signal ends it.

use std::collections::BTreeSet;

#[cfg(unix)]
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::removal::remove;

static LIVE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Locks the list of existing folders.
///
/// Whoever creates, publishes or removes something holds the lock meanwhile, so that nothing is
/// half done when a signal ends the process.
pub(super) fn folders() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every folder of this process, which is about to end, and keeps threads from creating
/// more.
pub fn clean() {
    let folders = folders();
    for folder in folders.iter() {
        // If it cannot be removed now, the next start sweeps it.
        let _ = remove(folder);
    }
    // The lock stays taken: until the process ends, every thread that wants a folder waits.
    std::mem::forget(folders);
}

/// Arranges that an interrupt, a termination or a hang-up removes this process's folders before it
/// ends the process as usual.
///
/// A hang-up that the process was told to ignore, as under `nohup`, stays ignored.
///
/// # Errors
/// If the signal handlers or their thread cannot be set up.
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
            // The parent process sees the signal itself; a shell reports it as 128 + its number.
            let _ = emulate_default_handler(signal);
            std::process::exit(128 + signal);
        }
    })?;
    Ok(())
}

/// Does nothing: on this system the next start removes what an interrupt leaves.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn clean_on_signals() -> io::Result<()> {
    Ok(())
}

/// Returns true if a hang-up would end this process, which it would not under `nohup`.
///
/// Only Linux tells without unsafe code, in `/proc`; elsewhere the answer is no, and a hang-up
/// keeps its default effect.
#[cfg(unix)]
fn hang_up_ends() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let hang_up = 1_u64 << (signal_hook::consts::SIGHUP - 1);
    ignored.is_some_and(|mask| mask & hang_up == 0)
}
