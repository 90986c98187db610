# What would make the policy buy more of an invoice, or make it cheaper, each under its code.

change =
    .number_explained = If the client shows that this is a different invoice from the one with the same number.
    .released = If the other payee or secured party releases its interest.
    .dispute_settled = If the customer withdraws its dispute.
    .time = In { $days ->
        [1] 1 day
       *[more] { $days } days
    }.
    .past_due_paid = If the customer pays { $amount } { $currency } of its past-due balance.
    .credits_used = If the customer's credits of { $amount } { $currency } are refunded or applied.
    .payable_paid = If the client pays the { $amount } { $currency } it owes the customer.
    .limit_raised = If the limit for this customer is raised by { $amount } { $currency }.
    .group_limit_raised = If the limit for this customer's group is raised by { $amount } { $currency }.
    .funds_repaid = If { $amount } { $currency } of the funds in use is repaid.
    .paid_earlier = If the customer pays by { $by }, the fee is { $saved } { $currency } lower.
    .confirmed = If the customer confirms the invoice.
    .copy_confirmed = { $answered ->
        [yes] If the customer confirms invoice { $number } too, which is bought already
       *[no] If the customer confirms both this invoice and { $number }, which is bought already
    }.
    .receipt_confirmed = If the customer confirms that it has received the goods or services.
    .amount_confirmed = If the customer confirms the whole amount.
