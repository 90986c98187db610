pub mod basics;
pub mod ledger;
pub mod scoring;
pub mod pricing;
pub mod underwriting;
pub mod report;
pub mod app;
pub mod cli;
