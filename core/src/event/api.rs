//! The vendor's APIs that send webhooks.

use std::fmt;

/// The API that an event comes from, as far as its body tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Api {
    /// SMS.
    Sms,
    /// US Short Codes.
    UsShortCodes,
    /// Voice.
    Voice,
    /// Number Insight.
    NumberInsight,
    /// Messages, version 1.
    Messages,
    /// Messages, version 0.1.
    MessagesV01,
    /// Dispatch.
    Dispatch,
    /// Verify, version 2.
    VerifyV2,
    /// Conversations and the Client SDK.
    ConversationRtc,
    /// Video.
    Video,
    /// Meetings.
    Meetings,
    /// None of them.
    Other,
}

impl Api {
    /// All of them, for the types of other languages.
    pub const ALL: [Api; 12] = [
        Api::Sms,
        Api::UsShortCodes,
        Api::Voice,
        Api::NumberInsight,
        Api::Messages,
        Api::MessagesV01,
        Api::Dispatch,
        Api::VerifyV2,
        Api::ConversationRtc,
        Api::Video,
        Api::Meetings,
        Api::Other,
    ];

    /// The name, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Api::Sms => "sms",
            Api::UsShortCodes => "us-short-codes",
            Api::Voice => "voice",
            Api::NumberInsight => "number-insight",
            Api::Messages => "messages",
            Api::MessagesV01 => "messages-v0.1",
            Api::Dispatch => "dispatch",
            Api::VerifyV2 => "verify-v2",
            Api::ConversationRtc => "conversation-rtc",
            Api::Video => "video",
            Api::Meetings => "meetings",
            Api::Other => "other",
        }
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
