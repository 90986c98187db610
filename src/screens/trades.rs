//! Honest trades whose ledgers look odd, as rows of plain values: from a seed, with the payments
//! until the as-of date and what is still open. Needs nothing but std, so that tests elsewhere can
//! read the file as a module of their own.

/// 2026-06-30, in days since 1970-01-01.
pub const AS_OF: i32 = 20_634;

/// An invoice of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub debtor: usize,
    pub number: String,
    /// Days since 1970-01-01.
    pub issue: i32,
    pub due: i32,
    pub cents: i64,
    /// The day on which it was closed in full, not after [`AS_OF`].
    pub closed: Option<i32>,
    /// True if a credit closed it, not cash.
    pub credited: bool,
    pub delivered: Option<i32>,
}

/// An honest trade: its name, and how its ledger comes from a seed.
pub type Trade = (&'static str, fn(u64) -> Vec<Row>);

/// Every trade.
pub const TRADES: [Trade; 8] = [
    ("staffing", staffing),
    ("subscriptions", subscriptions),
    ("construction", construction),
    ("consolidated", consolidated),
    ("haulage", haulage),
    ("wholesale", wholesale),
    ("rents", rents),
    ("retainers", retainers),
];

/// A ledger file with these rows.
pub fn csv(rows: &[Row]) -> String {
    let mut text = "invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,\
                    paid_date,credited_amount,credited_date,delivery_date\n"
        .to_owned();
    for row in rows {
        let amount = format!("{}.{:02}", row.cents / 100, row.cents % 100);
        let day = |day: Option<i32>| day.map(iso).unwrap_or_default();
        let cash = day(row.closed.filter(|_| !row.credited));
        let credit = day(row.closed.filter(|_| row.credited));
        let credited = if row.credited { amount.as_str() } else { "" };
        let (debtor, issue, due) = (row.debtor, iso(row.issue), iso(row.due));
        text.extend([format!(
            "{},D{debtor:04},Debtor {debtor},{issue},{due},USD,{amount},{cash},{credited},\
             {credit},{}\n",
            row.number,
            day(row.delivered)
        )]);
    }
    text
}

/// A day of the Gregorian calendar in ISO 8601, by Hinnant's algorithm for days since 1970.
fn iso(day: i32) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

fn civil(day: i32) -> (i32, i32, i32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i32::from(month <= 2), month, of_month)
}

/// Draws of a SplitMix64.
pub struct Draws(u64);

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + (self.next() % (most - least + 1) as u64) as i64
    }

    pub fn days(&mut self, least: i32, most: i32) -> i32 {
        self.between(least.into(), most.into()) as i32
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.between(0, of.len() as i64 - 1) as usize]
    }
}

/// A ledger as it is written, invoice after invoice.
struct Book {
    draws: Draws,
    rows: Vec<Row>,
    /// The last number of the series.
    last: i64,
    has_deliveries: bool,
}

impl Book {
    fn new(seed: u64) -> Self {
        let mut draws = Draws::new(seed);
        let last = draws.between(200, 60_000);
        Self { draws, rows: Vec::new(), last, has_deliveries: seed.is_multiple_of(2) }
    }

    fn next(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    /// Bills an amount, which the debtor pays some days before or after it is due.
    fn bill(&mut self, debtor: usize, number: String, (issue, terms): (i32, i32), cents: i64) {
        if issue > AS_OF {
            return;
        }
        let due = issue + terms;
        let closed = Some(due + self.draws.days(-6, 25)).filter(|day| *day <= AS_OF);
        let delivered = self.has_deliveries.then_some(issue);
        let credited = false;
        self.rows.push(Row { debtor, number, issue, due, cents, closed, credited, delivered });
    }

    fn last_row(&mut self) -> &mut Row {
        self.rows.last_mut().expect("a row")
    }
}

/// A line for each worker and week, most of 40 hours at a rate of the card.
fn staffing(seed: u64) -> Vec<Row> {
    const RATES: [i64; 6] = [3_750, 4_125, 4_500, 5_000, 3_215, 6_250];
    let mut book = Book::new(seed);
    let workers: Vec<(usize, i64, i32)> = (0..12)
        .flat_map(|debtor| {
            let start = if debtor == 11 { AS_OF - 24 } else { AS_OF - 450 };
            let count = book.draws.between(2, 7);
            (0..count).map(|_| (debtor, book.draws.one(&RATES), start)).collect::<Vec<_>>()
        })
        .collect();
    for week in (0..65).rev() {
        let issue = AS_OF - 1 - 7 * week;
        for (at, &(debtor, rate, start)) in workers.iter().enumerate() {
            if issue < start {
                continue;
            }
            let hours = if book.draws.chance(80) { 40 } else { book.draws.between(28, 46) };
            let rate = if week < 30 { rate * 104 / 100 } else { rate };
            let number = match seed % 3 {
                0 => format!("INV-{}", book.next()),
                1 => format!("{:02}W{:02}-{}", 26 - week / 52, 52 - week % 52, at + 1),
                _ => format!("{}-{}", 26 - week / 52, book.next()),
            };
            book.bill(debtor, number, (issue, 30), hours * rate);
        }
    }
    book.rows
}

/// Licences billed for a year ahead at list prices, several to a customer on one day.
fn subscriptions(seed: u64) -> Vec<Row> {
    const PRICES: [i64; 5] = [120_000, 240_000, 480_000, 750_000, 499_000];
    let mut book = Book::new(seed);
    for debtor in 0..160 {
        let first = book.draws.days(0, 364);
        let is_new = book.draws.chance(12);
        let (price, terms) = (book.draws.one(&PRICES), book.draws.one(&[30, 30, 30, 45]));
        let contracts = book.draws.one(&[1, 1, 1, 2, 3, 5]);
        let mut own = 0;
        for year in (0..3).rev() {
            if is_new && year > 0 {
                continue;
            }
            for _ in 0..contracts {
                own += 1;
                let number = match seed % 3 {
                    0 => format!("SUB-{:06}", book.next()),
                    1 => format!("C{debtor:03}-{own}"),
                    _ => format!("{own}"),
                };
                book.bill(debtor, number, (AS_OF - first - 365 * year, terms), price);
            }
        }
    }
    book.rows
}

/// Deposits, equal stages, variations of the same day and retentions, numbered by job.
fn construction(seed: u64) -> Vec<Row> {
    let mut book = Book::new(seed);
    for job in 0..48_i32 {
        let debtor = (job % 7) as usize;
        let name = match seed % 3 {
            0 => format!("J{}", 100 + job),
            1 => format!("{}", 11 + job),
            _ => format!("{}/S{}", 24 + job / 20, job + 1),
        };
        let start = AS_OF - 800 + job * 17 - (job * 17) % 30;
        let stage = 50_000 * book.draws.between(4, 90);
        let deposit = if book.draws.chance(50) { stage } else { stage / 4 };
        book.bill(debtor, name.clone(), (start, 14), deposit);
        let stages = book.draws.days(3, 7);
        for number in 1..=stages {
            let issue = start + 30 * number;
            let vary = if book.draws.chance(60) { 0 } else { book.draws.between(-200_000, 99_999) };
            book.bill(debtor, format!("{name}-{number}"), (issue, 30), (stage + vary).max(5_000));
            if book.draws.chance(20) {
                let cents = book.draws.between(10_000, 400_000);
                book.bill(debtor, format!("{name}-{number}A"), (issue, 30), cents);
            }
        }
        let end = start + 30 * stages;
        book.bill(debtor, format!("{name}R"), (end, 180), stage * i64::from(stages) / 20);
    }
    book.rows
}

/// Every branch of a few large customers billed on one day of the month at three charges.
fn consolidated(seed: u64) -> Vec<Row> {
    const CHARGES: [i64; 3] = [45_000, 60_000, 85_000];
    let mut book = Book::new(seed);
    let branches: Vec<(usize, i64, i32)> = (0..140)
        .map(|branch| {
            let opened = if branch % 14 == 0 { book.draws.days(0, 500) } else { 600 };
            ((branch % 5) as usize, book.draws.one(&CHARGES), AS_OF - opened)
        })
        .collect();
    for month in (0..18).rev() {
        let issue = AS_OF - 2 - 30 * month;
        for (branch, &(debtor, charge, opened)) in branches.iter().enumerate() {
            if issue < opened {
                continue;
            }
            let number = match seed % 3 {
                0 => format!("CB{}", book.next()),
                1 => {
                    format!("{:02}{:02}-{branch:03}", 24 + (17 - month) / 12, 1 + (17 - month) % 12)
                }
                _ => format!("B{branch}/{}", 18 - month),
            };
            let extra = if book.draws.chance(15) { book.draws.between(1_000, 20_000) } else { 0 };
            book.bill(debtor, number, (issue, 45), charge + extra);
        }
    }
    book.rows
}

/// Loads at lane rates, several a day, some split in two, some with a charge for waiting; billed at
/// pick-up.
fn haulage(seed: u64) -> Vec<Row> {
    const LANES: [i64; 5] = [85_000, 125_000, 185_000, 96_500, 240_000];
    let mut book = Book::new(seed);
    for day in (0..420).rev() {
        for _ in 0..book.draws.between(2, 9) {
            let debtor = book.draws.between(0, 16) as usize;
            // The last of them is new.
            if debtor == 16 && day > 20 {
                continue;
            }
            let rate = if book.draws.chance(70) {
                LANES[(debtor + book.draws.between(0, 1) as usize) % 5]
            } else {
                book.draws.between(40_000, 300_000)
            };
            let (number, transit) = (book.next(), book.draws.days(1, 3));
            let issue = AS_OF - 4 - day;
            let mut load = |number: String, cents: i64| {
                book.bill(debtor, number, (issue, 35), cents);
                let delivers = book.has_deliveries;
                if let Some(row) = book.rows.last_mut().filter(|_| delivers) {
                    row.delivered = Some(issue + transit);
                }
            };
            if number % 12 == 0 {
                load(format!("{number}A"), rate / 2);
                load(format!("{number}B"), rate / 2);
            } else {
                load(format!("{number}"), rate);
            }
            if number % 10 == 0 {
                load(format!("{number}-1"), 7_500 * (1 + number % 3));
            }
        }
    }
    book.rows
}

/// New customers all the time, terms customer by customer, part deliveries, corrections.
pub fn wholesale(seed: u64) -> Vec<Row> {
    let mut book = Book::new(seed);
    let customers: Vec<(i32, i32, i64)> = (0..320)
        .map(|_| {
            let draws = &mut book.draws;
            (draws.days(0, 480), draws.one(&[15, 30, 30, 30, 45, 60]), draws.between(20, 400))
        })
        .collect();
    for day in (0..480).rev() {
        for _ in 0..book.draws.between(3, 8) {
            let debtor = book.draws.between(0, 319) as usize;
            let (since, terms, size) = customers[debtor];
            if day > since {
                continue;
            }
            let odd = book.draws.chance(4);
            let terms = if odd { book.draws.one(&[15, 30, 45, 60]) } else { terms };
            let round = book.draws.chance(6);
            let cents = size * book.draws.between(300, 3_000);
            let cents = if round { cents / 50_000 * 50_000 + 50_000 } else { cents };
            let number = match seed % 2 {
                0 => format!("INV-{:07}", book.next()),
                _ => format!("SI{}", book.next()),
            };
            let issue = AS_OF - day;
            book.bill(debtor, number.clone(), (issue, terms), cents);
            if book.draws.chance(6) {
                let later = if book.draws.chance(30) { 0 } else { book.draws.days(1, 12) };
                let rest = cents * book.draws.between(5, 60) / 100;
                book.bill(debtor, format!("{number}-1"), (issue + later, terms), rest);
            } else if book.draws.chance(2) {
                // Credited, and billed anew with a line that was wrong put right.
                let row = book.last_row();
                (row.closed, row.credited) = (Some(AS_OF.min(issue + 5)), true);
                book.bill(debtor, format!("{number}R"), (issue, terms), cents);
            }
        }
    }
    book.rows
}

/// Rents on the first of the month, several equal units to a tenant.
fn rents(seed: u64) -> Vec<Row> {
    let mut book = Book::new(seed);
    let tenants: Vec<(i64, i64, i32)> = (0..30)
        .map(|tenant| {
            let rent = book.draws.one(&[95_000, 120_000, 150_000, 220_000, 180_000]);
            let since = if tenant == 0 { 40 } else { 900 };
            (rent, book.draws.one(&[1, 1, 2, 4, 6]), AS_OF - since)
        })
        .collect();
    for month in (0..20).rev() {
        let issue = AS_OF - 29 - 30 * month;
        for (tenant, &(rent, units, since)) in tenants.iter().enumerate() {
            if issue < since {
                continue;
            }
            // A rise of a few per cent once a year.
            let rent = if month < 8 { rent * 103 / 100 / 1_000 * 1_000 } else { rent };
            for unit in 0..units {
                let number = match seed % 3 {
                    0 => {
                        let at = 19 - month;
                        format!("R-{}-{:02}-{tenant:02}{unit}", 24 + at / 12, 1 + at % 12)
                    }
                    1 => format!("RENT {}", book.next()),
                    _ => format!("{tenant}.{unit}.{}", 20 - month),
                };
                book.bill(tenant, number, (issue, 20), rent);
            }
        }
    }
    book.rows
}

/// Monthly retainers at a few prices, each client's invoices counted from 1.
fn retainers(seed: u64) -> Vec<Row> {
    let mut book = Book::new(seed);
    for debtor in 0..40 {
        let months = if book.draws.chance(15) { 1 } else { book.draws.days(3, 24) };
        let price = book.draws.one(&[150_000, 250_000, 250_000, 500_000, 375_000]);
        for month in 0..months {
            let number = match seed % 3 {
                0 => format!("{:03}", month + 1),
                1 => format!("{}", month + 1),
                _ => format!("26-{:02}", month + 1),
            };
            let expenses = if book.draws.chance(25) { book.draws.between(500, 90_000) } else { 0 };
            let issue = AS_OF - 1 - 30 * (months - 1 - month);
            book.bill(debtor, number, (issue, 30), price + expenses);
        }
    }
    book.rows
}

#[test]
fn ledgers_come_from_their_seeds_and_their_files_hold_every_row() {
    assert_eq!((iso(0), iso(AS_OF)), ("1970-01-01".to_owned(), "2026-06-30".to_owned()));
    for (name, trade) in TRADES {
        let rows = trade(5);
        assert!(rows == trade(5) && rows != trade(6), "{name}");
        let of = |state: fn(&Row) -> bool| rows.iter().filter(|row| state(row)).count();
        let (open, paid) = (of(|row| row.closed.is_none()), of(|row| row.closed.is_some()));
        assert!(open >= 20 && paid >= open, "{name} {open} {paid}");
        assert!(rows.iter().all(|row| row.issue <= AS_OF && row.closed <= Some(AS_OF)), "{name}");
        let text = csv(&rows);
        assert_eq!(text.lines().count(), rows.len() + 1, "{name}");
        assert!(text.lines().all(|line| line.matches(',').count() == 10), "{name}");
    }
}
