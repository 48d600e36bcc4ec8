//! Events of conversations and of the Client SDK. What the bodies of most of them hold is not documented.

use super::kind::{Address, Any, Time, Word};

record! { 'b;
    /// Something happened in a conversation.
    ConversationEvent [
        id: Word = "id", from: Address<'b> = "from", to: Address<'b> = "to", occurred_at: Time = "timestamp",
    ] {
        /// What happened: the event of the whole.
        event_type: Word = "type",
        /// The conversation.
        conversation_id: Word = "conversation_id",
        /// The application.
        application_id: Word = "application_id",
        /// What belongs to this type of event.
        body: Any = "body",
        /// Its state.
        state: Any = "state",
        /// Its address.
        href: Word = "href",
        /// What it brings along.
        embedded: Any = "_embedded",
    }
}
