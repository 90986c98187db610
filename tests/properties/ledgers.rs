//! Ledgers drawn at random: realistic ones, rows that do them harm, and policies to judge them by.

use factorage::app::generate::{GenerateOptions, Payers, generate};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::evaluated::{Desk, date};

/// Columns of every ledger here, in the order of the generator.
pub const HEADER: &str = "client_id,invoice_number,debtor_id,debtor_name,invoice_date,due_date,\
    currency,amount,paid_date,paid_amount,credited_amount,credited_date,written_off_amount,\
    written_off_date,disputed,disputed_date,po_number,country";

/// The last day of the generated ledgers.
pub const END: &str = "2026-06-30";

/// Records below [`HEADER`].
pub type Rows = Vec<String>;

/// Rows as exports really have them, and a few that are odd, wrong or repeated; each has a date.
pub const HOSTILE: [&str; 21] = [
    "C001,H-1,D00001,Acme,2026-05-01,2026-06-01,USD,1500.00,,,,,,,false,,,US",
    "C001,H-1,D00001,Acme,2026-05-01,2026-06-01,USD,1700.00,,,,,,,false,,,US",
    "C001,H-1,D00001,Acme,2026-05-02,2026-06-01,USD,2500.00,,,,,,,false,,,US",
    "C001,H-1,D00001,Acme,2026-05-01,2026-06-01,USD,1500.00,,,,,,,false,,,US",
    "C001,CN-9,D00001,Acme,2026-04-01,2026-04-01,USD,-900.00,,,,,,,,,,US",
    "C001,CN-10,D00001,Acme,2026-02-01,2026-03-01,USD,-75.00,2026-06-01,,,,,,,,,",
    "C002,H-2,NEW,\"Quote \"\"and\nbreak\"\" Ltd\",2026-06-01,2026-07-15,USD,88888.88,,,,,,,,,,DE",
    "C001,H-3,D00002,Beta,2026-03-01,2026-04-01,JPY,120000,2026-05-01,60000,,,,,no,,,JP",
    "C001,H-4,D00002,Beta,2026-03-01,2026-04-01,JPY,120000.5,,,,,,,no,,,JP",
    "C001,H-5,D00002,Beta,2026-03-01,2026-04-01,EUR,-400.00,,,,,,,,,,FR",
    "C001,H-6,D00002,Beta,2026-02-30,2026-04-01,USD,10.00,,,,,,,,,,",
    "C001,H-7,,,2026-03-01,2026-04-01,USD,10.00,,,,,,,,,,",
    "C001,H-8,D00003,Gamma,2026-03-01,,USD,640.00,2026-04-20,700.00,,,,,,,,",
    "C001,H-9,D00003,Gamma,2026-01-10,2026-02-10,USD,999.99,,,100.00,2026-02-01,,,Y,2026-03-01,,",
    "C001,H-10,D00003,Gamma,2026-01-10,2026-02-10,USD,500.00,,,,,500.00,2026-05-05,,,,",
    "C001,H-11,D00003,Gamma,2026-01-10,2026-02-10,USD,500.00,,,600.00,2026-05-05,,,,,,",
    ",H-12,D00004,No client,2026-05-10,2026-05-10,,75.10,,,,,,,maybe,,,",
    "C001,H-13,D00005,Delta,2026-06-30,2026-09-28,USD,9000000000000.00,,,,,,,,,,",
    "C001,H-14,D00005,short row,2026-06-30",
    ",,,,,,,,,,,,,,,,,",
    "",
];

/// A generated ledger of at most `most` rows.
pub fn realistic(most: usize) -> impl Strategy<Value = Rows> {
    (20..=most, 1_usize..=10, 1_usize..=3, any::<u64>(), 4_u32..=18).prop_map(
        |(invoices, debtors, clients, seed, months)| {
            let options = GenerateOptions {
                seasonal: false,
                invoices,
                debtors,
                clients: clients.min(debtors),
                seed,
                end: date(END),
                months,
                currency: "USD".to_owned(),
                payers: Payers::Mixed,
            };
            let mut bytes = Vec::new();
            generate(&options, &mut bytes).expect("options within their ranges");
            let text = String::from_utf8(bytes).expect("UTF-8");
            let mut lines = text.lines().map(str::to_owned);
            assert_eq!(lines.next().as_deref(), Some(HEADER));
            lines.collect()
        },
    )
}

/// Some of the hostile rows.
pub fn hostile() -> impl Strategy<Value = Rows> {
    let all = Vec::from(HOSTILE.map(str::to_owned));
    prop::sample::subsequence(all, 0..=HOSTILE.len())
}

/// A generated ledger with hostile rows behind it.
pub fn with_hostile_rows(most: usize) -> impl Strategy<Value = Rows> {
    (realistic(most), hostile()).prop_map(|(mut rows, hostile)| {
        rows.extend(hostile);
        rows
    })
}

/// The changes by which a policy differs from the standard one in what it charges, cuts and
/// advances.
pub fn policies() -> impl Strategy<Value = &'static [(&'static str, &'static str)]> {
    let policies: Vec<&'static [(&str, &str)]> = vec![
        &[],
        &[
            ("eligibility.concentration.denominator", "\"gross_ledger\""),
            ("recourse.kind", "\"non_recourse\""),
        ],
        &[
            ("eligibility.concentration.limit_percent", "5"),
            ("eligibility.cross_aging.comparator", "\">\""),
            ("eligibility.cross_aging.base", "\"net\""),
        ],
        &[("advance.rate_percent", "0")],
        &[(
            "fee",
            "[{ kind = \"prime_plus\", prime_percent = 6.75, spread_percent = 3.5, \
             day_count = \"ACT/360\", minimum_days = 20 }]",
        )],
        &[("fee.0.first_percent", "40"), ("recourse.days_after_due", "0")],
        &[("eligibility.invoice_rules", "[]"), ("eligibility.debtor_rules", "[]")],
    ];
    prop::sample::select(policies)
}

/// Bytes to put into a file, those that mean something to a reader more often than others.
pub fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, Damage)>> {
    let telling = prop::sample::select(b"\",;\n\r\t\0\xFF\xEF-.0eN|".to_vec());
    let byte = prop_oneof![3 => telling, 1 => any::<u8>()];
    let kind = prop_oneof![Just(Damage::Replace), Just(Damage::Insert), Just(Damage::Delete)];
    vec((any::<prop::sample::Index>(), byte, kind), 1..12)
}

#[derive(Debug, Clone, Copy)]
pub enum Damage {
    Replace,
    Insert,
    Delete,
}

/// The bytes with the damage done.
pub fn damaged(bytes: &[u8], damage: &[(prop::sample::Index, u8, Damage)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, byte, kind) in damage {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match kind {
            Damage::Replace => bytes[at] = *byte,
            Damage::Insert => bytes.insert(at, *byte),
            Damage::Delete => drop(bytes.remove(at)),
        }
    }
    bytes
}

/// The rows as one file.
pub fn csv(rows: &[String]) -> String {
    let mut text = format!("{HEADER}\n");
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    text
}

/// The rows in one file, as of the end of the generated ledgers.
pub fn desk(rows: &[String]) -> Desk {
    Desk::with("ledger.csv", csv(rows)).at(END)
}
