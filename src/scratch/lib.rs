//! Temporary data: client data that is on disk only while a process works with it.
//!
//! Data that needs no name is kept in an unnamed file ([`spool`]), which the system removes however
//! the process ends. Everything else is kept in a [`Folder`] that only its user can enter. A folder
//! is removed when its value is dropped, when a signal ends the process ([`clean_on_signals`]) and,
//! after the process was killed, when another one starts ([`sweep()`]): a running process holds a
//! lock on each of its folders, so a folder whose lock is free was left behind.
//!
//! A [`Lock`] holds other processes off something that is not a folder of its own.

mod folder;
mod live;
mod lock;
mod place;
mod removal;
mod sweep;

pub use folder::{Folder, create_private};
pub use live::{clean, clean_on_signals};
pub use lock::Lock;
pub use place::{place, put_in, spool};
pub use sweep::sweep;
