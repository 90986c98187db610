use portfolio::SuggestedLimit;

use super::super::sheet::{Cell, Section, Table, field};
use super::code;
use app::PortfolioReport;

/// Limits and terms for debtors.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let fields = vec![
        field("client", "Client", |r: &SuggestedLimit| Cell::from(&r.client)),
        field("debtor_id", "Debtor", |r| Cell::from(&r.id)),
        field("debtor_name", "Name", |r| Cell::from(&r.name)),
        field("currency", "Currency", |r| code(r.open)),
        field("open", "Open balance", |r| r.open.into()),
        field("sales", "Sales of 12 months", |r| r.sales.into()),
        field("present", "Present limit", |r| r.present.map_or(Cell::None, Cell::Amount)),
        field("suggested", "Suggested limit", |r| r.suggested.into()),
        field("terms_days", "Terms, days", |r| Cell::Count(r.terms.into())),
        field("reasons", "Why", |r| Cell::from(&r.reasons)),
    ];
    Section {
        key: "credit_limits",
        title: "Credit limits",
        notes: vec![
            "Suggested: what a debtor's purchases of a year need at its days of payment, with a quarter more; three \
             quarters of that where it pays more than 5 days late, half more than 15, nothing more than 30 or in \
             default. Our own scale: a start for the credit officer."
                .to_owned(),
        ],
        charts: Vec::new(),
        tables: vec![Table::of(
            "limits",
            "Suggested limits, the largest balances first",
            &report.credit_limits,
            fields,
        )],
    }
}
