# What would make the policy buy more of an invoice, or make it cheaper, each under its code.

change =
    .number_explained = If the client shows that it is another invoice than the one with the same number.
    .released = If whoever else is to be paid releases it.
    .dispute_settled = If the customer withdraws its dispute.
    .time = In { $days } days.
    .past_due_paid = If the customer pays { $amount } { $currency } of what is past due.
    .credits_used = If its credits of { $amount } { $currency } are paid out or used.
    .payable_paid = If the client pays the { $amount } { $currency } that it owes the customer.
    .limit_raised = If the limit for this customer is raised by { $amount } { $currency }.
    .group_limit_raised = If the limit for this customer's group is raised by { $amount } { $currency }.
    .funds_repaid = If funds in use of { $amount } { $currency } are repaid.
    .paid_earlier = If the customer pays by { $by }, the fee is { $saved } { $currency } less.
