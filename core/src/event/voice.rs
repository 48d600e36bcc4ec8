//! The Voice API: answer and fallback requests, and events.

use super::envelope::Status;
use super::kind::{Address, Amount, Any, Integer, List, Object, OnlyText, Text, Time, Truth, Word};

record! { 'b;
    /// A call wants to be answered: the response is its call control object.
    VoiceAnswer [id: Word = "uuid", from: Address<'b> = "from" | "from_user", to: Address<'b> = "to"] {
        /// The conversation.
        conversation_uuid: Word = "conversation_uuid",
        /// What the caller calls from.
        endpoint_type: EndpointType<'b> = "endpoint_type",
        /// Where the API of the call's region is.
        region_url: Word = "region_url",
        /// What the customer's application sent along.
        custom_data: Any = "custom_data",
    } + {
        /// The SIP headers of the call, without `SipHeader_`.
        sip_headers = "SipHeader_"
    }

    /// The answer or event URL failed: the response is the call control object to go on with.
    VoiceFallback [
        id: Word = "uuid", from: Address<'b> = "from" | "from_user", to: Address<'b> = "to",
        occurred_at: Time = "timestamp", status: Status<'b> = "status",
    ] {
        /// The conversation.
        conversation_uuid: Word = "conversation_uuid",
        /// What the caller calls from.
        endpoint_type: EndpointType<'b> = "endpoint_type",
        /// Where the API of the call's region is.
        region_url: Word = "region_url",
        /// What the customer's application sent along.
        custom_data: Any = "custom_data",
        /// Which way the call goes.
        direction: Direction<'b> = "direction",
        /// Why the request failed.
        reason: Text = "reason",
        /// The request that failed.
        original_request: OriginalRequest<'b> = "original_request",
    } + {
        /// The SIP headers of the call, without `SipHeader_`.
        sip_headers = "SipHeader_"
    }

    /// A request that failed.
    OriginalRequest {
        /// Where it went.
        url: Word = "url",
        /// `answer` or `event`.
        request_type: Word = "type",
    }

    /// A call leg has a new state, up to its end.
    VoiceCall [
        id: Word = "uuid" | "call_uuid", from: Address<'b> = "from" | "from_user", to: Address<'b> = "to",
        occurred_at: Time = "timestamp", status: Status<'b> = "status",
    ] {
        /// The conversation.
        conversation_uuid: Word = "conversation_uuid",
        /// Which way the call goes.
        direction: Direction<'b> = "direction",
        /// The SIP headers of the call.
        headers: Object = "headers",
        /// Why the call came to nothing.
        detail: CallDetail<'b> = "detail",
        /// What the answering machine does.
        sub_state: SubState<'b> = "sub_state",
        /// The SIP response that the leg ended with.
        sip_code: Integer = "sip_code",
        /// When the call began to cost.
        start_time: Time = "start_time",
        /// When the call ended.
        end_time: Time = "end_time",
        /// How long the call was, in seconds.
        duration: Integer = "duration",
        /// The price of a minute.
        rate: Amount = "rate",
        /// The price of the call.
        price: Amount = "price",
        /// The network of the other party.
        network: Word = "network",
        /// Who ended the call.
        disconnected_by: DisconnectedBy<'b> = "disconnected_by",
        /// Why, in words.
        reason: Text = "reason",
    }

    /// A recording is ready.
    VoiceRecording [id: Word = "recording_uuid", occurred_at: Time = "timestamp"] {
        /// The conversation.
        conversation_uuid: Word = "conversation_uuid",
        /// Where the recording is. It needs the application's own credentials.
        recording_url: Word = "recording_url",
        /// When the recording began.
        start_time: Time = "start_time",
        /// When the recording ended.
        end_time: Time = "end_time",
        /// How long the recording is, in bytes.
        size: Integer = "size",
    }

    /// The transcription of a recording is ready.
    VoiceTranscription [id: Word = "recording_uuid", status: Status<'b> = "status", occurred_at: Time = "timestamp"] {
        /// The conversation.
        conversation_uuid: Word = "conversation_uuid",
        /// What was transcribed: `record`.
        transcription_type: Word = "type",
        /// Where the transcription is. It needs the application's own credentials.
        transcription_url: Word = "transcription_url",
    }

    /// A caller has pressed keys or spoken: the response is the call control object to go on with.
    VoiceInput [
        id: Word = "uuid", from: Address<'b> = "from" | "from_user", to: Address<'b> = "to",
        occurred_at: Time = "timestamp",
    ] {
        /// The conversation.
        conversation_uuid: Word = "conversation_uuid",
        /// The keys.
        dtmf: Dtmf<'b> = "dtmf",
        /// Whether the wait for keys ran out, in the older form.
        timed_out: Truth = "timed_out",
        /// The speech.
        speech: Speech<'b> = "speech",
    }

    /// The keys that a caller has pressed.
    DtmfInput {
        /// The keys; null if none was pressed.
        digits: Word = "digits",
        /// Whether the wait for keys ran out.
        timed_out: Truth = "timed_out",
    }

    /// What a caller has said.
    Speech {
        /// Why listening ended.
        timeout_reason: TimeoutReason<'b> = "timeout_reason",
        /// What it may have been, the likeliest first.
        results: List<SpeechResult<'b>> = "results",
        /// Why nothing was understood.
        error: Text = "error",
        /// Where the recording of it is.
        recording_url: Word = "recording_url",
    }

    /// One reading of what a caller has said.
    SpeechResult {
        /// The words.
        text: Text = "text",
        /// How sure it is, from 0 to 1.
        confidence: Amount = "confidence",
    }

    /// A call leg went to another conversation.
    VoiceTransfer [id: Word = "uuid", occurred_at: Time = "timestamp"] {
        /// The conversation that it left.
        conversation_uuid_from: Word = "conversation_uuid_from",
        /// The conversation that it went to.
        conversation_uuid_to: Word = "conversation_uuid_to",
        /// `transfer`.
        event_type: Word = "type",
    }

    /// A notification that the customer's own call control object asked for.
    VoiceNotify [occurred_at: Time = "timestamp"] {
        /// The conversation.
        conversation_uuid: Word = "conversation_uuid",
        /// What the call control object had there.
        payload: Any = "payload",
    }

    /// Something went wrong with the customer's call control object or webhook.
    VoiceError [occurred_at: Time = "timestamp"] {
        /// The conversation.
        conversation_uuid: Word = "conversation_uuid",
        /// What went wrong.
        reason: Text = "reason",
    }
}

either! { 'b;
    /// The keys that a caller has pressed, in the newer or the older form.
    Dtmf {
        /// With what is known beside them.
        Input: DtmfInput<'b>,
        /// The keys alone.
        Digits: OnlyText,
    }
}

words! {
    /// What a caller calls from.
    EndpointType { Phone = "phone", App = "app", Vbc = "vbc", Sip = "sip", Websocket = "websocket" }

    /// Which way a call goes.
    Direction { Inbound = "inbound", Outbound = "outbound" }

    /// Why a call came to nothing.
    CallDetail {
        Unavailable = "unavailable", Timeout = "timeout", Restricted = "restricted", InvalidNumber = "invalid_number",
        Declined = "declined", CarrierTimeout = "carrier_timeout", CannotRoute = "cannot_route",
        NumberOutOfService = "number_out_of_service", InternalError = "internal_error",
    }

    /// What an answering machine does.
    SubState { BeepStart = "beep_start", BeepTimeout = "beep_timeout" }

    /// Who ended a call.
    DisconnectedBy { Platform = "platform", User = "user" }

    /// Why listening ended.
    TimeoutReason { EndOnSilence = "end_on_silence_timeout", Max = "max_duration", Start = "start_timeout" }
}
