//! What all events have in common.

use std::borrow::Cow;

use super::field::Field;
use super::kind::{Address, Text, Time, Word};
use super::timestamp::Timestamp;
use super::writer::Writer;

/// The fields that many kinds of events have, under one name each and with one meaning each.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Envelope<'b> {
    /// The sender's id of the message, call leg, recording or request.
    pub id: Field<Cow<'b, str>>,
    /// When it happened.
    pub occurred_at: Field<Timestamp>,
    /// Who the message or call is from. The SMS API's `msisdn` and `to` stand here where they belong, in a delivery
    /// receipt too.
    pub from: Field<Address<'b>>,
    /// Who the message or call is to.
    pub to: Field<Address<'b>>,
    /// What has become of the message, call or request.
    pub status: Field<Status<'b>>,
    /// The channel: `sms`, `whatsapp` ...
    pub channel: Field<Channel<'b>>,
    /// The customer's own reference.
    pub client_ref: Field<Cow<'b, str>>,
}

words! {
    /// What has become of a message, call or request, in any of the APIs.
    Status {
        Submitted = "submitted", Accepted = "accepted", Buffered = "buffered", Delivered = "delivered", Read = "read",
        Rejected = "rejected", Undeliverable = "undeliverable", Expired = "expired", Failed = "failed",
        Unknown = "unknown", Started = "started", Ringing = "ringing", Answered = "answered", Busy = "busy",
        Cancelled = "cancelled", Timeout = "timeout", Unanswered = "unanswered", Disconnected = "disconnected",
        Human = "human", Machine = "machine", Completed = "completed", Transcribed = "transcribed",
        Success = "success", Failure = "failure", UserRejected = "user_rejected", ActionPending = "action_pending",
        Error = "error", Paused = "paused", Stopped = "stopped", Uploaded = "uploaded", Available = "available",
    }

    /// A channel.
    Channel {
        Sms = "sms", Mms = "mms", Rcs = "rcs", Whatsapp = "whatsapp", WhatsappInteractive = "whatsapp_interactive",
        Messenger = "messenger", ViberService = "viber_service", ViberServiceMsg = "viber_service_msg", Email = "email",
        Voice = "voice", SilentAuth = "silent_auth",
    }
}

impl<'b> Envelope<'b> {
    /// The type of a party that is an object says which channel it is, where nothing else does (Messages v0.1).
    pub(super) fn complete(&mut self) {
        let kind = |party: &Field<Address<'b>>| party.get().and_then(|party| party.kind.clone());
        if self.channel.is_absent()
            && let Some(kind) = kind(&self.to).or_else(|| kind(&self.from))
        {
            self.channel = Field::Is(kind.into());
        }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.id.write::<Word>("id", out);
        self.occurred_at.write::<Time>("occurred_at", out);
        write_party(&self.from, "from", "from_type", out);
        write_party(&self.to, "to", "to_type", out);
        self.status.write::<Status<'_>>("status", out);
        self.channel.write::<Channel<'_>>("channel", out);
        self.client_ref.write::<Text>("client_ref", out);
    }
}

fn write_party(party: &Field<Address<'_>>, name: &str, kind_name: &str, out: &mut Writer) {
    party.write::<Address<'_>>(name, out);
    if let Some(kind) = party.get().and_then(|party| party.kind.as_deref()) {
        out.key(kind_name);
        out.text(kind);
    }
}
