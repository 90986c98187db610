//! Temporary data: client data that is on disk only while a process works with it.
//!
//! What needs no name lies in an unnamed file ([`spool`]), which the system removes however the
//! process ends. Everything else lies in a [`Folder`] that only its user can enter. It is gone when
//! its value is dropped, when a signal ends the process ([`clean_on_signals`]), and, where the
//! process was killed, when the next one comes by ([`sweep()`]): a living process holds a lock on
//! each of its folders, so that a folder whose lock nobody holds was left behind.

mod folder;
mod live;
mod place;
mod removal;
mod sweep;

pub use folder::Folder;
pub use live::{clean, clean_on_signals};
pub use place::{place, put_in, spool};
pub use sweep::sweep;
