//! The documentation page of the reasons.

use std::fmt::Write as _;

use hookproof::{Advice, AdviceTable, Reason};

use crate::repository::{Failure, Mode, deliver};

const RETRY_STATUS: u16 = 503;

pub(crate) fn run(mode: Mode) -> Result<(), Failure> {
    deliver(mode, "docs/reasons.md", &page()?, "reasons")
}

fn page() -> Result<String, Failure> {
    let mut page = String::from(
        "# Reasons\n\n\
         Why a request is refused. Numbers and names are the same in every language, and a number is never given to\n\
         another reason. This page is generated from the table in the core (`cargo xtask reasons`).\n\n\
         Reasons are for logs and metrics: the body of the HTTP answer must not say which check failed. What to answer is\n\
         advice, by one of two tables. *Lossless*, the default, answers 401 only for what neither a genuine webhook nor a\n\
         fault of our own can produce; for the rest the sender keeps the message and sends it again while the fault is\n\
         mended. *Conventional* answers 401 to key and signature refusals too. The retry status is 503, or 429 by choice.\n\
         A number that a program does not know is a refusal, answered with the retry status.\n\n\
         | number | name | family | lossless | conventional |\n|---|---|---|---|---|\n",
    );
    for reason in Reason::ALL {
        writeln!(
            page,
            "| {} | [`{}`](#{}) | {} | {} | {} |",
            reason.code(),
            reason.name(),
            anchor(*reason),
            reason.family().name(),
            advice(*reason, AdviceTable::Lossless).http_status,
            advice(*reason, AdviceTable::Conventional).http_status,
        )?;
    }
    let mut family = "";
    for reason in Reason::ALL {
        if reason.family().name() != family {
            family = reason.family().name();
            write!(page, "\n## {family}\n")?;
        }
        write!(
            page,
            "\n### {} {}\n\n{}\n\n**Likely causes:** {}\n\n",
            reason.code(),
            reason.name(),
            reason.sentence(),
            reason.hint(),
        )?;
        let lossless = advice(*reason, AdviceTable::Lossless);
        let conventional = advice(*reason, AdviceTable::Conventional);
        if lossless == conventional {
            writeln!(page, "**Answer:** {}.", in_words(lossless))?;
        } else {
            writeln!(page, "**Answer:** {}. Conventional: {}.", in_words(lossless), in_words(conventional))?;
        }
    }
    Ok(page)
}

fn advice(reason: Reason, table: AdviceTable) -> Advice {
    reason.advice(table, RETRY_STATUS)
}

/// The anchor that Markdown renderers give to the reason's heading.
fn anchor(reason: Reason) -> String {
    format!("{}-{}", reason.code(), reason.name().replace('.', ""))
}

fn in_words(advice: Advice) -> String {
    let after = advice.retry_after.map(|seconds| format!(" with `Retry-After: {seconds}`")).unwrap_or_default();
    let then = if advice.sender_retries { "sends the request again" } else { "drops the request" };
    format!("{}{after}; the sender {then}", advice.http_status)
}
