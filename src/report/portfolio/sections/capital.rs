use portfolio::{CapitalOf, DynamicReserve, DynamicReserveInput, ReserveOf};

use super::super::sheet::{Cell, Section, Table, field};
use super::{code, named};
use app::PortfolioReport;

/// Dynamic reserves and the capital of purchased receivables.
pub(super) fn section(report: &PortfolioReport) -> Section {
    Section {
        key: "capital",
        title: "Reserves and capital",
        notes: vec![
            "Dynamic reserve as in trade-receivables purchase agreements: max(loss + dilution, floor) + yield + \
             servicing, as shares of the eligible receivables. Default ratio: what defaulted in a month over the sales \
             of four months before, the highest 3-month average of 9; dilution ratio: credits over the sales of the \
             month before. Not told where a ledger does not reach back 13 months. Of a single client few credits \
             or defaults can make a reserve of more than the pool: such a pool carries no advance by this formula."
                .to_owned(),
            "Regulatory capital: internal-ratings function for corporates (CRE31) on purchased receivables (CRE34), \
             maturity one year: default on funds in use with the client's yearly rate and the policy's loss given \
             default, dilution on the eligible receivables with its yearly rate as PD and a loss of 100 %."
                .to_owned(),
        ],
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
        field("binds", "Binds", |r| {
            let binds = |floor| if floor { "floor" } else { "loss and dilution" };
            r.ratios.as_ref().map_or(Cell::None, |(_, d)| binds(d.floor_binds).into())
        }),
    ];
    Table::of("reserves", "Dynamic reserve of each client", &report.capital.reserves, fields)
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
    Table::of("irb", "Regulatory capital of each client", &report.capital.capital, fields)
}
