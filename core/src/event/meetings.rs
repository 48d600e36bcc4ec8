//! The Meetings API, which the vendor has retired.

use super::kind::{Text, Time, Truth, Word};

record! { 'b;
    /// Something happened in a meeting.
    MeetingsEvent [occurred_at: Time = "started_at" | "ended_at" | "expires_at"] {
        /// What happened: the event of the whole.
        event: Word = "event",
        /// The session.
        session_id: Word = "session_id",
        /// The room.
        room_id: Word = "room_id",
        /// The participant.
        participant_id: Word = "participant_id",
        /// The participant's name.
        name: Text = "name",
        /// What kind of participant it is.
        participant_type: Word = "type",
        /// Whether the participant is the host.
        is_host: Truth = "is_host",
    }
}
