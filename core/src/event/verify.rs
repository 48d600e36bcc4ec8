//! The Verify API, version 2.

use super::envelope::{Channel, Status};
use super::kind::{Amount, Integer, List, Text, Time, Word};

record! { 'b;
    /// One channel of a verification has a new status.
    VerifyEvent [
        id: Word = "request_id", occurred_at: Time = "triggered_at" | "submitted_at", status: Status<'b> = "status",
        channel: Channel<'b> = "channel", client_ref: Text = "client_ref",
    ] {
        /// `event`.
        event_type: Word = "type",
        /// When the channel came to an end.
        finalized_at: Time = "finalized_at",
        /// How long a channel is waited for, in seconds.
        channel_timeout: Integer = "channel_timeout",
        /// What the user's device must do for silent authentication.
        action: VerifyAction<'b> = "action",
    }

    /// A verification has ended.
    VerifySummary [
        id: Word = "request_id", occurred_at: Time = "submitted_at" | "triggered_at", status: Status<'b> = "status",
        client_ref: Text = "client_ref",
    ] {
        /// `summary`.
        event_type: Word = "type",
        /// How long a channel was waited for, in seconds.
        channel_timeout: Integer = "channel_timeout",
        /// The channels, in their order.
        workflow: List<VerifyStep<'b>> = "workflow",
        /// What all of it costs.
        price: Amount = "price",
    }

    /// A channel of a verification that has ended.
    VerifyStep {
        /// The channel.
        channel: Channel<'b> = "channel",
        /// When it began.
        initiated_at: Time = "initiated_at",
        /// What became of it; `unused` if it was not needed.
        status: Status<'b> = "status",
    }

    /// What the user's device must do.
    CheckAction {
        /// `check`.
        action_type: Word = "type",
        /// Where the device must go.
        check_url: Word = "check_url",
    }
}

either! { 'b;
    /// What the user's device must do, or several such things.
    VerifyAction {
        /// One.
        One: CheckAction<'b>,
        /// An array of them.
        Several: List<CheckAction<'b>>,
    }
}
