//! Acceptance of an offer document: from it and its envelope to the invoices that are bought.

use chrono::Days;
use thiserror::Error;

use offer::{Decision, Envelope, Offer, OfferLine, OfferPart};
use policy::{Policy, PolicyError};

use super::accept::{LineOverride, OfferedLine, OfferedPart, Priced, accepted};
use super::claim::ClaimFacts;
use super::error::PurchaseError;
use super::lot::Lot;
use super::terms::PositionTerms;

/// The reason why the purchases of an offer cannot be determined.
#[derive(Debug, Error)]
pub enum OfferError {
    /// The policy inside the offer cannot be read.
    #[error("the policy in the offer: {0}")]
    Policy(#[from] PolicyError),
    /// An amount overflows.
    #[error(transparent)]
    Purchase(#[from] PurchaseError),
}

/// Returns what an offer buys when it is accepted, after the decisions in its envelope.
///
/// # Errors
/// [`OfferError::Policy`] if the policy inside the offer cannot be read, [`OfferError::Purchase`]
/// if an amount overflows.
pub fn purchases_of(offer: &Offer, envelope: &Envelope) -> Result<Vec<Lot>, OfferError> {
    let policy: Policy = offer.policy.text.parse()?;
    let parts = offer.parts.iter().map(|part| offered(part, &policy)).collect();
    let decided = envelope.overrides.iter().map(|own| LineOverride {
        debtor_id: own.debtor_id.clone(),
        invoice_number: own.invoice_number.clone(),
        buys: matches!(own.decision, Decision::Buy | Decision::Part),
    });
    Ok(accepted(parts, &decided.collect::<Vec<_>>())?)
}

fn offered(part: &OfferPart, policy: &Policy) -> OfferedPart {
    let line = |line: &OfferLine| OfferedLine {
        debtor_id: line.debtor_id.clone(),
        invoice_number: line.invoice_number.clone(),
        due: line.due_date,
        recourse_by: policy
            .recourse_days_after_invoice()
            .and_then(|days| line.invoice_date.checked_add_days(Days::new(days.into()))),
        open: line.open,
        priced: line
            .price
            .map(|price| Priced { amount: price.amount_bought, advance: price.advance }),
        facts: ClaimFacts {
            debtor_name: line.debtor_name.clone(),
            face: Some(line.face),
            issued_on: Some(line.invoice_date),
            ..ClaimFacts::default()
        },
    };
    OfferedPart {
        currency: part.currency,
        advance_rate: part.terms.advance_rate_percent,
        lines: part.lines.iter().map(line).collect(),
        terms: PositionTerms {
            fee_plan: part.terms.fee_plan.clone(),
            recourse: policy.recourse(),
            recourse_days: policy.recourse_days(),
            recourse_by: None,
            // An offer records no credit approval, so under modified recourse what it buys is
            // settled like full recourse although it was priced as if every debtor were approved.
            credit_approved: false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{day, usd};
    use basics::{CollectionCurve, Currency, day_number};
    use offer::{
        FORMAT, LineKey, OfferFile, PartInput, PolicyDocument, Provenance, RollForward, Scored,
        ScoringNote, Signed, Standing, TrailingSales, offer_json,
    };
    use policy::{DebtorAccount, Pool, Receivable, UsualTerms, assess};
    use scoring::{Basis, CurveWeights};

    const TEXT: &str = "extends = \"standard\"\nname = \"listed\"\nversion = \"1\"\n\
                        without = [\"price\", \"advance.reserve\"]\n\
                        [advance]\nrate_percent = 80\n\
                        [eligibility.concentration]\nlimit_percent = 100\n\
                        [recourse]\ndays_after_due = 75\n";

    /// Three invoices of one debtor, the third 61 days past due.
    fn pool(as_of: i32) -> Pool {
        let receivable = |(at, days, open): (usize, i32, i64)| {
            Receivable::new(format!("A-{at}"), 0, (as_of + days - 60, as_of + days), usd(open))
        };
        let invoices = [(1, 30, 100_000), (2, 45, 200_001), (3, -61, 40_000)];
        Pool {
            currency: Currency::USD,
            as_of,
            receivables: invoices.map(receivable).to_vec(),
            debtors: vec![DebtorAccount::new("D1", "Acme", UsualTerms::assumed(30), Currency::USD)],
            room: None,
            selection_seed: None,
        }
    }

    /// An offer that buys the first two of them.
    fn offer() -> Offer {
        let policy: Policy = TEXT.parse().expect("a policy");
        let as_of = day("2026-06-30");
        let curve = CollectionCurve::new(vec![0.0, 0.5, 1.0]).expect("a curve");
        let weights = CurveWeights { debtor: 0.0, client: 0.0, prior: 1.0 };
        let scored = Scored { curve, recourse_day: 100, weights, reasons: Vec::new() };
        let none = Standing::default();
        let part = PartInput {
            client: "acme",
            policy: &policy,
            as_of,
            scored: vec![scored; 3],
            sources: vec![(0, 1); 3],
            jobs: Vec::new(),
            basis: Basis::Prior,
            scoring: ScoringNote {
                model: "km".into(),
                model_sha256: None,
                basis: Basis::Prior,
                paid_invoices: 0,
                own_history_weight: 0.0,
                sentence: String::new(),
                loss_given_non_payment: None,
                unpaid_invoices_seen: None,
            },
            sales: TrailingSales::default(),
            debtor_dilution: None,
            loss: None,
            requested: None,
            agreed: None,
            facility: None,
            roll_forward: RollForward::between(as_of, none, none, Currency::USD).expect("sums"),
            previous_ledger: None,
            changes: Vec::new(),
            notices: Vec::new(),
            judged: assess(&pool(day_number(as_of)), &policy),
            pool: pool(day_number(as_of)),
        };
        Offer {
            format: FORMAT.into(),
            as_of,
            as_of_reason: "given".to_owned(),
            valid_until: day("2026-07-14"),
            parts: vec![part.part().expect("a part")],
            policy: PolicyDocument {
                name: policy.name().to_owned(),
                version: policy.version().to_owned(),
                sha256: String::new(),
                text: policy.text().to_owned(),
            },
        }
    }

    fn bought(offer: &Offer, envelope: &Envelope) -> Vec<(String, i64, i64)> {
        let all = purchases_of(offer, envelope).expect("purchases");
        let invoices = all.into_iter().flat_map(|purchases| purchases.invoices);
        invoices.map(|i| (i.invoice_number, i.amount.minor(), i.advance.minor())).collect()
    }

    #[test]
    fn what_is_priced_is_bought_on_the_terms_of_the_offer() {
        let offer = offer();
        let all = purchases_of(&offer, &Envelope::issued(None)).expect("purchases");
        let [purchases] = all.as_slice() else { panic!("one part") };
        // 80 % of 2,000.01 is 1,600.008, and an advance is rounded down.
        let expected = [("A-1".to_owned(), 100_000, 80_000), ("A-2".to_owned(), 200_001, 160_000)];
        assert_eq!(bought(&offer, &Envelope::issued(None)), expected);
        assert_eq!(purchases.terms.recourse_days, 75, "the policy's");
        assert_eq!(purchases.terms.fee_plan, offer.parts[0].terms.fee_plan);
    }

    #[test]
    fn a_person_buys_the_whole_of_what_is_not_offered_and_leaves_out_what_is() {
        let offer = offer();
        let mut document = Vec::new();
        let provenance = Provenance {
            engine: "factorage",
            engine_version: "0",
            as_of: offer.as_of,
            ledger_date: offer.as_of,
            dates_set_aside: Vec::new(),
            ledger_files: Vec::new(),
            previous_files: Vec::new(),
            policy_sha256: String::new(),
            facility_sha256: None,
            confirmations: None,
            completes: None,
            selection_seed: None,
            future_dated: Vec::new(),
            rejects: std::collections::BTreeMap::new(),
        };
        let written = offer_json(&Envelope::issued(None), &offer, &provenance, &mut document);
        written.expect("a document");
        let document = String::from_utf8(document).expect("UTF-8");
        let mut file = OfferFile::read(&document).expect("an offer");
        for (invoice, decision) in [("A-3", Decision::Buy), ("A-1", Decision::Exclude)] {
            let line =
                LineKey { client: None, debtor: "D1".to_owned(), invoice: invoice.to_owned() };
            let signed = Signed {
                by: "A. Reed".to_owned(),
                at: "2026-07-01T09:00:00Z".to_owned(),
                reason: Some("known for years".to_owned()),
                key: None,
            };
            file.decide(line, decision, signed).expect("decided");
        }
        let expected = [("A-2".to_owned(), 200_001, 160_000), ("A-3".to_owned(), 40_000, 32_000)];
        assert_eq!(bought(&file.offer().expect("read"), &file.envelope), expected);
    }

    #[test]
    fn an_offer_whose_policy_is_none_buys_nothing() {
        let mut offer = offer();
        offer.policy.text = "name = 1".to_owned();
        let error = purchases_of(&offer, &Envelope::issued(None)).expect_err("no policy");
        assert!(error.to_string().starts_with("the policy in the offer: "), "{error}");
    }
}
