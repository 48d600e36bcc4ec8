//! The kinds of events, each with its record.

use super::conversation::ConversationEvent;
use super::kind::{Kind, Reading};
use super::legacy::{DispatchReport, LegacyInbound, LegacyStatus};
use super::meetings::MeetingsEvent;
use super::messages::{MessagesInbound, MessagesStatus};
use super::number_insight::NumberInsight;
use super::path::Path;
use super::schema::{Record, Shape};
use super::sms::{SmsInbound, SmsReceipt};
use super::value::{Members, Value};
use super::verify::{VerifyEvent, VerifySummary};
use super::video::{VideoArchive, VideoSession};
use super::voice::{
    VoiceAnswer, VoiceCall, VoiceError, VoiceFallback, VoiceInput, VoiceNotify, VoiceRecording, VoiceTranscription,
    VoiceTransfer,
};
use super::writer::Writer;

macro_rules! details {
    ($($name:ident),* $(,)?) => {
        /// What one kind of event has beside the envelope.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Detail<'b> {
            $( #[doc = concat!("See [`", stringify!($name), "`].")] $name(Box<$name<'b>>), )*
            /// Of a body that is of no known kind: all its members are among the unknown ones. Of one that is no
            /// JSON object by our limits: see the raw bytes.
            Other,
        }

        /// The kind of an event, before it is read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Form {
            $( $name, )*
            Other,
        }

        impl Form {
            pub(super) fn read<'b>(self, members: Members<'b>, reading: &mut Reading<'b>) -> Detail<'b> {
                match self {
                    $( Form::$name => match $name::read(Value::Object(members), &Path::Top, reading) {
                        Ok(record) => Detail::$name(Box::new(record)),
                        // An object is always read.
                        Err(_) => Detail::Other,
                    }, )*
                    Form::Other => {
                        for (name, value) in members {
                            reading.unknown(&Path::Name(&Path::Top, &name), value);
                        }
                        Detail::Other
                    }
                }
            }
        }

        impl Detail<'_> {
            /// The name of the record; `Other` for the last.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $( Detail::$name(_) => stringify!($name), )*
                    Detail::Other => "Other",
                }
            }

            pub(super) fn write(&self, out: &mut Writer) {
                match self {
                    $( Detail::$name(record) => $name::write(record, out), )*
                    Detail::Other => out.raw("{}"),
                }
            }
        }

        /// The description of every kind of event: the records, their fields, the names of these in the body and in
        /// JSON, and what their values are. Types for other languages can be written from it.
        #[must_use]
        pub fn schema() -> Vec<&'static Record> {
            let shapes = [$( <$name<'static> as Kind<'static>>::SHAPE ),*];
            let record = |shape| match shape {
                Shape::Record(record) => Some(record),
                _ => None,
            };
            shapes.into_iter().filter_map(record).collect()
        }
    };
}

details! {
    SmsInbound, SmsReceipt, VoiceAnswer, VoiceFallback, VoiceCall, VoiceRecording, VoiceTranscription, VoiceInput,
    VoiceTransfer, VoiceNotify, VoiceError, MessagesInbound, MessagesStatus, LegacyInbound, LegacyStatus,
    DispatchReport, VerifyEvent, VerifySummary, NumberInsight, VideoSession, VideoArchive, ConversationEvent,
    MeetingsEvent,
}
