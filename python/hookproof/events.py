"""What webhooks say, as typed values. Generated from the core's description of the events (`cargo xtask python`).

An `Event` has what all kinds have in common; its `detail` is the record of its kind, to be told apart with `match`:

    match webhook.event:
        case Event(detail=MessagesInbound(text=str(text))):
            ...

A field that was not sent, and one that was sent as null, are None; `Record.nulls` names the latter. What no field holds is in
`Event.unknown`, so nothing is lost.
"""

# ruff: noqa: E501
from __future__ import annotations

import json as _json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

JsonValue: TypeAlias = "None | bool | int | float | Decimal | str | list[JsonValue] | dict[str, JsonValue]"
"""A value of JSON. Numbers with a fraction are Decimals in an event."""

Api: TypeAlias = Literal[
    "sms",
    "us-short-codes",
    "voice",
    "number-insight",
    "messages",
    "messages-v0.1",
    "dispatch",
    "verify-v2",
    "conversation-rtc",
    "video",
    "meetings",
    "other",
]
SmsType: TypeAlias = Literal[
    "text",
    "unicode",
    "binary",
]
Status: TypeAlias = Literal[
    "submitted",
    "accepted",
    "buffered",
    "delivered",
    "read",
    "rejected",
    "undeliverable",
    "expired",
    "failed",
    "unknown",
    "started",
    "ringing",
    "answered",
    "busy",
    "cancelled",
    "timeout",
    "unanswered",
    "disconnected",
    "human",
    "machine",
    "completed",
    "transcribed",
    "success",
    "failure",
    "user_rejected",
    "action_pending",
    "error",
    "paused",
    "stopped",
    "uploaded",
    "available",
]
EndpointType: TypeAlias = Literal[
    "phone",
    "app",
    "vbc",
    "sip",
    "websocket",
]
Direction: TypeAlias = Literal[
    "inbound",
    "outbound",
]
CallDetail: TypeAlias = Literal[
    "unavailable",
    "timeout",
    "restricted",
    "invalid_number",
    "declined",
    "carrier_timeout",
    "cannot_route",
    "number_out_of_service",
    "internal_error",
]
SubState: TypeAlias = Literal[
    "beep_start",
    "beep_timeout",
]
DisconnectedBy: TypeAlias = Literal[
    "platform",
    "user",
]
TimeoutReason: TypeAlias = Literal[
    "end_on_silence_timeout",
    "max_duration",
    "start_timeout",
]
Channel: TypeAlias = Literal[
    "sms",
    "mms",
    "rcs",
    "whatsapp",
    "whatsapp_interactive",
    "messenger",
    "viber_service",
    "viber_service_msg",
    "email",
    "voice",
    "silent_auth",
]
MessageType: TypeAlias = Literal[
    "text",
    "image",
    "audio",
    "video",
    "file",
    "vcard",
    "content",
    "sticker",
    "location",
    "contact",
    "reply",
    "button",
    "order",
    "reaction",
    "unsupported",
]
ReactionAction: TypeAlias = Literal[
    "react",
    "unreact",
]
ContextStatus: TypeAlias = Literal[
    "none",
    "available",
    "unavailable",
]
NetworkType: TypeAlias = Literal[
    "mobile",
    "landline",
    "landline_premium",
    "landline_tollfree",
    "virtual",
    "unknown",
    "pager",
]
Validity: TypeAlias = Literal[
    "valid",
    "not_valid",
    "unknown",
    "inferred",
    "inferred_not_valid",
]
Reachability: TypeAlias = Literal[
    "reachable",
    "unknown",
    "undeliverable",
    "absent",
    "bad_number",
    "blacklisted",
]
Ported: TypeAlias = Literal[
    "ported",
    "not_ported",
    "unknown",
    "assumed_ported",
    "assumed_not_ported",
]
RoamingStatus: TypeAlias = Literal[
    "roaming",
    "not_roaming",
    "unknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A part of an event."""

    nulls: tuple[str, ...] = ()
    """The fields that were sent as null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsInbound(Record):
    """An SMS to one of your numbers."""

    message_type: SmsType | str | None = None
    """What kind of message it is."""
    text: str | None = None
    """The message. A part of it, if the message came in parts."""
    keyword: str | None = None
    """The first word, in upper case."""
    concat: bool | None = None
    """Whether this is one part of a longer message."""
    concat_ref: int | None = None
    """What all parts of the message have in common."""
    concat_total: int | None = None
    """How many parts the message has."""
    concat_part: int | None = None
    """Which part this is; the first is 1."""
    data: str | None = None
    """The content of a binary message, in hexadecimal."""
    udh: str | None = None
    """The user data header of a binary message, in hexadecimal."""
    api_key: str | None = None
    """The account."""
    signed_at: datetime | None = None
    """When it was signed, if it is signed by the SMS API's own scheme."""
    nonce: str | None = None
    """The nonce of the SMS API's own signature."""
    sig: str | None = None
    """The SMS API's own signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsReceipt(Record):
    """A delivery receipt for an SMS."""

    network_code: str | None = None
    """The carrier: mobile country code and mobile network code."""
    price: Decimal | None = None
    """What the message cost."""
    receipt_at: datetime | None = None
    """When the carrier wrote the receipt, to the minute, in UTC."""
    err_code: int | None = None
    """Why the message failed; 0 if it did not."""
    api_key: str | None = None
    """The account."""
    signed_at: datetime | None = None
    """When it was signed, if it is signed by the SMS API's own scheme."""
    nonce: str | None = None
    """The nonce of the SMS API's own signature."""
    sig: str | None = None
    """The SMS API's own signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceAnswer(Record):
    """A call wants to be answered: the response is its call control object."""

    conversation_uuid: str | None = None
    """The conversation."""
    endpoint_type: EndpointType | str | None = None
    """What the caller calls from."""
    region_url: str | None = None
    """Where the API of the call's region is."""
    custom_data: JsonValue | None = None
    """What the customer's application sent along."""
    sip_headers: dict[str, JsonValue] | None = None
    """All members whose name begins with `SipHeader_`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalRequest(Record):
    """A request that failed."""

    url: str | None = None
    """Where it went."""
    request_type: str | None = None
    """`answer` or `event`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFallback(Record):
    """The answer or event URL failed: the response is the call control object to go on with."""

    conversation_uuid: str | None = None
    """The conversation."""
    endpoint_type: EndpointType | str | None = None
    """What the caller calls from."""
    region_url: str | None = None
    """Where the API of the call's region is."""
    custom_data: JsonValue | None = None
    """What the customer's application sent along."""
    direction: Direction | str | None = None
    """Which way the call goes."""
    reason: str | None = None
    """Why the request failed."""
    original_request: OriginalRequest | None = None
    """The request that failed."""
    sip_headers: dict[str, JsonValue] | None = None
    """All members whose name begins with `SipHeader_`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCall(Record):
    """A call leg has a new state, up to its end."""

    conversation_uuid: str | None = None
    """The conversation."""
    direction: Direction | str | None = None
    """Which way the call goes."""
    headers: dict[str, JsonValue] | None = None
    """The SIP headers of the call."""
    detail: CallDetail | str | None = None
    """Why the call came to nothing."""
    sub_state: SubState | str | None = None
    """What the answering machine does."""
    sip_code: int | None = None
    """The SIP response that the leg ended with."""
    start_time: datetime | None = None
    """When the call began to cost."""
    end_time: datetime | None = None
    """When the call ended."""
    duration: int | None = None
    """How long the call was, in seconds."""
    rate: Decimal | None = None
    """The price of a minute."""
    price: Decimal | None = None
    """The price of the call."""
    network: str | None = None
    """The network of the other party."""
    disconnected_by: DisconnectedBy | str | None = None
    """Who ended the call."""
    reason: str | None = None
    """Why, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRecording(Record):
    """A recording is ready."""

    conversation_uuid: str | None = None
    """The conversation."""
    recording_url: str | None = None
    """Where the recording is. It needs the application's own credentials."""
    start_time: datetime | None = None
    """When the recording began."""
    end_time: datetime | None = None
    """When the recording ended."""
    size: int | None = None
    """How long the recording is, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTranscription(Record):
    """The transcription of a recording is ready."""

    conversation_uuid: str | None = None
    """The conversation."""
    transcription_type: str | None = None
    """What was transcribed: `record`."""
    transcription_url: str | None = None
    """Where the transcription is. It needs the application's own credentials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DtmfInput(Record):
    """The keys that a caller has pressed."""

    digits: str | None = None
    """The keys; null if none was pressed."""
    timed_out: bool | None = None
    """Whether the wait for keys ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechResult(Record):
    """One reading of what a caller has said."""

    text: str | None = None
    """The words."""
    confidence: Decimal | None = None
    """How sure it is, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Record):
    """What a caller has said."""

    timeout_reason: TimeoutReason | str | None = None
    """Why listening ended."""
    results: tuple[SpeechResult, ...] | None = None
    """What it may have been, the likeliest first."""
    error: str | None = None
    """Why nothing was understood."""
    recording_url: str | None = None
    """Where the recording of it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceInput(Record):
    """A caller has pressed keys or spoken: the response is the call control object to go on with."""

    conversation_uuid: str | None = None
    """The conversation."""
    dtmf: DtmfInput | str | None = None
    """The keys."""
    timed_out: bool | None = None
    """Whether the wait for keys ran out, in the older form."""
    speech: Speech | None = None
    """The speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTransfer(Record):
    """A call leg went to another conversation."""

    conversation_uuid_from: str | None = None
    """The conversation that it left."""
    conversation_uuid_to: str | None = None
    """The conversation that it went to."""
    event_type: str | None = None
    """`transfer`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceNotify(Record):
    """A notification that the customer's own call control object asked for."""

    conversation_uuid: str | None = None
    """The conversation."""
    payload: JsonValue | None = None
    """What the call control object had there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceError(Record):
    """Something went wrong with the customer's call control object or webhook."""

    conversation_uuid: str | None = None
    """The conversation."""
    reason: str | None = None
    """What went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media(Record):
    """A picture, sound, film, file, card or sticker."""

    url: str | None = None
    """Where it is. Media of WhatsApp need the application's own credentials."""
    name: str | None = None
    """Its name."""
    caption: str | None = None
    """The text that came with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Record):
    """One of several attachments."""

    content_type: str | None = None
    """What it is: `image`, `vcard` ..."""
    url: str | None = None
    """Where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location(Record):
    """A place on earth."""

    lat: Decimal | None = None
    """Degrees north."""
    long: Decimal | None = None
    """Degrees east."""
    name: str | None = None
    """Its name."""
    address: str | None = None
    """Its address."""
    url: str | None = None
    """A page about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Record):
    """Contacts. What a contact consists of is not documented."""

    contacts: tuple[JsonValue, ...] | None = None
    """The contacts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Record):
    """What was chosen."""

    id: str | None = None
    """The id that your message gave it."""
    title: str | None = None
    """What it says."""
    description: str | None = None
    """What it says beneath."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button(Record):
    """A button that was pressed."""

    payload: str | dict[str, JsonValue] | None = None
    """What your message gave it, or the answers of a flow."""
    text: str | None = None
    """What it says."""
    subtype: str | None = None
    """What kind of button it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductItem(Record):
    """One line of an order."""

    product_retailer_id: str | None = None
    """The product."""
    quantity: int | None = None
    """How many."""
    item_price: Decimal | None = None
    """The price of one."""
    currency: str | None = None
    """The currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Record):
    """An order."""

    catalog_id: str | None = None
    """The catalogue."""
    product_items: tuple[ProductItem, ...] | None = None
    """What is ordered."""
    text: str | None = None
    """What was written with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction(Record):
    """A reaction to a message."""

    action: ReactionAction | str | None = None
    """Whether it comes or goes."""
    emoji: str | None = None
    """The emoji."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Record):
    """A person, as a channel knows them."""

    name: str | None = None
    """The name they show."""
    username: str | None = None
    """Their user name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferredProduct(Record):
    """A product that a message is about."""

    catalog_id: str | None = None
    """The catalogue."""
    product_retailer_id: str | None = None
    """The product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Record):
    """The message that another is about."""

    message_uuid: str | None = None
    """Its id."""
    message_from: str | None = None
    """Who wrote it."""
    whatsapp_referred_product: ReferredProduct | None = None
    """The product that it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage(Record):
    """What a message costs."""

    currency: str | None = None
    """The currency."""
    price: Decimal | None = None
    """The price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Record):
    """A network."""

    network_code: str | None = None
    """Mobile country code and mobile network code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Record):
    """A part of an SMS."""

    occurred_at: datetime | None = None
    """When."""
    status: Status | str | None = None
    """What became of it."""
    error_code: str | None = None
    """Why it failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsDetail(Record):
    """What only an SMS has."""

    num_messages: int | None = None
    """How many parts the inbound message came in."""
    keyword: str | None = None
    """The first word of the inbound message, in upper case."""
    count_total: int | None = None
    """How many parts the message has."""
    segments: tuple[Segment, ...] | None = None
    """What became of each part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Record):
    """The advertisement that led to a message."""

    body: str | None = None
    """Its text."""
    headline: str | None = None
    """Its headline."""
    source_id: str | None = None
    """Its id."""
    source_type: str | None = None
    """`ad` or `post`."""
    source_url: str | None = None
    """Where it is."""
    media_type: str | None = None
    """What it shows."""
    image_url: str | None = None
    """Its picture."""
    video_url: str | None = None
    """Its film."""
    thumbnail_url: str | None = None
    """The small picture of its film."""
    ctwa_clid: str | None = None
    """The id of the click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsappUser(Record):
    """A user of WhatsApp."""

    user_id: str | None = None
    """The business-scoped id."""
    parent_user_id: str | None = None
    """The id in the parent business."""
    wa_id: str | None = None
    """The number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing(Record):
    """By which rules a WhatsApp message costs."""

    pricing_type: str | None = None
    """`regular`, or why it is free."""
    pricing_model: str | None = None
    """`PMP`, `CBP`."""
    category: str | None = None
    """`service`, `marketing`, `utility`, `authentication`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationOrigin(Record):
    """Why a WhatsApp conversation began."""

    origin_type: str | None = None
    """Its category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation(Record):
    """A WhatsApp conversation."""

    id: str | None = None
    """Its id."""
    origin: ConversationOrigin | None = None
    """Why it began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whatsapp(Record):
    """What only a WhatsApp message has."""

    referral: Referral | None = None
    """The advertisement that led to the message."""
    whatsapp_referred_product: ReferredProduct | None = None
    """The product that the message is about."""
    sender: WhatsappUser | None = None
    """Who wrote the message."""
    recipient: WhatsappUser | None = None
    """Who the message went to."""
    waba_id: str | None = None
    """The business account."""
    pricing: Pricing | None = None
    """By which rules the message costs."""
    conversation: Conversation | None = None
    """The conversation, which the message may belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """An address on the web."""

    href: str | None = None
    """The address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesInbound(Record):
    """A message to one of your numbers, pages or services."""

    message_type: MessageType | str | None = None
    """What kind of message it is. An SMS may come without."""
    text: str | None = None
    """The text."""
    image: Media | None = None
    """A picture."""
    audio: Media | None = None
    """A sound."""
    video: Media | None = None
    """A film."""
    file: Media | None = None
    """A file."""
    vcard: Media | None = None
    """A business card."""
    sticker: Media | None = None
    """A sticker."""
    content: tuple[Attachment, ...] | None = None
    """Several attachments of one message."""
    location: Location | None = None
    """A place."""
    contact: Contact | None = None
    """Contacts."""
    reply: Reply | None = None
    """What was chosen from a list or from suggestions."""
    button: Button | None = None
    """The button that was pressed."""
    order: Order | None = None
    """An order from a catalogue."""
    reaction: Reaction | None = None
    """A reaction to a message."""
    profile: Profile | None = None
    """Who wrote the message, as the channel knows them."""
    context: Context | None = None
    """The message that this one is about."""
    context_status: ContextStatus | str | None = None
    """Whether [`MessagesInbound::context`] is there."""
    provider_message: str | None = None
    """The channel's own text for a message that is not supported."""
    usage: Usage | None = None
    """What the message costs."""
    origin: Network | None = None
    """The network that it came from."""
    sms: SmsDetail | None = None
    """What only an SMS has."""
    mms: dict[str, JsonValue] | None = None
    """What only an MMS has."""
    whatsapp: Whatsapp | None = None
    """What only a WhatsApp message has."""
    self_link: Link | None = None
    """This message's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Record):
    """Why a message did not arrive."""

    problem_type: str | None = None
    """A page about it."""
    title: str | int | None = None
    """Its code."""
    detail: str | None = None
    """What it is, in words."""
    instance: str | None = None
    """Its own id, for the support."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(Record):
    """The place of a message in its failover."""

    workflow_id: str | None = None
    """The failover."""
    items_number: int | None = None
    """Which message this is; the first is 1."""
    items_total: int | None = None
    """How many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesStatus(Record):
    """A message that you have sent has a new status."""

    error: Problem | None = None
    """Why the message did not arrive."""
    usage: Usage | None = None
    """What the message costs."""
    workflow: Workflow | None = None
    """The place of the message in its failover."""
    destination: Network | None = None
    """The network that it went to."""
    profile: Profile | None = None
    """Who the message went to, as the channel knows them."""
    sms: SmsDetail | None = None
    """What only an SMS has."""
    whatsapp: Whatsapp | None = None
    """What only a WhatsApp message has."""
    self_link: Link | None = None
    """This message's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyContent(Record):
    """The content of a message."""

    content_type: str | None = None
    """What kind of message it is."""
    text: str | None = None
    """The text."""
    image: Media | None = None
    """A picture."""
    audio: Media | None = None
    """A sound."""
    video: Media | None = None
    """A film."""
    file: Media | None = None
    """A file."""
    location: JsonValue | None = None
    """A place. Its form is not documented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacySms(Record):
    """What only an SMS has."""

    num_messages: int | None = None
    """How many parts the message came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyMessage(Record):
    """A message."""

    content: LegacyContent | None = None
    """Its content."""
    sms: LegacySms | None = None
    """What only an SMS has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyInbound(Record):
    """A message to one of your numbers, pages or services, in the older form."""

    message: LegacyMessage | None = None
    """The message."""
    direction: str | None = None
    """The direction: `inbound`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyError(Record):
    """Why a message did not arrive."""

    code: int | None = None
    """The code."""
    reason: str | None = None
    """What it is, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowLink(Record):
    """A failover."""

    dispatch_uuid: str | None = None
    """Its id."""
    href: str | None = None
    """Its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLinks(Record):
    """Where the failover of a message is."""

    workflow: WorkflowLink | None = None
    """The failover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyStatus(Record):
    """A message that you have sent has a new status, in the older form."""

    error: LegacyError | None = None
    """Why the message did not arrive."""
    usage: Usage | None = None
    """What the message costs."""
    links: StatusLinks | None = None
    """Where the failover is, if the message is part of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchedMessage(Record):
    """A message of a failover."""

    message_uuid: str | None = None
    """Its id."""
    href: str | None = None
    """Its address."""
    channel: Channel | str | None = None
    """Its channel. The sender writes `viber_sevice_msg` for one of them."""
    usage: Usage | None = None
    """What it costs."""
    status: Status | str | None = None
    """What became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchLinks(Record):
    """The messages of a failover."""

    messages: tuple[DispatchedMessage, ...] | None = None
    """The messages."""
    self_link: Link | None = None
    """The report's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport(Record):
    """A failover has ended."""

    template: str | None = None
    """`failover`."""
    usage: Usage | None = None
    """What all of it costs."""
    links: DispatchLinks | None = None
    """Its messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAction(Record):
    """What the user's device must do."""

    action_type: str | None = None
    """`check`."""
    check_url: str | None = None
    """Where the device must go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEvent(Record):
    """One channel of a verification has a new status."""

    event_type: str | None = None
    """`event`."""
    finalized_at: datetime | None = None
    """When the channel came to an end."""
    channel_timeout: int | None = None
    """How long a channel is waited for, in seconds."""
    action: CheckAction | tuple[CheckAction, ...] | None = None
    """What the user's device must do for silent authentication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyStep(Record):
    """A channel of a verification that has ended."""

    channel: Channel | str | None = None
    """The channel."""
    initiated_at: datetime | None = None
    """When it began."""
    status: Status | str | None = None
    """What became of it; `unused` if it was not needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySummary(Record):
    """A verification has ended."""

    event_type: str | None = None
    """`summary`."""
    channel_timeout: int | None = None
    """How long a channel was waited for, in seconds."""
    workflow: tuple[VerifyStep, ...] | None = None
    """The channels, in their order."""
    price: Decimal | None = None
    """What all of it costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier(Record):
    """A network."""

    network_code: str | None = None
    """Mobile country code and mobile network code."""
    name: str | None = None
    """Its name."""
    country: str | None = None
    """Its country: ISO 3166-1 alpha-2."""
    network_type: NetworkType | str | None = None
    """What kind of network it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoamingNetwork(Record):
    """Where the number is."""

    status: RoamingStatus | str | None = None
    """Whether it is abroad."""
    roaming_country_code: str | None = None
    """The country that it is in: ISO 3166-1 alpha-2."""
    roaming_network_code: str | None = None
    """The network that it is in."""
    roaming_network_name: str | None = None
    """The network's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerIdentity(Record):
    """Who a number belongs to."""

    caller_type: str | None = None
    """`business`, `consumer` or `unknown`."""
    caller_name: str | None = None
    """The whole name."""
    first_name: str | None = None
    """The first name."""
    last_name: str | None = None
    """The last name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberInsight(Record):
    """What is known of a number."""

    status: int | None = None
    """Whether the request was carried out; 0 if it was."""
    status_message: str | None = None
    """The same in words."""
    lookup_outcome: int | None = None
    """Whether everything was found: 0 all, 1 a part, 2 nothing."""
    lookup_outcome_message: str | None = None
    """The same in words."""
    international_format_number: str | None = None
    """The number, with its country."""
    national_format_number: str | None = None
    """The number, as it is dialled in its country."""
    country_code: str | None = None
    """The country: ISO 3166-1 alpha-2."""
    country_code_iso3: str | None = None
    """The country: ISO 3166-1 alpha-3."""
    country_name: str | None = None
    """The country's name."""
    country_prefix: str | None = None
    """The country's calling code."""
    request_price: Decimal | None = None
    """What the request cost."""
    refund_price: Decimal | None = None
    """What is paid back of it."""
    remaining_balance: Decimal | None = None
    """What the account has left."""
    current_carrier: Carrier | None = None
    """The network that serves the number."""
    original_carrier: Carrier | None = None
    """The network that the number was first given to."""
    valid_number: Validity | str | None = None
    """Whether the number can exist."""
    reachable: Reachability | str | None = None
    """Whether the number can be reached."""
    ported: Ported | str | None = None
    """Whether the number has changed its network."""
    roaming: RoamingNetwork | str | None = None
    """Whether the number is abroad."""
    caller_identity: CallerIdentity | None = None
    """Who the number belongs to."""
    ip: dict[str, JsonValue] | None = None
    """Where the user's internet address is, in old versions."""
    ip_warnings: str | None = None
    """What is odd about the internet address, in old versions."""
    error_text: str | None = None
    """Why something was not found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoConnection(Record):
    """A connection to a session."""

    id: str | None = None
    """Its id."""
    created_at: datetime | None = None
    """When it came."""
    data: str | None = None
    """What the token of the client had with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoStream(Record):
    """A stream of a session."""

    id: str | None = None
    """Its id."""
    connection: VideoConnection | None = None
    """Whose it is."""
    created_at: datetime | None = None
    """When it came."""
    name: str | None = None
    """Its name."""
    video_type: str | None = None
    """`camera`, `screen` or `custom`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSession(Record):
    """Something happened in a session."""

    event: str | None = None
    """What happened: the event of the whole."""
    session_id: str | None = None
    """The session."""
    application_id: str | None = None
    """The application; a project on the older platform."""
    connection: VideoConnection | None = None
    """The connection that came or went."""
    stream: VideoStream | None = None
    """The stream that came or went."""
    reason: str | None = None
    """Why it went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoArchive(Record):
    """An archive has a new status."""

    event: str | None = None
    """`archive`."""
    session_id: str | None = None
    """The session."""
    application_id: str | None = None
    """The application; a project on the older platform."""
    created_at: datetime | None = None
    """When the archive began."""
    duration: int | None = None
    """How long it is, in seconds."""
    size: int | None = None
    """How long it is, in bytes."""
    name: str | None = None
    """Its name."""
    url: str | None = None
    """Where it is."""
    reason: str | None = None
    """Why it ended or failed."""
    resolution: JsonValue | None = None
    """The resolution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEvent(Record):
    """Something happened in a conversation."""

    event_type: str | None = None
    """What happened: the event of the whole."""
    conversation_id: str | None = None
    """The conversation."""
    application_id: str | None = None
    """The application."""
    body: JsonValue | None = None
    """What belongs to this type of event."""
    state: JsonValue | None = None
    """Its state."""
    href: str | None = None
    """Its address."""
    embedded: JsonValue | None = None
    """What it brings along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingsEvent(Record):
    """Something happened in a meeting."""

    event: str | None = None
    """What happened: the event of the whole."""
    session_id: str | None = None
    """The session."""
    room_id: str | None = None
    """The room."""
    participant_id: str | None = None
    """The participant."""
    name: str | None = None
    """The participant's name."""
    participant_type: str | None = None
    """What kind of participant it is."""
    is_host: bool | None = None
    """Whether the participant is the host."""


Detail: TypeAlias = (
    SmsInbound
    | SmsReceipt
    | VoiceAnswer
    | VoiceFallback
    | VoiceCall
    | VoiceRecording
    | VoiceTranscription
    | VoiceInput
    | VoiceTransfer
    | VoiceNotify
    | VoiceError
    | MessagesInbound
    | MessagesStatus
    | LegacyInbound
    | LegacyStatus
    | DispatchReport
    | VerifyEvent
    | VerifySummary
    | NumberInsight
    | VideoSession
    | VideoArchive
    | ConversationEvent
    | MeetingsEvent
)
"""The records of the kinds of events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """What a webhook says."""

    api: Api | str
    event: str
    """The kind: `answered`, `inbound/whatsapp`; `other` for one that is not known, `unreadable` for what is no JSON object."""
    signed: bool
    """Whether the signature covers it."""
    content_id: str
    """Names account and payload, whatever token came with it: 64 hexadecimal digits."""
    detail: Detail | None
    """The record of the kind; None for `other` and `unreadable`."""
    id: str | None = None
    """The sender's id of the message, call leg, recording or request."""
    occurred_at: datetime | None = None
    from_: str | None = None
    """Who it is from. The SMS API's `msisdn` and `to` stand where they belong."""
    from_type: str | None = None
    to: str | None = None
    to_type: str | None = None
    status: Status | str | None = None
    channel: Channel | str | None = None
    client_ref: str | None = None
    """The customer's own reference."""
    unknown: dict[str, JsonValue] = field(default_factory=dict)
    """What no field holds, by its place as a JSON Pointer."""
    duplicates: tuple[str, ...] = ()
    """The places of names that stand more than once in one object. The last value counts."""
    damaged: bool = False
    """Whether some text was no Unicode, and has U+FFFD where it was not."""
    json: str = field(repr=False)
    """The event as JSON, the same in every language."""


def event_of_json(text: str) -> Event:
    """The event of the JSON that every language's event has. It is trusted: give it nothing else."""
    members: dict[str, Any] = _json.loads(text, parse_float=Decimal)
    kind = _KINDS.get(members.pop("record"))
    detail = members.pop("detail")
    members["detail"] = None if kind is None else _record(kind)(detail)
    members["duplicates"] = tuple(members["duplicates"])
    members["json"] = text
    event = _record(Event)(members)
    assert isinstance(event, Event)
    return event


def _same(value: Any) -> Any:
    return value


def _decimal(value: Any) -> Decimal:
    return Decimal(value)


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _list(reader: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda items: tuple(None if item is None else reader(item) for item in items)


def _record(kind: type[Record]) -> Callable[[Any], Any]:
    def read(members: dict[str, Any]) -> Record:
        nulls = []
        readers = _READERS.get(kind, {})
        fields: dict[str, Any] = {}
        for name, value in members.items():
            own, reader = readers.get(name, (name, _same))
            if value is None:
                nulls.append(own)
            else:
                value = reader(value)
            fields[own] = value
        if kind is Event and "detail" in nulls:
            nulls.remove("detail")
        return kind(nulls=tuple(nulls), **fields)

    return read


def _either(*readers: Callable[[Any], Any]) -> Callable[[Any], Any]:
    # The first is for an object, the second, where there is one, for an array.
    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return readers[0](value)
        if isinstance(value, list):
            return readers[-1](value)
        return value

    return read


_READERS: Final[dict[type[Record], dict[str, tuple[str, Callable[[Any], Any]]]]] = {
    Event: {"from": ("from_", _same), "occurred_at": ("occurred_at", _time)},
}
_READERS[SmsInbound] = {
    "signed_at": ("signed_at", _time),
}
_READERS[SmsReceipt] = {
    "price": ("price", _decimal),
    "receipt_at": ("receipt_at", _time),
    "signed_at": ("signed_at", _time),
}
_READERS[VoiceFallback] = {
    "original_request": ("original_request", _record(OriginalRequest)),
}
_READERS[VoiceCall] = {
    "start_time": ("start_time", _time),
    "end_time": ("end_time", _time),
    "rate": ("rate", _decimal),
    "price": ("price", _decimal),
}
_READERS[VoiceRecording] = {
    "start_time": ("start_time", _time),
    "end_time": ("end_time", _time),
}
_READERS[SpeechResult] = {
    "confidence": ("confidence", _decimal),
}
_READERS[Speech] = {
    "results": ("results", _list(_record(SpeechResult))),
}
_READERS[VoiceInput] = {
    "dtmf": ("dtmf", _either(_record(DtmfInput))),
    "speech": ("speech", _record(Speech)),
}
_READERS[Location] = {
    "lat": ("lat", _decimal),
    "long": ("long", _decimal),
}
_READERS[Contact] = {
    "contacts": ("contacts", _list(_same)),
}
_READERS[ProductItem] = {
    "item_price": ("item_price", _decimal),
}
_READERS[Order] = {
    "product_items": ("product_items", _list(_record(ProductItem))),
}
_READERS[Context] = {
    "whatsapp_referred_product": ("whatsapp_referred_product", _record(ReferredProduct)),
}
_READERS[Usage] = {
    "price": ("price", _decimal),
}
_READERS[Segment] = {
    "occurred_at": ("occurred_at", _time),
}
_READERS[SmsDetail] = {
    "segments": ("segments", _list(_record(Segment))),
}
_READERS[Conversation] = {
    "origin": ("origin", _record(ConversationOrigin)),
}
_READERS[Whatsapp] = {
    "referral": ("referral", _record(Referral)),
    "whatsapp_referred_product": ("whatsapp_referred_product", _record(ReferredProduct)),
    "sender": ("sender", _record(WhatsappUser)),
    "recipient": ("recipient", _record(WhatsappUser)),
    "pricing": ("pricing", _record(Pricing)),
    "conversation": ("conversation", _record(Conversation)),
}
_READERS[MessagesInbound] = {
    "image": ("image", _record(Media)),
    "audio": ("audio", _record(Media)),
    "video": ("video", _record(Media)),
    "file": ("file", _record(Media)),
    "vcard": ("vcard", _record(Media)),
    "sticker": ("sticker", _record(Media)),
    "content": ("content", _list(_record(Attachment))),
    "location": ("location", _record(Location)),
    "contact": ("contact", _record(Contact)),
    "reply": ("reply", _record(Reply)),
    "button": ("button", _record(Button)),
    "order": ("order", _record(Order)),
    "reaction": ("reaction", _record(Reaction)),
    "profile": ("profile", _record(Profile)),
    "context": ("context", _record(Context)),
    "usage": ("usage", _record(Usage)),
    "origin": ("origin", _record(Network)),
    "sms": ("sms", _record(SmsDetail)),
    "whatsapp": ("whatsapp", _record(Whatsapp)),
    "self_link": ("self_link", _record(Link)),
}
_READERS[MessagesStatus] = {
    "error": ("error", _record(Problem)),
    "usage": ("usage", _record(Usage)),
    "workflow": ("workflow", _record(Workflow)),
    "destination": ("destination", _record(Network)),
    "profile": ("profile", _record(Profile)),
    "sms": ("sms", _record(SmsDetail)),
    "whatsapp": ("whatsapp", _record(Whatsapp)),
    "self_link": ("self_link", _record(Link)),
}
_READERS[LegacyContent] = {
    "image": ("image", _record(Media)),
    "audio": ("audio", _record(Media)),
    "video": ("video", _record(Media)),
    "file": ("file", _record(Media)),
}
_READERS[LegacyMessage] = {
    "content": ("content", _record(LegacyContent)),
    "sms": ("sms", _record(LegacySms)),
}
_READERS[LegacyInbound] = {
    "message": ("message", _record(LegacyMessage)),
}
_READERS[StatusLinks] = {
    "workflow": ("workflow", _record(WorkflowLink)),
}
_READERS[LegacyStatus] = {
    "error": ("error", _record(LegacyError)),
    "usage": ("usage", _record(Usage)),
    "links": ("links", _record(StatusLinks)),
}
_READERS[DispatchedMessage] = {
    "usage": ("usage", _record(Usage)),
}
_READERS[DispatchLinks] = {
    "messages": ("messages", _list(_record(DispatchedMessage))),
    "self_link": ("self_link", _record(Link)),
}
_READERS[DispatchReport] = {
    "usage": ("usage", _record(Usage)),
    "links": ("links", _record(DispatchLinks)),
}
_READERS[VerifyEvent] = {
    "finalized_at": ("finalized_at", _time),
    "action": ("action", _either(_record(CheckAction), _list(_record(CheckAction)))),
}
_READERS[VerifyStep] = {
    "initiated_at": ("initiated_at", _time),
}
_READERS[VerifySummary] = {
    "workflow": ("workflow", _list(_record(VerifyStep))),
    "price": ("price", _decimal),
}
_READERS[NumberInsight] = {
    "request_price": ("request_price", _decimal),
    "refund_price": ("refund_price", _decimal),
    "remaining_balance": ("remaining_balance", _decimal),
    "current_carrier": ("current_carrier", _record(Carrier)),
    "original_carrier": ("original_carrier", _record(Carrier)),
    "roaming": ("roaming", _either(_record(RoamingNetwork))),
    "caller_identity": ("caller_identity", _record(CallerIdentity)),
}
_READERS[VideoConnection] = {
    "created_at": ("created_at", _time),
}
_READERS[VideoStream] = {
    "connection": ("connection", _record(VideoConnection)),
    "created_at": ("created_at", _time),
}
_READERS[VideoSession] = {
    "connection": ("connection", _record(VideoConnection)),
    "stream": ("stream", _record(VideoStream)),
}
_READERS[VideoArchive] = {
    "created_at": ("created_at", _time),
}
_KINDS: Final[dict[str, type[Record]]] = {
    "SmsInbound": SmsInbound,
    "SmsReceipt": SmsReceipt,
    "VoiceAnswer": VoiceAnswer,
    "VoiceFallback": VoiceFallback,
    "VoiceCall": VoiceCall,
    "VoiceRecording": VoiceRecording,
    "VoiceTranscription": VoiceTranscription,
    "VoiceInput": VoiceInput,
    "VoiceTransfer": VoiceTransfer,
    "VoiceNotify": VoiceNotify,
    "VoiceError": VoiceError,
    "MessagesInbound": MessagesInbound,
    "MessagesStatus": MessagesStatus,
    "LegacyInbound": LegacyInbound,
    "LegacyStatus": LegacyStatus,
    "DispatchReport": DispatchReport,
    "VerifyEvent": VerifyEvent,
    "VerifySummary": VerifySummary,
    "NumberInsight": NumberInsight,
    "VideoSession": VideoSession,
    "VideoArchive": VideoArchive,
    "ConversationEvent": ConversationEvent,
    "MeetingsEvent": MeetingsEvent,
}
