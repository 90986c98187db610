//! Random sequences of requests by several persons to two servers on one database, against a small
//! reference. `MODEL_SEQUENCES=2000 cargo test --workspace --test main service::model` is the long
//! form.

mod check;
mod desk;
mod operation;
mod reference;
mod run;
mod situation;
