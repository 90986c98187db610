//! The work beside requests and jobs: the service exports the heads of its audit log and
//! forgets old answers.

use std::time::Duration;

use chrono::{SecondsFormat, TimeDelta};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{debug, error};

use super::outside::Heads;
use super::{Service, ServiceError};

/// The interval of housekeeping, unless heads are exported at another.
const USUAL: Duration = Duration::from_mins(5);

/// The time for which an answer is kept, so that a repeated request gets it.
const ANSWERS_KEPT: TimeDelta = TimeDelta::hours(24);

impl Service {
    /// Keeps house until the service stops, and once more then.
    pub(super) async fn keep_house(self) {
        let every = self.heads.as_ref().map_or(USUAL, |heads| heads.every);
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut exported = 0;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = self.stopped.notified() => {}
            }
            match self.export_head(exported).await {
                Ok(number) => exported = number,
                Err(fault) => error!(cause = fault.cause(), "the head was not exported"),
            }
            if self.is_stopping() {
                return;
            }
            let before =
                ((self.outside.now)() - ANSWERS_KEPT).to_rfc3339_opts(SecondsFormat::Secs, true);
            match self.store.forget_answers(&before).await {
                Ok(0) => {}
                Ok(forgotten) => debug!(forgotten, "answers to old requests were forgotten"),
                Err(error) => error!(%error, "old answers were not forgotten"),
            }
        }
    }

    /// Exports the head of the audit log unless this one was; returns its number.
    async fn export_head(&self, exported: i64) -> Result<i64, ServiceError> {
        let Some(Heads { folder, .. }) = self.heads.clone() else { return Ok(exported) };
        let head = self.store.head(&self.now()).await?;
        let number = head.number;
        if number > exported {
            let written = tokio::task::spawn_blocking(move || head.export(&folder)).await;
            written.map_err(ServiceError::internal)??;
            debug!(number, "the head of the audit log was exported");
        }
        Ok(number)
    }
}
