//! Which requests are deliveries of one and the same message, and how a repeat differs from the first one.
//!
//! It is documented nowhere whether the vendor's retry carries the token of the first delivery or a new one. So a repeat
//! is found by its `jti` or by its content, and each is then compared. Behind a delivery that was failed here it is also found
//! by the sender's own id of what happened, which else may stand in several messages.

use std::collections::{HashMap, VecDeque};

use hookproof::Verified;
use serde_json::{Value, json};

use super::judge::Told;

/// How many messages are remembered. A day's retries of more would hardly be looked through.
const MOST_MESSAGES: usize = 4096;

/// How many names one message may have: each repeat with a new token brings one. The content stays its name.
const MOST_NAMES: usize = 64;

/// The messages of late, and what was found about their repeats.
pub(crate) struct Deliveries {
    fail_first: u32,
    messages: HashMap<u64, Message>,
    by_name: HashMap<Name, u64>,
    order: VecDeque<u64>,
    totals: Totals,
}

/// What a message is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Name {
    Jti(String, String),
    Content(String),
    Id(String),
}

struct Message {
    jti: String,
    issued_at: i64,
    content_id: Option<String>,
    deliveries: u32,
    names: Vec<Name>,
}

/// A delivery of a message that came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    /// The number of the first delivery's request.
    pub(crate) of: u64,
    /// 2 for the first repeat.
    pub(crate) delivery: u32,
    pub(crate) same_jti: bool,
    pub(crate) same_body: bool,
    /// By how many seconds the token was issued later than the first.
    pub(crate) issued_later: i64,
}

/// Sums over all repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) messages: u64,
    pub(crate) repeats: u64,
    pub(crate) same_jti: u64,
    pub(crate) same_iat: u64,
    pub(crate) same_body: u64,
}

/// What is known of one delivery.
pub(crate) struct Delivery {
    /// Set when the message came before.
    pub(crate) repeat: Option<Repeat>,
    /// Set when this delivery is to be failed: which one of how many.
    pub(crate) fail: Option<(u32, u32)>,
}

impl Deliveries {
    /// Fails the first `fail_first` deliveries of each message.
    pub(crate) fn new(fail_first: u32) -> Deliveries {
        Deliveries {
            fail_first,
            messages: HashMap::new(),
            by_name: HashMap::new(),
            order: VecDeque::new(),
            totals: Totals::default(),
        }
    }

    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }

    /// Notes a verified delivery.
    pub(crate) fn note(&mut self, request: u64, verified: &Verified, told: Option<&Told>) -> Delivery {
        let content_id = told.map(|told| told.content_id.clone());
        let mut names = vec![Name::Jti(verified.api_key().to_owned(), verified.jti().to_owned())];
        names.extend(content_id.clone().map(Name::Content));
        names.extend(told.and_then(|told| told.id.clone()).map(Name::Id));
        self.note_as(request, names, verified.jti(), verified.issued_at(), content_id)
    }

    fn note_as(
        &mut self,
        request: u64,
        names: Vec<Name>,
        jti: &str,
        issued_at: i64,
        content_id: Option<String>,
    ) -> Delivery {
        let first = names.iter().find_map(|name| {
            let found = self.by_name.get(name).copied()?;
            let failed = self.messages.get(&found).is_some_and(|message| message.deliveries <= self.fail_first);
            (failed || !matches!(name, Name::Id(_))).then_some(found)
        });
        let of = first.unwrap_or(request);
        if first.is_none() {
            self.begin(request, jti, issued_at, content_id.clone());
        }
        let Some(message) = self.messages.get_mut(&of) else { return Delivery { repeat: None, fail: None } };
        message.deliveries = message.deliveries.saturating_add(1);
        let delivery = message.deliveries;
        for name in names {
            // The latest message of an id is the one that a retry may belong to.
            if message.names.len() < MOST_NAMES && !message.names.contains(&name) {
                message.names.push(name.clone());
                self.by_name.insert(name, of);
            }
        }
        let repeat = first.map(|of| Repeat {
            of,
            delivery,
            same_jti: message.jti == jti,
            same_body: message.content_id == content_id,
            issued_later: issued_at.saturating_sub(message.issued_at),
        });
        if let Some(repeat) = &repeat {
            self.totals.repeats += 1;
            self.totals.same_jti += u64::from(repeat.same_jti);
            self.totals.same_iat += u64::from(repeat.issued_later == 0);
            self.totals.same_body += u64::from(repeat.same_body);
        }
        Delivery { repeat, fail: (delivery <= self.fail_first).then_some((delivery, self.fail_first)) }
    }

    fn begin(&mut self, request: u64, jti: &str, issued_at: i64, content_id: Option<String>) {
        self.totals.messages += 1;
        if self.order.len() >= MOST_MESSAGES
            && let Some(oldest) = self.order.pop_front()
            && let Some(message) = self.messages.remove(&oldest)
        {
            for name in message.names {
                if self.by_name.get(&name) == Some(&oldest) {
                    self.by_name.remove(&name);
                }
            }
        }
        self.order.push_back(request);
        let message = Message { jti: jti.to_owned(), issued_at, content_id, deliveries: 0, names: Vec::new() };
        self.messages.insert(request, message);
    }
}

impl Repeat {
    /// For a line of the log: `delivery 2 of #4: jti same, iat same, body same`.
    pub(crate) fn words(&self) -> String {
        let same = |same: bool| if same { "same" } else { "new" };
        let iat = match self.issued_later {
            0 => "same".to_owned(),
            later => format!("new ({later:+} s)"),
        };
        let body = if self.same_body { "same" } else { "changed" };
        format!("delivery {} of #{}: jti {}, iat {iat}, body {body}", self.delivery, self.of, same(self.same_jti))
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "of": self.of,
            "delivery": self.delivery,
            "same_jti": self.same_jti,
            "same_iat": self.issued_later == 0,
            "same_body": self.same_body,
            "issued_later": self.issued_later,
            "words": self.words(),
        })
    }
}

impl Totals {
    pub(crate) fn json(self) -> Value {
        json!({
            "messages": self.messages,
            "repeats": self.repeats,
            "same_jti": self.same_jti,
            "same_iat": self.same_iat,
            "same_body": self.same_body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(deliveries: &mut Deliveries, request: u64, jti: &str, iat: i64, body: &str) -> Delivery {
        let names = vec![Name::Jti("a1".to_owned(), jti.to_owned()), Name::Content(body.to_owned())];
        deliveries.note_as(request, names, jti, iat, Some(body.to_owned()))
    }

    #[test]
    fn a_repeat_is_found_by_its_token_or_its_content_and_compared() {
        let mut deliveries = Deliveries::new(2);
        let first = note(&mut deliveries, 1, "j1", 100, "b1");
        assert_eq!((first.repeat, first.fail), (None, Some((1, 2))));
        let same = note(&mut deliveries, 2, "j1", 100, "b1");
        assert_eq!(same.fail, Some((2, 2)));
        assert_eq!(same.repeat.unwrap().words(), "delivery 2 of #1: jti same, iat same, body same");
        let new_token = note(&mut deliveries, 3, "j2", 160, "b1");
        assert_eq!(new_token.fail, None);
        assert_eq!(new_token.repeat.unwrap().words(), "delivery 3 of #1: jti new, iat new (+60 s), body same");
        // The second token belongs to the message from now on.
        let new_body = note(&mut deliveries, 4, "j2", 160, "b2");
        assert_eq!(new_body.repeat.unwrap().words(), "delivery 4 of #1: jti new, iat new (+60 s), body changed");
        assert_eq!(note(&mut deliveries, 5, "j9", 100, "b9").repeat, None);
        let totals = Totals { messages: 2, repeats: 3, same_jti: 1, same_iat: 1, same_body: 2 };
        assert_eq!(deliveries.totals(), totals);
    }

    #[test]
    fn a_new_token_over_a_new_body_is_found_by_the_id_behind_a_failed_delivery() {
        let note = |deliveries: &mut Deliveries, request: u64, jti: &str| {
            let names = vec![
                Name::Jti("a1".to_owned(), jti.to_owned()),
                Name::Content(jti.to_owned()),
                Name::Id("messages:status/sms:m:delivered".to_owned()),
            ];
            deliveries.note_as(request, names, jti, 100, Some(jti.to_owned())).repeat.map(|repeat| repeat.words())
        };
        let mut deliveries = Deliveries::new(1);
        assert_eq!(note(&mut deliveries, 1, "j1"), None);
        let words = "delivery 2 of #1: jti new, iat same, body changed";
        assert_eq!(note(&mut deliveries, 2, "j2").as_deref(), Some(words));
        // The retry was answered: what has the same id now is another message.
        assert_eq!(note(&mut deliveries, 3, "j3"), None);
        assert!(note(&mut deliveries, 4, "j4").unwrap().starts_with("delivery 2 of #3"));
    }

    #[test]
    fn a_message_that_comes_for_ever_keeps_its_content_and_no_more_names() {
        let mut deliveries = Deliveries::new(0);
        for request in 0..3 * MOST_NAMES as u64 {
            let repeat = note(&mut deliveries, request, &request.to_string(), 0, "b").repeat;
            assert_eq!(repeat.map(|repeat| repeat.of), (request > 0).then_some(0));
        }
        assert_eq!((deliveries.by_name.len(), deliveries.messages[&0].names.len()), (MOST_NAMES, MOST_NAMES));
    }

    #[test]
    fn memory_is_bounded() {
        let mut deliveries = Deliveries::new(0);
        for request in 0..3 * MOST_MESSAGES as u64 {
            let text = request.to_string();
            assert_eq!(note(&mut deliveries, request, &text, 0, &text).fail, None);
        }
        assert_eq!(deliveries.messages.len(), MOST_MESSAGES);
        assert_eq!(deliveries.by_name.len(), 2 * MOST_MESSAGES);
        assert_eq!(note(&mut deliveries, 1 << 40, "0", 0, "0").repeat, None);
    }
}
