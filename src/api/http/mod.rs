//! HTTP: reading requests, building answers, and describing both in the OpenAPI document.

pub(super) mod accept;
pub(super) mod body;
pub(super) mod caller;
pub(super) mod extract;
pub(super) mod fault;
pub(super) mod file;
pub(super) mod limits;
pub(super) mod linger;
mod members;
pub(super) mod metrics;
pub(super) mod once;
pub(super) mod openapi;
pub(super) mod operation;
pub(super) mod page;
pub(super) mod patient;
pub(super) mod problem;
pub(super) mod shares;
pub(super) mod texts;
pub(super) mod version;
