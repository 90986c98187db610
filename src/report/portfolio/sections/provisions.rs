use rust_decimal::prelude::ToPrimitive;

use portfolio::{ClientLoss, ProvisionRow};
use words::{Fact, Facts, say, say_with};

use super::super::super::html::percent;
use super::super::sheet::{Cell, Section, Table, field, total};
use super::{code, named};
use app::PortfolioReport;

/// Expected loss in the client's view and in the factor's.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let rates = &report.provisions.rates;
    // A sum of the years of the debtors, which a count can hold.
    let years = Fact::Count(rates.years.round() as i64);
    let defaults = Fact::Count(i64::try_from(rates.defaults).unwrap_or(i64::MAX));
    let seen = if rates.defaults == 0 {
        say_with("portfolio_provisions.note_no_default", &Facts::new().with("years", years))
    } else {
        let facts = Facts::new()
            .with("defaults", defaults)
            .with("years", years)
            .with("rate", percent(100.0 * rates.pooled, 2));
        say_with("portfolio_provisions.note_defaults", &facts)
    };
    Section {
        key: "provisions",
        title: say("portfolio_provisions.title"),
        notes: vec![
            say("portfolio_provisions.note_client"),
            say("portfolio_provisions.note_factor"),
            seen,
        ],
        charts: Vec::new(),
        tables: vec![clients(report), matrix(report)],
    }
}

fn clients(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("client", "Client", |r: &ClientLoss| Cell::from(&r.client)),
        field("currency", "Currency", |r| code(r.gross)),
        total("gross", "Gross", |r| r.gross.into()),
        total("by_matrix", "Client's view: provision matrix", |r| {
            r.by_matrix.map_or(Cell::None, Cell::Amount)
        }),
        total("by_curves", "Client's view: curves", |r| r.by_curves.into()),
        total("disputed", "Separately: disputed", |r| r.disputed.into()),
        total("dilution", "Separately: dilution", |r| r.dilution.into()),
        total("funds", "Factor's view: funds in use", |r| r.funds.into()),
        field("funds_are", "Funds are", |r| {
            if r.is_drawn { "drawn" } else { "what could be advanced" }.into()
        }),
        field("recourse", "Recourse", |r| if r.recourse { "full" } else { "none" }.into()),
        field("default_rate", "Default rate per year", |r| Cell::Share(r.default_rate)),
        total("expected_loss", "Factor's view: expected loss", |r| r.expected_loss.into()),
    ];
    let title = say("portfolio_provisions.table_clients");
    Table::of("clients", title, &report.provisions.clients, fields)
}

fn matrix(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("client", "Client", |r: &ProvisionRow| named(&r.client)),
        field("currency", "Currency", |r| code(r.open)),
        field("bucket", "Days past due", |r| Cell::from(&r.bucket)),
        field("open", "Open balance", |r| r.open.into()),
        field("loss_rate", "Loss rate", |r| Cell::Share(r.loss_rate.to_f64().unwrap_or(0.0))),
        field("provision", "Provision", |r| r.provision.into()),
    ];
    let title = say("portfolio_provisions.table_matrix");
    Table::of("matrix", title, &report.provisions.matrix, fields)
}
