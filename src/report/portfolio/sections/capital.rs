use portfolio::{CapitalOf, DynamicReserve, DynamicReserveInput, ReserveOf};

use words::say;

use super::super::sheet::{Cell, Section, Table, field};
use super::{code, named};
use app::PortfolioReport;

/// Dynamic reserves and the capital of purchased receivables.
pub(super) fn section(report: &PortfolioReport) -> Section {
    Section {
        key: "capital",
        title: say("portfolio_capital.title"),
        notes: vec![say("portfolio_capital.note_reserve"), say("portfolio_capital.note_capital")],
        charts: Vec::new(),
        tables: vec![reserves(report), capital(report)],
    }
}

fn of(row: &ReserveOf, share: fn(&DynamicReserveInput, &DynamicReserve) -> f64) -> Cell {
    row.ratios.as_ref().map_or(Cell::None, |(input, reserve)| Cell::Share(share(input, reserve)))
}

fn reserves(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("client", "Client", |r: &ReserveOf| named(&r.client)),
        field("currency", "Currency", |r| code(r.pool)),
        field("pool", "Eligible", |r| r.pool.into()),
        field("expected_dilution", "Expected dilution", |r| of(r, |i, _| i.expected_dilution)),
        field("dilution_spike", "Dilution spike", |r| of(r, |i, _| i.dilution_spike)),
        field("dilution_horizon", "Dilution horizon ratio", |r| {
            of(r, |i, _| i.dilution_horizon_ratio)
        }),
        field("default_ratio", "Default ratio", |r| of(r, |i, _| i.default_ratio)),
        field("loss_horizon", "Loss horizon ratio", |r| of(r, |i, _| i.loss_horizon_ratio)),
        field("dso", "DSO, days", |r| {
            r.ratios.as_ref().map_or(Cell::None, |(input, _)| Cell::Number(input.dso, 1))
        }),
        field("dilution", "Dilution reserve", |r| of(r, |_, d| d.dilution)),
        field("loss", "Loss reserve", |r| of(r, |_, d| d.loss)),
        field("floor", "Floor", |r| of(r, |_, d| d.floor)),
        field("yield", "Yield reserve", |r| of(r, |_, d| d.yield_reserve)),
        field("servicing", "Servicing reserve", |r| of(r, |_, d| d.servicing)),
        field("total", "Total reserve", |r| of(r, |_, d| d.total)),
        field("binds", "Binding", |r| {
            let binds = |floor| if floor { "floor" } else { "loss and dilution" };
            r.ratios.as_ref().map_or(Cell::None, |(_, d)| binds(d.floor_binds).into())
        }),
    ];
    let title = say("portfolio_capital.table_reserves");
    Table::of("reserves", title, &report.capital.reserves, fields)
}

fn capital(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("client", "Client", |r: &CapitalOf| Cell::from(&r.client)),
        field("currency", "Currency", |r| code(r.funds)),
        field("funds", "Funds in use", |r| r.funds.into()),
        field("pd", "PD", |r| Cell::Share(r.default.pd)),
        field("default_k", "K, default", |r| Cell::Share(r.default.capital)),
        field("default_capital", "Capital, default", |r| Cell::Number(r.default_capital, 2)),
        field("dilution_pd", "Dilution", |r| r.dilution.map_or(Cell::None, |d| Cell::Share(d.pd))),
        field("dilution_k", "K, dilution", |r| {
            r.dilution.map_or(Cell::None, |d| Cell::Share(d.capital))
        }),
        field("dilution_capital", "Capital, dilution", |r| Cell::Number(r.dilution_capital, 2)),
    ];
    let title = say("portfolio_capital.table_capital");
    Table::of("irb", title, &report.capital.capital, fields)
}
