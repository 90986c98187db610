use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::basics::Currency;
use crate::ledger::{DateOrder, DebtorFile, Decimal, Guidance};

/// How the files are to be read, as far as they leave it open.
#[derive(Debug, Args)]
pub(super) struct GuidanceArgs {
    /// Currency of rows that name none, such as USD [default: the policy's]
    #[arg(long, value_name = "XXX")]
    currency: Option<Currency>,
    /// Client of rows that name none
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Read the files by this layout, such as qbo_ar_aging_detail [default: auto, the one that
    /// fits]
    #[arg(long, value_name = "NAME")]
    layout: Option<String>,
    /// Read the files by this mapping: TOML that names the column of each field
    #[arg(long, value_name = "FILE", conflicts_with = "layout")]
    mapping: Option<PathBuf>,
    /// Order of day and month in dates that can be read both ways
    #[arg(long, value_enum)]
    date_order: Option<Order>,
    /// The mark before the decimals of amounts that can be read both ways
    #[arg(long, value_enum)]
    decimal: Option<Mark>,
    /// CSV about the debtors: debtor, same_as, group, country, government, affiliate, insolvent,
    /// consumer, progress_billing, non_assignable, limit, payable
    #[arg(long, value_name = "FILE")]
    debtors: Option<PathBuf>,
    /// The same about the debtors of all clients: what this ledger does not have is no mistake
    #[arg(long, value_name = "FILE", conflicts_with = "debtors")]
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
    /// What the arguments say.
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
            debtors: self
                .debtors
                .clone()
                .map(DebtorFile::Own)
                .or_else(|| self.debtor_register.clone().map(DebtorFile::Register)),
        }
    }
}
