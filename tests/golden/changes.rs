//! What would make the policy buy more, the borrowing base, and what is confirmed first.

use factorage::underwriting::{Change, Facility, Rule};

use super::golden;
use crate::evaluated::{Desk, date, line, offer_text, only_part, priced_policy};

#[test]
fn every_exclusion_that_a_change_could_lift_names_the_smallest_one() {
    let evaluation = golden();
    let part = only_part(&evaluation);
    for (number, change, amount, gains) in [
        ("A-2", Change::LimitRaised, Some("4537.50"), "4537.50"),
        ("B-1", Change::NumberExplained, None, "700.00"),
        ("C-1", Change::DisputeSettled, None, "1200.00"),
        ("C-3", Change::Time, None, "600.00"),
        // 1,000 of 4,000 is the 25 % that is enough to fail: a cent less is not.
        ("E-2", Change::PastDuePaid, Some("0.01"), "3000.00"),
        ("G-1", Change::CreditsUsed, Some("1600.00"), "500.00"),
        ("H-1", Change::CreditsUsed, Some("250.00"), "250.00"),
    ] {
        let found = line(part, number).counterfactual.clone().unwrap_or_else(|| panic!("{number}"));
        assert_eq!(found.change, change, "{number}");
        assert_eq!(found.amount.map(|amount| amount.to_string()).as_deref(), amount, "{number}");
        assert_eq!(found.gains.to_string(), gains, "{number}");
    }
    // Neither age nor size can be mended.
    for number in ["D-1", "E-1", "F-1"] {
        assert!(line(part, number).counterfactual.is_none(), "{number}");
    }
    let waits = line(part, "C-3").counterfactual.as_ref().map(|c| c.sentence.as_str());
    assert_eq!(waits, Some("In 19 days."), "199 days ahead, 180 are allowed");
}

/// 3 % to day 30 and 1 % for every 10 days after it.
#[test]
fn what_is_bought_tells_what_an_earlier_payment_saves() {
    let csv = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date\n\
        1,Alder,2026-06-30,2026-08-29,USD,10000.00,\n";
    let policy = crate::evaluated::policy(&[("eligibility.concentration.limit_percent", "100")]);
    let evaluation = Desk::with("ledger.csv", csv).at("2026-06-30").policy(policy).evaluate();
    let only = line(only_part(&evaluation), "1");
    let price = only.price.expect("bought");
    let blocks = (price.expected_day - 30).div_ceil(10);
    assert!(blocks > 1, "expected on day {}", price.expected_day);
    let found = only.counterfactual.clone().expect("a step");
    // One block fewer is 1 % of 10,000 less.
    let last_day = 30 + 10 * (blocks - 1);
    let by = date("2026-06-30") + chrono::Days::new(last_day.into());
    assert_eq!((found.change, found.by), (Change::PaidEarlier, Some(by)));
    assert_eq!((found.gains.to_string().as_str(), found.amount), ("100.00", None));
    assert!(found.sentence.contains("100.00 USD less"), "{}", found.sentence);
}

fn facility(text: &str) -> Result<Facility, String> {
    text.parse().map_err(|error: factorage::underwriting::FacilityError| error.to_string())
}

const LEDGER: &str = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date\n\
    1,Alder,2026-06-01,2026-07-01,USD,6000.00,\n2,Birch,2026-06-01,2026-07-01,USD,6000.00,\n\
    3,Cedar,2026-06-01,2026-07-01,USD,6000.00,\n4,Douglas,2026-06-01,2026-07-01,USD,6000.00,\n\
    5,Elder,2026-03-01,2026-03-31,USD,1000.00,\n";

#[test]
fn the_borrowing_base_holds_the_client_s_figures_against_ours() {
    let agreed = facility(
        "currency = \"USD\"\nline = 18000\noutstanding = \"15000.00\"\n\
         [declared]\ngross = 25000\neligible = 24500\n",
    );
    let mut desk = Desk::with("ledger.csv", LEDGER).at("2026-06-30");
    desk.request.facility = Some(agreed.expect("a facility"));
    let evaluation = desk.evaluate();
    let base = &only_part(&evaluation).borrowing_base;
    // 24,000 of four debtors is eligible, 85 % of it is 20,400; the line is less.
    let shown = [base.gross, base.ineligible, base.base.net_availability, base.base.excess];
    let shown = shown.map(|amount| amount.to_string());
    assert_eq!(shown, ["25000.00", "1000.00", "20400.00", "3000.00"]);
    let differences: Vec<_> =
        base.declared.iter().map(|line| (line.figure, line.difference.to_string())).collect();
    assert_eq!(differences, [("gross", "0.00".to_owned()), ("eligible", "500.00".to_owned())]);
    assert!(offer_text(&evaluation).contains("\"borrowing_base\""));
}

#[test]
fn a_facility_file_that_is_none_says_why() {
    for (text, said) in [
        ("line = 1", "missing field `currency`"),
        ("currency = \"USD\"\noutstandng = 1", "line 2: unknown field `outstandng`"),
        ("currency = \"USD\"\noutstanding = -1", "outstanding: expected an amount of 0 or more"),
        ("currency = \"JPY\"\nline = 1.5", "line: 1.5 has more decimals than JPY (0)"),
        ("currency = \"XXX\"", "'XXX' is not an ISO 4217 currency code"),
    ] {
        let refused = facility(text).expect_err(text);
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn large_invoices_are_confirmed_first_and_then_where_it_saves_most() {
    let csv = LEDGER.replace(
        "Birch,2026-06-01,2026-07-01,USD,6000.00",
        "Birch,2026-06-01,2026-07-01,USD,5000.00",
    );
    let policy = priced_policy(&[
        ("verification.always_from", "\"6000\""),
        ("verification.most", "3"),
        ("eligibility.concentration.limit_percent", "100"),
    ]);
    let evaluation = Desk::with("ledger.csv", csv).at("2026-06-30").policy(policy).evaluate();
    let queue = &only_part(&evaluation).verification_queue;
    let told: Vec<_> = queue.iter().map(|l| (l.debtor_name.as_str(), l.reasons.clone())).collect();
    let first = vec!["large", "new_debtor"];
    assert_eq!(told, [("Alder", first.clone()), ("Cedar", first.clone()), ("Douglas", first)]);
    // Advance x 0.5 % x 5 x 60 % of loss: 5,100 x 0.025 x 0.6.
    let advance = 6_000.0 * part_rate(&evaluation);
    let saved = queue[0].expected_loss_avoided.to_f64();
    assert!((saved - advance * 0.025 * 0.6).abs() < 0.01, "{saved}");
}

fn part_rate(evaluation: &factorage::report::Evaluation) -> f64 {
    only_part(evaluation).terms.advance_rate_percent.to_f64()
}

#[test]
fn what_a_debtor_file_says_is_held_against_the_rules() {
    let debtors = "debtor,country,government,affiliate,insolvent,limit,payable\n\
        Alder,DE,no,no,no,,\nBirch,US,yes,no,no,,\nCedar,US,no,no,yes,,\n\
        Douglas,US,no,no,no,4000,1500\nElder,US,no,yes,no,,\n";
    let rules = "[\"affiliate\", \"government\", \"foreign\", \"insolvent\"]";
    let policy = crate::evaluated::policy(&[
        ("eligibility.home_country", "\"US|USA\""),
        ("eligibility.debtor_rules", rules),
        ("eligibility.past_due_days", "365"),
        ("eligibility.concentration.limit_percent", "100"),
    ]);
    let mut desk = Desk::with("ledger.csv", LEDGER).at("2026-06-30").policy(policy);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("debtors.csv");
    std::fs::write(&file, debtors).expect("a debtor file");
    desk.request.guidance.debtors = Some(file);
    let evaluation = desk.evaluate();
    let part = only_part(&evaluation);
    let reason = |number| line(part, number).reason.map(Rule::code);
    let reasons = ["1", "2", "3", "4", "5"].map(reason);
    // Of 6,000 the client's own debt of 1,500 comes off first, then what is above 4,000.
    let expected = ["foreign", "government", "insolvent", "contra", "affiliate"].map(Some);
    assert_eq!(reasons, expected);
    assert_eq!(part.totals.amount_bought.to_string(), "4000.00");
    let taken = |code: &str| {
        let step = part.waterfall.iter().find(|step| step.rule.code() == code);
        step.expect("a step").amount.to_string()
    };
    assert_eq!([taken("contra"), taken("debtor_limit")], ["1500.00", "500.00"]);
    let why = line(part, "4").why.clone().expect("a reason");
    assert!(why.contains("the client owes the customer") && why.contains("limit of 4,000.00"));
    let untold = [Rule::Consumer, Rule::ProgressBilling, Rule::NonAssignable, Rule::Disputed];
    let conditions: Vec<Rule> = part.conditions.iter().map(|c| c.rule).collect();
    assert_eq!(conditions, untold, "all debtors are told of the others");
}

#[test]
fn receivables_roll_forward_from_the_previous_certificate() {
    let csv = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_amount,paid_date,\
        credited_amount,credited_date,written_off_amount,written_off_date\n\
        1,Alder,2026-04-01,2026-05-01,USD,1000.00,1000.00,2026-05-20,,,,\n\
        2,Alder,2026-05-01,2026-05-31,USD,2000.00,500.00,2026-06-10,,,,\n\
        3,Birch,2026-05-10,2026-06-09,USD,3000.00,2900.00,2026-06-15,100.00,2026-06-12,,\n\
        4,Birch,2026-05-12,2026-06-11,USD,70.00,,,,,70.00,2026-06-20\n\
        5,Birch,2026-06-12,2026-07-12,USD,4000.00,,,,,,\n";
    let rolled = |facility: Option<&str>| {
        let mut desk = Desk::with("ledger.csv", csv).at("2026-06-30");
        desk.request.facility = facility.map(|text| self::facility(text).expect("a facility"));
        let evaluation = desk.evaluate();
        only_part(&evaluation).borrowing_base.clone()
    };
    let shown = |r: factorage::underwriting::RollForward| {
        let figures = [r.opening, r.sales, r.collections, r.credits, r.write_offs, r.closing];
        (r.from.to_string(), figures.map(|figure| figure.to_string()))
    };
    // At the end of May 2,000 + 3,000 + 70 were open; 1 had been paid.
    let figures = ["5070.00", "4000.00", "3400.00", "100.00", "70.00", "5500.00"];
    let june = ("2026-05-31".to_owned(), figures.map(str::to_owned));
    assert_eq!(shown(rolled(None).roll_forward), june);
    let declared = "currency = \"USD\"\nprevious_certificate = \"2026-05-10\"\n\
        [declared]\nopening = 6000\nsales = 4070\ncollections = 4500\n";
    let base = rolled(Some(declared));
    // On May 10 1, 2 and 3 were open: 6,000; since then 70 and 4,000 were issued, and 1 was paid.
    let figures = ["6000.00", "4070.00", "4400.00", "100.00", "70.00", "5500.00"];
    let may = ("2026-05-10".to_owned(), figures.map(str::to_owned));
    assert_eq!(shown(base.roll_forward), may);
    let differences = base.declared.iter().map(|line| (line.figure, line.difference.to_string()));
    let expected = [("opening", "0.00"), ("sales", "0.00"), ("collections", "100.00")];
    let expected = expected.map(|(figure, text)| (figure, text.to_owned()));
    assert_eq!(differences.collect::<Vec<_>>(), expected);
}

/// Alder and Birch are one group, Cedar a consumer; invoice 5 has been bought before.
#[test]
fn groups_pairs_and_the_facility_limit_what_is_bought() {
    let csv = LEDGER.replace("5,Elder,2026-03-01,2026-03-31", "5,Elder,2026-06-01,2026-07-01");
    let debtors = "debtor,group,consumer,progress_billing,non_assignable,limit\n\
        Alder,Wood plc,no,no,no,\nBirch,wood PLC,no,no,no,5500\nCedar,,yes,no,no,\n\
        Douglas,,no,no,no,\nElder,,no,no,no,\n";
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("debtors.csv");
    std::fs::write(&file, debtors).expect("a debtor file");
    let judged = |basis: &str, facility: &str| {
        let policy = crate::evaluated::policy(&[
            ("eligibility.concentration.limit_percent", "100"),
            ("eligibility.limits.basis", basis),
            ("eligibility.limits.pair", "\"5800\""),
            ("eligibility.limits.group", "\"9000\""),
        ]);
        let mut desk = Desk::with("ledger.csv", &csv).at("2026-06-30").policy(policy);
        desk.request.guidance.debtors = Some(file.clone());
        desk.request.facility = Some(self::facility(facility).expect("a facility"));
        let evaluation = desk.evaluate();
        let part = only_part(&evaluation);
        let taken = part.waterfall.iter().filter(|step| step.invoices > 0);
        let taken = taken.map(|step| (step.rule, step.amount.to_string())).collect::<Vec<_>>();
        let changes = ["1", "2", "4"].map(|number| {
            let found = line(part, number).counterfactual.clone();
            found.map(|found| (found.change, found.amount.expect("an amount").to_string()))
        });
        (taken, changes, part.borrowing_base.base.eligible.to_string())
    };
    let facility = "currency = \"USD\"\nline = 20000\noutstanding = 9120\n\
        [[funded]]\ninvoice = \"5\"\ndebtor = \"Elder\"\n";
    let (taken, changes, eligible) = judged("\"balance\"", facility);
    // 24,000 are not Cedar's, less 200 (Alder), 500 (Birch) and 200 (Douglas) above their limits;
    // of the group's 11,300 there are 2,300 too many; 5 is bought already; the line leaves 10,880
    // to advance, 85 % of 12,800, and 14,800 are left.
    let expected = [
        (Rule::Consumer, "6000.00"),
        (Rule::DebtorLimit, "900.00"),
        (Rule::GroupLimit, "2300.00"),
        (Rule::AlreadyFunded, "1000.00"),
        (Rule::FacilityLimit, "2000.00"),
    ];
    assert_eq!(taken, expected.map(|(rule, amount)| (rule, amount.to_owned())));
    assert_eq!(eligible, "15800.00", "what is bought already and above the line is collateral");
    // Invoices due on one day use up a limit by number: the line is short for the last.
    let raised = |change, amount: &str| Some((change, amount.to_owned()));
    let group = raised(Change::GroupLimitRaised, "2300.00");
    assert_eq!(changes[1], group);
    assert_eq!(changes[2], raised(Change::LineRaised, "1700.00"));
    // Limits on funds at 85 %: 5,800 allow 6,823.52, 5,500 allow 6,470.58, 9,000 allow 10,588.23.
    let (taken, ..) = judged("\"funded\"", "currency = \"USD\"\n");
    let expected = [(Rule::Consumer, "6000.00"), (Rule::GroupLimit, "1411.77")];
    assert_eq!(taken, expected.map(|(rule, amount)| (rule, amount.to_owned())));
}

#[test]
fn a_general_agreement_is_disclosed_by_an_example_at_the_approved_limit() {
    let disclosed = |facility: &str| {
        let policy = crate::evaluated::policy(&[
            ("disclosure.settings.agreement", "\"general\""),
            ("eligibility.concentration.limit_percent", "100"),
        ]);
        let mut desk = Desk::with("ledger.csv", LEDGER).at("2026-06-30").policy(policy);
        desk.request.facility = Some(self::facility(facility).expect("a facility"));
        let evaluation = desk.evaluate();
        only_part(&evaluation).disclosures[0].rows.clone()
    };
    // 170,000 is 85 % of 200,000; all four are due the next day: 3 % of 200,000.
    let rows = disclosed("currency = \"USD\"\nline = 170000\n");
    assert_eq!(rows.len(), 7);
    assert_eq!(rows[0].label, "Assumptions");
    assert!(rows[0].value.contains("advance of 170000.00"), "{}", rows[0].value);
    assert_eq!([&rows[1].value, &rows[3].value], ["170,000.00 USD", "6,000.00 USD"]);
    // Without an approved limit 10,000 are taken to be drawn.
    let rows = disclosed("currency = \"USD\"\n");
    assert_eq!(rows[1].value, "10,000.00 USD");
}

#[test]
fn foreign_needs_a_home() {
    let text = crate::evaluated::policy_text(&[("eligibility.debtor_rules", "[\"foreign\"]")]);
    let refused = text.parse::<factorage::underwriting::Policy>().expect_err("refused").to_string();
    assert!(refused.starts_with("eligibility.home_country = missing"), "{refused}");
}
