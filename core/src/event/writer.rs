//! Writes compact JSON text.

/// JSON text in the making. Commas come by themselves.
pub struct Writer {
    text: Vec<u8>,
    /// Whether the next key or item is the first of its container.
    first: bool,
}

impl Writer {
    pub(super) fn new() -> Writer {
        Writer { text: Vec::with_capacity(1024), first: true }
    }

    pub(super) fn finish(self) -> String {
        // Only strings and what serde_json wrote ever went in.
        String::from_utf8(self.text).unwrap_or_default()
    }

    /// JSON text as it is.
    pub(super) fn raw(&mut self, json: &str) {
        self.text.extend_from_slice(json.as_bytes());
    }

    /// A string.
    pub(super) fn text(&mut self, text: &str) {
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(&mut self.text, text);
    }

    pub(super) fn object(&mut self, members: impl FnOnce(&mut Writer)) {
        self.raw("{");
        self.first = true;
        members(self);
        self.raw("}");
        self.first = false;
    }

    pub(super) fn list<T>(&mut self, items: &[T], item: impl Fn(&T, &mut Writer)) {
        self.raw("[");
        self.first = true;
        for each in items {
            self.comma();
            item(each, self);
        }
        self.raw("]");
        self.first = false;
    }

    /// The name of a member, whose value must follow.
    pub(super) fn key(&mut self, name: &str) {
        self.comma();
        self.text(name);
        self.raw(":");
    }

    fn comma(&mut self) {
        if !self.first {
            self.raw(",");
        }
        self.first = false;
    }
}
