# The rules of a policy, each under its code:
#   .title      what the rule takes off, as a line of the waterfall
#   .policy     the rule in the written policy: one sentence or more
#   .offer      why an invoice, or part of it, is not bought: for the underwriter and the client
#   .owner      the same in plain words, after a colon: for an owner new to the trade, and for any
#               number of invoices
#   .condition  what the client warrants where the ledger does not tell; only for such rules
#
# Counts choose between [1] and *[more], not between [one] and *[other]: plural rules sit behind a
# lock, and these sentences are said for every invoice.

duplicate =
    .title = Duplicate invoice numbers
    .policy = We do not buy an invoice if the same customer has another invoice with the same number.
    .offer = Another open or paid invoice to this customer has the same number, { $number }.
    .owner = same number as another of your invoices to the customer
already_assigned =
    .title = Assigned or payable to a third party
    .policy = We do not buy invoices that are payable to someone other than the client.
    .offer = The invoice directs the customer to pay someone other than the client.
    .owner = payable to someone other than you
consumer =
    .title = Owed by consumers
    .policy = We do not buy invoices owed by consumers.
    .offer = The customer is a consumer.
    .owner = owed by a consumer
    .condition = The client warrants that none of these customers is a consumer; the data provided does not say.
progress_billing =
    .title = Progress billings and retainage
    .policy = We do not buy progress billings, pre-billings (invoiced before delivery or acceptance), invoices with retainage, or invoices for goods on consignment.
    .offer = The customer is billed in stages, before it accepts the work, with retainage, or for goods on consignment.
    .owner = billed in stages, or before the customer accepts the work
    .condition = The client warrants that these invoices are for goods delivered or work accepted, with no retainage and nothing on consignment.
non_assignable =
    .title = Assignment prohibited
    .policy = We do not buy invoices under contracts that prohibit assignment.
    .offer = The contract with this customer prohibits assignment of its invoices.
    .owner = your contract with the customer does not let you sell its invoices
    .condition = The client warrants that none of its contracts with these customers prohibits assignment of the invoices.
disputed =
    .title = Disputed by the debtor
    .policy = We do not buy disputed invoices.
    .offer = The customer disputes this invoice.
    .owner = disputed by the customer
    .condition = The client warrants that none of these invoices is disputed; the ledger does not say.
future_dated =
    .title = Dated after the as-of date
    .policy = We do not buy invoices dated after the as-of date of the offer.
    .offer = The invoice is dated after the as-of date.
    .owner = dated after the date of this offer
    .condition = The client warrants that these invoices were issued on or before the as-of date; the ledger gives no invoice date.
past_due =
    .title = Too far past due
    .policy = We do not buy invoices more than { $limit ->
        [1] 1 day
       *[more] { $limit } days
    } past due.{ $stays ->
        [yes] {" "}One that we have bought stays in the borrowing base up to { $later } days past due.
       *[no] {""}
    }
    .offer = The invoice is { $days ->
        [1] 1 day
       *[more] { $days } days
    } past due{ $by ->
        [first] {""}, counted from { $due }, the due date that was shown first
       *[stated] {""}
    }; the policy allows up to { $limit }.
    .owner = too far past due
    .condition = The client warrants the due dates of these invoices; they were assumed from the invoice dates.
past_invoice_date =
    .title = Too far past the invoice date
    .policy = We do not buy invoices more than { $limit ->
        [1] 1 day
       *[more] { $limit } days
    } after the invoice date unless the customer's usual terms plus { $past_due ->
        [1] 1 day
       *[more] { $past_due } days
    } allow more. Its usual terms are the median of the invoices it has paid; if those are fewer than three, of all paid invoices of the client, or { $assumed } days. The invoice's own terms do not count.{ $stays ->
        [yes] {" "}One that we have bought stays in the borrowing base up to { $later } days after the invoice date.
       *[no] {""}
    }
    .offer = The invoice is { $days ->
        [1] 1 day
       *[more] { $days } days
    } past its invoice date{ $by ->
        [first] {""}, counted from { $issue }, the invoice date that was shown first
       *[stated] {""}
    }; the policy allows up to { $most }: { $limit } or, if more, { $source ->
        [debtor] the customer's usual terms of { $usual } (by the invoices it has paid)
        [client] the client's usual terms of { $usual } (the customer has paid too few invoices to show its own)
       *[policy] terms of { $usual } (assumed, as too few invoices have been paid to show any)
    } plus { $past_due }.
    .owner = too long since the invoice date
    .condition = The client warrants the invoice dates of these invoices; they were assumed from the due dates.
long_dated =
    .title = Due too far ahead
    .policy = We do not buy invoices due in more than { $limit ->
        [1] 1 day
       *[more] { $limit } days
    }.
    .offer = The invoice is due in { $days } days; the policy allows up to { $limit }.
    .owner = due too far ahead
minimum_size =
    .title = Below minimum invoice amount
    .policy = We do not buy invoices with an open balance below { $minimum }.
    .offer = The open balance of { $open } { $currency } is below the minimum of { $minimum }.
    .owner = balance below our minimum
affiliate =
    .title = Affiliates of the client
    .policy = We do not buy invoices owed by the client's affiliates, owners or employees.
    .offer = The customer is affiliated with the client.
    .owner = owed by a customer affiliated with your business
    .condition = The client warrants that none of these customers is its affiliate, owner or employee; the data provided does not say.
government =
    .title = Government debtors
    .policy = We do not buy invoices owed by governments.
    .offer = The customer is a government entity.
    .owner = owed by a government entity
    .condition = The client warrants that none of these customers is a government entity; the data provided does not say.
foreign =
    .title = Foreign debtors
    .policy = We do not buy invoices owed by customers outside { $home }.
    .offer = The customer is in another country, { $country }.
    .owner = owed by a customer in another country
    .condition = The client warrants that these customers are in its own country; the data provided does not say.
insolvent =
    .title = Insolvent debtors
    .policy = We do not buy invoices owed by customers that are insolvent or on a stop list.
    .offer = The customer is insolvent or on a stop list.
    .owner = owed by an insolvent customer
    .condition = The client warrants that it knows of no insolvency among these customers.
credit_balance =
    .title = Debtors with a credit balance
    .policy = We do not buy invoices owed by a customer whose credits equal or exceed what it owes.
    .offer = This customer's unapplied credits of { $credit } { $currency } equal or exceed what it owes.
    .owner = your credits to the customer equal or exceed what it owes you
cross_aged =
    .title = Cross-aged debtors
    .policy = We do not buy any invoice owed by a customer if { $comparator ->
        [at_least] at least
       *[above] more than
    } { $threshold } of { $base ->
        [net] its balance, net of its credits,
       *[gross] its balance
    } is more than { $limit ->
        [1] 1 day
       *[more] { $limit } days
    } past due.
    .offer = { $share } of this customer's balance is more than { $limit ->
        [1] 1 day
       *[more] { $limit } days
    } past due; the limit is { $threshold }.
    .owner = the customer has too many past-due invoices with you
unconfirmed_debtor =
    .title = Debtors that do not know the client
    .policy = We do not buy invoices owed by a customer that says it does not know the client.
    .offer = The customer says that it does not know the client.
    .owner = the customer told us that it does not know your business

# Rules that take part of an invoice; $part of it is not bought.

confirmed_amount =
    .title = Above the confirmed amount
    .policy = If a customer confirms less than is open on an invoice, we buy up to the amount it confirms.
    .offer = { $part } { $currency } is not bought: the customer says that it owes { $amount } on this invoice.
    .owner = your customer says that it owes less
unconfirmed =
    .title = Held until confirmed
    .policy = We hold some invoices: we buy them once the customer has confirmed them, and until then they count in no balance or limit.
    .offer = { $part } { $currency } is held until the customer confirms the invoice. { $why }
    .owner = waiting for your customer to confirm them
    .client = Held until the customer confirms the invoice: { $why }.
unapplied_credit =
    .title = Unapplied credits
    .policy = We set a customer's unapplied credits against its invoices, earliest due first.
    .offer = { $part } { $currency } is not bought: the customer can offset an unapplied credit against it.
    .owner = the customer can offset a credit it has with you
contra =
    .title = Contra accounts
    .policy = We set what the client owes a customer against that customer's invoices in the same order.
    .offer = { $part } { $currency } is not bought: the client owes the customer, and the customer can offset it.
    .owner = you owe the customer, and it can offset that
debtor_limit =
    .title = Over the debtor's credit limit
    .policy = If a customer has a credit limit, we buy up to that limit, { $order ->
        [oldest_first] oldest invoice first
        [number] in order of invoice number
        [smallest_first] smallest invoice first
        [largest_first] largest invoice first
       *[due_first] earliest due date first
    }; the limit is measured by { $basis ->
        [funded] the advance at our highest rate
       *[balance] the amount bought
    }.{ $has_pair ->
        [yes] {" "}For every other customer the limit is { $pair }.
       *[no] {""}
    }
    .offer = { $part } { $currency } is above { $own ->
        [yes] this customer's own limit of { $limit }
       *[no] the limit per customer
    }.
    .owner = above our limit for the customer
group_limit =
    .title = Over the group's credit limit
    .policy = The limit for a group of customers is { $group }.
    .offer = { $part } { $currency } is above the limit for the customer's group, { $group }.
    .owner = above our limit for the customer's group
concentration =
    .title = Above the concentration limit
    .policy = One { $by ->
        [group] group of customers
       *[debtor] customer
    } may make up at most { $limit } of { $denominator ->
        [gross_ledger] the gross ledger
        [fixpoint] the receivables left after this limit
       *[eligible_before_cap] the receivables eligible under the rules above
    }; we do not buy the excess{ $order ->
        [due_first] ; the latest-due invoices are left out first
       *[other] , and leave out the invoices last in that order first
    }.
    .offer = { $part } { $currency } is above this { $by ->
        [group] customer group's
       *[debtor] customer's
    } concentration limit of { $cap } ({ $limit } of { $denominator ->
        [gross_ledger] the gross ledger
        [fixpoint] the receivables left after this limit
       *[eligible_before_cap] the eligible receivables
    }{ $held ->
        [yes] {" "}once all that is held is confirmed
       *[no] {""}
    }).
    .owner = above our limit for any one customer
not_offered =
    .title = Not held by the completed offer
    .policy = Where we complete an offer, we buy what it held, up to the amount held.
    .offer = { $part } { $currency } is not bought: { $then ->
        [excluded] it was excluded from the offer that this one completes.
       *[absent] the offer that this one completes did not hold it.
    }
    .owner = left out of the first offer too
already_funded =
    .title = Already bought
    .policy = Invoices we have already bought use up limits and are not bought again.
    .offer = { $part } { $currency } has already been bought.
    .owner = already bought by us
facility_limit =
    .title = Above the availability
    .policy = Under a facility, we advance no more than the availability under its borrowing base. { already_funded.policy }
    .offer = { $part } { $currency } is above the availability of { $room } that the borrowing base leaves beside the funds in use.
    .owner = above what is available on your invoices beside what we have paid already
no_feasible_terms =
    .title = No terms within the policy
    .policy = Below an advance of { $lowest } we make no offer.
    .offer = { $reason }
    .owner = no advance or price within our policy fits
