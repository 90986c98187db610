//! An evaluation to render in tests.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use basics::{Currency, Money, Rate};
use ledger::{
    Assumptions, Classes, CurrencyTotals, FileFooting, FootingCertificate, Reject, RejectCode,
    RowCounts,
};
use offer::{
    AgeingBucket, BANDS, BorrowingBase, Certificate, Collections, DebtorShare, Decision, Envelope,
    FORMAT, Notice, Offer, OfferLine, OfferPart, PartTerms, PartTotals, PayDay, Percent,
    PolicyDocument, PricedLine, Provenance, RollForward, ScoringNote, WaterfallStep, Yields,
};
use policy::{Condition, Policy, Rule};
use pricing::{FeeComponent, FeePlan};
use scoring::{Basis, CurveWeights};

use app::Evaluation;

fn usd() -> Currency {
    "USD".parse().expect("a listed currency")
}

fn cents(minor: i64) -> Money {
    Money::from_minor(minor, usd())
}

fn day(offset: u64) -> NaiveDate {
    let start = NaiveDate::from_ymd_opt(2025, 6, 30).expect("a date");
    start.checked_add_days(Days::new(offset)).expect("a date")
}

/// Every third line is not bought.
pub(super) fn line(index: usize, name: &str) -> OfferLine {
    let open = 100_000 + i64::try_from(index).expect("a small index");
    let advance = open * 85 / 100;
    let price = (index % 3 != 2).then(|| PricedLine {
        amount_bought: cents(open),
        advance: cents(advance),
        reserve: cents(open - advance),
        expected_day: 40,
        expected_date: day(40),
        fee: cents(4_000),
        expected_rebate: cents(open - advance - 4_000),
        expected_fee: cents(4_100),
        expected_loss: cents(50),
        apr_percent: Some(Percent(42.94)),
    });
    let is_bought = price.is_some();
    OfferLine {
        invoice_number: format!("INV-{index}"),
        debtor_id: format!("D{}", index % 7),
        debtor_name: name.to_owned(),
        job: None,
        invoice_date: day(0),
        due_date: day(30),
        days_past_due: -30,
        decision: if is_bought { Decision::Buy } else { Decision::Exclude },
        reason: (!is_bought).then_some(Rule::PastDue),
        why: (!is_bought).then(|| "It is 70 days past due; the policy buys up to 60.".to_owned()),
        counterfactual: None,
        holds: Vec::new(),
        already_bought: None,
        left_over: None,
        confirmed: None,
        held_for: None,
        once_confirmed: None,
        also_fails: if is_bought { vec![] } else { vec![Rule::CrossAged] },
        face: cents(open),
        open: cents(open),
        collected_30: 0.42,
        collected_60: 0.84,
        collected_90: 0.93,
        curve_basis: Basis::OwnHistory,
        curve_weights: CurveWeights { debtor: 0.6, client: 0.4, prior: 0.0 },
        score_reasons: Vec::new(),
        price,
        source: (0, 1),
    }
}

fn totals(lines: &[OfferLine]) -> PartTotals {
    let bought: Vec<PricedLine> = lines.iter().filter_map(|line| line.price).collect();
    let sum = |of: fn(&PricedLine) -> Money| cents(bought.iter().map(|p| of(p).minor()).sum());
    PartTotals {
        open_invoices: lines.len(),
        gross: cents(lines.iter().map(|line| line.open.minor()).sum()),
        bought_invoices: bought.len(),
        bought_past_due: Some(cents(0)),
        held: None,
        amount_bought: sum(|price| price.amount_bought),
        advance_rate_percent: Rate::from_percent(Decimal::from(85)),
        dilution_percent: Rate::from_percent(Decimal::ONE),
        advance: sum(|price| price.advance),
        prepaid_charges: cents(0),
        net_funded: sum(|price| price.advance),
        reserve: sum(|price| price.reserve),
        fee: sum(|price| price.fee),
        expected_rebate: sum(|price| price.expected_rebate),
        expected_fee: sum(|price| price.expected_fee),
        expected_loss: sum(|price| price.expected_loss),
        apr_percent: (!bought.is_empty()).then_some(Percent(42.94)),
        mean_expected_days: (!bought.is_empty()).then_some(40.0),
    }
}

fn certificate_of(totals: &PartTotals) -> Certificate {
    Certificate {
        roll_forward: RollForward {
            from: day(0),
            opening: cents(0),
            sales: totals.gross,
            collections: cents(0),
            credits: cents(0),
            write_offs: cents(0),
            closing: totals.gross,
        },
        gross: totals.gross,
        ineligible: cents(totals.gross.minor() - totals.amount_bought.minor()),
        base: BorrowingBase {
            eligible: totals.amount_bought,
            gross_availability: totals.advance,
            dilution_reserve: cents(0),
            other_reserves: cents(0),
            net_availability: totals.advance,
            line: None,
            borrowing_base: totals.advance,
            outstanding: cents(0),
            excess: totals.advance,
        },
        declared: Vec::new(),
    }
}

/// A part with these lines; `name` is its debtor.
pub(super) fn part(client: &str, lines: Vec<OfferLine>, name: &str) -> OfferPart {
    let totals = totals(&lines);
    let taken = cents(totals.gross.minor() - totals.amount_bought.minor());
    let pay_day = |days| PayDay {
        days,
        fee: totals.fee,
        rebate: totals.expected_rebate,
        received_in_total: totals.advance,
        apr_percent: totals.apr_percent,
    };
    let bucket = |band: &offer::AgeBand| AgeingBucket {
        bucket: band.label.into(),
        invoices: 1,
        open: totals.gross,
    };
    let curve = vec![(0, 0.0), (30, 0.42), (60, 0.84), (180, 0.95)];
    let collections = BANDS.iter().map(|band| Collections {
        bucket: band.label.into(),
        open: totals.gross,
        curve: curve.clone(),
    });
    OfferPart {
        client: client.to_owned(),
        currency: usd(),
        yields: Some(Yields {
            before_cost_of_funds_percent: Percent(30.0),
            after_cost_of_funds_percent: Percent(22.0),
        }),
        if_paid_after: [30, 60, 90].map(pay_day).to_vec(),
        scoring: ScoringNote {
            model: "km".into(),
            model_sha256: None,
            basis: Basis::Prior,
            paid_invoices: 0,
            own_history_weight: 0.0,
            sentence: "Curves rest on the prior.".to_owned(),
            loss_given_non_payment: None,
            unpaid_invoices_seen: None,
        },
        conditions: vec![Condition {
            rule: Rule::Disputed,
            invoices: 3,
            sentence: "The client warrants it.".to_owned(),
        }],
        notices: vec![Notice { code: "survivorship".into(), text: "Open items only.".to_owned() }],
        waterfall: vec![WaterfallStep {
            rule: Rule::PastDue,
            title: Rule::PastDue.title().into(),
            invoices: totals.open_invoices - totals.bought_invoices,
            amount: taken,
            remaining: totals.amount_bought,
        }],
        ageing: BANDS.iter().map(bucket).collect(),
        debtors: vec![DebtorShare {
            debtor_id: "D0".to_owned(),
            debtor_name: name.to_owned(),
            invoices: 3,
            gross: totals.gross,
            share: 1.0,
            past_due_share: 0.1,
            bought: totals.amount_bought,
            above_limit: cents(0),
            expected_dilution: None,
            dilution_spread: None,
            curve: vec![(0, 0.0), (30, 0.42)],
        }],
        collections: collections.collect(),
        terms: PartTerms {
            advance_rate_percent: totals.advance_rate_percent,
            advance_cap_percent: totals.advance_rate_percent,
            requested_advance_percent: None,
            discount_rate_percent: Rate::from_percent(Decimal::from(3)),
            fee_plan: FeePlan::new(vec![FeeComponent::Tiered {
                first_percent: Rate::from_percent(Decimal::from(3)),
                first_days: 30,
                step_percent: Rate::from_percent(Decimal::ONE),
                step_days: 10,
                prorated: false,
            }]),
            reserve_shortfall_probability: Some(0.01),
            return_percent: Some(Percent(12.3)),
            hurdle_percent: Some(Percent(12.0)),
        },
        menu: Vec::new(),
        decline: None,
        disclosures: Vec::new(),
        borrowing_base: certificate_of(&totals),
        verification_queue: Vec::new(),
        queue_covers: None,
        previous_ledger: None,
        changes: Vec::new(),
        totals,
        lines,
    }
}

fn certificate(text: &str, files: usize) -> FootingCertificate {
    let zero = cents(0);
    let file = |_| FileFooting {
        name: text.to_owned(),
        sha256: "0".repeat(64),
        bytes: 1,
        holds_documents: true,
        layout: text.to_owned(),
        layout_title: text.to_owned(),
        rows: 1,
        recognised_columns: vec![],
        ignored_columns: vec![text.to_owned(); 20],
        rows_read_as_windows_1252: 0,
    };
    FootingCertificate {
        files: (0..files).map(file).collect(),
        rows: RowCounts {
            read: 3,
            invoices: 2,
            classified: Classes::default(),
            rejects: 1,
            rejects_without_amount: 0,
        },
        foots: true,
        currencies: vec![CurrencyTotals {
            idle_credits: zero,
            currency: usd(),
            invoices: 2,
            face: zero,
            credit_notes: 0,
            credit_note_amount: zero,
            payments: zero,
            credits: zero,
            write_offs: zero,
            adjustments: zero,
            unapplied: zero,
            open: zero,
            rejected: Decimal::ZERO,
            amount_column: Decimal::ZERO,
        }],
        assumptions: Assumptions {
            terms_days: 30,
            invoice_date_assumed: 1,
            due_date_assumed: 0,
            currency_assumed: 0,
            currency: usd(),
            undated_settlements: 0,
            undated_disputes: 0,
            unknown_deliveries: 0,
            debtors_with_several_names: 0,
            duplicate_numbers: 0,
            due_before_issue: 0,
        },
        checks: vec![],
        readings: vec![],
        warnings: vec![],
    }
}

/// An evaluation with these parts, `text` wherever a ledger brings one, and as many files as
/// rejects.
pub(super) fn evaluation(parts: Vec<OfferPart>, rejects: usize, text: &str) -> Evaluation {
    let policy = Policy::standard().expect("the standard policy is one");
    let reject = Reject {
        file: Arc::from(text),
        line: 7,
        column: text.to_owned(),
        value: text.to_owned(),
        code: RejectCode::BadAmount,
        message: text.to_owned(),
    };
    Evaluation {
        envelope: Envelope::default(),
        offer: Offer {
            format: FORMAT.into(),
            as_of: day(0),
            as_of_reason: "given".to_owned(),
            valid_until: day(14),
            parts,
            policy: PolicyDocument {
                name: policy.name().to_owned(),
                version: policy.version().to_owned(),
                sha256: "0".repeat(64),
                text: policy.text().to_owned(),
            },
        },
        provenance: Provenance {
            engine: "factorage",
            engine_version: "0",
            as_of: day(0),
            ledger_date: day(0),
            dates_set_aside: vec![],
            ledger_files: vec![],
            previous_files: Vec::new(),
            policy_sha256: "0".repeat(64),
            facility_sha256: None,
            confirmations: None,
            completes: None,
            selection_seed: None,
            future_dated: vec![],
            rejects: [("bad_amount", 1)].into(),
        },
        rejects: vec![reject; rejects],
        certificate: certificate(text, rejects.max(1)),
        warnings: vec![],
    }
}

/// `count` lines, two of three bought.
pub(super) fn lines(count: usize, name: &str) -> Vec<OfferLine> {
    (0..count).map(|index| line(index, name)).collect()
}
