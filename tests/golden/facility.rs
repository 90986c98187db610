//! Facilities: the borrowing base, limits, and what has been bought already.

use factorage::ledger::DebtorFile;
use factorage::offer::Facility;
use factorage::policy::{Change, Rule};

use super::changes::LEDGER;
use crate::evaluated::{Desk, line, offer_text, only_part};

fn facility(text: &str) -> Result<Facility, String> {
    text.parse().map_err(|error: offer::FacilityError| error.to_string())
}

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
    let differences: Vec<_> = base
        .declared
        .iter()
        .map(|line| (line.figure.as_ref(), line.difference.to_string()))
        .collect();
    assert_eq!(differences, [("gross", "0.00".to_owned()), ("eligible", "500.00".to_owned())]);
    assert!(offer_text(&evaluation).contains("\"borrowing_base\""));
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
    let shown = |r: offer::RollForward| {
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
    let differences =
        base.declared.iter().map(|line| (line.figure.as_ref(), line.difference.to_string()));
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
        desk.request.guidance.debtors = Some(DebtorFile::Own(file.clone()));
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
    // of the group's 11,300 there are 2,300 too many; 5 is bought already. Of 15,800 the base is
    // 13,430, which leaves 4,310 to advance, 85 % of 5,070.59 rounded down; 14,800 are left.
    let expected = [
        (Rule::Consumer, "6000.00"),
        (Rule::DebtorLimit, "900.00"),
        (Rule::GroupLimit, "2300.00"),
        (Rule::AlreadyFunded, "1000.00"),
        (Rule::FacilityLimit, "9729.41"),
    ];
    assert_eq!(taken, expected.map(|(rule, amount)| (rule, amount.to_owned())));
    assert_eq!(eligible, "15800.00", "what is bought already and above the line is collateral");
    // Invoices due on one day use up a limit by number: the line is short for the last.
    let raised = |change, amount: &str| Some((change, amount.to_owned()));
    // The base is shorter still for 2, of which the group's limit takes a part.
    assert_eq!(changes[1], raised(Change::FundsRepaid, "8270.00"));
    assert_eq!(changes[2], raised(Change::FundsRepaid, "8270.00"));
    // Limits on funds at 85 %: 5,800 allow 6,823.54, 5,500 allow 6,470.59, 9,000 allow 10,588.24.
    let (taken, ..) = judged("\"funded\"", "currency = \"USD\"\n");
    let expected = [(Rule::Consumer, "6000.00"), (Rule::GroupLimit, "1411.76")];
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
    assert!(rows[0].value.contains("advance of 170,000.00"), "{}", rows[0].value);
    assert_eq!([&rows[1].value, &rows[3].value], ["170,000.00 USD", "6,000.00 USD"]);
    // Without an approved limit 10,000 are taken to be drawn.
    let rows = disclosed("currency = \"USD\"\n");
    assert_eq!(rows[1].value, "10,000.00 USD");
}

/// A purchase under a facility never makes its own certificate an overadvance.
#[test]
fn a_facility_without_a_line_is_limited_by_its_base() {
    let advanced = |facility: &str| {
        let policy =
            crate::evaluated::policy(&[("eligibility.concentration.limit_percent", "100")]);
        let mut desk = Desk::with("ledger.csv", LEDGER).at("2026-06-30").policy(policy);
        desk.request.facility = Some(self::facility(facility).expect("a facility"));
        let evaluation = desk.evaluate();
        let part = only_part(&evaluation);
        let codes: Vec<_> = part.notices.iter().map(|notice| notice.code.as_ref()).collect();
        let excess = part.borrowing_base.base.excess;
        (part.totals.advance.to_string(), excess.to_string(), codes.contains(&"facility_currency"))
    };
    // 24,000 at 85 % are 20,400.
    let of = |advance: &str, excess: &str| (advance.to_owned(), excess.to_owned(), false);
    assert_eq!(advanced("currency = \"USD\"\noutstanding = 0\n"), of("20400.00", "20400.00"));
    assert_eq!(advanced("currency = \"USD\"\noutstanding = 20000\n").1, "400.00");
    assert_eq!(advanced("currency = \"USD\"\noutstanding = 30000\n"), of("0.00", "-9600.00"));
    let (advance, excess, _) = advanced("currency = \"USD\"\nother_reserves = 20000\n");
    assert_eq!(excess, "400.00");
    assert!((399.0..=400.0).contains(&advance.parse::<f64>().expect("an amount")), "{advance}");
    assert!(advanced("currency = \"EUR\"\nline = 1\n").2);
}

#[test]
fn what_is_bought_by_the_facility_but_not_in_the_ledger_is_named() {
    let numbers = (71..77).map(|number| format!("invoice = \"{number}\""));
    let named = ["Elder", "Alder"].map(|debtor| format!("invoice = \"5\"\ndebtor = \"{debtor}\""));
    let funded: Vec<String> = named.into_iter().chain(numbers).collect();
    let text = format!("currency = \"USD\"\n[[funded]]\n{}", funded.join("\n[[funded]]\n"));
    let mut desk = Desk::with("ledger.csv", LEDGER).at("2026-06-30");
    desk.request.facility = Some(facility(&text).expect("a facility"));
    let evaluation = desk.evaluate();
    let notices = &only_part(&evaluation).notices;
    let found = notices.iter().find(|notice| notice.code == "funded_unknown").expect("a notice");
    let list = "not in the ledger: 5 of Alder, 71, 72, 73, 74, and 2 more.";
    assert!(found.text.contains(list), "{}", found.text);
}

/// One invoice of a job, as five exports write it: a list that splits names, the same customer and
/// job in columns of their own, the job below its parent, the path as a name, the job alone.
#[test]
fn what_was_bought_under_the_name_of_a_job_is_not_bought_again() {
    let split = "Date,Transaction type,Num,Name,Due date,Amount,Open balance\n\
        06/22/2026,Invoice,1040,Cool Cars:Job 7,07/22/2026,400.00,400.00\n\
        06/22/2026,Invoice,1041,Tern Studios,07/22/2026,400.00,400.00\n";
    let plain = |header: &str, cool: &str, tern: &str| {
        format!(
            "invoice_number,invoice_date,due_date,currency,amount,{header}\n\
             1040,2026-06-12,2026-07-12,USD,400.00,{cool}\n\
             1041,2026-06-12,2026-07-12,USD,400.00,{tern}\n"
        )
    };
    let columns = plain("debtor_name,job", "Cool Cars,Job 7", "Tern Studios,");
    let parent = plain("debtor_id,debtor_name,parent_debtor", "C17,Job 7,Cool Cars", "T,Tern,");
    let path = plain("debtor_name", "Cool Cars:Job 7", "Tern Studios");
    let job = plain("debtor_name", "Job 7", "Tern Studios");
    let all = ["Cool Cars", "COOL CARS, ", "Job 7", "Cool Cars:Job 7", "cool cars : job-7"];
    let policy = || crate::evaluated::policy(&[("eligibility.concentration.limit_percent", "100")]);
    for (csv, names) in [
        (split, &all[..]),
        (&columns, &all[..]),
        (&parent, &[&all[..], &["C17"]].concat()),
        (&path, &all[..]),
        (&job, &all[2..]),
    ] {
        for name in names {
            let text = format!(
                "currency = \"USD\"\n[[funded]]\ninvoice = \"1040\"\ndebtor = \"{name}\"\n"
            );
            let mut desk = Desk::with("ledger.csv", csv).at("2026-06-30").policy(policy());
            desk.request.facility = Some(facility(&text).expect("a facility"));
            let evaluation = desk.evaluate();
            let part = only_part(&evaluation);
            assert_eq!(line(part, "1040").reason, Some(Rule::AlreadyFunded), "{name}: {csv}");
            assert_eq!(line(part, "1041").reason, None, "{name}: {csv}");
            let is_named = part.notices.iter().any(|notice| notice.code == "funded_unknown");
            assert!(!is_named, "{name}: {csv}");
        }
    }
}

/// A debtor that changed its name, and one that the user's debtor file says is another.
#[test]
fn what_was_bought_under_a_former_name_is_not_bought_again() {
    let csv = "invoice_number,debtor_id,customer,invoice_date,due_date,currency,amount\n\
        1,D1,Zeta Mills,2026-05-01,2026-07-01,USD,6000.00\n\
        2,D1,Acre Group,2026-06-01,2026-07-01,USD,6000.00\n\
        3,D2,Acre West,2026-06-01,2026-07-01,USD,6000.00\n";
    let policy = crate::evaluated::policy(&[("eligibility.concentration.limit_percent", "100")]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("debtors.csv");
    std::fs::write(&file, "debtor,same_as\nAcre West,D1\n").expect("a debtor file");
    let funded = [("1", "Acre Group"), ("2", "zeta mills"), ("3", "D2")];
    let funded = funded
        .map(|(number, name)| format!("[[funded]]\ninvoice = \"{number}\"\ndebtor = \"{name}\"\n"));
    let mut desk = Desk::with("ledger.csv", csv).at("2026-06-30").policy(policy);
    desk.request.guidance.debtors = Some(DebtorFile::Own(file));
    let text = format!("currency = \"USD\"\n{}", funded.concat());
    desk.request.facility = Some(facility(&text).expect("a facility"));
    let evaluation = desk.evaluate();
    let part = only_part(&evaluation);
    let reasons = ["1", "2", "3"].map(|number| line(part, number).reason);
    assert_eq!(reasons, [Some(Rule::AlreadyFunded); 3]);
}

#[test]
fn a_facility_file_that_is_none_says_why() {
    for (text, said) in [
        ("line = 1", "currency is missing: expected an ISO 4217 code"),
        (
            "currency = \"USD\"\noutstandng = 1",
            "line 2: outstandng: there is no such key; did you mean outstanding?",
        ),
        (
            "currency = \"USD\"\noutstanding = -1",
            "line 2: outstanding = -1: expected an amount of 0 or more",
        ),
        (
            "currency = \"JPY\"\nline = 1.5",
            "line = 1.5: expected an amount in JPY, with at most 0 decimals",
        ),
        ("currency = \"XXX\"", "currency = \"XXX\": expected an ISO 4217 code"),
    ] {
        let refused = facility(text).expect_err(text);
        assert!(refused.contains(said), "{refused}");
    }
}
