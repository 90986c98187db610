pub mod app;
pub mod basics;
pub mod cli;
pub mod ledger;
pub mod pricing;
pub mod report;
pub mod scoring;
pub mod underwriting;
