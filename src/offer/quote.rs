//! An indicative quote from a few numbers, by the same pricing as an offer from a ledger.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use super::document::OfferPart;
use super::part_terms::{Decline, MenuOffer, PartTerms, PayDay};
use super::shown::Percent;
use basics::{Amount, Currency, Money, MoneyError, OutOfRange, Rate, counted, day_number};
use policy::{DebtorAccount, Policy, Pool, Receivable, UsualTerms};
use pricing::{
    ChargePer, Disclosure, Equal, EventCharge, LinePrice, PricingError, average_advance_outstanding,
};
use scoring::{CurveWeights, KaplanMeier};
use words::{Catalogue, Fact, Facts};

use super::desk::Desk;
use super::disclose::disclosures;
use super::scored::Scored;
use super::solve::Deal;
use super::summary;

/// Days by which customers may pay earlier or later than the policy's prior curve expects: the
/// ends of the range of a quote.
const EARLIER: i32 = 10;
const LATER: i32 = 15;

/// The assumption on customers at each end of the range.
static ENDS: LazyLock<[String; 2]> =
    LazyLock::new(|| ["customers_earlier", "customers_later"].map(|end| said(end, &Facts::new())));

/// 2200-12-31, in days since 1970-01-01.
const LAST_DAY: i32 = 84_370;

/// The sales of a business, as its owner describes them.
#[derive(Debug, Clone)]
pub struct QuoteRequest {
    /// Invoices to be sold, face.
    pub face: Amount,
    /// Days from invoice date to due date.
    pub terms_days: u32,
    /// Customers that owe them, in equal parts.
    pub debtors: u32,
    /// Invoices; one for each customer if it is not given.
    pub invoices: Option<u32>,
    /// Sales on credit in a month, for the average advance outstanding under a facility.
    pub monthly_sales: Option<Amount>,
    /// The largest advance rate asked for.
    pub advance: Option<Rate>,
    /// Currency.
    pub currency: Currency,
    /// The day of the purchase.
    pub date: NaiveDate,
    /// The rules.
    pub policy: Arc<Policy>,
}

/// The reason why there is no quote.
#[derive(Debug, Error)]
pub enum QuoteError {
    /// A number outside its range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// An amount that cannot be held.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A price that cannot be computed.
    #[error(transparent)]
    Pricing(#[from] PricingError),
}

/// A quote: the amount and the day, the cost in money, and the consequence if a customer does not
/// pay.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Quote {
    /// `indicative` from a few numbers, `exact` from a ledger.
    pub kind: &'static str,
    /// Currency of every amount.
    pub currency: Currency,
    /// The day of the purchase.
    pub date: NaiveDate,
    /// Invoices that would be bought.
    pub amount_bought: Money,
    /// Paid at once, after charges taken out of it.
    pub net_funded: Money,
    /// Held back until the customers pay.
    pub reserve: Money,
    /// Charges taken out of what is paid at once.
    pub prepaid_charges: Money,
    /// Cost in the expected case: fees and charges.
    pub expected_cost: Money,
    /// Days to payment in the expected case; absent if nothing is bought.
    pub expected_days: Option<f64>,
    /// Cost in the expected case as APR.
    pub apr_percent: Option<Percent>,
    /// Advance rate and fee plan.
    pub terms: PartTerms,
    /// Cost if all customers pay after so many days.
    pub if_paid_after: Vec<PayDay>,
    /// Offers to choose from.
    pub menu: Vec<MenuOffer>,
    /// The same with customers that pay earlier and later than assumed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub range: Vec<QuoteRange>,
    /// The consequence if a customer does not pay.
    pub if_unpaid: String,
    /// Charges that are not in the cost above.
    pub other_charges: Vec<String>,
    /// The average advance outstanding under a facility for these sales.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_advance_outstanding: Option<Money>,
    /// The assumptions behind it.
    pub assumptions: Vec<String>,
    /// The disclosures that the law requires.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disclosures: Vec<Disclosure>,
    /// The reason why there is no offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decline: Option<Decline>,
}

impl Quote {
    /// Returns the cost if all customers pay on this day: the fee and the charges at the purchase.
    pub fn cost(&self, day: &PayDay) -> Money {
        // `summary::if_paid_after` has added up the same, and would have refused an overflow.
        day.fee.checked_add(self.prepaid_charges).unwrap_or(day.fee)
    }
}

/// One end of the range of a quote.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuoteRange {
    /// The assumption on customers: that they pay earlier, or later.
    pub customers: &'static str,
    /// Advance rate.
    pub advance_rate_percent: Rate,
    /// Leading rate of the fee plan.
    pub discount_rate_percent: Rate,
    /// Cost in its expected case.
    pub expected_cost: Money,
    /// The same as APR.
    pub apr_percent: Option<Percent>,
}

/// Returns an indicative quote.
///
/// # Errors
/// If a number is outside its range, or if an amount or a price cannot be computed from it.
pub fn quote(request: &QuoteRequest) -> Result<Quote, QuoteError> {
    quote_for(request, &assumed(request)?)
}

/// Returns the quote for assumed invoices.
fn quote_for(request: &QuoteRequest, assumed: &Assumed) -> Result<Quote, QuoteError> {
    let priced = Priced::of(request, assumed, 0)?;
    let ends = ENDS.iter().zip([-EARLIER, LATER]);
    let range: Result<Vec<QuoteRange>, QuoteError> =
        ends.map(|(name, days)| Priced::of(request, assumed, days)?.end(name)).collect();
    let policy = &request.policy;
    let average = request.monthly_sales.map(|sales| {
        let yearly = sales.0.checked_mul(rust_decimal::Decimal::from(12));
        let yearly = yearly
            .filter(|yearly| !yearly.is_sign_negative())
            .ok_or_else(|| OutOfRange::new("--monthly-sales", sales, "an amount of 0 or more"))?;
        let yearly = Money::from_major(yearly, request.currency)?;
        let days = priced.totals.mean_expected_days.unwrap_or(0.0).ceil() as u32;
        let rate = priced.totals.advance_rate_percent;
        Ok::<_, QuoteError>(average_advance_outstanding(yearly, rate, days)?)
    });
    let totals = &priced.totals;
    Ok(Quote {
        kind: "indicative",
        currency: request.currency,
        date: request.date,
        amount_bought: totals.amount_bought,
        net_funded: totals.net_funded,
        reserve: totals.reserve,
        prepaid_charges: totals.prepaid_charges,
        expected_cost: totals.fee.checked_add(totals.prepaid_charges)?,
        expected_days: totals.mean_expected_days,
        apr_percent: totals.apr_percent,
        terms: priced.deal.part_terms(request.advance),
        if_paid_after: priced.if_paid_after,
        menu: priced.deal.menu,
        range: range?,
        if_unpaid: if_unpaid(policy),
        other_charges: other_charges(policy),
        average_advance_outstanding: average.transpose()?,
        assumptions: assumptions(request),
        disclosures: priced.disclosures,
        decline: priced.deal.decline,
    })
}

/// Returns the quote of a part of an offer from a ledger.
///
/// # Errors
/// If the cost is too large for money.
pub fn quote_of(part: &OfferPart, date: NaiveDate, policy: &Policy) -> Result<Quote, QuoteError> {
    let totals = &part.totals;
    let mut assumptions = vec![part.scoring.sentence.clone()];
    assumptions.extend(part.conditions.iter().map(|condition| condition.sentence.clone()));
    Ok(Quote {
        kind: "exact",
        currency: part.currency,
        date,
        amount_bought: totals.amount_bought,
        net_funded: totals.net_funded,
        reserve: totals.reserve,
        prepaid_charges: totals.prepaid_charges,
        expected_cost: totals.fee.checked_add(totals.prepaid_charges)?,
        expected_days: totals.mean_expected_days,
        apr_percent: totals.apr_percent,
        terms: part.terms.clone(),
        if_paid_after: part.if_paid_after.clone(),
        menu: part.menu.clone(),
        range: Vec::new(),
        if_unpaid: if_unpaid(policy),
        other_charges: other_charges(policy),
        average_advance_outstanding: None,
        assumptions,
        disclosures: part.disclosures.clone(),
        decline: part.decline.clone(),
    })
}

/// The invoices that the numbers stand for.
struct Assumed {
    /// One invoice of each kind.
    pool: Pool,
    /// The equal ones that each stands for.
    equal: Vec<Equal>,
}

/// Returns the invoices that the numbers stand for: equal ones but for a cent, issued on the day of
/// the purchase, and as many for each customer but for one.
fn assumed(request: &QuoteRequest) -> Result<Assumed, QuoteError> {
    let face = Money::from_major(request.face.0, request.currency)?;
    if face.minor() <= 0 {
        return Err(OutOfRange::new("--face", request.face, "an amount above 0").into());
    }
    let (debtors, invoices) = counts(request)?;
    // With longer terms every invoice would be long-dated, which the policy does not buy.
    let longest = u32::try_from(request.policy.maximum_days_to_due()).unwrap_or(0);
    let terms = whole("--terms", request.terms_days, longest)?;
    let as_of = day_number(request.date);
    if !(0..=LAST_DAY).contains(&as_of) {
        let expected = "a day from 1970 to 2200";
        return Err(OutOfRange::new("--as-of", request.date, expected).into());
    }
    let due = as_of + i32::try_from(terms).unwrap_or(0);
    let (each, over) = (face.minor() / i64::from(invoices), face.minor() % i64::from(invoices));
    // Cents that do not divide go to the first invoices; there are fewer of them than invoices.
    let over = u32::try_from(over).unwrap_or(0);
    let mut pool = Pool {
        currency: request.currency,
        as_of,
        receivables: Vec::new(),
        debtors: Vec::new(),
        room: None,
        selection_seed: None,
    };
    let mut equal = Vec::new();
    let usual_terms = UsualTerms::assumed(request.policy.assumed_terms_days());
    for (first, end) in kinds(debtors, invoices, over) {
        // Invoices go round the customers, so that the first of them have one more.
        let share = |all: u32| all / debtors + u32::from(first < all % debtors);
        let debtor = pool.debtors.len();
        let (id, name) = (format!("{}", first + 1), format!("Customer {}", first + 1));
        pool.debtors.push(DebtorAccount::new(id, name, usual_terms, request.currency));
        for (more, of_each) in [(1, share(over)), (0, share(invoices) - share(over))] {
            let equals = Equal { lines: of_each * (end - first), debtors: end - first };
            if of_each > 0 {
                let open = Money::from_minor(each + more, request.currency);
                let number = format!("{}", equal.len() + 1);
                pool.receivables.push(Receivable::new(number, debtor, (as_of, due), open));
                equal.push(equals);
            }
        }
    }
    Ok(Assumed { pool, equal })
}

/// Checks a whole number.
fn whole(key: &'static str, value: u32, most: u32) -> Result<u32, OutOfRange> {
    if (1..=most).contains(&value) {
        return Ok(value);
    }
    Err(OutOfRange::new(key, value, format!("a whole number from 1 to {most}")))
}

/// Returns the numbers of customers and of invoices.
fn counts(request: &QuoteRequest) -> Result<(u32, u32), OutOfRange> {
    let debtors = whole("--debtors", request.debtors, 100_000)?;
    let invoices = whole("--invoices", request.invoices.unwrap_or(debtors), 100_000)?;
    if invoices < debtors {
        let customers = counted(debtors, "customer", "customers");
        let expected = format!("at least one for each of {customers}");
        return Err(OutOfRange::new("--invoices", invoices, expected));
    }
    Ok((debtors, invoices))
}

/// Returns the customers that have equal invoices, as ranges: of all invoices, and of those with a
/// cent more, the first customers may have one more than the others.
fn kinds(debtors: u32, invoices: u32, over: u32) -> impl Iterator<Item = (u32, u32)> {
    let mut ends = [invoices % debtors, over % debtors, debtors];
    ends.sort_unstable();
    let starts = [0, ends[0], ends[1]];
    starts.into_iter().zip(ends).filter(|(first, end)| first < end)
}

/// The pool, priced.
struct Priced {
    deal: Deal,
    totals: super::part_terms::PartTotals,
    if_paid_after: Vec<PayDay>,
    disclosures: Vec<Disclosure>,
}

impl Priced {
    /// Prices invoices of customers that pay `later` days later than the prior curve expects.
    fn of(request: &QuoteRequest, assumed: &Assumed, later: i32) -> Result<Self, QuoteError> {
        let Assumed { pool, equal } = assumed;
        let policy = &request.policy;
        // Fitted to no history, the curve is the policy's prior.
        let km = KaplanMeier::fit(&[], 1, policy.prior());
        // Issued on the day of the purchase, an invoice has all its terms before it.
        let age = -i32::try_from(request.terms_days).unwrap_or(i32::MAX);
        let recourse = policy.recourse_day(pool.as_of, pool.as_of - age) - pool.as_of;
        let recourse_day = u32::try_from(recourse).unwrap_or(1).max(1);
        // The curve runs by days since the due date: who pays later is scored as a younger invoice.
        let shifted = age - later;
        let horizon = recourse_day;
        let curve = km.debtor(0, shifted..=shifted, horizon).score(shifted);
        let weights = CurveWeights { debtor: 0.0, client: 0.0, prior: 1.0 };
        let scored: Vec<Scored> = (pool.receivables.iter())
            .map(|_| Scored { curve: curve.clone(), recourse_day, weights, reasons: Vec::new() })
            .collect();
        let bought: Vec<Money> = pool.receivables.iter().map(|r| r.open).collect();
        let desk = Desk {
            policy,
            purchase: request.date,
            pool,
            bought: &bought,
            scored: &scored,
            // The most that does not yet lower the advance; the quote states it as an assumption.
            dilution: policy.dilution_threshold(),
            debtor_dilution: |_| None,
            agreed: None,
            equal,
            requested: request.advance,
            loss: policy.loss_terms(None),
        };
        let deal = desk.deal()?;
        let none = vec![Money::zero(pool.currency); bought.len()];
        let amounts = if deal.decline.is_some() { &none } else { &bought };
        let prices = desk.line_prices(&deal.terms, amounts)?;
        let lines: Vec<&LinePrice> = prices.iter().flatten().collect();
        Ok(Self {
            totals: summary::totals(pool, &prices, &deal.terms, desk.dilution)?,
            if_paid_after: summary::if_paid_after(
                &lines,
                &deal.terms,
                request.date,
                pool.currency,
            )?,
            disclosures: disclosures(policy, pool, &prices, &deal.terms, None)?,
            deal,
        })
    }

    fn end(&self, customers: &'static str) -> Result<QuoteRange, QuoteError> {
        Ok(QuoteRange {
            customers,
            advance_rate_percent: self.totals.advance_rate_percent,
            discount_rate_percent: self.deal.terms.plan.leading_rate(),
            expected_cost: self.totals.fee.checked_add(self.totals.prepaid_charges)?,
            apr_percent: self.totals.apr_percent,
        })
    }
}

/// Returns a sentence of the catalogue's message `quote`.
fn said(of: &str, facts: &Facts) -> String {
    Catalogue::english().say(&format!("quote.{of}"), facts)
}

fn if_unpaid(policy: &Policy) -> String {
    said("if_unpaid", &policy.recourse_facts())
}

fn other_charges(policy: &Policy) -> Vec<String> {
    let charges = policy.fee_plan().charges();
    let monthly = charges.of(ChargePer::Month).map(|event| (event, "month"));
    let occurrence = charges.of(ChargePer::Occurrence).map(|event| (event, "occurrence"));
    let charge = |(event, per): (&EventCharge, &'static str)| {
        let facts = Facts::new().with("event", event.event.title()).with("amount", event.amount);
        said("charge", &facts.with("per", Fact::Variant(per)))
    };
    let mut all: Vec<String> = monthly.chain(occurrence).map(charge).collect();
    if let Some(least) = charges.minimum_per_month {
        all.push(said("minimum", &Facts::new().with("amount", least.amount)));
    }
    all
}

fn assumptions(request: &QuoteRequest) -> Vec<String> {
    let invoices = request.invoices.unwrap_or(request.debtors);
    let of_invoices = Facts::new()
        .with("invoices", invoices)
        .with("date", request.date)
        .with("days", request.terms_days)
        .with("customers", request.debtors);
    let dilution = Facts::new().with("dilution", request.policy.dilution_threshold());
    vec![
        said("assumed_invoices", &of_invoices),
        said("assumed_curve", &Facts::new()),
        said("assumed_credits", &dilution),
        said("assumed_nothing_read", &Facts::new()),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::samples::{
        as_of, currency, input, is_whole, listed_with, percent, pool as sample, solved_with, usd,
        wire,
    };
    use super::*;

    /// 10,000.00 of three customers, due in 30 days.
    fn request(policy: Policy) -> QuoteRequest {
        QuoteRequest {
            face: Amount(10_000.into()),
            terms_days: 30,
            debtors: 3,
            invoices: None,
            monthly_sales: None,
            advance: None,
            currency: Currency::USD,
            date: as_of(),
            policy: Arc::new(policy),
        }
    }

    fn listed() -> QuoteRequest {
        request(listed_with(""))
    }

    fn amount(text: &str) -> Amount {
        Amount(text.parse().expect("a number"))
    }

    /// The same invoices one by one, in the order of a pool.
    fn one_by_one(request: &QuoteRequest) -> Assumed {
        let Assumed { pool, .. } = assumed(request).expect("invoices");
        let face = Money::from_major(request.face.0, request.currency).expect("an amount").minor();
        let (debtors, invoices) = counts(request).expect("numbers");
        let all = i64::from(invoices);
        let receivable = |index: u32| {
            let more = i64::from(i64::from(index) < face % all);
            let open = Money::from_minor(face / all + more, request.currency);
            let days = (pool.receivables[0].issue, pool.receivables[0].due);
            Receivable::new(format!("{index}"), (index % debtors) as usize, days, open)
        };
        let mut receivables: Vec<Receivable> = (0..invoices).map(receivable).collect();
        receivables.sort_by_key(|receivable| receivable.debtor);
        let terms = UsualTerms::assumed(30);
        let account = |index| DebtorAccount::new(format!("{index}"), "", terms, request.currency);
        let debtors = (0..debtors).map(account).collect();
        Assumed { pool: Pool { receivables, debtors, ..pool }, equal: Vec::new() }
    }

    /// The amounts of the assumed invoices, smallest first, and the amounts owed by the debtors.
    fn owed(assumed: &Assumed) -> (Vec<i64>, Vec<i64>) {
        let (mut open, mut debtors) = (Vec::new(), Vec::new());
        let mut own = vec![(0, 1); assumed.pool.debtors.len()];
        for (at, receivable) in assumed.pool.receivables.iter().enumerate() {
            let equal = assumed.equal.get(at).copied().unwrap_or(Equal::ONE);
            open.extend((0..equal.lines).map(|_| receivable.open.minor()));
            let (sum, debtors) = &mut own[receivable.debtor];
            *sum += receivable.open.minor() * i64::from(equal.lines / equal.debtors);
            *debtors = equal.debtors;
        }
        own.into_iter().for_each(|(sum, equal)| debtors.extend((0..equal).map(|_| sum)));
        open.sort_unstable();
        debtors.sort_unstable();
        (open, debtors)
    }

    /// All numbers of a quote, those that are not money to nine digits.
    fn figures(quote: &Quote) -> String {
        fn rounded(value: &mut serde_json::Value) {
            match value {
                serde_json::Value::Number(number) if number.is_f64() => {
                    *value = format!("{:.9e}", number.as_f64().expect("a number")).into();
                }
                serde_json::Value::Array(all) => all.iter_mut().for_each(rounded),
                serde_json::Value::Object(all) => all.values_mut().for_each(rounded),
                _ => {}
            }
        }
        let mut value = serde_json::to_value(quote).expect("JSON");
        rounded(&mut value);
        value.to_string()
    }

    const COUNTS: [(u32, u32, &str); 9] = [
        (1, 1, "10000"),
        (1, 7, "100"),
        (3, 3, "10000"),
        (7, 999, "123456.78"),
        (40, 100, "0.99"),
        (5, 12, "0.05"),
        (60, 160, "250000.37"),
        (160, 160, "99999.99"),
        (33, 101, "1000000.01"),
    ];

    #[test]
    fn a_few_invoices_stand_for_all_and_come_to_the_face_to_the_cent() {
        for (debtors, invoices, face) in COUNTS {
            let invoices = Some(invoices);
            let request = QuoteRequest { face: amount(face), debtors, invoices, ..listed() };
            let few = assumed(&request).expect("invoices");
            assert!(few.pool.receivables.len() <= 6 && few.pool.debtors.len() <= 3, "{face}");
            assert!(few.pool.receivables.is_sorted_by_key(|r| r.debtor), "in the order of a pool");
            assert_eq!(owed(&few), owed(&one_by_one(&request)), "{debtors} {invoices:?} {face}");
            let total = Money::from_major(request.face.0, Currency::USD).expect("an amount");
            assert_eq!(owed(&few).0.iter().sum::<i64>(), total.minor());
        }
    }

    #[test]
    fn a_quote_for_a_few_is_that_for_all_of_them_one_by_one() {
        let limited = "[charges]\nminimum_per_invoice = \"5.17\"\nmaximum_per_invoice = \"300\"\n";
        let policies =
            [listed_with(&wire("25")), listed_with(limited), solved_with(""), solved_with(limited)];
        for policy in policies {
            for (debtors, invoices, face) in COUNTS {
                let invoices = Some(invoices);
                let own = request(policy.clone());
                let request = QuoteRequest { face: amount(face), debtors, invoices, ..own };
                let all = quote_for(&request, &one_by_one(&request)).expect("a quote");
                let few = quote(&request).expect("a quote");
                assert_eq!(figures(&few), figures(&all), "{debtors} {invoices:?} {face}");
            }
        }
    }

    #[test]
    fn what_is_quoted_adds_up() {
        for policy in [listed_with(&wire("25")), solved_with(&wire("25"))] {
            let request = QuoteRequest { invoices: Some(7), ..request(policy) };
            let quote = quote(&request).expect("a quote");
            assert_eq!((quote.kind, quote.amount_bought), ("indicative", usd(1_000_000)));
            let parts = [quote.net_funded, quote.prepaid_charges, quote.reserve].map(Money::minor);
            assert_eq!(parts.iter().sum::<i64>(), 1_000_000);
            assert_eq!(quote.prepaid_charges, usd(2_500));
            for day in &quote.if_paid_after {
                let all = day.received_in_total.minor() + day.fee.minor() + 2_500;
                assert_eq!(all, 1_000_000, "day {}", day.days);
            }
        }
    }

    /// The ends of the range cost what the quote does where the day of payment is of no matter.
    #[test]
    fn the_range_counts_the_charges_like_the_quote() {
        let flat = "[[fee]]\nkind = \"flat\"\npercent = 2\n";
        let two = request(listed_with(&format!("{flat}{}", wire("25"))));
        let quote = quote(&QuoteRequest { debtors: 2, ..two }).expect("a quote");
        // 2 % of 5,000.00, twice, and 25.00.
        assert_eq!(quote.expected_cost, usd(22_500));
        assert_eq!(quote.range.len(), 2);
        assert!(quote.range.iter().all(|end| end.expected_cost == quote.expected_cost));
    }

    #[test]
    fn customers_that_pay_later_cost_more() {
        let quote = quote(&listed()).expect("a quote");
        let [earlier, later] = quote.range.as_slice() else { panic!("two ends") };
        assert_eq!((earlier.customers, later.customers), ("pay earlier", "pay later"));
        quote.assumptions.iter().for_each(|assumed| is_whole(assumed));
        assert!(earlier.expected_cost.minor() <= quote.expected_cost.minor());
        assert!(later.expected_cost.minor() > quote.expected_cost.minor());
    }

    #[test]
    fn what_is_out_on_average_is_sales_of_a_year_times_advance_times_turn() {
        let request = QuoteRequest { monthly_sales: Some(amount("20000")), ..listed() };
        let with = quote(&request).expect("a quote");
        let days = with.expected_days.expect("days").ceil();
        let average = with.average_advance_outstanding.expect("an average").to_f64();
        // To the cent: 240,000 x 80 % x days / 365.
        assert!((average - 240_000.0 * 0.8 * days / 365.0).abs() <= 0.005, "{average}");
        let negative = QuoteRequest { monthly_sales: Some(amount("-1")), ..listed() };
        assert!(quote(&negative).expect_err("none").to_string().contains("--monthly-sales"));
        assert_eq!(quote(&listed()).expect("a quote").average_advance_outstanding, None);
    }

    #[test]
    fn numbers_outside_their_range_are_named_and_those_at_its_ends_are_not() {
        let refused = |request: QuoteRequest| quote(&request).expect_err("none").to_string();
        for (wrong, key) in [
            (QuoteRequest { face: amount("0"), ..listed() }, "--face"),
            (QuoteRequest { face: amount("0.001"), ..listed() }, "decimals"),
            (QuoteRequest { debtors: 0, ..listed() }, "--debtors"),
            (QuoteRequest { debtors: 100_001, ..listed() }, "--debtors"),
            (QuoteRequest { invoices: Some(2), ..listed() }, "--invoices"),
            (QuoteRequest { terms_days: 0, ..listed() }, "--terms"),
            // The policy buys what falls due in 180 days at the latest.
            (QuoteRequest { terms_days: 181, ..listed() }, "--terms"),
            (QuoteRequest { date: "1969-12-31".parse().expect("a day"), ..listed() }, "--as-of"),
            (QuoteRequest { date: "2201-01-01".parse().expect("a day"), ..listed() }, "--as-of"),
        ] {
            let said = refused(wrong);
            assert!(said.contains(key), "{key}: {said}");
        }
        for right in [
            QuoteRequest { face: amount("0.01"), debtors: 1, ..listed() },
            QuoteRequest { invoices: Some(3), terms_days: 180, ..listed() },
            QuoteRequest { date: "1970-01-01".parse().expect("a day"), ..listed() },
            QuoteRequest { date: "2200-12-31".parse().expect("a day"), ..listed() },
        ] {
            assumed(&right).expect("invoices");
        }
    }

    #[test]
    fn no_more_is_quoted_than_is_asked_for() {
        let request = QuoteRequest { advance: Some(percent("60")), ..listed() };
        let quote = quote(&request).expect("a quote");
        // 60 % of 3,333.34, 3,333.33 and 3,333.33, each rounded down.
        assert_eq!(quote.net_funded, usd(200_000 + 199_999 + 199_999));
        assert_eq!(quote.terms.requested_advance_percent, Some(percent("60")));
    }

    #[test]
    fn charges_that_leave_nothing_are_a_decline_and_buy_nothing() {
        let quote = quote(&request(listed_with(&wire("8000")))).expect("a quote");
        assert_eq!(quote.decline.expect("a decline").code, "charges");
        assert_eq!((quote.amount_bought, quote.expected_cost), (usd(0), usd(0)));
        assert!(quote.disclosures.is_empty() && quote.apr_percent.is_none());
    }

    #[test]
    fn yen_have_no_cents_to_share_out() {
        let yen = currency("JPY");
        let request = QuoteRequest { currency: yen, face: amount("100"), ..listed() };
        assert_eq!(owed(&assumed(&request).expect("invoices")).0, [33, 33, 34]);
        let quote = quote(&request).expect("a quote");
        assert_eq!(quote.amount_bought, Money::from_minor(100, yen));
        assert!(quote.disclosures.is_empty(), "the laws are about dollars");
    }

    #[test]
    fn the_quote_of_a_part_says_what_the_part_does() {
        let policy = listed_with(&wire("25"));
        let mut pool = sample();
        pool.debtors[0].facts.government = None;
        let part = input(&policy, pool).part().expect("a part");
        let quote = quote_of(&part, as_of(), &policy).expect("a quote");
        assert_eq!((quote.kind, quote.date), ("exact", as_of()));
        assert_eq!(
            (quote.net_funded, quote.reserve),
            (part.totals.net_funded, part.totals.reserve)
        );
        // 310.03 of fees and 25.00.
        assert_eq!(quote.expected_cost, usd(33_503));
        assert_eq!(quote.apr_percent, part.totals.apr_percent);
        // The curves' ground, then what the client warrants.
        let warranted = part.conditions.iter().map(|condition| condition.sentence.as_str());
        let expected: Vec<&str> =
            std::iter::once(part.scoring.sentence.as_str()).chain(warranted).collect();
        assert_eq!(quote.assumptions, expected);
        assert_eq!(quote.disclosures, part.disclosures);
    }

    #[test]
    fn what_happens_if_a_customer_does_not_pay_follows_the_recourse() {
        for (kind, part) in [
            ("full", "you buy it back: you repay the advance"),
            ("non_recourse", "customer's insolvency, we bear the loss and you keep"),
            ("modified", "an invoice to a customer we have approved is unpaid 45 days"),
        ] {
            let recourse = format!("[recourse]\nkind = \"{kind}\"\ndays_after_due = 45\n");
            let said = if_unpaid(&listed_with(&recourse));
            assert!(said.contains(part) && said.contains("45 days after its due date"), "{said}");
            is_whole(&said);
        }
    }

    #[test]
    fn charges_that_are_not_in_the_cost_are_listed() {
        let charges = "[charges]\nminimum_per_month = { amount = \"500\", kind = \"floor\" }\n\
                       [[charges.events]]\nevent = \"lockbox\"\namount = \"40\"\nper = \"month\"\n\
                       [[charges.events]]\nevent = \"ach\"\namount = \"3\"\nper = \"occurrence\"\n";
        assert_eq!(
            other_charges(&listed_with(charges)),
            ["lockbox: 40 a month", "ACH transfer: 3 per occurrence", "minimum monthly fees: 500",]
        );
        assert!(other_charges(&listed_with(&wire("25"))).is_empty(), "it is in the cost");
    }
}
