use std::path::PathBuf;

use clap::{Args, ValueEnum};

use basics::Currency;
use basics::handwritten::nearest;
use ledger::{DateOrder, DebtorFile, Decimal, Guidance, layout_names};

use super::CliError;
use super::streams::input;
use super::wrong::{did_you_mean, wrong};

/// Options for what the files leave open.
#[derive(Debug, Default, Args)]
pub(super) struct GuidanceArgs {
    /// Currency of rows without one, such as USD [default: the policy's]
    #[arg(long, value_name = "XXX")]
    currency: Option<Currency>,
    /// Client of rows without one
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Layout of the files, such as qbo_ar_aging_detail [default: auto, the one that fits]
    #[arg(long, value_name = "NAME")]
    layout: Option<String>,
    /// Mapping of the files: TOML that names the column of each field
    #[arg(long, value_name = "FILE", conflicts_with = "layout", value_parser = input())]
    mapping: Option<PathBuf>,
    /// Order of day, month and year in ambiguous dates
    #[arg(long, value_enum)]
    date_order: Option<Order>,
    /// Decimal separator in ambiguous amounts
    #[arg(long, value_enum)]
    decimal: Option<Mark>,
    /// CSV of facts about the debtors: debtor, same_as, group, country, government, affiliate,
    /// insolvent, consumer, progress_billing, non_assignable, limit, payable
    #[arg(long, value_name = "FILE", value_parser = input())]
    debtors: Option<PathBuf>,
    /// The same for the debtors of all clients; those not in this ledger are ignored
    #[arg(long, value_name = "FILE", conflicts_with = "debtors", value_parser = input())]
    debtor_register: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Order {
    /// 18/05/2026
    Dmy,
    /// 05/18/2026
    Mdy,
    /// 26/05/18
    Ymd,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mark {
    /// 1,234.56
    Point,
    /// 1.234,56
    Comma,
}

impl GuidanceArgs {
    /// The guidance for a ledger uploaded to the service.
    pub fn of_job(client: Option<String>, debtor_register: Option<PathBuf>) -> Self {
        Self { client, debtor_register, ..Self::default() }
    }

    /// Checks the layout.
    ///
    /// # Errors
    /// If there is no such layout.
    pub fn check(&self) -> Result<(), CliError> {
        let Some(name) = self.layout.as_deref().filter(|name| *name != "auto") else {
            return Ok(());
        };
        let names = layout_names();
        if names.contains(&name) {
            return Ok(());
        }
        let guess = nearest(name, names.iter().copied()).map(|guess| format!("'{guess}'"));
        let guess = did_you_mean(guess.as_slice());
        let known = names.join(", ");
        wrong(format!("'{name}' is not a layout for --layout: expected auto, {known}{guess}"))
    }

    /// The guidance that the arguments give.
    pub fn guidance(&self) -> Guidance {
        Guidance {
            currency: self.currency,
            client: self.client.clone(),
            layout: self.layout.clone().filter(|name| name != "auto"),
            mapping: self.mapping.clone(),
            date_order: self.date_order.map(|order| match order {
                Order::Dmy => DateOrder::Dmy,
                Order::Mdy => DateOrder::Mdy,
                Order::Ymd => DateOrder::Ymd,
            }),
            decimal: self.decimal.map(|mark| match mark {
                Mark::Point => Decimal::Point,
                Mark::Comma => Decimal::Comma,
            }),
            // At most one is given: clap refuses both.
            debtors: self
                .debtors
                .clone()
                .map(DebtorFile::Own)
                .or_else(|| self.debtor_register.clone().map(DebtorFile::Register)),
        }
    }
}
