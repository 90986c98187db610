//! Payouts of purchases: their invoices become positions.

use std::collections::HashMap;

use policy::LimitBasis;
use purchases::{Agreed, AgreedInvoice, BankLine, Claim, Funding, OpenPosition, Payee, Purchase};

use super::engine::{Writing, values};
use super::grounds::Grounds;
use super::payees::{self, PayeeOf};
use super::purchase::{reversed, step};
use super::{Actor, AuditEntry, Store, StoreError, audit, claims, lines, positions};

/// A purchase that is paid out.
#[derive(Debug, Clone, Copy)]
pub struct Funded<'a> {
    /// The purchase as it was read.
    pub purchase: &'a Purchase,
    /// The payout.
    pub funding: &'a Funding,
    /// Its invoices as agreed.
    pub invoices: &'a [AgreedInvoice],
    /// Their positions.
    pub positions: &'a [OpenPosition],
    /// The first payout with its account and reference, if this is another transfer.
    pub duplicate_of: Option<&'a str>,
    /// The amount that the limits on the client's debtors apply to.
    pub basis: LimitBasis,
    /// Prefixes of the keys of which the holders were compared with who pays.
    pub compared: &'a [String],
    /// The ground on which its invoices were sold.
    pub grounds: &'a Grounds,
}

/// Checks that no payout that stands has the same reference to the same account.
async fn check_reference(
    writing: &mut Writing,
    own: Funded<'_>,
    payee: &Payee,
) -> Result<(), StoreError> {
    let line = |reference: &str| BankLine::of("", reference);
    let paid: Vec<(String, String, String)> = writing
        .rows(
            concat!(
                "SELECT u.id, t.account, f.reference FROM funding AS f \
                 JOIN purchase AS u ON u.id = f.purchase_id JOIN payee AS t \
                 ON t.client_id = u.client_id AND t.alias = f.payee AND t.version = f.payee_version \
                 WHERE u.client_id = $1 AND NOT (",
                reversed!(),
                // Times are to the second, and what a payout books is numbered.
                ") ORDER BY (SELECT MIN(m.number) FROM movement AS m \
                 JOIN purchase_line AS l ON l.position_id = m.subject \
                 WHERE l.purchase_id = u.id AND m.kind = 'purchase'), u.id"
            ),
            values![&own.purchase.client_id],
        )
        .await?;
    let first = paid.into_iter().find(|(_, account, reference)| {
        payee.is_account(account) && line(reference) == line(&own.funding.reference)
    });
    match first {
        Some((first, ..)) if own.duplicate_of != Some(&first) => Err(StoreError::PaidBefore(first)),
        _ => Ok(()),
    }
}

/// Notes the rows that a payout rests on: the account and the call back, the offer and who asked
/// for it, and the keys of the persons who were compared.
async fn rests_on(writing: &mut Writing, own: Funded<'_>, payer: &str) -> Result<(), StoreError> {
    let Funded { purchase, funding: Funding { payee, payee_version, .. }, compared, .. } = own;
    let version = payee_version.to_string();
    for table in ["payee", "payee_call"] {
        writing.reads(table, [&purchase.client_id, payee, version.as_str()]);
    }
    for key in compared.iter().map(String::as_str).chain([payer]) {
        writing.reads("api_key", key);
    }
    let Some(offer) = &purchase.offer_id else { return Ok(()) };
    writing.reads("offer", offer);
    let asked: Option<(String,)> = writing
        .row("SELECT id FROM job WHERE kind = 'evaluate' AND result_id = $1", values![offer])
        .await?;
    if let Some((job,)) = &asked {
        writing.reads("job", job);
    }
    Ok(())
}

impl Store {
    /// Pays out a purchase: its invoices become positions.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if the purchase or the account has changed since it was read,
    /// [`StoreError::NotBuyable`] if the line no longer allows it, a debtor has spoken against an
    /// invoice or the offer that was completed does not stand, [`StoreError::PaidBefore`] if
    /// the reference is that of another payout to the account; otherwise if the database cannot be
    /// written.
    pub async fn fund(&self, funded: Funded<'_>, actor: &Actor) -> Result<(), StoreError> {
        let Funded { purchase, funding, invoices, positions: open, basis, .. } = funded;
        let Funding { on, amount, payee, payee_version, reference, by } = funding;
        let mut writing = self.engine.writing().await?;
        step(&mut writing, purchase, "funded").await?;
        // It is accepted no longer and not yet paid, so it uses nothing: the line may have been cut
        // since, or another currency agreed.
        let claims = claims::of_purchase(&mut writing, &purchase.id).await?;
        let mut claims: HashMap<String, Claim> =
            claims.into_iter().map(|own| (own.position, own.claim)).collect();
        let agreed = invoices.iter().cloned().map(|invoice| {
            let gone = || StoreError::damaged("purchase line", &invoice.id, &"it has no claim");
            let claim = claims.remove(&invoice.id).ok_or_else(gone)?;
            let agreed = Agreed { invoice, claim };
            if agreed.is_one() {
                return Ok(agreed);
            }
            let differs = "it is not the invoice of its claim";
            Err(StoreError::damaged("purchase line", &agreed.invoice.id, &differs))
        });
        let agreed = agreed.collect::<Result<Vec<Agreed>, StoreError>>()?;
        let all: Vec<&Agreed> = agreed.iter().collect();
        lines::check(&mut writing, &purchase.client_id, &all, basis).await?;
        // Among all that was written so far: it may have been changed since it was read.
        let of = PayeeOf { client: &purchase.client_id, alias: payee };
        let last = payees::last(&mut writing, of).await?;
        if last.version != *payee_version || last.check_paid().is_err() {
            return Err(StoreError::Changed(last.version));
        }
        funded.grounds.check(&mut writing, &purchase.client_id, &agreed).await?;
        check_reference(&mut writing, funded, &last).await?;
        rests_on(&mut writing, funded, &actor.key).await?;
        writing
            .run(
                "INSERT INTO funding (purchase_id, funded_on, amount, payee, payee_version, \
                 reference, funded_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                values![
                    &purchase.id,
                    &on.to_string(),
                    amount.minor(),
                    payee,
                    *payee_version,
                    reference,
                    by,
                    &actor.at
                ],
            )
            .await?;
        writing.adds("funding", &purchase.id);
        for position in open {
            positions::add(&mut writing, position, &actor.at).await?;
        }
        let currency = amount.currency();
        let (to, called) = (last.masked(), last.called_by.as_deref().unwrap_or_default());
        let detail = &format!(
            "{amount} {currency} on {on} to {payee}, version {payee_version}, {to}, called back by \
             {called}; by {by}"
        );
        let entry = AuditEntry { action: "purchase.funded", subject: &purchase.id, detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}
