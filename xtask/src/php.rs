//! The tables of the PHP package: declarations and numbers of the C interface, reasons with their exceptions, classes from
//! the description of the events, and the scripts of the Redis store.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use hookproof::Reason;
use hookproof::event::{FieldLine, Record, Shape, schema};
use hookproof_stores::scripts;

use crate::repository::{Failure, Mode, deliver, path, read};
use crate::types::{Types, capitalised};

const HEAD: &str = "<?php\n\ndeclare(strict_types=1);\n\n";

pub(crate) fn run(mode: Mode) -> Result<(), Failure> {
    let header = read("include/hookproof.h")?;
    let mut files = vec![
        ("php/src/hookproof.ffi.h".to_owned(), declarations(&header)?),
        ("php/src/Abi.php".to_owned(), numbers(&header)?),
        ("php/src/Reason.php".to_owned(), reasons()?),
        ("php/src/Store/RedisScripts.php".to_owned(), redis_scripts()?),
    ];
    files.extend(exceptions()?);
    files.extend(events()?);
    for (file, text) in &files {
        deliver(mode, file, text, "php")?;
    }
    let names: BTreeSet<&str> = files.iter().map(|(file, _)| file.as_str()).collect();
    strays(mode, "php/src/Event", &names)?;
    strays(mode, "php/src/Exception", &names)
}

/// A class that nothing generates any more must not stay.
fn strays(mode: Mode, folder: &str, names: &BTreeSet<&str>) -> Result<(), Failure> {
    for entry in fs::read_dir(path(folder))? {
        let file = format!("{folder}/{}", entry?.file_name().to_string_lossy());
        if names.contains(file.as_str()) || !read(&file)?.contains("(`cargo xtask php`)") {
            continue;
        }
        if mode == Mode::Check {
            return Err(format!("{file} is generated no more; run `cargo xtask php`").into());
        }
        fs::remove_file(path(&file))?;
        println!("{file}: removed");
    }
    Ok(())
}

/// The header without its comments and without what PHP's parser does not read.
fn declarations(header: &str) -> Result<String, Failure> {
    let version = quoted(header, "HOOKPROOF_VERSION_STRING")?;
    let mut parts = version.split('.');
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    // The rule of ffi/build.rs: a minor version may break the ABI before 1.0.
    let soname =
        if major == "0" { format!("libhookproof.so.{major}.{minor}") } else { format!("libhookproof.so.{major}") };
    let mut out = format!("#define FFI_SCOPE \"HOOKPROOF\"\n#define FFI_LIB \"{soname}\"\n");
    let code = without_comments(header);
    let code = code.split_once("extern \"C\" {").ok_or("the header has no extern \"C\"")?.1;
    let code = code.rsplit_once("} /* extern").map_or(code, |(code, _)| code);
    let mut statement = String::new();
    for line in code.lines().filter(|line| !line.starts_with('#')) {
        let line = line.replace("HOOKPROOF_API", "").replace("HOOKPROOF_MUST_USE", "");
        for word in line.split_whitespace() {
            if !statement.is_empty() && !statement.ends_with('(') {
                statement.push(' ');
            }
            statement.push_str(word);
        }
        // The end of a declaration: one line for each.
        if statement.ends_with(';') && statement.matches('{').count() == statement.matches('}').count() {
            if !statement.starts_with("enum") {
                writeln!(out, "{statement}")?;
            }
            statement.clear();
        }
    }
    Ok(out)
}

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        // The one that ends the part for C++ marks the end of the declarations.
        if after.starts_with(" extern \"C\"") {
            out.push_str("/* extern");
        }
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

fn quoted<'t>(header: &'t str, name: &str) -> Result<&'t str, Failure> {
    let line = format!("#define {name} \"");
    let (_, rest) = header.split_once(&line).ok_or_else(|| format!("the header has no {name}"))?;
    Ok(rest.split_once('"').map_or(rest, |(text, _)| text))
}

/// The numbers of the C interface but for the reasons, which are an enumeration of their own.
fn numbers(header: &str) -> Result<String, Failure> {
    let mut page = format!(
        "{HEAD}namespace Hookproof;\n\n\
         /**\n * The numbers of the C interface. Generated from include/hookproof.h (`cargo xtask php`).\n *\n * @internal\n */\n\
         final class Abi\n{{\n"
    );
    for line in without_comments(header).lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (name, value) = match words.as_slice() {
            ["#define", name, value] => (*name, *value),
            [name, "=", value] => (*name, value.trim_end_matches(',')),
            _ => continue,
        };
        let Some(name) = name.strip_prefix("HOOKPROOF_").filter(|name| !name.starts_with("R_")) else { continue };
        // PHP has no unsigned integers: all bits set is -1 there.
        let value = if value == "UINT64_MAX" { "-1" } else { value };
        if value.starts_with('"') {
            writeln!(page, "    public const {name} = {};", php_text(value.trim_matches('"')))?;
        } else if value.parse::<i64>().is_ok() {
            writeln!(page, "    public const {name} = {value};")?;
        }
    }
    let processed = (100..600).filter(|status| hookproof::replay::is_processed(*status));
    let processed: Vec<String> = processed.map(|status| status.to_string()).collect();
    page.push_str(
        "\n    /** The statuses of an answer which mean that the work is done, so that its claim is confirmed. */\n",
    );
    writeln!(page, "    public const PROCESSED = [{}];", processed.join(", "))?;
    page.push_str("}\n");
    Ok(page)
}

/// A string of PHP's without interpolation.
fn php_text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// `signature.invalid` is `SignatureInvalid`.
fn case_of(name: &str) -> String {
    name.split(['.', '_']).map(capitalised).collect()
}

/// `message_uuid` is `messageUuid`.
fn property_of(name: &str) -> String {
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    first + &words.map(capitalised).collect::<String>()
}

fn class_of(family: &str) -> String {
    capitalised(family) + "Refused"
}

fn reasons() -> Result<String, Failure> {
    let mut page = format!(
        "{HEAD}namespace Hookproof;\n\n\
         /**\n * Why a request is refused. Generated from the core's table (`cargo xtask php`).\n *\n \
         * The values are for logs and metrics: the body of an answer must not say which check failed.\n */\n\
         enum Reason: string\n{{\n"
    );
    for reason in Reason::ALL {
        writeln!(page, "    /** {} */", reason.sentence())?;
        writeln!(page, "    case {} = {};\n", case_of(reason.name()), php_text(reason.name()))?;
    }
    page.push_str("    /** The reason with a number, the same in every language; null for one that this version does not know. */\n");
    page.push_str("    public static function ofCode(int $code): ?self\n    {\n        return match ($code) {\n");
    for reason in Reason::ALL {
        writeln!(page, "            {} => self::{},", reason.code(), case_of(reason.name()))?;
    }
    page.push_str("            default => null,\n        };\n    }\n\n");
    let mut method = |about: &str, signature: &str, value: &dyn Fn(&Reason) -> String| -> Result<(), Failure> {
        writeln!(page, "    /** {about} */\n    public function {signature}\n    {{\n        return match ($this) {{")?;
        for reason in Reason::ALL {
            writeln!(page, "            self::{} => {},", case_of(reason.name()), value(reason))?;
        }
        page.push_str("        };\n    }\n\n");
        Ok(())
    };
    method("The number, the same in every language.", "code(): int", &|reason| reason.code().to_string())?;
    method("One sentence that says what it means.", "sentence(): string", &|reason| php_text(reason.sentence()))?;
    method("The likely causes, the most likely first.", "hint(): string", &|reason| php_text(reason.hint()))?;
    method(
        "The exception of its family.\n     *\n     * @return class-string<Exception\\WebhookRefused>\n    ",
        "exception(): string",
        &|reason| format!("Exception\\{}::class", class_of(reason.family().name())),
    )?;
    Ok(page.trim_end().to_owned() + "\n}\n")
}

fn exceptions() -> Result<Vec<(String, String)>, Failure> {
    let mut families: Vec<&str> = Reason::ALL.iter().map(|reason| reason.family().name()).collect();
    families.dedup();
    let mut files = Vec::new();
    for family in families {
        let class = class_of(family);
        let of_family = Reason::ALL.iter().filter(|reason| reason.family().name() == family);
        let listed: Vec<&str> = of_family.map(|reason| reason.name()).collect();
        let mut page = format!("{HEAD}namespace Hookproof\\Exception;\n\n");
        writeln!(
            page,
            "/**\n * Family {family}: {}.\n *\n * Generated from the core's table (`cargo xtask php`).\n */",
            listed.join(", ")
        )?;
        writeln!(page, "final class {class} extends WebhookRefused\n{{\n}}")?;
        files.push((format!("php/src/Exception/{class}.php"), page));
    }
    Ok(files)
}

fn redis_scripts() -> Result<String, Failure> {
    let mut page = format!(
        "{HEAD}namespace Hookproof\\Store;\n\n\
         /**\n * The scripts and the key layout of the Redis store, the same in every language. Generated from stores/src/scripts\n \
         * (`cargo xtask php`).\n *\n * @internal\n */\n\
         final class RedisScripts\n{{\n    public const KEY = {};\n",
        php_text(&format!("hookproof:{}:", scripts::VERSION)),
    );
    for script in [scripts::CLAIM, scripts::CONFIRM, scripts::RELEASE] {
        write!(page, "\n    public const {} = <<<'LUA'\n", script.name.to_uppercase())?;
        // The last line break belongs to the text, and that before the closing mark does not.
        page.push_str(script.text);
        page.push_str("\nLUA;\n");
    }
    page.push_str("}\n");
    Ok(page)
}

/// The type of a property that may be null.
fn type_of(shape: &Shape) -> String {
    match shape {
        Shape::Either(_, choices) => {
            let types: BTreeSet<String> = choices.iter().map(|(_, shape)| plain_type(shape)).collect();
            let types: Vec<String> = types.into_iter().collect();
            format!("{}|null", types.join("|"))
        }
        Shape::Any => "mixed".to_owned(),
        shape => format!("?{}", plain_type(shape)),
    }
}

fn plain_type(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Decimal | Shape::Words(..) => "string".to_owned(),
        Shape::Integer => "int".to_owned(),
        Shape::Truth => "bool".to_owned(),
        Shape::Timestamp => "\\DateTimeImmutable".to_owned(),
        Shape::Object | Shape::List(_) => "array".to_owned(),
        Shape::Record(record) => record.name.to_owned(),
        _ => "mixed".to_owned(),
    }
}

/// The same for documentation: what is in a list, and which words there are.
fn documented_type(shape: &Shape) -> Option<String> {
    match shape {
        Shape::List(item) => Some(format!("list<{}|null>", documented_type(item).unwrap_or_else(|| plain_type(item)))),
        Shape::Object => Some("array<string, mixed>".to_owned()),
        Shape::Decimal => Some("numeric-string".to_owned()),
        Shape::Words(_, words) => {
            Some(words.iter().map(|word| php_text(word)).collect::<Vec<_>>().join("|") + "|string")
        }
        Shape::Either(_, choices) => {
            let types: Vec<String> =
                choices.iter().map(|(_, shape)| documented_type(shape).unwrap_or_else(|| plain_type(shape))).collect();
            Some(types.join("|"))
        }
        _ => None,
    }
}

/// How the reader of events makes the value of a field.
fn reader_of(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Words(..) | Shape::Integer | Shape::Truth => "'plain'".to_owned(),
        Shape::Decimal => "'decimal'".to_owned(),
        Shape::Timestamp => "'time'".to_owned(),
        Shape::List(item) => format!("['list', {}]", reader_of(item)),
        Shape::Record(record) => format!("['record', {}::class]", record.name),
        // JSON tells the choices apart: no two are of one type of it.
        Shape::Either(_, choices) => {
            let readers: Vec<String> = choices.iter().map(|(_, shape)| reader_of(shape)).collect();
            format!("['either', {}]", readers.join(", "))
        }
        _ => "'any'".to_owned(),
    }
}

fn events() -> Result<Vec<(String, String)>, Failure> {
    let kinds = schema();
    let types = Types::of_events();
    let mut files = Vec::new();
    for record in &types.records {
        files.push((format!("php/src/Event/{}.php", record.name), event_class(record)?));
    }
    let mut page = format!(
        "{HEAD}namespace Hookproof\\Event;\n\n\
         /**\n * The records of the kinds of events. Generated from the core's description of the events (`cargo xtask php`).\n *\n \
         * @internal\n */\nfinal class Kinds\n{{\n    /** @var array<string, class-string<Record>> */\n    public const RECORDS = [\n"
    );
    for record in &kinds {
        writeln!(page, "        {} => {}::class,", php_text(record.name), record.name)?;
    }
    page.push_str("    ];\n}\n");
    files.push(("php/src/Event/Kinds.php".to_owned(), page));
    Ok(files)
}

fn event_class(record: &Record) -> Result<String, Failure> {
    let mut fields: Vec<Field> = record.fields.iter().map(Field::of).collect();
    if let Some((name, prefix)) = record.prefixed {
        fields.push(Field {
            name,
            kind: "?array".to_owned(),
            documented: Some("array<string, mixed>".to_owned()),
            reader: "'any'".to_owned(),
            about: format!("All members whose name begins with `{prefix}`."),
        });
    }
    let mut page = format!("{HEAD}namespace Hookproof\\Event;\n\n");
    writeln!(
        page,
        "/**\n * {}\n *\n * Generated from the core's description of the events (`cargo xtask php`).\n */",
        in_one_line(record.about)
    )?;
    writeln!(page, "final readonly class {} extends Record\n{{", record.name)?;
    page.push_str("    /** @internal */\n    public const FIELDS = [\n");
    for Field { name, reader, .. } in &fields {
        writeln!(page, "        {} => [{}, {reader}],", php_text(name), php_text(&property_of(name)))?;
    }
    page.push_str("    ];\n\n    /**\n     * @param list<string> $nulls the fields that were sent as null\n     */\n    public function __construct(\n");
    for Field { name, kind, documented, about, .. } in &fields {
        match documented {
            Some(documented) => {
                writeln!(
                    page,
                    "        /**\n         * {about}\n         *\n         * @var {documented}|null\n         */"
                )?;
            }
            None => writeln!(page, "        /** {about} */")?,
        }
        writeln!(page, "        public {kind} ${} = null,", property_of(name))?;
    }
    page.push_str("        array $nulls = [],\n    ) {\n        parent::__construct($nulls);\n    }\n}\n");
    Ok(page)
}

/// Documentation comes as it stands in the source.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Field {
    name: &'static str,
    kind: String,
    documented: Option<String>,
    reader: String,
    about: String,
}

impl Field {
    fn of(line: &FieldLine) -> Field {
        Field {
            name: line.name,
            kind: type_of(&line.shape),
            documented: documented_type(&line.shape),
            reader: reader_of(&line.shape),
            about: in_one_line(line.about),
        }
    }
}
