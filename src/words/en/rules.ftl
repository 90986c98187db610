# The rules of a policy, each under its code:
#   .policy     what the written policy says of it, one sentence or more, or the part of one
#   .offer      why an invoice, or a part of it, is not bought: to the underwriter and the client
#   .owner      the same in the words of somebody who does not know the trade's, inside a sentence
#   .condition  what the client warrants where the ledger does not tell; only for such rules

duplicate =
    .policy = We do not buy an invoice whose number another invoice of the customer bears.
    .offer = Another open or paid invoice of this customer has the number { $number }.
    .owner = another of your invoices to the same customer has the same number
already_assigned =
    .policy = We do not buy an invoice that is payable to someone else.
    .offer = The invoice tells the customer to pay someone other than the client.
    .owner = the invoice is payable to someone other than you
consumer =
    .policy = We do not buy from consumers.
    .offer = The customer is a consumer.
    .owner = the customer is a consumer
    .condition = The client warrants that none of these customers buys as a consumer; nothing says so.
progress_billing =
    .policy = We do not buy from customers that are billed in stages, before they accept, with a part retained, or for goods on consignment.
    .offer = The customer is billed in stages, before it accepts, with a part retained, or for goods on consignment.
    .owner = the invoice is for work billed in stages
    .condition = The client warrants that these invoices are for goods delivered or work accepted, with nothing retained or on consignment.
non_assignable =
    .policy = We do not buy from customers whose contracts forbid the assignment.
    .offer = The contract with the customer forbids the assignment.
    .owner = your contract with the customer forbids you to sell its invoices
    .condition = The client warrants that none of these customers' contracts forbids it to assign the invoices.
disputed =
    .policy = We do not buy an invoice that the customer disputes.
    .offer = The customer disputes this invoice.
    .owner = the customer disputes the invoice
    .condition = The client warrants that none of these invoices is disputed; the ledger does not say.
future_dated =
    .policy = We do not buy an invoice dated after the day of the offer.
    .offer = It is dated after the as-of date.
    .owner = the invoice is dated after the date of this offer
    .condition = The client warrants that these invoices were issued by the as-of date; the ledger has no invoice date.
past_due =
    .policy = We do not buy an invoice that is more than { $limit } days past due.
    .offer = It is { $days } days past due; the policy buys up to { $limit }.
    .owner = the customer is too late with the invoice
    .condition = The client warrants the due dates of these invoices, which were assumed from the invoice date.
long_dated =
    .policy = We do not buy an invoice that falls due in more than { $limit } days.
    .offer = It falls due in { $days } days; the policy buys up to { $limit }.
    .owner = the invoice falls due too far ahead
minimum_size =
    .policy = We do not buy an invoice of less than { $minimum }.
    .offer = Its open balance of { $open } { $currency } is below the minimum of { $minimum }.
    .owner = what is left to pay is too small
affiliate =
    .policy = We do not buy from the client's own affiliates, owners and employees.
    .offer = The customer belongs to the client's own group.
    .owner = the customer belongs to your own group
    .condition = The client warrants that none of these customers is its affiliate, owner or employee; nothing says so.
government =
    .policy = We do not buy from governments.
    .offer = The customer is a government.
    .owner = the customer is a government
    .condition = The client warrants that none of these customers is a government; nothing says so.
foreign =
    .policy = We do not buy from customers outside { $home }.
    .offer = The customer is in another country: { $country }.
    .owner = the customer is in another country
    .condition = The client warrants that these customers are in its own country; the ledger does not say.
insolvent =
    .policy = We do not buy from a customer that is insolvent or on a stop list.
    .offer = The customer is insolvent or on a stop list.
    .owner = the customer is insolvent
    .condition = The client warrants that it knows of no insolvency of these customers.
credit_balance =
    .policy = We do not buy from a customer whose credits are as large as what it owes.
    .offer = This customer's unapplied credits of { $credit } { $currency } are as large as what it owes.
    .owner = your credits to the customer are as large as what it owes you
cross_aged =
    .policy = We do not buy from a customer of whom { $comparator ->
        [at_least] at least
       *[above] more than
    } { $threshold } of { $base ->
        [net] what it owes net of its credits
       *[gross] what it owes
    } is more than { $limit } days past due.
    .offer = { $share } of what this customer owes is more than { $limit } days past due; the limit is { $threshold }.
    .owner = the customer is too late with too much of what it owes you

# What takes a part of an invoice; $part of it is not bought.

unapplied_credit =
    .policy = A customer's unapplied credits are set against its invoices, the one due first before the others.
    .offer = { $part } { $currency } of it is not bought: the customer can set off an unapplied credit.
    .owner = the customer can set a credit that it has with you against this part
contra =
    .policy = What the client owes a customer is set against it likewise.
    .offer = { $part } { $currency } of it is not bought: the client owes the customer, which can set it off.
    .owner = you owe the customer, which can set this part off against it
debtor_limit =
    .policy = We buy up to the customer's own limit, where it has one, { $order ->
        [oldest_first] the oldest invoices first
        [number] invoices by their numbers
        [smallest_first] the smallest invoices first
        [largest_first] the largest invoices first
       *[due_first] invoices due first
    }; limits are held against { $basis ->
        [funded] what we advance at the largest rate
       *[balance] what we buy
    }.{ $has_pair ->
        [yes] {" "}Every other customer's limit is { $pair }.
       *[no] {""}
    }
    .offer = { $part } { $currency } of it is above { $own ->
        [yes] this customer's own limit of { $limit }
       *[no] the limit for a customer
    }.
    .owner = this part is more than we buy of this customer
group_limit =
    .policy = The limit of a group of customers is { $group }.
    .offer = { $part } { $currency } of it is above the limit for the customer's group, { $group }.
    .owner = this part is more than we buy of this customer's group
concentration =
    .policy = We buy at most { $limit } { $denominator ->
        [gross_ledger] of the whole ledger
        [fixpoint] of what this limit itself leaves
       *[eligible_before_cap] of what the rules above leave of the ledger
    } from one { $by ->
        [group] group of customers
       *[debtor] customer
    }; the excess stays with the client, the invoices last in that order.
    .offer = { $part } { $currency } of it is above this { $by ->
        [group] customer group's
       *[debtor] customer's
    } limit of { $cap } ({ $limit } of the { $denominator ->
        [gross_ledger] gross ledger
        [fixpoint] ledger that the limit leaves
       *[eligible_before_cap] eligible ledger
    }).
    .owner = this part is more than we buy of one customer's debt
already_funded =
    .policy = what we have bought already uses up limits and is not bought again
    .offer = { $part } { $currency } of it is bought already.
    .owner = we have bought it already
facility_limit =
    .policy = Under a facility we advance up to what its borrowing base leaves; { already_funded.policy }.
    .offer = { $part } { $currency } of it is above what the facility leaves, { $room } to advance.
    .owner = this part is more than your facility leaves
no_feasible_terms =
    .policy = below { $lowest } we make no offer
    .offer = { $reason }
    .owner = no advance or price within our policy fits these invoices
