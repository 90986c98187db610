# What is said of a ledger: the basis of the collection curves, the notices of an offer, each under
# its code, and what was assumed where rows do not say, without a full stop.

scoring_note =
    .own_history = Collection curves are based on this client's own history of { $paid ->
        [one] 1 paid invoice
       *[other] { $paid } paid invoices
    }.
    .blended = Collection curves blend this client's { $paid ->
        [one] 1 paid invoice
       *[other] { $paid } paid invoices
    } (weight { $weight }) with { $prior ->
        [pool] the pool of clients that the model was trained on
       *[policy] the policy's prior curve
    }. A ledger with at least { $enough } paid invoices and their payment dates (paid_date) would replace the prior.
    .prior = Collection curves are based on { $prior ->
        [pool] the pool of clients that the model was trained on
       *[policy] the policy's prior curve
    } alone: the ledger has no paid invoices. An export with at least { $enough } paid invoices and their payment dates (paid_date) would replace it.
    .trained = A model trained on { $paid ->
        [one] 1 paid invoice
       *[other] { $paid } paid invoices
    } of { $of ->
        [file] another file
       *[ledger] this ledger
    } adjusts them day by day for the calendar, the debtor's balance and its latest payments.

notice =
    .survivorship = Of { $matured } invoices due more than { $days } days ago, only { $closed ->
        [one] 1 is
       *[other] { $closed } are
    } shown as closed. An export of open items leaves out what was paid, so the history looks worse than it is; add the paid invoices.
    .completes = This completes the offer of { $date }: it buys what was held there and is confirmed now, on the terms of that offer. What that offer itself bought, { $bought } for { $advance } { $currency } at once, comes on top of the amounts here.
    .bought_ineligible = { $count ->
        [one] An invoice that was bought before is not eligible any more, { $amount } { $currency }: { $invoices }
       *[other] { $count } invoices that were bought before are not eligible any more, { $amount } { $currency } in all: { $invoices }{ $more ->
            [0] {""}
           *[more] {" "}and { $more } more
        }
    }.
    .client_denied = { $debtors ->
        [one] A customer says that it does not know the client: { $names }.
       *[other] { $debtors } customers say that they do not know the client: { $names }.
    } Find out why before you buy any invoice of this client.
    .facility_currency = The facility is in { $facility }, so it does not limit these invoices in { $currency }.
    .funded_unknown = The facility lists invoices as already bought that are not in the ledger: { $invoices }{ $more ->
        [0] {""}
       *[other] {""}, and { $more } more
    }. Ask the client what became of them.
    .funded_of = { $invoice } of { $debtor }
    .vanished = { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    }, of which earlier ledgers, the last of { $previous }, show { $amount } { $currency } as open, { $invoices ->
        [one] is
       *[other] are
    } no longer in the ledger. Ask the client what became of { $invoices ->
        [one] it
       *[other] them
    }.
    .previous_unknown = No earlier ledger has this client, so nothing could be compared with it.
    .no_history = Neither this ledger nor an earlier one shows enough payments to tell who is new and which amounts are usual, so invoices to new customers and batches of round amounts were not looked for. Ask for the client's paid invoices, or pass a ledger that it sent before.
    .issue_date_assumed = { $invoices ->
        [one] 1 open invoice has no invoice date; it is
       *[other] { $invoices } open invoices have no invoice date; it is
    } assumed to be { $days } days before the due date.
    .due_date_assumed = { $invoices ->
        [one] 1 open invoice has no due date; it is
       *[other] { $invoices } open invoices have no due date; it is
    } assumed to be { $days } days after the invoice date.
    .undated_settlements = { $settlements ->
        [one] 1 payment or credit has no date. It counts as known at the as-of date, but is
       *[other] { $settlements } payments and credits have no date. They count as known at the as-of date, but are
    } left out of the statistics because the ledger continues after that date.

assumption =
    .currency = { $rows ->
        [one] 1 row names no currency
       *[other] { $rows } rows name no currency
    }: { $currency } assumed
    .invoice_date = { $rows ->
        [one] 1 row has no invoice date
       *[other] { $rows } rows have no invoice date
    }: due date less { $days } days assumed
    .due_date = { $rows ->
        [one] 1 row has no due date
       *[other] { $rows } rows have no due date
    }: invoice date plus { $days } days assumed
    .undated_settlements = { $rows ->
        [one] 1 payment or credit has no date: it explains a balance, but counts in statistics only from the ledger's own date
       *[other] { $rows } payments or credits have no date: they explain balances, but count in statistics only from the ledger's own date
    }
    .undated_disputes = { $rows ->
        [one] 1 disputed invoice has no date of the dispute
       *[other] { $rows } disputed invoices have no date of the dispute
    }
    .unknown_deliveries = { $rows ->
        [one] 1 row says that its delivery date is not known yet; it is read as having none
       *[other] { $rows } rows say that their delivery date is not known yet; they are read as having none
    }
    .several_names = { $rows ->
        [one] 1 debtor has several names: the first in alphabetical order is shown
       *[other] { $rows } debtors have several names: the first in alphabetical order is shown
    }
    .duplicate_numbers = { $rows ->
        [one] 1 invoice shares its number with another invoice to the same debtor
       *[other] { $rows } invoices share their number with another invoice to the same debtor
    }
    .due_before_issue = { $rows ->
        [one] 1 invoice is due before it was issued
       *[other] { $rows } invoices are due before they were issued
    }

# Where the as-of date comes from, after "As of 30 June 2026:" and the like.
as_of_date =
    .stated = stated by the report
    .latest_assumed = the latest due date less the assumed terms; the ledger has no invoice or settlement dates
    .latest_in_ledger = the latest invoice or settlement date in the ledger
