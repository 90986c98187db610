use rust_decimal::prelude::ToPrimitive;

use basics::counted;
use portfolio::{ClientLoss, ProvisionRow};

use super::super::sheet::{Cell, Section, Table, field, total};
use super::{code, named};
use app::PortfolioReport;

/// Expected loss in two views.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let rates = &report.provisions.rates;
    let seen = if rates.defaults == 0 {
        format!(
            "No debtor of any ledger ever defaulted in {:.0} debtor-years: the rate of default is the policy's prior, \
             lowered for them.",
            rates.years
        )
    } else {
        format!(
            "{} defaulted in {:.0} debtor-years; drawn to the policy's prior that is {:.2} % a year over all \
             clients. A client's own rate is drawn to that.",
            counted(rates.defaults, "debtor", "debtors"),
            rates.years,
            100.0 * rates.pooled
        )
    };
    Section {
        key: "provisions",
        title: "Expected loss and provisions",
        notes: vec![
            "The client's view: trade receivables by the simplified approach, gross of funding: balance of each bucket \
             x the share of what reached it in the ledger's own history and was never paid (IFRS 9 B5.5.35); beside \
             it the collection curves' own figure: what is not collected by the day of recourse x the policy's share \
             of credit loss."
                .to_owned(),
            "The factor's view: funds in use x P(default before collection) x loss given default; with recourse only \
             where the client fails as well. Dilution and dispute are no credit loss and stand beside."
                .to_owned(),
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
        total("disputed", "Beside: disputed", |r| r.disputed.into()),
        total("dilution", "Beside: dilution", |r| r.dilution.into()),
        total("funds", "Factor's view: funds in use", |r| r.funds.into()),
        field("funds_are", "Funds are", |r| {
            if r.is_drawn { "drawn" } else { "what could be advanced" }.into()
        }),
        field("recourse", "Recourse", |r| if r.recourse { "full" } else { "none" }.into()),
        field("default_rate", "Default a year", |r| Cell::Share(r.default_rate)),
        total("expected_loss", "Factor's view: expected loss", |r| r.expected_loss.into()),
    ];
    Table::of("clients", "Expected loss of each client", &report.provisions.clients, fields)
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
    let title = "Provision matrix from each ledger's own history";
    Table::of("matrix", title, &report.provisions.matrix, fields)
}
