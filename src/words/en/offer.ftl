# What an offer says of its terms, under the codes of the document.

# Why no terms meet the policy.
decline =
    .price = No price within the policy: at the highest discount rate, { $highest }, the return on funds is { $found } a year, below the hurdle of { $hurdle }.
    .reserve = No advance within the policy: at the lowest advance rate, { $lowest }, dilution and fees exceed the reserve with a probability of { $found }; the policy allows { $allowed }.
    .shortfall = No advance within the policy: at the lowest advance rate, { $lowest }, dilution, fees and losses exceed the reserve by { $found } of the amount bought on average in the worst cases; the policy allows { $allowed }.
    .charges = The charges at purchase, { $charges } { $currency }, use up the largest possible advance, { $advance } { $currency }.

# Why nothing is offered, as the end of a sentence.
no_offer =
    .no_invoices = no invoice is open
    .no_terms = no terms meet the policy
    .no_eligible_invoices = the rules and limits leave no invoice to buy

# The offers to choose from.
menu =
    .most_cash = Most cash
    .balanced = Balanced
    .lowest_cost = Lowest cost

# How an invoice differs from the client's earlier ledgers, or from one that it replaces.
ledger_change =
    .re_dated = dated or due later than before
    .amount_changed = amount changed
    .reopened = reopened after being closed
    .debtor_changed = owed by another customer than before
    .backdated = dated before an earlier ledger, which does not list it
    .rebilled = credited and billed again, due later
    .vanished = open before, no longer in the ledger

# The parts of a disclosure that depend on the offer.
disclosure =
    .receivables = { $invoices ->
        [1] 1 invoice
       *[more] { $invoices } invoices
    } owed by { $customers ->
        [1] 1 customer
       *[more] { $customers } customers
    }
    .term_rule = Every invoice is assumed to be paid in full on its due date{ $passed ->
        [0] {""}
        [1] {"; "}the one whose due date has passed, on the day we expect it
       *[more] {"; "}the { $passed } whose due dates have passed, on the days we expect them
    }.
    .term_rule_of_example = Each receivable is assumed to be paid in full at the end of that time.
    .repurchase = { $kind ->
        [non_recourse] You buy back an invoice that is unpaid { $when }, unless it is unpaid because of the customer's insolvency.
        [modified] You buy back an invoice that is unpaid { $when }, unless we approved the customer, the invoice is within its limit, and it is unpaid because of the customer's insolvency.
       *[full] You buy back every invoice that is unpaid { $when }.
    }
    .avoidable = { $event }: { $amount } { $currency }
    .monthly = { $event } { $amount } { $currency } a month
    .monthly_minimum = fees of at least { $amount } { $currency } a month
