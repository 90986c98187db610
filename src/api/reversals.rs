use axum::extract::State;
use axum::response::Response;
use axum::routing;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Currency, Money};
use purchases::{LineUse, Undone};
use service::{AskedReversal, Reply, Reversed, Service, ServiceError, Underwriter};

use super::http::body::json;
use super::http::once::{Early, Needed, Posted};
use super::http::operation::Operation;
use super::positions::ShownPosition;

/// The reversal of a step that was recorded by mistake.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedUndo {
    /// The day on which the step is undone in the books. Statements of earlier periods stay as they
    /// are.
    on: NaiveDate,
    /// The reason.
    reason: String,
}

/// Steps that were undone together.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownReversal {
    /// The day on which they were undone in the books.
    on: NaiveDate,
    /// The reason.
    reason: String,
    /// The steps, in the order in which they were undone.
    reversed: Vec<ShownStep>,
    /// The position as it is now; `null` if the payment belonged to none, or for
    /// several positions.
    position: Option<ShownPosition>,
    /// The client's line afterwards; `null` if none is agreed, or if the facility states no rate
    /// for a currency. A reversal is never refused because of it.
    line: Option<ShownLine>,
}

/// The use of a client's line after a reversal.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownLine {
    /// The currency of the amounts.
    currency: Currency,
    /// The line.
    limit: Option<Money>,
    /// Funds in use now, other currencies at the facility's rates.
    used: Money,
    /// The part of the funds in use that exceeds the line; 0 within it.
    over: Money,
}

impl TryFrom<LineUse> for ShownLine {
    type Error = ServiceError;

    fn try_from(own: LineUse) -> Result<Self, ServiceError> {
        let over = own.over().map_err(ServiceError::internal)?;
        let LineUse { limit, in_use: used, .. } = own;
        Ok(Self { currency: used.currency(), limit, used, over })
    }
}

/// A step that was undone.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownStep {
    /// `purchase`, `collection` or `settlement`.
    kind: &'static str,
    /// The id of the position, the part of a payment or the settlement.
    id: String,
}

impl From<&Undone> for ShownStep {
    fn from(step: &Undone) -> Self {
        let (kind, id) = step.told();
        Self { kind, id: id.to_owned() }
    }
}

/// The operations that undo.
pub(super) fn operations() -> Vec<Operation> {
    let undo = |path, title, handler| {
        Operation::post(path, title, handler)
            .by::<Underwriter>()
            .reads::<AskedUndo>()
            .once()
            .answers::<ShownReversal>(201, "What was undone, and the position as it is now.")
    };
    vec![
        undo(
            "/v1/collections/{id}/reversal",
            "Reverse a payment, with all its parts",
            routing::post(payment),
        ),
        undo(
            "/v1/positions/{id}/settlement/reversal",
            "Reverse the settlement of a position",
            routing::post(settlement),
        ),
        undo(
            "/v1/positions/{id}/reversal",
            "Reverse a purchase on which nothing was paid",
            routing::post(purchase),
        ),
        undo(
            "/v1/purchases/{id}/reversal",
            "Reverse a payout, with all its positions",
            routing::post(funding),
        ),
    ]
}

type Asked = Posted<Underwriter, Needed<AskedUndo>>;

async fn payment(
    State(service): State<Service>,
    Posted { by, id, once, body: Needed(AskedUndo { on, reason }), .. }: Asked,
) -> Result<Response, Early> {
    let asked = AskedReversal { id: &id, on, reason: &reason };
    Ok(json(service.reverse_payment(&by, asked, &once, made).await?))
}

async fn settlement(
    State(service): State<Service>,
    Posted { by, id, once, body: Needed(AskedUndo { on, reason }), .. }: Asked,
) -> Result<Response, Early> {
    let asked = AskedReversal { id: &id, on, reason: &reason };
    Ok(json(service.reverse_settlement(&by, asked, &once, made).await?))
}

async fn purchase(
    State(service): State<Service>,
    Posted { by, id, once, body: Needed(AskedUndo { on, reason }), .. }: Asked,
) -> Result<Response, Early> {
    let asked = AskedReversal { id: &id, on, reason: &reason };
    Ok(json(service.reverse_purchase(&by, asked, &once, made).await?))
}

async fn funding(
    State(service): State<Service>,
    Posted { by, id, once, body: Needed(AskedUndo { on, reason }), .. }: Asked,
) -> Result<Response, Early> {
    let asked = AskedReversal { id: &id, on, reason: &reason };
    Ok(json(service.reverse_funding(&by, asked, &once, made).await?))
}

fn made(reversed: &Reversed) -> Result<Reply, ServiceError> {
    let shown = ShownReversal {
        on: reversed.on,
        reason: reversed.reason.clone(),
        reversed: reversed.steps.iter().map(ShownStep::from).collect(),
        position: reversed.position.clone().map(ShownPosition::from),
        line: reversed.line.map(ShownLine::try_from).transpose()?,
    };
    Reply::json(201, &shown)
}
