//! The age of invoices from the due date and from the invoice date, to buy them and to keep them.

use super::rules::tests::{AS_OF, pool, usd};
use super::{
    Assessment, DebtorAccount, Policy, Pool, Reasons, Receivable, Rule, TermsSource, UsualTerms,
    assess,
};

/// The standard policy without a limit on one debtor, and these lines of it.
fn policy(eligibility: &str) -> Policy {
    let text = format!(
        "extends = \"standard\"\nname = \"ages\"\nversion = \"1\"\n[eligibility]\n{eligibility}\n\
         [eligibility.concentration]\nlimit_percent = 100\n"
    );
    text.parse().unwrap_or_else(|error| panic!("{eligibility}: {error}"))
}

fn judged(pool: &Pool, policy: &Policy) -> Assessment {
    assess(pool, policy).assessments[0]
}

/// A pool whose first invoice, of 200.00 beside 1,000.00 of its debtor, is changed: too small to
/// make the other cross-aged.
fn with(change: impl FnOnce(&mut Receivable, &mut DebtorAccount)) -> Pool {
    let mut pool = pool();
    pool.receivables[0].open = usd(20_000);
    change(&mut pool.receivables[0], &mut pool.debtors[0]);
    pool
}

/// Why an invoice of this age, of a debtor with these usual terms, is not bought.
fn aged(days: i32, usual: i32, policy: &Policy) -> Option<Rule> {
    let pool = with(|invoice, debtor| {
        (invoice.issue, invoice.due) = (AS_OF - days, AS_OF + 10);
        debtor.usual_terms = UsualTerms { days: usual, source: TermsSource::Debtor };
    });
    judged(&pool, policy).reason()
}

#[test]
fn an_invoice_may_be_90_days_old_or_as_old_as_the_usual_terms_and_60_days_past_due_make_it() {
    let (policy, past) = (policy(""), Some(Rule::PastInvoiceDate));
    for (usual, last) in [(0, 90), (30, 90), (31, 91), (60, 120), (-10, 90), (i32::MAX, 3_000)] {
        assert_eq!(aged(last, usual, &policy), None, "usual terms of {usual}");
        if usual < i32::MAX {
            assert_eq!(aged(last + 1, usual, &policy), past, "usual terms of {usual}");
        }
    }
}

#[test]
fn a_late_due_date_a_confirmation_and_a_hold_change_nothing_of_its_age() {
    let policy = policy("");
    let past = Some(Rule::PastInvoiceDate);
    for due in [AS_OF + 1, AS_OF + 90, AS_OF + 180] {
        let pool = with(|invoice, _| (invoice.issue, invoice.due) = (AS_OF - 91, due));
        assert_eq!(judged(&pool, &policy).reason(), past, "due {due}");
    }
    let confirmed = with(|invoice, _| {
        invoice.issue = AS_OF - 91;
        invoice.scrutiny.confirmed = true;
    });
    assert_eq!(judged(&confirmed, &policy).reason(), past);
    // The first rule that it fails decides.
    let both = with(|invoice, _| (invoice.issue, invoice.due) = (AS_OF - 91, AS_OF - 61));
    let found = judged(&both, &policy);
    let due = (Some(Rule::PastDue), vec![Rule::PastInvoiceDate]);
    assert_eq!((found.reason(), found.also_fails()), due);
}

#[test]
fn a_re_dated_invoice_is_as_old_as_it_was_shown_first_until_it_is_confirmed() {
    let policy = policy("");
    let of = |confirmed| {
        let pool = with(|invoice, _| {
            (invoice.issue, invoice.due) = (AS_OF - 10, AS_OF + 20);
            invoice.scrutiny.first_issue = Some(AS_OF - 91);
            invoice.scrutiny.confirmed = confirmed;
        });
        let until = policy.eligible_until(&pool.receivables[0], &pool.debtors[0]);
        (judged(&pool, &policy).reason(), until)
    };
    assert_eq!(of(false), (Some(Rule::PastInvoiceDate), AS_OF - 1));
    assert_eq!(of(true).0, None);
    let pool = with(|invoice, _| {
        (invoice.issue, invoice.due) = (AS_OF - 10, AS_OF + 20);
        invoice.scrutiny.first_issue = Some(AS_OF - 91);
    });
    let eligibility = assess(&pool, &policy);
    let reasons =
        Reasons { pool: &pool, policy: &policy, eligibility: &eligibility, decline: None };
    let text = reasons.why(Rule::PastInvoiceDate, 0);
    assert!(text.contains("the invoice date that was shown first"), "{text}");
}

#[test]
fn an_invoice_date_that_was_assumed_is_warranted_and_still_counts() {
    let policy = policy("");
    let of = |days: i32| {
        let pool = with(|invoice, _| {
            (invoice.issue, invoice.issue_assumed) = (AS_OF - days, true);
        });
        let found = assess(&pool, &policy);
        let rule = Rule::PastInvoiceDate;
        let warranted = found.conditions.into_iter().find(|condition| condition.rule == rule);
        (found.assessments[0].reason(), warranted.map(|condition| condition.sentence))
    };
    let warranty = "The client warrants the invoice dates of these invoices; they were assumed \
                    from the due dates.";
    assert_eq!(of(90), (None, Some(warranty.to_owned())));
    assert_eq!(of(91), (Some(Rule::PastInvoiceDate), None));
}

#[test]
fn the_reason_says_whose_terms_are_the_usual_ones() {
    let policy = policy("");
    for (source, said) in [
        (TermsSource::Debtor, "the customer's usual terms of 45 (by the invoices it has paid)"),
        (TermsSource::Client, "the client's usual terms of 45 (the customer has paid too few"),
        (TermsSource::Policy, "terms of 45 (assumed, as too few invoices have been paid"),
    ] {
        let pool = with(|invoice, debtor| {
            invoice.issue = AS_OF - 130;
            debtor.usual_terms = UsualTerms { days: 45, source };
        });
        let eligibility = assess(&pool, &policy);
        let reasons =
            Reasons { pool: &pool, policy: &policy, eligibility: &eligibility, decline: None };
        let why = reasons.why(Rule::PastInvoiceDate, 0);
        let limit = "The invoice is 130 days past its invoice date; the policy allows up to 105: \
                     90 or, if more, ";
        assert!(why.starts_with(limit) && why.contains(said), "{why}");
        assert!(why.ends_with(" plus 60."), "{why}");
    }
}

/// Its own terms, past due days and age by which the first invoice is judged; true if it has been
/// bought. What is eligible of it, bought now or before, is told.
fn eligible(policy: &Policy, funded: bool, past_due: i32, age: i32) -> bool {
    let pool = with(|invoice, _| {
        (invoice.due, invoice.issue, invoice.funded) = (AS_OF - past_due, AS_OF - age, funded);
    });
    judged(&pool, policy).collateral().minor() > 0
}

#[test]
fn what_is_bought_stays_eligible_longer_than_it_would_be_bought() {
    let same = policy("");
    let later = policy("stays_past_due_days = 90\nstays_invoice_age_days = 120");
    for (policy, stays, stays_age) in [(&same, 60, 90), (&later, 90, 120)] {
        for (funded, last, last_age) in [(false, 60, 90), (true, stays, stays_age)] {
            assert!(eligible(policy, funded, last, last_age), "{funded} {last}");
            assert!(!eligible(policy, funded, last + 1, last_age), "{funded} {last}");
            assert!(!eligible(policy, funded, last, last_age + 1), "{funded} {last}");
        }
    }
    // The usual terms of 30 days allow an age of 30 + 90.
    let due_alone = policy("stays_past_due_days = 90");
    assert!(eligible(&due_alone, true, 90, 120) && !eligible(&due_alone, true, 90, 121));
}

/// The debtor owes 1,000.00 and 1,000.00, of which one is so many days past due: half of it.
fn half_late(days: i32, funded: bool) -> Pool {
    let mut pool = pool();
    pool.receivables[0].due = AS_OF - days;
    pool.receivables[0].issue = AS_OF - 90;
    pool.receivables[0].funded = funded;
    pool.receivables[1].funded = funded;
    pool
}

#[test]
fn a_debtor_is_cross_aged_to_buy_and_to_keep_by_the_limit_of_each() {
    let policy = policy("stays_past_due_days = 90\nstays_invoice_age_days = 120");
    let kept = |days, funded| {
        let found = assess(&half_late(days, funded), &policy).assessments;
        [0, 1].map(|at: usize| found[at].collateral().minor())
    };
    assert_eq!(kept(60, false), [100_000, 100_000]);
    assert_eq!(kept(61, false), [0, 0]);
    assert_eq!(kept(61, true), [100_000, 100_000], "bought before");
    assert_eq!(kept(90, true), [100_000, 100_000]);
    assert_eq!(kept(91, true), [0, 0]);
    // What was bought before makes the debtor cross-aged for what is to be bought.
    let mut pool = half_late(61, true);
    pool.receivables[1].funded = false;
    let found = assess(&pool, &policy).assessments;
    assert_eq!(found[0].collateral(), usd(100_000));
    assert_eq!(found[1].reason(), Some(Rule::CrossAged));
    let eligibility = assess(&pool, &policy);
    let reasons =
        Reasons { pool: &pool, policy: &policy, eligibility: &eligibility, decline: None };
    let why = reasons.why(Rule::CrossAged, 1);
    assert!(why.starts_with("50.0 % of this customer's balance is more than 60 days"), "{why}");
}

#[test]
fn the_last_day_on_which_its_age_leaves_it_eligible_is_the_last_that_the_rules_pass() {
    for (eligibility, past_due, age) in [
        ("", 20, 40),
        ("", 20, 85),
        ("stays_past_due_days = 90\nstays_invoice_age_days = 120", 20, 40),
        ("stays_past_due_days = 90\nstays_invoice_age_days = 120", 20, 110),
        ("invoice_rules = [\"past_due\"]", 20, 85),
        ("invoice_rules = [\"past_invoice_date\"]", 20, 40),
    ] {
        let policy = policy(eligibility);
        for funded in [false, true] {
            let mut pool = with(|invoice, _| {
                (invoice.due, invoice.issue) = (AS_OF - past_due, AS_OF - age);
                invoice.funded = funded;
            });
            let until = policy.eligible_until(&pool.receivables[0], &pool.debtors[0]);
            for (day, passes) in [(until, true), (until + 1, false)] {
                pool.as_of = day;
                let failed = judged(&pool, &policy).failed;
                let young = ![Rule::PastDue, Rule::PastInvoiceDate]
                    .map(|r| failed.contains(r))
                    .contains(&true);
                assert_eq!(young, passes, "{eligibility} {funded} {day}");
            }
        }
    }
    let none = policy("invoice_rules = [\"disputed\"]");
    let pool = pool();
    assert_eq!(none.eligible_until(&pool.receivables[0], &pool.debtors[0]), i32::MAX);
}

#[test]
fn limits_on_age_that_contradict_each_other_are_named() {
    for (eligibility, told) in [
        (
            "stays_past_due_days = 59",
            "eligibility.stays_past_due_days = 59: expected at least eligibility.past_due_days, 60",
        ),
        (
            "stays_invoice_age_days = 89",
            "eligibility.stays_invoice_age_days = 89: expected at least \
             eligibility.invoice_age_days, 90",
        ),
    ] {
        let text = format!(
            "extends = \"standard\"\nname = \"ages\"\nversion = \"1\"\n\
             [eligibility]\n{eligibility}\n"
        );
        let faults = text.parse::<Policy>().expect_err(eligibility).to_string();
        assert!(faults.contains(told), "{faults}");
    }
    let text = Policy::standard_text().replace("\ninvoice_age_days = 90", "\n#");
    let faults = text.parse::<Policy>().expect_err("no age").to_string();
    assert!(faults.contains("because invoice_rules contains past_invoice_date"), "{faults}");
    // A policy written before there was such a rule reads as it did.
    let before = text.replace("\"past_due\", \"past_invoice_date\"", "\"past_due\"");
    let before: Policy = before.parse().expect("an older policy");
    assert_eq!(aged(3_000, 30, &before), None);
}

#[test]
fn the_written_policy_says_how_long_what_is_bought_stays() {
    let said = |policy: Policy| {
        let all = policy.sentences().into_iter().flat_map(|(_, said)| said);
        all.filter(|said| said.contains("stays in the borrowing base")).collect::<Vec<_>>()
    };
    assert!(said(policy("")).is_empty());
    let both = said(policy("stays_past_due_days = 75\nstays_invoice_age_days = 110"));
    assert!(both[0].ends_with("stays in the borrowing base up to 75 days past due."), "{both:?}");
    let last = "stays in the borrowing base up to 110 days after the invoice date.";
    assert!(both.len() == 2 && both[1].ends_with(last), "{both:?}");
}

#[test]
fn recourse_is_taken_on_the_earlier_of_two_days_and_in_words_as_well() {
    let of = |recourse: &str| -> Policy {
        let text = format!(
            "extends = \"standard\"\nname = \"ages\"\nversion = \"1\"\n[recourse]\n{recourse}\n"
        );
        text.parse().expect("a policy")
    };
    let standard = of("");
    assert_eq!(standard.recourse_day(100, 130), 220);
    assert_eq!(standard.recourse_when(), "90 days after its due date");
    let both = of("days_after_due = 60\ndays_after_invoice = 120");
    // On terms of 30, 60 and 90 days: by the due date, by both, by the invoice date.
    assert_eq!([130, 160, 190].map(|due| both.recourse_day(100, due)), [190, 220, 220]);
    let when =
        "60 days after its due date or 120 days after its invoice date (whichever comes first)";
    assert_eq!(both.recourse_when(), when);
    let said: Vec<String> = both.sentences().into_iter().flat_map(|(_, said)| said).collect();
    let buys_back = format!("The client buys back every invoice that is unpaid {when}: it repays");
    assert!(said.iter().any(|said| said.starts_with(&buys_back)), "{said:?}");
    assert_eq!(of("days_after_due = 1").recourse_when(), "1 day after its due date");
}
