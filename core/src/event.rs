//! What a webhook says, as typed values: one envelope for all events, and a record for each kind.
//!
//! [`parse`] reads the body of a request that was verified. It takes the proof and the body, and hashes the body again,
//! so that nothing unverified can be read as verified. [`parse_unsigned`] is for the APIs that do not sign their
//! webhooks by a token, and for nothing else.
//!
//! Reading never fails and loses nothing. A member that no record knows, or that is not of the type that is known for
//! it, is among [`Event::unknown`] with its place; a body of no known kind is [`Detail::Other`]; the bytes stay
//! reachable in every case. Senders write some types in several ways (numbers as text, times in six forms, `null` as
//! text): an event has one type for each field, and [`Field`] tells what is absent, null and empty apart.
//!
//! # The JSON of an event
//!
//! [`Event::to_json`] writes one object, for other languages. Its keys stand in this order:
//!
//! | key | value | always there |
//! |---|---|---|
//! | `api` | the API: see [`Api::name`] | yes |
//! | `event` | the kind of event, such as `answered` or `inbound/whatsapp`; `other` or `unreadable` | yes |
//! | `signed` | whether the token covers the body | yes |
//! | `content_id` | 64 hexadecimal digits: see [`Event::content_id`] | yes |
//! | `id` `occurred_at` `from` `from_type` `to` `to_type` `status` `channel` `client_ref` | the [`Envelope`] | no |
//! | `record` | the type of `detail`: a name of [`schema`], or `Other` | yes |
//! | `detail` | the record of the kind, its fields in their order | yes |
//! | `unknown` | values that no field holds, by their place as a JSON Pointer (RFC 6901) | yes |
//! | `duplicates` | the places of names that stand more than once in one object; the last counts | yes |
//! | `damaged` | whether text was no Unicode, and has U+FFFD where it was not | yes |
//!
//! A field that is absent has no key; one that is null is `null`; one that is empty is `""`, `{}` or `[]`, by its type.
//! Times are RFC 3339 in UTC, numbers that came as text are numbers, with all their digits. A number beyond the range of a
//! double stands as text, since many readers of JSON refuse it.
//!
//! # Examples
//!
//! ```
//! use hookproof::event::{self, Detail};
//! # use hookproof::{Keyring, Policy, Request, Verifier, sign::Signer};
//! # let mut keyring = Keyring::new();
//! # keyring.add_secret("a1b2c3d4", "production", b"the signature secret of the dashboard")?;
//! # let verifier = Verifier::new(Policy::standard(), keyring)?;
//! # let now = 1_767_225_600;
//! # let body = br#"{"channel":"whatsapp","message_uuid":"m","from":"447700900321","message_type":"text","text":"Hi"}"#;
//! # let header = Signer::new("a1b2c3d4", b"the signature secret of the dashboard")?.sign_body(body, now, "j");
//! let verified = verifier.verify(&Request::post(header.as_bytes(), body), now)?;
//! let event = event::parse(&verified, body)?;
//! assert_eq!((event.api.name(), &*event.event), ("messages", "inbound/whatsapp"));
//! if let Detail::MessagesInbound(message) = &event.detail {
//!     assert_eq!(message.text.get().unwrap(), "Hi");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```
//! use hookproof::event::{self, Carrier, Detail};
//!
//! let body = b"msisdn=447700900321&to=447700900555&messageId=0C00000012AB34CD&text=Hi&type=text";
//! let event = event::parse_unsigned(Carrier::Form(body));
//! assert_eq!((event.api.name(), &*event.event), ("sms", "inbound"));
//! assert_eq!(event.envelope.from.get().unwrap().address, "447700900321");
//! let Detail::SmsInbound(sms) = &event.detail else { panic!() };
//! assert_eq!(sms.text.get().unwrap(), "Hi");
//! ```

use std::borrow::Cow;
use std::fmt;

use crate::encoding;
use crate::payload::{self, PayloadForm};
use crate::verifier::Verified;

#[macro_use]
mod record;

mod api;
mod carrier;
pub mod conversation;
mod decimal;
mod detail;
mod envelope;
mod field;
pub mod kind;
pub mod legacy;
pub mod meetings;
pub mod messages;
pub mod number_insight;
mod pairs;
mod path;
mod reader;
mod schema;
pub mod sms;
mod tell;
mod timestamp;
mod value;
pub mod verify;
pub mod video;
pub mod voice;
mod writer;

pub use api::Api;
pub use carrier::Carrier;
pub use decimal::Decimal;
pub use detail::{Detail, schema};
pub use envelope::{Channel, Envelope, Status};
pub use field::Field;
pub use kind::Address;
pub use schema::{FieldLine, Record, Shape};
pub use timestamp::Timestamp;
pub use value::{Members, Number, Value};

/// The value that a JSON text is, within the limits of an event, with the order and the numbers of its sender.
#[cfg(feature = "explain")]
pub(crate) fn read_value(text: &str) -> Option<Value<'_>> {
    reader::read_nested(text).map(|(value, _)| value)
}

use kind::Reading;
use path::Path;
use reader::Tree;
use writer::Writer;

/// The body is not the one that was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyMismatch;

impl fmt::Display for BodyMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body is not the one that was verified")
    }
}

impl std::error::Error for BodyMismatch {}

/// What a webhook says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event<'b> {
    /// The API that it comes from.
    pub api: Api,
    /// The kind of event: `answered`, `inbound/whatsapp`, `dlr` ... It is the sender's own word where the sender has
    /// one;
    /// `other` for a kind that is not known and `unreadable` for a body that is no JSON object.
    pub event: Cow<'b, str>,
    /// What all events have in common.
    pub envelope: Envelope<'b>,
    /// What this kind of event has beside it.
    pub detail: Detail<'b>,
    /// What no field holds, by its place as a JSON Pointer, in the order of the body.
    pub unknown: Vec<(String, Value<'b>)>,
    /// The places of names that stand more than once in one object. The last value counts; another parser may have
    /// taken the first.
    pub duplicates: Vec<String>,
    /// Whether some text was no Unicode, and has U+FFFD where it was not.
    pub damaged: bool,
    signed: bool,
    /// The content id of what was verified; that of anything else is made when it is asked for.
    content_id: Option<[u8; 32]>,
    carrier: Carrier<'b>,
}

/// Reads the body of a request that was verified.
///
/// # Errors
/// The body is not the one that was verified. A body that is cannot fail to be read.
pub fn parse<'b>(verified: &Verified, body: &'b [u8]) -> Result<Event<'b>, BodyMismatch> {
    let (hash, covered) = verified.body_hash(body).ok_or(BodyMismatch)?;
    let hash = verified.content_hash().unwrap_or(hash);
    let carrier = match verified.payload_form() {
        PayloadForm::SmsForm => Carrier::Form(body),
        _ => Carrier::Json(body),
    };
    Ok(Event::read(carrier, covered, Some(content_id(verified.api_key(), &hash))))
}

/// Reads the parameters of a GET that was verified; nothing for a request with a body.
#[must_use]
pub fn parse_query(verified: &Verified) -> Option<Event<'_>> {
    let (hash, covered) = verified.query_hash()?;
    let hash = verified.content_hash().unwrap_or(hash);
    let content_id = content_id(verified.api_key(), &hash);
    Some(Event::read(Carrier::Decoded(verified.query_pairs()), covered, Some(content_id)))
}

/// Reads what **nobody has signed**: anybody may have written it.
///
/// For APIs that do not sign their webhooks: Number Insight; SMS and US short codes without their own signature (with it,
/// verify them with a profile of the SMS API), and conversation events while signing is off.
#[must_use]
pub fn parse_unsigned(carrier: Carrier<'_>) -> Event<'_> {
    Event::read(carrier, false, None)
}

fn content_id(account: &str, hash: &[u8; 32]) -> [u8; 32] {
    payload::hash_parts([&b"hookproof/content/1"[..], account.as_bytes(), hash])
}

impl<'b> Event<'b> {
    fn read(carrier: Carrier<'b>, signed: bool, content_id: Option<[u8; 32]>) -> Event<'b> {
        let mut reading = Reading {
            envelope: Envelope::default(),
            unknown: Vec::new(),
            pairs: !matches!(carrier, Carrier::Json(_)),
            duplicates: Vec::new(),
            damaged: false,
        };
        let Some(Tree { mut members, repeated, damaged }) = carrier.read() else {
            return Event {
                api: Api::Other,
                event: Cow::Borrowed("unreadable"),
                envelope: reading.envelope,
                detail: Detail::Other,
                unknown: Vec::new(),
                duplicates: Vec::new(),
                damaged: false,
                signed,
                content_id,
                carrier,
            };
        };
        if repeated {
            value::settle(&mut members, &Path::Top, &mut reading.duplicates);
        }
        let told = tell::tell(&members);
        let detail = told.form.read(members, &mut reading);
        reading.envelope.complete();
        Event {
            api: told.api,
            event: told.event,
            envelope: reading.envelope,
            detail,
            unknown: reading.unknown,
            duplicates: reading.duplicates,
            damaged: damaged || reading.damaged,
            signed,
            content_id,
            carrier,
        }
    }

    /// Whether the token covers the body, so that it is from the account and unchanged.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.signed
    }

    /// What makes two events the same one by account and content, in 64 hexadecimal digits: the key to handle an event
    /// once, however often the sender repeats it under new tokens. Two messages of the same words at the same time in
    /// the same conversation differ in their ids, and so here.
    #[must_use]
    pub fn content_id(&self) -> String {
        encoding::to_hex(&self.content_id.unwrap_or_else(|| content_id("", &self.carrier.hash())))
    }

    /// The bytes that the event was read from.
    #[must_use]
    pub fn carrier(&self) -> Carrier<'b> {
        self.carrier
    }

    /// The event as JSON text: see the module's own page.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Writer::new();
        out.object(|out| {
            out.key("api");
            out.text(self.api.name());
            out.key("event");
            out.text(&self.event);
            out.key("signed");
            out.raw(if self.signed { "true" } else { "false" });
            out.key("content_id");
            out.text(&self.content_id());
            self.envelope.write(out);
            out.key("record");
            out.text(self.detail.name());
            out.key("detail");
            self.detail.write(out);
            out.key("unknown");
            out.object(|out| {
                for (place, value) in &self.unknown {
                    out.key(place);
                    value.write(out);
                }
            });
            out.key("duplicates");
            out.list(&self.duplicates, |place, out| out.text(place));
            out.key("damaged");
            out.raw(if self.damaged { "true" } else { "false" });
        });
        out.finish()
    }
}
