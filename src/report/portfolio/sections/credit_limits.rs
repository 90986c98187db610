use portfolio::SuggestedLimit;

use words::say;

use super::super::sheet::{Cell, Section, Table, field};
use super::code;
use app::PortfolioReport;

/// Suggested limits and terms for debtors.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let fields = vec![
        field("client", "Client", |r: &SuggestedLimit| Cell::from(&r.client)),
        field("debtor_id", "Debtor", |r| Cell::from(&r.id)),
        field("debtor_name", "Name", |r| Cell::from(&r.name)),
        field("currency", "Currency", |r| code(r.open)),
        field("open", "Open balance", |r| r.open.into()),
        field("sales", "Sales, 12 months", |r| r.sales.into()),
        field("present", "Present limit", |r| r.present.map_or(Cell::None, Cell::Amount)),
        field("suggested", "Suggested limit", |r| r.suggested.into()),
        field("terms_days", "Terms, days", |r| Cell::Count(r.terms.into())),
        field("reasons", "Why", |r| Cell::from(&r.reasons)),
    ];
    let title = say("portfolio_limits.table_limits");
    Section {
        key: "credit_limits",
        title: say("portfolio_limits.title"),
        notes: vec![say("portfolio_limits.note_scale")],
        charts: Vec::new(),
        tables: vec![Table::of("limits", title, &report.credit_limits, fields)],
    }
}
