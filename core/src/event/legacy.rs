//! The Messages API, version 0.1, and the Dispatch API, which reports in its form. Parties are objects there.

use super::envelope::{Channel, Status};
use super::kind::{Address, Any, Integer, List, Text, Time, Word};
use super::messages::{Link, Media, Usage};

record! { 'b;
    /// A message to one of your numbers, pages or services, in the older form.
    LegacyInbound [
        id: Word = "message_uuid", from: Address<'b> = "from", to: Address<'b> = "to",
        occurred_at: Time = "timestamp", client_ref: Text = "client_ref",
    ] {
        /// The message.
        message: LegacyMessage<'b> = "message",
        /// The direction: `inbound`.
        direction: Word = "direction",
    }

    /// A message.
    LegacyMessage {
        /// Its content.
        content: LegacyContent<'b> = "content",
        /// What only an SMS has.
        sms: LegacySms<'b> = "sms",
    }

    /// The content of a message.
    LegacyContent {
        /// What kind of message it is.
        content_type: Word = "type",
        /// The text.
        text: Text = "text",
        /// A picture.
        image: Media<'b> = "image",
        /// A sound.
        audio: Media<'b> = "audio",
        /// A film.
        video: Media<'b> = "video",
        /// A file.
        file: Media<'b> = "file",
        /// A place. Its form is not documented.
        location: Any = "location",
    }

    /// What only an SMS has.
    LegacySms {
        /// How many parts the message came in.
        num_messages: Integer = "num_messages",
    }

    /// A message that you have sent has a new status, in the older form.
    LegacyStatus [
        id: Word = "message_uuid", from: Address<'b> = "from", to: Address<'b> = "to",
        occurred_at: Time = "timestamp", status: Status<'b> = "status", client_ref: Text = "client_ref",
    ] {
        /// Why the message did not arrive.
        error: LegacyError<'b> = "error",
        /// What the message costs.
        usage: Usage<'b> = "usage",
        /// Where the failover is, if the message is part of one.
        links: StatusLinks<'b> = "_links",
    }

    /// Why a message did not arrive.
    LegacyError {
        /// The code.
        code: Integer = "code",
        /// What it is, in words.
        reason: Text = "reason",
    }

    /// Where the failover of a message is.
    StatusLinks {
        /// The failover.
        workflow: WorkflowLink<'b> = "workflow",
    }

    /// A failover.
    WorkflowLink {
        /// Its id.
        dispatch_uuid: Word = "dispatch_uuid",
        /// Its address.
        href: Word = "href",
    }

    /// A failover has ended.
    DispatchReport [id: Word = "dispatch_uuid", occurred_at: Time = "timestamp", status: Status<'b> = "status"] {
        /// `failover`.
        template: Word = "template",
        /// What all of it costs.
        usage: Usage<'b> = "usage",
        /// Its messages.
        links: DispatchLinks<'b> = "_links",
    }

    /// The messages of a failover.
    DispatchLinks {
        /// The messages.
        messages: List<DispatchedMessage<'b>> = "messages",
        /// The report's own address.
        self_link: Link<'b> = "self",
    }

    /// A message of a failover.
    DispatchedMessage {
        /// Its id.
        message_uuid: Word = "message_uuid",
        /// Its address.
        href: Word = "href",
        /// Its channel. The sender writes `viber_sevice_msg` for one of them.
        channel: Channel<'b> = "channel",
        /// What it costs.
        usage: Usage<'b> = "usage",
        /// What became of it.
        status: Status<'b> = "status",
    }
}
