//! Temporary data: client data that is on disk only while a process works with it.
//!
//! Data that needs no name is kept in an unnamed file ([`spool`]), which the system removes however
//! the process ends. Everything else is kept in a [`Folder`] that only its user can enter. A folder
//! is removed when its value is dropped, when a signal ends the process ([`clean_on_signals`]) and,
//! after the process was killed, when another one starts ([`sweep()`]): a running process holds a
//! lock on each of its folders, so a folder whose lock is free was left behind.

mod folder;
mod live;
mod place;
mod removal;
mod sweep;

pub use folder::Folder;
pub use live::{clean, clean_on_signals};
pub use place::{place, put_in, spool};
pub use sweep::sweep;
