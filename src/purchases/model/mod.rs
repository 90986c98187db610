//! Random sequences of steps on the books of two clients, against a small reference.
//! `MODEL_SEQUENCES=20000 cargo test -p factorage-purchases --release model` is the long form.

mod desk;
mod operation;
mod reference;
mod refusal;
mod request;
mod run;
mod situation;

pub(super) use desk::Desk;
