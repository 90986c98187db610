//! Laws that hold after any sequence of purchases and settlements of two clients.

use proptest::prelude::*;

use basics::Money;

use super::samples::{day, usd};
use super::{
    Claim, ClaimedDebtor, Drawn, Line, NamedPositions, StandingClaim, number_key, sold_before,
};

/// Invoices that the clients have to sell: the same in both of their ledgers.
const INVOICES: usize = 4;

/// A step; invoices and positions are named by index.
#[derive(Debug, Clone)]
enum Step {
    Sell { client: usize, invoice: usize, spelling: usize, advance: i64, again: bool },
    Settle { position: usize, is_charged_back: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let sell = (0..2_usize, 0..INVOICES, 0..5_usize, 1..60_000_i64, any::<bool>());
    prop_oneof![
        4 => sell.prop_map(|(client, invoice, spelling, advance, again)| {
            Step::Sell { client, invoice, spelling, advance, again }
        }),
        1 => (0..8_usize, any::<bool>())
            .prop_map(|(position, is_charged_back)| Step::Settle { position, is_charged_back }),
    ]
}

/// The invoice as a client spells it. Whatever it changes, a debtor's name stays.
fn claim(client: usize, invoice: usize, spelling: usize) -> Claim {
    let number = invoice + 2;
    let spelt = match spelling {
        0 => format!("INV-{number:04}"),
        1 => format!("inv {number}"),
        2 => format!("No. {number}"),
        3 => format!("{number:06}"),
        _ => format!("INV{number}"),
    };
    let name = ["North Mill Ltd", "NORTH MILL", "north-mill limited"][spelling % 3];
    Claim {
        client_id: ["a", "b"][client].to_owned(),
        debtor: ClaimedDebtor {
            id: format!("{client}{spelling}"),
            name: name.to_owned(),
            ..ClaimedDebtor::default()
        },
        number: spelt,
        face: usd(100_000),
        amount: usd(60_000),
        issued_on: Some(day("2026-01-02")),
        due_on: day("2026-02-01"),
    }
}

/// A purchase with the invoice that it truly is.
#[derive(Debug)]
struct Made {
    invoice: usize,
    standing: StandingClaim,
    drawn: Drawn,
    is_open: bool,
    is_released: bool,
}

#[derive(Debug, Default)]
struct Book(Vec<Made>);

impl Book {
    fn take(&mut self, line: &Line, step: &Step) {
        match *step {
            Step::Settle { position, is_charged_back } => {
                if let Some(made) = self.0.get_mut(position).filter(|made| made.is_open) {
                    made.is_open = false;
                    made.standing.is_charged_back = is_charged_back;
                }
            }
            Step::Sell { client, invoice, spelling, advance, again } => {
                let claim = claim(client, invoice, spelling);
                let own: Vec<Drawn> = self.open(client).map(|made| made.drawn.clone()).collect();
                let drawn = drawn(&claim, usd(advance));
                if line.check(&own, &[], std::slice::from_ref(&drawn)).is_err() {
                    return;
                }
                let among: Vec<StandingClaim> = self.with_key(&claim.number);
                let positions = || among.iter().map(|own| own.position.clone()).collect();
                let repurchases = if again { positions() } else { Vec::new() };
                let named = NamedPositions { repurchases, ..NamedPositions::default() };
                let Ok(released) = sold_before(&claim, &among, &named) else { return };
                for made in &mut self.0 {
                    made.is_released |= released.contains(&made.standing.position.as_str());
                }
                let position = self.0.len().to_string();
                let standing =
                    StandingClaim { position, waits_in: None, claim, is_charged_back: false };
                self.0.push(Made { invoice, standing, drawn, is_open: true, is_released: false });
            }
        }
    }

    fn with_key(&self, number: &str) -> Vec<StandingClaim> {
        let key = number_key(number);
        let standing = self.0.iter().filter(|made| !made.is_released).map(|made| &made.standing);
        standing.filter(|own| number_key(&own.claim.number) == key).cloned().collect()
    }

    fn open(&self, client: usize) -> impl Iterator<Item = &Made> {
        let id = ["a", "b"][client];
        self.0.iter().filter(move |own| own.is_open && own.standing.claim.client_id == id)
    }
}

fn drawn(claim: &Claim, advance: Money) -> Drawn {
    Drawn {
        client_id: claim.client_id.clone(),
        debtor: claim.debtor.clone(),
        group: None,
        own_limit: None,
        advance,
        owed: claim.amount,
        is_since: true,
    }
}

proptest! {
    #[test]
    fn nothing_is_bought_twice_and_the_line_is_never_exceeded(
        steps in prop::collection::vec(step(), 0..40)
    ) {
        let facility = "currency = \"USD\"\nline = 1000\n[limits]\ndebtor = 1800\n";
        let line = Line::written(facility).expect("a facility");
        let mut book = Book::default();
        for step in &steps {
            book.take(&line, step);
            for invoice in 0..INVOICES {
                let of = |made: &&Made| made.invoice == invoice;
                let open = book.0.iter().filter(of).filter(|made| made.is_open).count();
                let kept = |made: &&Made| !made.is_open && !made.standing.is_charged_back;
                let kept = book.0.iter().filter(of).filter(kept).count();
                prop_assert!(open + kept <= 1, "bought twice: {:?}", book);
                let mut sellers: Vec<&str> =
                    book.0.iter().filter(of).map(|own| &*own.standing.claim.client_id).collect();
                sellers.dedup();
                prop_assert!(sellers.len() <= 1, "sold by two: {:?}", book);
            }
            for client in 0..2 {
                let advances: i64 = book.open(client).map(|own| own.drawn.advance.minor()).sum();
                prop_assert!(advances <= 100_000, "over the line: {:?}", book);
                let owed: i64 = book.open(client).map(|own| own.drawn.owed.minor()).sum();
                prop_assert!(owed <= 180_000, "over the debtor's limit: {:?}", book);
            }
        }
    }
}
