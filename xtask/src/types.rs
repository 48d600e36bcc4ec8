//! What the languages' tables have in common: the types that events are made of, and names written as types are.

use std::collections::BTreeSet;

use hookproof::event::{Record, Shape, schema};

/// What events are made of, each type once, the parts before the whole.
#[derive(Default)]
pub(crate) struct Types {
    seen: BTreeSet<&'static str>,
    pub(crate) records: Vec<&'static Record>,
    pub(crate) words: Vec<(&'static str, &'static [&'static str])>,
    pub(crate) choices: Vec<(&'static str, &'static [(&'static str, Shape)])>,
}

impl Types {
    /// Those of all kinds of events.
    pub(crate) fn of_events() -> Types {
        let mut types = Types::default();
        for record in schema() {
            types.collect(&Shape::Record(record));
        }
        types
    }

    fn collect(&mut self, shape: &Shape) {
        match shape {
            Shape::List(item) => self.collect(item),
            Shape::Either(name, choices) => {
                choices.iter().for_each(|(_, shape)| self.collect(shape));
                if self.seen.insert(name) {
                    self.choices.push((name, choices));
                }
            }
            Shape::Words(name, words) if self.seen.insert(name) => self.words.push((name, words)),
            Shape::Record(record) if self.seen.insert(record.name) => {
                for line in record.envelope.iter().chain(record.fields) {
                    self.collect(&line.shape);
                }
                self.records.push(record);
            }
            _ => {}
        }
    }
}

/// `header` is `Header`.
pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
