//! Sample webhooks of every API, with invented values over the documented fields.

use std::fmt;

mod table;

pub(crate) use table::SAMPLES;

/// One webhook as the sender puts it on the wire, but for its signature.
#[derive(Debug)]
pub(crate) struct Sample {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// The API and the kind of event, as [`hookproof::event`] tells them.
    pub(crate) api: &'static str,
    pub(crate) event: &'static str,
    pub(crate) carrier: Carrier,
    pub(crate) signing: Signing,
    /// Where its fields are documented or were seen.
    pub(crate) source: &'static str,
    /// The body or the query.
    pub(crate) payload: &'static str,
}

/// What carries the members of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// The query of a GET.
    Query,
    /// A form in the body of a POST.
    Form,
    /// JSON in the body of a POST.
    Json,
}

/// How the vendor signs webhooks of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signing {
    /// By a token, with the secret of the account.
    Account,
    /// By a token, with the secret of the callback: the profile `video`.
    Route,
    /// By the parameter `sig`, where the vendor's support has switched it on.
    Sms,
    /// Not at all, as far as it is documented.
    Never,
}

impl Sample {
    /// The sample with this name, if there is one.
    pub(crate) fn named(name: &str) -> Option<&'static Sample> {
        SAMPLES.iter().find(|sample| sample.name == name)
    }

    pub(crate) fn method(&self) -> &'static str {
        self.carrier.method()
    }

    pub(crate) fn content_type(&self) -> Option<&'static str> {
        self.carrier.content_type()
    }

    /// The query of a GET, without the question mark; else empty.
    pub(crate) fn query(&self) -> &'static str {
        if self.carrier == Carrier::Query { self.payload } else { "" }
    }

    /// The body of a POST; else empty.
    pub(crate) fn body(&self) -> &'static str {
        if self.carrier == Carrier::Query { "" } else { self.payload }
    }
}

impl Carrier {
    pub(crate) const fn method(self) -> &'static str {
        match self {
            Carrier::Query => "GET",
            Carrier::Form | Carrier::Json => "POST",
        }
    }

    pub(crate) const fn content_type(self) -> Option<&'static str> {
        match self {
            Carrier::Query => None,
            Carrier::Form => Some("application/x-www-form-urlencoded; charset=UTF-8"),
            Carrier::Json => Some("application/json"),
        }
    }
}

impl Signing {
    /// The profile that the vendor's own webhooks of this kind need. The SMS API's method is a setting of the account: this
    /// is the one to prefer.
    pub(crate) const fn profile(self) -> &'static str {
        match self {
            Signing::Account | Signing::Never => "standard",
            Signing::Route => "video",
            Signing::Sms => "sms_sha256",
        }
    }
}

impl fmt::Display for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Signing::Account => "token",
            Signing::Route => "token, secret by route",
            Signing::Sms => "sig, if switched on",
            Signing::Never => "never",
        })
    }
}

/// Reads the name of a sample on the command line.
pub(crate) fn parse(name: &str) -> Result<&'static Sample, String> {
    Sample::named(name).ok_or_else(|| {
        let near = nearest(name);
        let hint = if near.is_empty() { String::new() } else { format!("; is it {}?", near.join(" or ")) };
        format!("there is no such sample{hint} `hookproof samples` lists them")
    })
}

/// Samples whose names have all words of this one.
fn nearest(name: &str) -> Vec<&'static str> {
    let words: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    let has_all = |sample: &&Sample| !words.is_empty() && words.iter().all(|word| sample.name.contains(word));
    SAMPLES.iter().filter(has_all).map(|sample| sample.name).take(3).collect()
}

#[cfg(test)]
mod tests {
    use hookproof::event;

    use super::*;

    #[test]
    fn names_are_sorted_and_found() {
        assert!(SAMPLES.is_sorted_by(|one, other| one.name < other.name));
        for sample in SAMPLES {
            assert_eq!(parse(sample.name).unwrap().name, sample.name);
            assert_eq!(sample.method() == "GET", sample.content_type().is_none(), "{}", sample.name);
            assert_ne!(sample.query().is_empty(), sample.body().is_empty(), "{}", sample.name);
        }
        assert_eq!(
            parse("voice-fall").unwrap_err(),
            "there is no such sample; is it voice-fallback? `hookproof samples` lists them"
        );
        assert_eq!(parse("").unwrap_err(), "there is no such sample `hookproof samples` lists them");
    }

    /// Every kind of event that the library reads has a sample, and every sample is of a known kind and loses nothing.
    #[test]
    fn there_is_one_of_every_kind() {
        let events: Vec<_> = SAMPLES
            .iter()
            .map(|sample| {
                let bytes = sample.payload.as_bytes();
                let event = event::parse_unsigned(match sample.carrier {
                    Carrier::Query => event::Carrier::Query(bytes),
                    Carrier::Form => event::Carrier::Form(bytes),
                    Carrier::Json => event::Carrier::Json(bytes),
                });
                assert_eq!((event.api.name(), &*event.event), (sample.api, sample.event), "{}", sample.name);
                event.detail.name()
            })
            .collect();
        for record in event::schema() {
            assert!(events.contains(&record.name), "{}", record.name);
        }
        for api in event::Api::ALL.iter().map(|api| api.name()).filter(|api| *api != "other") {
            assert!(SAMPLES.iter().any(|sample| sample.api == api), "{api}");
        }
    }
}
