//! Tells the kinds of events apart by what their bodies have.

use std::borrow::Cow;

use super::api::Api;
use super::detail::Form;
use super::value::{Members, Value};

/// What a body is.
pub(super) struct Told<'b> {
    pub(super) api: Api,
    pub(super) event: Cow<'b, str>,
    pub(super) form: Form,
}

impl<'b> Told<'b> {
    fn new(api: Api, event: impl Into<Cow<'b, str>>, form: Form) -> Told<'b> {
        Told { api, event: event.into(), form }
    }
}

/// The members that tell the kinds apart.
macro_rules! signs {
    ($($sign:ident = $name:literal),* $(,)?) => {
        struct Signs<'v, 'b> { $( $sign: Option<&'v Value<'b>>, )* }

        impl<'v, 'b> Signs<'v, 'b> {
            fn of(members: &'v Members<'b>) -> Signs<'v, 'b> {
                let mut signs = Signs { $( $sign: None, )* };
                for (name, value) in members {
                    match &**name {
                        $( $name => signs.$sign = Some(value), )*
                        _ => {}
                    }
                }
                signs
            }
        }
    };
}

signs! {
    body = "body", call_uuid = "call_uuid", channel = "channel", conversation_id = "conversation_id",
    conversation_uuid = "conversation_uuid", conversation_uuid_from = "conversation_uuid_from",
    dispatch_uuid = "dispatch_uuid", dtmf = "dtmf", err_code = "err-code", event = "event", from = "from", id = "id",
    links = "_links", lookup_outcome = "lookup_outcome", message = "message", message_id = "messageId",
    message_uuid = "message_uuid", msisdn = "msisdn", original_request = "original_request", payload = "payload",
    reason = "reason", recording_url = "recording_url", request_id = "request_id", room_id = "room_id", scts = "scts",
    session_id_of_meeting = "session_id", session_id_of_video = "sessionId", speech = "speech", status = "status",
    timestamp = "timestamp", to = "to", type_of = "type", transcription_url = "transcription_url", uuid = "uuid",
}

/// What the body with these members is.
pub(super) fn tell<'b>(members: &Members<'b>) -> Told<'b> {
    let signs = Signs::of(members);
    let status = word(signs.status);
    let type_of = word(signs.type_of);
    let event = word(signs.event);

    if signs.msisdn.is_some() && signs.message_id.is_some() {
        let api = if is_us_short_code(&signs) { Api::UsShortCodes } else { Api::Sms };
        return if signs.scts.is_some() || signs.err_code.is_some() || signs.status.is_some() {
            Told::new(api, "dlr", Form::SmsReceipt)
        } else {
            Told::new(api, "inbound", Form::SmsInbound)
        };
    }
    if signs.lookup_outcome.is_some() {
        return Told::new(Api::NumberInsight, "advanced-async", Form::NumberInsight);
    }
    if signs.session_id_of_video.is_some() {
        return match event {
            Some(event) if *event == *"archive" => Told::new(Api::Video, event, Form::VideoArchive),
            Some(event) => Told::new(Api::Video, event, Form::VideoSession),
            None if signs.id.is_some() && status.is_some() => Told::new(Api::Video, "archive", Form::VideoArchive),
            None => Told::new(Api::Video, "other", Form::VideoSession),
        };
    }
    if let (Some(_), Some(type_of)) = (signs.request_id, &type_of) {
        let form = if **type_of == *"summary" { Form::VerifySummary } else { Form::VerifyEvent };
        return Told::new(Api::VerifyV2, type_of.clone(), form);
    }
    if signs.dispatch_uuid.is_some() {
        return Told::new(Api::Dispatch, "report", Form::DispatchReport);
    }
    if signs.message_uuid.is_some() {
        return tell_message(&signs);
    }
    if let (Some(_), Some(_), Some(type_of)) = (signs.body, signs.conversation_id, &type_of) {
        return Told::new(Api::ConversationRtc, type_of.clone(), Form::ConversationEvent);
    }
    if (signs.room_id.is_some() || signs.session_id_of_meeting.is_some())
        && let Some(event) = event
    {
        return Told::new(Api::Meetings, event, Form::MeetingsEvent);
    }
    let leg = signs.uuid.is_some() || signs.call_uuid.is_some();
    if signs.conversation_uuid.is_some() || signs.conversation_uuid_from.is_some() || leg {
        return tell_voice(&signs, status);
    }
    Told::new(Api::Other, "other", Form::Other)
}

fn tell_message<'b>(signs: &Signs<'_, 'b>) -> Told<'b> {
    match word(signs.channel) {
        Some(channel) if signs.status.is_some() => {
            Told::new(Api::Messages, format!("status/{channel}"), Form::MessagesStatus)
        }
        Some(channel) => Told::new(Api::Messages, format!("inbound/{channel}"), Form::MessagesInbound),
        None if signs.status.is_some() && signs.links.is_some() => {
            Told::new(Api::Dispatch, "status", Form::LegacyStatus)
        }
        None if signs.message.is_some() => Told::new(Api::MessagesV01, "inbound", Form::LegacyInbound),
        None if signs.status.is_some() => Told::new(Api::MessagesV01, "status", Form::LegacyStatus),
        None => Told::new(Api::Other, "other", Form::Other),
    }
}

fn tell_voice<'b>(signs: &Signs<'_, 'b>, status: Option<Cow<'b, str>>) -> Told<'b> {
    let told = |event: &'static str, form| Told::new(Api::Voice, event, form);
    if signs.original_request.is_some() {
        return told("fallback", Form::VoiceFallback);
    }
    if signs.conversation_uuid_from.is_some() {
        return told("transfer", Form::VoiceTransfer);
    }
    if let Some(status) = status {
        return match &*status {
            "success" | "failure" => told("payment", Form::VoiceCall),
            "transcribed" => told("transcribed", Form::VoiceTranscription),
            _ => Told::new(Api::Voice, status, Form::VoiceCall),
        };
    }
    if signs.recording_url.is_some() {
        return told("record", Form::VoiceRecording);
    }
    if signs.dtmf.is_some() || signs.speech.is_some() {
        return told("input", Form::VoiceInput);
    }
    if signs.payload.is_some() {
        return told("notify", Form::VoiceNotify);
    }
    if signs.reason.is_some() {
        return told("error", Form::VoiceError);
    }
    if signs.timestamp.is_none() && signs.uuid.is_some() && signs.to.is_some() {
        return told("answer", Form::VoiceAnswer);
    }
    told("other", Form::VoiceCall)
}

/// A US number and a code of five or six digits.
fn is_us_short_code(signs: &Signs<'_, '_>) -> bool {
    let digits = |value: Option<&Value<'_>>| {
        let text = value.and_then(Value::as_text).unwrap_or_default();
        (text.bytes().all(|letter| letter.is_ascii_digit()), text.len(), text.starts_with('1'))
    };
    matches!(digits(signs.to), (true, 5 | 6, _)) && matches!(digits(signs.msisdn), (true, 11, true))
}

fn word<'b>(value: Option<&Value<'b>>) -> Option<Cow<'b, str>> {
    match value {
        Some(Value::Text(text)) if !text.is_empty() && text != "null" => Some(text.clone()),
        _ => None,
    }
}
