//! Where the rules of a policy begin to bite: the last value that passes and the first that fails.

use factorage::policy::Rule;

use super::AS_OF;
use crate::evaluated::{Desk, line, only_part, policy};

const HEADER: &str = "invoice_number,debtor_id,invoice_date,due_date,amount\n";

/// No cap on one debtor, so that the other rules stand alone.
const NO_CAP: (&str, &str) = ("eligibility.concentration.limit_percent", "100");

/// Number, reason and amount bought of every line.
fn judged(rows: &str, replaced: &[(&str, &str)]) -> Vec<(String, Option<Rule>, String)> {
    let desk = Desk::with("ledger.csv", format!("{HEADER}{rows}")).at(AS_OF);
    let evaluation = desk.policy(policy(replaced)).evaluate();
    let told = |line: &offer::OfferLine| {
        let bought = line.price.map_or(String::new(), |price| price.amount_bought.to_string());
        (line.invoice_number.clone(), line.reason, bought)
    };
    only_part(&evaluation).lines.iter().map(told).collect()
}

fn told(number: &str, reason: Option<Rule>, bought: &str) -> (String, Option<Rule>, String) {
    (number.to_owned(), reason, bought.to_owned())
}

#[test]
fn sixty_days_past_due_is_bought_and_sixty_one_is_not() {
    let rows = "1,A,2026-04-01,2026-05-01,500.00\n2,B,2026-04-01,2026-04-30,500.00\n";
    let expected = [told("1", None, "500.00"), told("2", Some(Rule::PastDue), "")];
    assert_eq!(judged(rows, &[NO_CAP]), expected);
}

/// Usual terms are the median of the debtor's own paid invoices, or of all of the client's, or 30
/// days; the invoices themselves are due whenever the client wrote.
#[test]
fn an_invoice_may_be_as_old_as_the_usual_terms_and_sixty_days_past_due_make_it() {
    // A has paid three invoices on terms of 60 days, B two on 30 and one on 45, C nothing.
    let paid = "P1,A,2025-06-01,2025-07-31,500.00,2025-08-10\n\
                P2,A,2025-07-01,2025-08-30,500.00,2025-09-10\n\
                P3,A,2025-08-01,2025-09-30,500.00,2025-10-10\n\
                P4,B,2025-06-01,2025-07-01,500.00,2025-07-10\n\
                P5,B,2025-07-01,2025-07-31,500.00,2025-08-10\n\
                P6,B,2025-08-01,2025-09-15,500.00,2025-10-10\n";
    // 120 and 121 days before 2026-06-30 are 2026-03-02 and 2026-03-01; 90 and 91 are 2026-04-01
    // and 2026-03-31; 112 and 113 are 2026-03-10 and 2026-03-09.
    let open = "1,A,2026-03-02,2026-09-30,500.00,\n2,A,2026-03-01,2026-09-30,500.00,\n\
                3,B,2026-04-01,2026-09-30,500.00,\n4,B,2026-03-31,2026-09-30,500.00,\n\
                5,C,2026-03-10,2026-09-30,500.00,\n6,C,2026-03-09,2026-09-30,500.00,\n";
    let told_of = |replaced: &[(&str, &str)]| {
        let csv = format!("{},paid_date\n{paid}{open}", HEADER.trim_end());
        let desk = Desk::with("ledger.csv", csv).at(AS_OF);
        let evaluation = desk.policy(policy(replaced)).evaluate();
        let lines = &only_part(&evaluation).lines;
        lines.iter().map(|line| (line.reason, line.why.clone())).collect::<Vec<_>>()
    };
    let found = told_of(&[NO_CAP, ("confirm.hold", "[]")]);
    let (none, old) = (None, Some(Rule::PastInvoiceDate));
    // The client's paid terms are 30, 30, 45, 60, 60 and 60 days: 52 and a half, down to 52.
    let reasons: Vec<_> = found.iter().map(|(reason, _)| *reason).collect();
    // The older invoice of each comes first.
    assert_eq!(reasons, [old, none, old, none, old, none]);
    for (at, said) in [
        (0, "the customer's usual terms of 60 "),
        (2, "the customer's usual terms of 30 "),
        (4, "the client's usual terms of 52 "),
    ] {
        let why = found[at].1.as_deref().unwrap_or_default();
        assert!(why.contains(said), "{why}");
    }
}

#[test]
fn the_minimum_itself_is_bought_and_a_cent_less_is_not() {
    let rows = "1,A,2026-06-01,2026-07-01,50.00\n2,A,2026-06-01,2026-07-01,49.99\n";
    let minimum = ("eligibility.minimum_open", "\"50.00\"");
    let expected = [told("1", None, "50.00"), told("2", Some(Rule::MinimumSize), "")];
    assert_eq!(judged(rows, &[NO_CAP, minimum]), expected);
}

#[test]
fn a_credit_as_large_as_the_debt_excludes_it_and_a_cent_less_leaves_a_cent() {
    let rows = "1,A,2026-06-01,2026-07-01,100.00\nCN1,A,2026-06-02,2026-06-02,-100.00\n\
                2,B,2026-06-01,2026-07-01,100.00\nCN2,B,2026-06-02,2026-06-02,-99.99\n";
    let expected =
        [told("1", Some(Rule::CreditBalance), ""), told("2", Some(Rule::UnappliedCredit), "0.01")];
    assert_eq!(judged(rows, &[NO_CAP]), expected);
}

#[test]
fn what_is_a_little_late_does_not_taint_the_rest() {
    // 30 days past due is late, but not beyond the policy's 60.
    let rows = "1,A,2026-05-01,2026-05-31,900.00\n2,A,2026-06-01,2026-07-01,100.00\n";
    let expected = [told("1", None, "900.00"), told("2", None, "100.00")];
    assert_eq!(judged(rows, &[NO_CAP]), expected);
}

#[test]
fn the_base_of_cross_aging_is_gross_or_net_of_credits() {
    // 100 of 400 is past the limit: 25 %; net of a credit of 40 it is 100 of 360: 27.8 %.
    let rows = "1,A,2026-03-01,2026-03-31,100.00\n2,A,2026-06-01,2026-07-01,300.00\n\
                CN,A,2026-06-02,2026-06-02,-40.00\n";
    let threshold = ("eligibility.cross_aging.threshold_percent", "26");
    let base = |name| ("eligibility.cross_aging.base", name);
    let second = |base| judged(rows, &[NO_CAP, threshold, base])[1].clone();
    assert_eq!(second(base("\"gross\"")), told("2", Some(Rule::UnappliedCredit), "260.00"));
    assert_eq!(second(base("\"net\"")), told("2", Some(Rule::CrossAged), ""));
}

#[test]
fn of_two_cuts_the_larger_is_the_reason() {
    let others = "2,B,2026-06-01,2026-07-01,300.00\n3,C,2026-06-01,2026-07-01,300.00\n\
                  4,D,2026-06-01,2026-07-01,300.00\n";
    for (credit, reason, bought) in [
        // 900 is left of 1,800: the cap of 450 takes 450.
        ("100.00", Rule::Concentration, "450.00"),
        // 400 is left of 1,300: the cap of 325 takes 75.
        ("600.00", Rule::UnappliedCredit, "325.00"),
    ] {
        let own = "1,A,2026-06-01,2026-07-01,1000.00\n";
        let rows = format!("{own}CN,A,2026-06-02,2026-06-02,-{credit}\n{others}");
        assert_eq!(judged(&rows, &[])[0], told("1", Some(reason), bought));
    }
}

#[test]
fn credits_are_set_against_the_invoice_due_first() {
    let rows = "1,A,2026-06-01,2026-07-20,500.00\n2,A,2026-06-01,2026-07-01,500.00\n\
                CN,A,2026-06-02,2026-06-02,-600.00\n";
    let expected = [
        told("1", Some(Rule::UnappliedCredit), "400.00"),
        told("2", Some(Rule::UnappliedCredit), ""),
    ];
    assert_eq!(judged(rows, &[NO_CAP]), expected);
}

#[test]
fn an_invoice_paid_beyond_its_amount_leaves_a_credit() {
    let csv = "invoice_number,debtor_id,invoice_date,due_date,amount,paid_date,paid_amount\n\
               1,A,2026-05-01,2026-06-01,500.00,2026-06-05,560.00\n\
               2,A,2026-06-01,2026-07-01,500.00,,\n";
    let desk = Desk::with("ledger.csv", csv).at(AS_OF).policy(policy(&[NO_CAP]));
    let evaluation = desk.evaluate();
    let line = line(only_part(&evaluation), "2");
    assert_eq!(line.reason, Some(Rule::UnappliedCredit));
    assert_eq!(line.price.expect("bought in part").amount_bought.to_string(), "440.00");
}

#[test]
fn a_settlement_never_changes_what_an_earlier_one_did() {
    // A payment without an amount pays what was open on its day; a later credit finds nothing left.
    for (credited, payments, credits, unapplied) in [
        ("2026-06-01", "400.00", "100.00", "0.00"),
        ("2026-06-05", "400.00", "100.00", "0.00"),
        ("2026-06-20", "500.00", "0.00", "100.00"),
    ] {
        let csv = format!(
            "invoice_number,debtor_id,invoice_date,amount,paid_date,credited_amount,credited_date\n\
             1,A,2026-05-01,500.00,2026-06-05,100.00,{credited}\n2,A,2026-06-01,500.00,,,\n"
        );
        let evaluation = Desk::with("ledger.csv", csv).at(AS_OF).evaluate();
        let [totals] = evaluation.certificate.currencies.as_slice() else { panic!("USD alone") };
        let shown = [totals.payments, totals.credits, totals.unapplied];
        let expected = [payments, credits, unapplied];
        assert_eq!(shown.map(|amount| amount.to_string()), expected, "credited {credited}");
    }
}
