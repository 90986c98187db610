//! The same examples through the calculators, as an auditor would recompute them.

mod capital;
mod day_counts;
mod disclosure_rates;
mod equations;
mod fees;
mod limits;
mod reserves;
mod turnover;

use crate::calculators::{calc, close, number, refusal, text};
