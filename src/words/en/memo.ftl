# The credit memo that an underwriter signs.

memo =
    .title = Credit memo
    .offered = As of { $date }, policy { $policy } version { $version }; the offer is open until { $until }.
    .not_offered = As of { $date }, policy { $policy } version { $version }; nothing is offered.
    .nothing_open = No invoice is open: there is nothing to decide.
    .client = Client
    .buy = Buy { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    } totaling { $amount }; advance { $advance } ({ $rate }), discount rate { $discount }.
    .past_due = { $amount } of that, { $share }, is past due already.
    .none_past_due = None of that is past due.
    .decline = Decline. { $why }
    .nothing = Nothing to buy: the rules and limits leave no invoice.
    .gross = Gross receivables
    .not_bought = Not bought
    .advance = Advance, paid at once
    .cost = Cost to the client, expected case
    .cost_apr = { $fee }, APR { $apr }
    .return = Return on funds employed
    .return_hurdle = { $return }, hurdle { $hurdle }
    .shortfall = Probability that dilution and fee exceed the reserve
    .dilution = Dilution, 12 months
    .largest = Largest debtor
    .largest_share = { $debtor }, { $share } of the ledger
    .base = Borrowing base less outstanding
    .changed = Changed since the previous ledger of { $previous }
    .changed_alone = Credited and billed again
    .changed_invoices = { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    }
    .conditions = Conditions and warnings
    .condition = { $sentence } ({ $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    })
    .confirm = Confirm before buying
    .confirm_first = Confirm before buying ({ $shown } of { $all }; the offer lists all)
    .confirm_invoice = { $invoice } to { $debtor }, { $amount }
    .underwriter = Underwriter ________________________  Date ____________
    .approved = Approved ________________________  Date ____________
