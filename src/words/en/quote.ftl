# A funding quote, as the owner of a business reads it.

quote =
    .if_unpaid = { $kind ->
        [non_recourse] If an invoice is unpaid { $when } because of the customer's insolvency, we bear the loss and you keep the advance; you remain responsible for amounts that a customer disputes or is credited.
        [modified] If an invoice to a customer we have approved is unpaid { $when } because of the customer's insolvency, we bear the loss; you buy back every other unpaid invoice.
       *[full] If an invoice is unpaid { $when }, you buy it back: you repay the advance on it plus the fee accrued to that day.
    }

    .charge = { $event }: { $amount } { $per ->
        [month] a month
       *[occurrence] per occurrence
    }
    .minimum = minimum monthly fees: { $amount }

    .customers_earlier = pay earlier
    .customers_later = pay later

    .assumed_invoices = { $invoices ->
        [1] 1 invoice, issued on { $date } and due
       *[more] { $invoices } invoices of equal amount, issued on { $date } and due
    } { $days ->
        [1] 1 day
       *[more] { $days } days
    } later, owed by { $customers ->
        [1] 1 customer
       *[more] { $customers } customers in equal shares
    }.
    .assumed_curve = We assumed typical payment timing, because we have no history of your customers; a ledger with paid invoices would replace this assumption.
    .assumed_credits = Credits to customers come to { $dilution } of sales; none of the invoices is disputed, pledged or otherwise ineligible.
    .assumed_nothing_read = This quote is indicative: no ledger has been read and no customer's credit has been checked.
