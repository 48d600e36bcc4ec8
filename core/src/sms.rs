//! The signature of the SMS API, older than the tokens: a parameter `sig` over all the others (the vendor's guide "Signing
//! messages").
//!
//! The base text is `&name=value` for every parameter but `sig`, sorted by the bytes of the names, with `&` and `=` in
//! values replaced by `_`; what is made of it and the secret is the method, which the account has set and no request
//! names. So values that differ in those three signs only have one signature, and a name with one of them would let two
//! lists of parameters have one base text: such a name is refused.

use std::fmt;

use serde_json::value::RawValue;
use subtle::ConstantTimeEq;

mod digest;

use crate::encoding;
use crate::json;
use crate::limits::{MAX_API_KEY_BYTES, MAX_JSON_MEMBERS, MAX_JTI_BYTES, MAX_NUMERIC_DATE};
use crate::payload::PayloadForm;
use crate::profile::SmsMethod;
use crate::query::Parameters;
use crate::reason::Reason;
use crate::secret::Secret;

/// A reason, and what a log may know beside it.
pub(crate) struct Fault {
    pub(crate) reason: Reason,
    pub(crate) words: &'static str,
}

impl Fault {
    const fn new(reason: Reason, words: &'static str) -> Fault {
        Fault { reason, words }
    }

    const fn malformed(words: &'static str) -> Fault {
        Fault::new(Reason::SmsMalformed, words)
    }
}

/// The parameters of a request, signed or not, whichever way they came.
pub(crate) struct SmsParameters {
    parameters: Parameters,
    form: PayloadForm,
}

impl SmsParameters {
    /// The parameters of a GET.
    pub(crate) fn of_query(query: &[u8]) -> Result<SmsParameters, Fault> {
        let parameters = Parameters::decode(query).map_err(|fault| Fault::malformed(fault.words()))?;
        SmsParameters::new(parameters, PayloadForm::SmsQuery)
    }

    /// The parameters of a body. Its content type is not signed, so the body itself tells: only JSON begins with a brace. Of
    /// a body that could be read as both, the signature holds for one reading only, which is the one handed out.
    pub(crate) fn of_body(body: &[u8]) -> Result<SmsParameters, Fault> {
        if body.trim_ascii_start().starts_with(b"{") {
            return SmsParameters::new(read_json(body)?, PayloadForm::SmsJson);
        }
        let parameters = Parameters::decode(body).map_err(|fault| Fault::malformed(fault.words()))?;
        SmsParameters::new(parameters, PayloadForm::SmsForm)
    }

    fn new(parameters: Parameters, form: PayloadForm) -> Result<SmsParameters, Fault> {
        if parameters.len() > MAX_JSON_MEMBERS {
            return Err(Fault::malformed("there are more parameters than any SMS webhook has"));
        }
        if parameters.pairs().any(|(name, _)| name.contains(['&', '='])) {
            return Err(Fault::malformed("a name has & or =: two lists of parameters would have one signature"));
        }
        Ok(SmsParameters { parameters, form })
    }

    /// The `api-key`, an untrusted selector, where there is one.
    pub(crate) fn api_key(&self) -> Result<Option<&str>, Fault> {
        let fault = Fault::malformed("api-key must have 1 to 128 bytes and no control characters");
        self.parameters
            .value("api-key")
            .map_or(Ok(None), |text| if is_name(text, MAX_API_KEY_BYTES) { Ok(Some(text)) } else { Err(fault) })
    }

    /// What `sig` claims, made ready to be compared.
    pub(crate) fn signature(&self, method: SmsMethod) -> Result<SmsSignature, Fault> {
        let sig = self.parameters.value("sig").ok_or(Fault::new(Reason::SmsUnsigned, "there is no sig"))?;
        let claimed = encoding::hex(sig.as_bytes()).ok_or(Fault::malformed("sig is not hexadecimal"))?;
        if claimed.len() != method.bytes() {
            return Err(match claimed.len() {
                16 => Fault::new(Reason::SmsSignatureInvalid, "sig is as long as md5hash and md5 make it"),
                20 => Fault::new(Reason::SmsSignatureInvalid, "sig is as long as sha1 makes it"),
                32 => Fault::new(Reason::SmsSignatureInvalid, "sig is as long as sha256 makes it"),
                64 => Fault::new(Reason::SmsSignatureInvalid, "sig is as long as sha512 makes it"),
                _ => Fault::malformed("sig is as long as no method makes it"),
            });
        }
        Ok(SmsSignature { method, base: base_text(&self.parameters), claimed })
    }

    /// Judges presence and types of what the signature covers, now that it holds.
    pub(crate) fn facts(&self, _proof: &SmsAuthentic, nonce_required: bool) -> Result<SmsFacts, Fault> {
        let timestamp = self.parameters.value("timestamp");
        let timestamp = timestamp.ok_or(Fault::new(Reason::SmsMissing, "there is no timestamp"))?;
        let issued_at = seconds(timestamp).ok_or(Fault::malformed("timestamp is not a whole number of seconds"))?;
        let nonce = match self.parameters.value("nonce") {
            Some(nonce) if is_name(nonce, MAX_JTI_BYTES) => nonce.to_owned(),
            Some(_) => return Err(Fault::malformed("nonce must have 1 to 256 bytes and no control characters")),
            None if nonce_required => return Err(Fault::new(Reason::SmsMissing, "there is no nonce")),
            // Only letters of either case can differ in it and mean the same.
            None => self.parameters.value("sig").unwrap_or_default().to_ascii_lowercase(),
        };
        Ok(SmsFacts { issued_at, nonce })
    }

    pub(crate) fn form(&self) -> PayloadForm {
        self.form
    }

    pub(crate) fn into_parameters(self) -> Parameters {
        self.parameters
    }
}

/// What the parameters say, with the right types.
pub(crate) struct SmsFacts {
    /// Unix seconds.
    pub(crate) issued_at: i64,
    /// The nonce; without one, the signature.
    pub(crate) nonce: String,
}

/// A claimed signature and what it is to be compared with.
pub(crate) struct SmsSignature {
    method: SmsMethod,
    base: Vec<u8>,
    claimed: Vec<u8>,
}

/// Proof that a signature held. Only this file mints it.
pub(crate) struct SmsAuthentic(());

impl SmsSignature {
    /// The proof that this secret makes the signature, if it does. The compare is constant-time.
    pub(crate) fn authenticate(&self, secret: &Secret) -> Option<SmsAuthentic> {
        self.matches(self.method, secret).then_some(SmsAuthentic(()))
    }

    /// Spends the time of [`SmsSignature::authenticate`].
    pub(crate) fn waste(&self) {
        std::hint::black_box(digest::tag(self.method, &[0; 32], &self.base));
    }

    /// The one other method of the same length, if this secret makes the signature by it.
    pub(crate) fn fits_sibling(&self, secret: &Secret) -> bool {
        self.method.sibling().is_some_and(|sibling| self.matches(sibling, secret))
    }

    fn matches(&self, method: SmsMethod, secret: &Secret) -> bool {
        digest::tag(method, secret.expose(), &self.base).ct_eq(&self.claimed).into()
    }
}

impl SmsMethod {
    /// What a refused signature that fits the sibling is told.
    pub(crate) const fn sibling_words(self) -> &'static str {
        match self {
            SmsMethod::Md5Hash => "the signature fits the method md5, which is not the one set",
            _ => "the signature fits the method md5hash, which is not the one set",
        }
    }
}

/// Signs parameters: `sig` in hexadecimal, lower case.
pub(crate) fn sign(method: SmsMethod, secret: &Secret, parameters: &Parameters) -> String {
    encoding::to_hex(&digest::tag(method, secret.expose(), &base_text(parameters)))
}

fn base_text(parameters: &Parameters) -> Vec<u8> {
    let signed = parameters.pairs().filter(|(name, _)| *name != "sig");
    let mut signed: Vec<(&[u8], &[u8])> = signed.map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    signed.sort_unstable();
    let mut base = Vec::new();
    for (name, value) in signed {
        base.push(b'&');
        base.extend_from_slice(name);
        base.push(b'=');
        base.extend(value.iter().map(|byte| if matches!(byte, b'&' | b'=') { b'_' } else { *byte }));
    }
    base
}

/// One flat object whose values are strings; a number is taken with its digits as they stand.
fn read_json(body: &[u8]) -> Result<Parameters, Fault> {
    const NO_OBJECT: Fault = Fault::malformed("the body is neither a form nor one JSON object without repeated names");
    const NESTED: Fault = Fault::malformed(
        "a value is neither text nor a number: is it a webhook of an API that signs by a token, such as Messages?",
    );
    let mut buffer = vec![0; body.len().saturating_mul(2)];
    buffer.get_mut(..body.len()).ok_or(NO_OBJECT)?.copy_from_slice(body);
    json::read(&mut buffer, body.len(), &[]).map_err(|_| NO_OBJECT)?;
    let members: std::collections::BTreeMap<String, &RawValue> = serde_json::from_slice(body).map_err(|_| NO_OBJECT)?;
    let texts = members.into_iter().map(|(name, value)| {
        let text = match value.get().as_bytes().first() {
            Some(b'"') => serde_json::from_str(value.get()).map_err(|_| NO_OBJECT)?,
            Some(b'-' | b'0'..=b'9') => value.get().to_owned(),
            _ => return Err(NESTED),
        };
        Ok((name, text))
    });
    texts.collect::<Result<Vec<_>, Fault>>().map(Parameters::of_pairs)
}

fn is_name(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && !text.bytes().any(|byte| byte.is_ascii_control())
}

/// Digits alone: no sign, no space, no fraction.
fn seconds(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)?;
    digits.parse().ok().filter(|seconds| (0..=MAX_NUMERIC_DATE).contains(seconds))
}

// Parameters and signatures are never printed.
impl fmt::Debug for SmsSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmsSignature({:?})", self.method)
    }
}
