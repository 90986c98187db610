//! Laws of the portfolio report on generated portfolios.

use std::fs;

use chrono::{Datelike, NaiveDate};
use factorage::app::generate::{GenerateOptions, Payers, generate};
use factorage::app::{PortfolioReport, ReportRequest, report};
use tempfile::TempDir;

use crate::evaluated::date;

const END: &str = "2026-06-30";

fn client(payers: Payers, seed: u64) -> GenerateOptions {
    GenerateOptions {
        invoices: 900,
        debtors: 30,
        clients: 1,
        seed,
        end: date(END),
        months: 30,
        currency: "USD".to_owned(),
        payers,
        seasonal: false,
    }
}

fn portfolio(clients: &[GenerateOptions]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (number, options) in clients.iter().enumerate() {
        let path = folder.path().join(format!("client {number}.csv"));
        generate(options, fs::File::create(path).expect("a file")).expect("a ledger");
    }
    folder
}

fn reported(folder: &TempDir, as_of: NaiveDate) -> PortfolioReport {
    let request = ReportRequest {
        portfolio: folder.path().to_owned(),
        as_of: Some(as_of),
        scenarios: None,
        compare: None,
        policy: None,
        usual_policy: None,
    };
    report(&request, &|_, _| ()).unwrap_or_else(|error| panic!("no report: {error}"))
}

/// Ends of the 12 months before the end.
fn origins() -> Vec<NaiveDate> {
    let mut all = Vec::new();
    let mut day = date(END);
    for _ in 0..12 {
        day = day.with_day(1).and_then(|first| first.pred_opt()).expect("a day");
        all.push(day);
    }
    all
}

/// Of all weeks after 12 past origins, as they came, 70 to 90 % lie in the band from the 10 % to
/// the 90 % point that was told at the origin.
#[test]
fn weekly_collections_lie_in_their_bands() {
    let kinds = [Payers::Mixed, Payers::Weekly, Payers::MonthEnd];
    let clients: Vec<_> = (0..6).map(|n| client(kinds[n % 3], 40 + n as u64)).collect();
    let folder = portfolio(&clients);
    let now = reported(&folder, date(END));
    let (mut within, mut all) = (0, 0);
    for origin in origins() {
        let then = reported(&folder, origin);
        let cash = &then.cash[0];
        let months = now.books.iter().map(|book| {
            book.months.iter().find(|month| month.date == origin).expect("a month").weeks.as_slice()
        });
        let months: Vec<_> = months.collect();
        for week in &cash.weeks {
            let came: Option<f64> =
                months.iter().map(|weeks| weeks.get(week.week - 1).map(|w| w.collected)).sum();
            let Some(came) = came else { continue };
            all += 1;
            within += usize::from((week.low..=week.high).contains(&(came / 100.0)));
        }
    }
    let share = f64::from(u32::try_from(within).expect("few")) / f64::from(all);
    println!("{within} of {all} weeks lie in their bands: {share:.3}");
    assert!((0.7..=0.9).contains(&share), "{share:.3}");
}

/// Rows dated later change nothing, and ageing, borrowing base and concentration are one total.
#[test]
fn a_past_report_sees_nothing_later_and_foots() {
    let folder = portfolio(&[client(Payers::Mixed, 1), client(Payers::Slowing, 2)]);
    let origin = date("2026-03-31");
    let whole = reported(&folder, origin);
    // The same ledgers as they were exported that evening.
    let then = TempDir::new().expect("a folder");
    for number in 0..2 {
        let name = format!("client {number}.csv");
        let text = fs::read_to_string(folder.path().join(&name)).expect("a ledger");
        let rows = text.lines().enumerate().filter(|(line, row)| {
            *line == 0 || row.split(',').nth(4).is_some_and(|issued| issued <= "2026-03-31")
        });
        let rows: Vec<&str> = rows.map(|(_, row)| row).collect();
        fs::write(then.path().join(&name), rows.join("\n") + "\n").expect("a ledger");
    }
    let past = reported(&then, origin);
    assert_eq!(past.ageing, whole.ageing);
    assert_eq!(past.cash, whole.cash);
    assert_eq!(past.turnover, whole.turnover);
    assert_eq!(past.risk, whole.risk);
    for report in [&past, &whole] {
        let open = report.ageing.by_due_date.last().expect("a total").open;
        let gross: i64 = report.books.iter().map(|book| book.certificate.gross.minor()).sum();
        let rolled = report.books.iter().map(|book| book.certificate.roll_forward.closing.minor());
        let shares = report.concentration.summary[0].open;
        let trend = report.ageing.trend.last().expect("a month").open;
        assert_eq!([gross, rolled.sum(), shares.minor(), trend.minor()], [open.minor(); 4]);
        assert_eq!(origin.year(), 2026);
    }
}
