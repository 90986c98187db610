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
    .stop = Stop: do not fund this client until this is cleared.
    .hold = Buy nothing yet: { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    } totaling { $amount } { $invoices ->
        [one] is
       *[other] are
    } held until confirmed; discount rate { $discount }.
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
    .changed = Changed since earlier ledgers, the last of { $previous }
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
    .change = { $invoice } to { $debtor }: { $kinds }. Before: { $before }; now: { $now }.
    .change_facts = dated { $dated }, due { $due }, { $open } open
    .changed_more = and { $more ->
        [one] 1 more changed invoice
       *[other] { $more } more changed invoices
    }, listed in the offer
    .held = Held until confirmed
    .held_reason = { $reason }: { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    }, { $amount }
    .held_advance = Advance once all are confirmed: at most { $advance } ({ $rate }).
    .confirmed = Confirmed by the customers
    .confirmed_by = { $invoice } to { $debtor }, { $amount }: { $by } on { $on }, { $how ->
        [portal] in the customer's portal
        [email] by e-mail
        [goods_receipt] by the receipt of the goods
       *[telephone] by telephone
    }
    .confirm = Confirm with the customers: { $all ->
        [one] 1 invoice
       *[other] { $all } invoices
    }{ $must ->
        [0] {""}
       *[other] , { $must } mandatory
    }
    .confirm_more = and { $more } more, listed in the offer
    .confirm_invoice = { $invoice } to { $debtor }, { $amount }{ $decision ->
        [held] {", "}held
        [excluded] {" "}open, excluded
       *[bought] {""}
    }
    .underwriter = Underwriter ________________________  Date ____________
    .approved = Approved ________________________  Date ____________
