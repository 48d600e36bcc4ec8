//! The tables of the Python package: exceptions from the reasons, classes from the description of the events.

use std::fmt::Write as _;

use hookproof::Reason;
use hookproof::event::{Api, FieldLine, Record, Shape, schema};

use crate::repository::{Failure, Mode, deliver};
use crate::types::{Types, capitalised};

pub(crate) fn run(mode: Mode) -> Result<(), Failure> {
    deliver(mode, "python/hookproof/errors.py", &errors()?, "python")?;
    deliver(mode, "python/hookproof/events.py", &events()?, "python")
}

/// `header` is `HeaderRefused`.
fn class_of(family: &str) -> String {
    capitalised(family) + "Refused"
}

fn errors() -> Result<String, Failure> {
    let mut families: Vec<&str> = Reason::ALL.iter().map(|reason| reason.family().name()).collect();
    families.dedup();
    let mut names: Vec<String> = families.iter().map(|family| class_of(family)).collect();
    names.extend(["ConfigError", "Reason", "StoreFailed", "WebhookRefused"].map(ToOwned::to_owned));
    names.sort_unstable();
    let mut page = String::from(ERRORS_HEAD);
    page.push_str("\n__all__ = [\n");
    for name in &names {
        writeln!(page, "    {name:?},")?;
    }
    page.push_str("]\n\nReason: TypeAlias = Literal[\n");
    for reason in Reason::ALL {
        writeln!(page, "    {:?},", reason.name())?;
    }
    page.push_str("]\n");
    page.push_str(ERRORS_BASE);
    for family in &families {
        write!(page, "\n\nclass {}(WebhookRefused):\n", class_of(family))?;
        let of_family = Reason::ALL.iter().filter(|reason| reason.family().name() == *family);
        let listed: Vec<String> = of_family.map(|reason| format!("`{}`", reason.name())).collect();
        write!(
            page,
            "    \"\"\"{}\n\n    __slots__ = ()\n",
            wrapped(&format!("Family {family}: {}.", listed.join(", ")), 4)
        )?;
    }
    page.push_str("\n\n_BY_CODE: Final[dict[int, tuple[type[WebhookRefused], Reason, str]]] = {\n");
    for reason in Reason::ALL {
        writeln!(page, "    {}: (", reason.code())?;
        writeln!(page, "        {},", class_of(reason.family().name()))?;
        writeln!(page, "        {:?},", reason.name())?;
        writeln!(page, "        {},", python_text(reason.hint()))?;
        writeln!(page, "    ),")?;
    }
    page.push_str("}\n");
    Ok(page)
}

/// A string of Python's, in double quotes as a formatter would have it.
fn python_text(text: &str) -> String {
    format!("{text:?}")
}

/// A docstring with its closing quotes, in lines that fit.
fn wrapped(text: &str, indent: usize) -> String {
    const WIDTH: usize = 118;
    let mut lines = vec![String::new()];
    let mut room = WIDTH - indent - 3;
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.len() + 1 + word.len() > room {
            lines.push(word.to_owned());
            room = WIDTH - indent;
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    let several = lines.len() > 1;
    let mut out = lines.join(&format!("\n{}", " ".repeat(indent)));
    if several {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
    }
    out + "\"\"\""
}

fn type_of(shape: &Shape) -> String {
    match shape {
        Shape::Text => "str".to_owned(),
        Shape::Integer => "int".to_owned(),
        Shape::Decimal => "Decimal".to_owned(),
        Shape::Truth => "bool".to_owned(),
        Shape::Timestamp => "datetime".to_owned(),
        Shape::Words(name, _) => format!("{name} | str"),
        Shape::Object => "dict[str, JsonValue]".to_owned(),
        Shape::List(item) => format!("tuple[{}, ...]", type_of(item)),
        Shape::Record(record) => record.name.to_owned(),
        Shape::Either(_, choices) => choices.iter().map(|(_, shape)| type_of(shape)).collect::<Vec<_>>().join(" | "),
        _ => "JsonValue".to_owned(),
    }
}

/// The function that makes a value of this shape from JSON; nothing where JSON has it already.
fn reader_of(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Decimal => Some("_decimal".to_owned()),
        Shape::Timestamp => Some("_time".to_owned()),
        Shape::List(item) => Some(format!("_list({})", reader_of(item).unwrap_or_else(|| "_same".to_owned()))),
        Shape::Record(record) => Some(format!("_record({})", record.name)),
        // JSON tells the choices apart: no two are of one type of it.
        Shape::Either(_, choices) => {
            let readers: Vec<String> = choices.iter().filter_map(|(_, shape)| reader_of(shape)).collect();
            match readers.as_slice() {
                [] => None,
                readers => Some(format!("_either({})", readers.join(", "))),
            }
        }
        _ => None,
    }
}

fn field_name(name: &str) -> String {
    const KEYWORDS: [&str; 10] = ["from", "class", "import", "is", "in", "not", "global", "pass", "return", "with"];
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

fn write_class(page: &mut String, record: &Record) -> Result<(), Failure> {
    write!(page, "\n\n@dataclass(frozen=True, slots=True, kw_only=True)\nclass {}(Record):\n", record.name)?;
    writeln!(page, "    \"\"\"{}", wrapped(record.about, 4))?;
    if !record.fields.is_empty() || record.prefixed.is_some() {
        page.push('\n');
    }
    for line in record.fields {
        writeln!(page, "    {}: {} | None = None", field_name(line.name), type_of(&line.shape))?;
        writeln!(page, "    \"\"\"{}", wrapped(line.about, 4))?;
    }
    if let Some((name, prefix)) = record.prefixed {
        writeln!(page, "    {}: dict[str, JsonValue] | None = None", field_name(name))?;
        writeln!(page, "    \"\"\"{}", wrapped(&format!("All members whose name begins with `{prefix}`."), 4))?;
    }
    Ok(())
}

fn write_reader(page: &mut String, record: &Record) -> Result<(), Failure> {
    let line = |line: &FieldLine| {
        let own = field_name(line.name);
        let reader = reader_of(&line.shape);
        (own != line.name || reader.is_some())
            .then(|| format!("{:?}: ({own:?}, {})", line.name, reader.unwrap_or_else(|| "_same".to_owned())))
    };
    let lines: Vec<String> = record.fields.iter().filter_map(line).collect();
    if !lines.is_empty() {
        writeln!(page, "_READERS[{}] = {{", record.name)?;
        for line in lines {
            writeln!(page, "    {line},")?;
        }
        page.push_str("}\n");
    }
    Ok(())
}

fn events() -> Result<String, Failure> {
    let kinds = schema();
    let types = Types::of_events();
    let mut page = String::from(EVENTS_HEAD);
    page.push_str("\nApi: TypeAlias = Literal[\n");
    for api in Api::ALL {
        writeln!(page, "    {:?},", api.name())?;
    }
    page.push_str("]\n");
    for (name, words) in &types.words {
        writeln!(page, "{name}: TypeAlias = Literal[")?;
        for word in *words {
            writeln!(page, "    {word:?},")?;
        }
        page.push_str("]\n");
    }
    page.push_str(EVENTS_BASE);
    for record in &types.records {
        write_class(&mut page, record)?;
    }
    page.push_str("\n\nDetail: TypeAlias = (\n");
    for (number, record) in kinds.iter().enumerate() {
        writeln!(page, "    {}{}", if number == 0 { "" } else { "| " }, record.name)?;
    }
    page.push_str(")\n\"\"\"The records of the kinds of events.\"\"\"\n");
    page.push_str(EVENTS_ENVELOPE);
    for record in &types.records {
        write_reader(&mut page, record)?;
    }
    page.push_str("_KINDS: Final[dict[str, type[Record]]] = {\n");
    for record in &kinds {
        writeln!(page, "    {:?}: {},", record.name, record.name)?;
    }
    page.push_str("}\n");
    Ok(page)
}

const ERRORS_HEAD: &str = include_str!("python/errors_head.txt");
const ERRORS_BASE: &str = include_str!("python/errors_base.txt");
const EVENTS_HEAD: &str = include_str!("python/events_head.txt");
const EVENTS_BASE: &str = include_str!("python/events_base.txt");
const EVENTS_ENVELOPE: &str = include_str!("python/events_envelope.txt");
