//! Laws of the boosted hazard, on histories made here.

use basics::Day;

use super::*;

const AS_OF: Day = 20_500;

fn prior() -> PriorCurve {
    PriorCurve::new(vec![(-30, 0.0), (0, 0.4), (30, 0.8), (90, 0.95)]).expect("a curve")
}

fn invoice(debtor: usize, issue: Day, late: i32) -> PastInvoice {
    let due = issue + 30;
    let paid = due + late;
    let end = if paid <= AS_OF { End::Collected } else { End::Open };
    PastInvoice {
        debtor,
        issue,
        due,
        face: 1_000.0 + f64::from(issue % 97),
        currency: "USD".parse().expect("a currency"),
        end,
        exit: paid.min(AS_OF),
        credited: 0.0,
        written_off: 0.0,
        first_cash: (end == End::Collected).then_some(paid),
        first_credit: None,
        disputed: None,
        known: true,
        key: boost::mixed(1, debtor as u64, issue as u64),
    }
}

/// `debtors` debtors with an invoice every `every` days over two years; debtor d pays d days late,
/// give or take four.
fn history(debtors: usize, every: usize) -> History {
    let of_debtor = |debtor: usize| {
        let issues = (AS_OF - 730..AS_OF).step_by(every);
        issues.map(move |issue| {
            let wobble = (boost::mixed(3, debtor as u64, issue as u64) % 9) as i32 - 4;
            invoice(debtor, issue + (debtor % every) as Day, debtor as i32 + wobble)
        })
    };
    let invoices = (0..debtors).flat_map(of_debtor).filter(|i| i.issue <= AS_OF);
    History::new(AS_OF, debtors, invoices.collect())
}

/// Asks `ask` about every open invoice's curve and explanation.
fn each_open(
    history: &History,
    mut ask: impl FnMut(&DebtorScorer<'_>, usize, &PastInvoice),
) -> usize {
    let histories = std::slice::from_ref(history);
    let model = BoostedHazard::train(histories, &prior(), 7).expect("enough was paid");
    let base = model.base(history);
    let scorer = ClientScorer::new(&model, history, &base);
    let mut asked = 0;
    for debtor in 0..history.debtors() {
        let Some(of_debtor) = scorer.debtor(debtor) else { continue };
        for row in history.debtor_rows(debtor) {
            let invoice = history.invoices()[row];
            if invoice.end == End::Open {
                ask(&of_debtor, row, &invoice);
                asked += 1;
            }
        }
    }
    asked
}

#[test]
fn curves_stay_within_their_law_at_every_horizon() {
    let asked = each_open(&history(6, 23), |scorer, row, _| {
        let long = scorer.invoice(row).score(400);
        assert_eq!(long.horizon(), 400);
        for horizon in [0, 1, 30, 60, 100, 200] {
            let short = scorer.invoice(row).score(horizon);
            assert_eq!(short.horizon(), horizon as usize);
            for day in 0..=horizon as usize {
                assert!(
                    (short.by(day) - long.by(day)).abs() < 1e-12,
                    "horizon {horizon} day {day}"
                );
            }
        }
        let mut before = 0.0;
        for day in 0..=400 {
            assert!((before..=1.0).contains(&long.by(day)));
            before = long.by(day);
        }
    });
    assert!(asked > 4, "{asked}");
}

#[test]
fn contributions_add_up_to_what_the_score_says() {
    let asked = each_open(&history(6, 23), |scorer, row, _| {
        let explained = scorer.invoice(row).explain();
        let sum: f64 = explained.contributions.iter().sum();
        assert!((sum - (explained.model - explained.pool)).abs() < 1e-6);
        // Nothing was ever credited or written off, so the curve is 1 - exp(-L).
        let by_30 = scorer.invoice(row).score(30).by(30);
        assert!((by_30 - (1.0 - (-explained.model).exp())).abs() < 1e-6);
        let reasons = scorer.invoice(row).reasons();
        assert!(reasons.len() <= 5);
        assert!(reasons.windows(2).all(|two| two[0].points.abs() >= two[1].points.abs()));
    });
    assert!(asked > 4, "{asked}");
}

#[test]
fn twenty_invoices_paid_on_one_day_tell_the_day() {
    // Debtor 6 has paid 20 invoices, each 17 days late to the day; its 21st falls due tomorrow.
    let mut invoices = history(6, 23).invoices().to_vec();
    let punctual = (0..20).map(|n| invoice(6, AS_OF - 700 + 30 * n, 17));
    invoices.extend(punctual.chain([invoice(6, AS_OF - 29, 17)]));
    let history = History::new(AS_OF, 7, invoices);
    let mut seen = false;
    each_open(&history, |scorer, row, open| {
        if open.debtor == 6 {
            let curve = scorer.invoice(row).score(120);
            let within = curve.by(1 + 17 + 2) - curve.by(1 + 17 - 3);
            assert!(within >= 0.8, "{within}");
            seen = true;
        }
    });
    assert!(seen);
}

#[test]
fn what_happens_later_changes_no_past_score() {
    let all = history(6, 23);
    // The same ledger as it was known 100 days before.
    let then = AS_OF - 100;
    let known = all.invoices().iter().filter(|i| i.issue <= then).map(|i| {
        let open = i.end == End::Open || i.exit > then;
        PastInvoice {
            end: if open { End::Open } else { i.end },
            exit: i.exit.min(then),
            first_cash: i.first_cash.filter(|&day| day <= then),
            ..*i
        }
    });
    let past = History::new(then, all.debtors(), known.collect());
    assert_eq!(past.spells_at(then), all.spells_at(then));
    assert_eq!(past.spells_at(then - 77), all.spells_at(then - 77));
    let (a, b) = (past.spells_at(then - 77), then - 77);
    let km = KaplanMeier::fit(&a, all.debtors(), &prior());
    for debtor in 0..all.debtors() {
        let facts = |history| {
            let client = facts::ClientFacts::new(history, b, &km);
            let debtor = client.debtor(debtor).map(|facts| format!("{facts:?}"));
            (debtor, format!("{:?}", client.speeds))
        };
        assert_eq!(facts(&past), facts(&all), "debtor {debtor}");
    }
}

#[test]
fn training_is_the_same_on_any_number_of_threads() {
    let histories = [history(6, 23), history(3, 29)];
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| BoostedHazard::train(&histories, &prior(), 7))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_model_file_reads_back_as_it_was_and_damage_is_named() {
    let histories = [history(6, 23)];
    let model = BoostedHazard::train(&histories, &prior(), 7).expect("enough was paid");
    let file = ModelFile::new(model, vec!["ab".to_owned()], None);
    let json = serde_json::to_string(&file).expect("JSON");
    assert_eq!(ModelFile::from_json(json.as_bytes()).expect("the same"), file);
    let refused = |text: String, expected: &str| {
        let error = ModelFile::from_json(text.as_bytes()).expect_err("damaged").to_string();
        assert!(error.contains(expected), "{error}");
    };
    refused(json.replace("model/1", "model/9"), "format 'factorage.model/9'");
    refused(json.replace("\"name\":\"terms\"", "\"name\":\"tenor\""), "tenor");
    refused(json.replacen("\"left\":1,", "\"left\":4000000,", 1), "a tree points outside itself");
    refused(json.replacen("\"feature\":", "\"feature\":999,\"_\":", 1), "tree");
    refused(json[..json.len() / 2].to_owned(), "not a model file");
}

#[test]
fn too_little_paid_is_no_model() {
    let invoices = (0..300).map(|n| invoice(n % 7, AS_OF - 20, 40)).collect::<Vec<_>>();
    let mut invoices = invoices;
    invoices.sort_by_key(|invoice| invoice.debtor);
    let history = History::new(AS_OF, 7, invoices);
    assert_eq!(BoostedHazard::train(&[history], &prior(), 7), Err(TooFewPaid { found: 0 }));
}
