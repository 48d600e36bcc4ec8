// The page of `hookproof listen`. Everything a request says is put into the page as text, never as markup.
"use strict";

const TOKEN = "hookproof-token";
const RETRY_MS = 1500;
const MOST_INDENTS = 32;

const at = (id) => document.getElementById(id);
const state = { requests: new Map(), place: 0, kept: [], selected: null, detail: null, raw: false, about: null };

// The token stands behind # in the address: browsers send that part to nobody.
if (location.hash.length > 1) {
  sessionStorage.setItem(TOKEN, location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
const token = sessionStorage.getItem(TOKEN) ?? "";

// el("p", "class", ...texts and elements)
function el(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function button(text, name, act) {
  const element = el("button", name, text);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

async function ask(path, method = "GET") {
  const answer = await fetch(`/api/${path}`, { method, headers: { [TOKEN]: token }, cache: "no-store" });
  const value = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(value.fault ?? `status ${answer.status}`), { status: answer.status });
  return value;
}

let silence;
function say(text) {
  at("said").textContent = text;
  at("said").dataset.shown = "true";
  clearTimeout(silence);
  silence = setTimeout(() => { at("said").dataset.shown = "false"; }, 3200);
}

function notice(text) {
  at("notice").textContent = text;
  at("notice").hidden = text === "";
}

function link(kind, text) {
  at("link").dataset.state = kind;
  at("link").textContent = text;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const plural = (count, one, more) => `${count} ${count === 1 ? one : more}`;

// A repeat of what is done is no fault of the sender: its colour is another one, and its word says so.
function badge(request) {
  if (request.accepted) return el("span", "badge good", "accepted");
  const repeat = request.reason === "replay.duplicate" || request.reason === "replay.in_progress";
  return repeat ? el("span", "badge warn", "repeat") : el("span", "badge bad", "refused");
}

// The kind of event; with the API in front of it where the kind alone says little.
function titleOf(request) {
  if (!request.event || request.event === "unreadable" || request.event === "other") return `${request.method} ${request.path}`;
  return request.event.includes("/") ? request.event : `${request.api} ${request.event}`;
}

// ---- the list

function fits(request) {
  const which = at("which").value;
  if (which === "accepted" && !request.accepted) return false;
  if (which === "refused" && request.accepted) return false;
  if (which === "repeats" && !request.repeat) return false;
  const words = at("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [request.id, request.method, request.path, request.reason, request.api, request.event, request.api_key]
    .join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

const shown = () => [...state.requests.values()].filter(fits).sort((one, other) => other.id - one.id);

function row(request) {
  const why = [`#${request.id}`, request.accepted ? null : request.reason, request.path];
  const element = button("", "", () => select(request.id, true));
  element.append(
    badge(request),
    el("span", "what", titleOf(request)),
    el("time", "when", clock.format(new Date(request.at))),
    el("span", "why", why.filter(Boolean).join(" · ")),
    el("span", "when", `→ ${request.answered}`),
  );
  element.querySelector("time").dateTime = request.at;
  element.dataset.id = request.id;
  return el("li", "", element);
}

function drawList() {
  const focused = document.activeElement?.dataset?.id;
  const requests = shown();
  at("requests").replaceChildren(...requests.map(row));
  at("nothing").hidden = requests.length > 0;
  at("nothing").textContent = state.requests.size > 0 ? "No request fits the filter." : "No request yet.";
  mark();
  if (focused) at("requests").querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function mark() {
  for (const element of at("requests").querySelectorAll("button")) {
    const current = Number(element.dataset.id) === state.selected;
    element.setAttribute("aria-current", String(current));
  }
}

function step(by) {
  const ids = shown().map((request) => request.id);
  if (ids.length === 0) return;
  const now = ids.indexOf(state.selected);
  const next = now < 0 ? 0 : Math.min(Math.max(now + by, 0), ids.length - 1);
  select(ids[next], false);
  const element = at("requests").querySelector(`[data-id="${ids[next]}"]`);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest" });
}

// ---- one request

async function select(id, byHand) {
  state.selected = id;
  state.raw = false;
  if (byHand) at("panes").dataset.view = "detail";
  mark();
  try {
    const detail = await ask(`requests/${id}`);
    if (state.selected !== id) return;
    state.detail = detail;
    drawDetail();
    at("detail").scrollTop = 0;
    if (byHand && matchMedia("(max-width: 760px)").matches) {
      scrollTo(0, 0);
      at("detail").focus({ preventScroll: true });
    }
  } catch (error) {
    say(error.message);
  }
}

// Lays JSON out without reading its values: every letter of a number or a text stays as it was sent.
function layOut(text) {
  let out = "", depth = 0, place = 0;
  // Brackets in brackets without end would be indented by more than there is memory for.
  const newline = () => `\n${"  ".repeat(Math.min(depth, MOST_INDENTS))}`;
  while (place < text.length) {
    const sign = text[place];
    if (sign === '"') {
      const end = /"(?:[^"\\]|\\.)*"/suy;
      end.lastIndex = place;
      const word = end.exec(text)?.[0] ?? text.slice(place);
      out += word;
      place += word.length;
      continue;
    }
    place += 1;
    if (/\s/.test(sign)) continue;
    if (sign === "{" || sign === "[") {
      const empty = /^\s*[}\]]/.exec(text.slice(place, place + 64));
      if (empty) {
        out += sign + empty[0].trim();
        place += empty[0].length;
      } else {
        depth += 1;
        out += sign + newline();
      }
    } else if (sign === "}" || sign === "]") {
      depth = Math.max(depth - 1, 0);
      out += newline() + sign;
    } else if (sign === ",") out += sign + newline();
    else if (sign === ":") out += ": ";
    else out += sign;
  }
  return out;
}

const isJson = (text) => {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
};

// JSON text as coloured pieces; other text as it is.
function code(text, json) {
  const pre = el("pre", "card");
  pre.tabIndex = 0;
  if (!json) {
    pre.textContent = text;
    return pre;
  }
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/gsu;
  let last = 0;
  for (const match of text.matchAll(token)) {
    pre.append(text.slice(last, match.index));
    const kind = match[1] === undefined ? "n" : match[2] === undefined ? "s" : "k";
    pre.append(el("span", kind, match[1] ?? match[0]), match[2] ?? "");
    last = match.index + match[0].length;
  }
  pre.append(text.slice(last));
  return pre;
}

function pairs(entries, name) {
  const list = el("dl", `pairs card ${name}`);
  for (const [key, value] of entries) list.append(el("dt", "", key), el("dd", "", value));
  return list;
}

function section(title, small, ...children) {
  const heading = el("h3", "", title, small ? el("small", "", `  ${small}`) : null);
  return el("section", "", heading, ...children);
}

function folded(title, small, ...children) {
  const summary = el("summary", "", title, small ? el("small", "", `  ${small}`) : null);
  return el("section", "", el("details", "", summary, ...children));
}

function verdictOf(detail) {
  const verdict = detail.verdict;
  const repeat = verdict.reason.startsWith("replay.");
  const box = el("div", `verdict ${verdict.accepted ? "good" : repeat ? "warn" : "bad"}`);
  box.append(el("h3", "", verdict.accepted ? "Accepted" : `Refused: ${verdict.reason}`), el("p", "", verdict.sentence));
  // Where the mistake itself is known, it stands below, and the usual ones would only be in its way.
  if (verdict.hint && detail.explanation.mistakes.length === 0) box.append(el("p", "hint", verdict.hint));
  const answered = detail.answered === verdict.http_status && detail.answered_by === "hookproof"
    ? `Answered ${detail.answered}.`
    : `Answered ${detail.answered}, ${detail.answered_words}; the verdict alone would have been ${verdict.http_status}.`;
  box.append(el("p", "hint", answered));
  return box;
}

function mistakesOf(explanation) {
  const items = explanation.mistakes.map((mistake) => el(
    "li", "",
    el("strong", "", mistake.sentence),
    mistake.detail ? el("p", "mono", mistake.detail) : null,
    el("p", "", mistake.remedy),
    el("p", "id", mistake.proven ? `${mistake.name}, proven: undone, the check passes` : `${mistake.name}, likely`),
  ));
  if (items.length > 0) return section("What went wrong", "", el("ul", "mistakes card", ...items));
  if (explanation.reason === null) return null;
  return section("What went wrong", "", el("p", "line", "No known mistake explains this refusal. A forgery looks like this, too."));
}

function checksOf(explanation) {
  const line = (check) => {
    const item = el("li", "", el("span", "outcome", check.outcome), el("span", "", check.sentence, check.detail ? el("small", "", check.detail) : null));
    item.dataset.outcome = check.outcome;
    return item;
  };
  return section("Checks", "in the order in which they are made", el("ol", "checks card", ...explanation.checks.map(line)));
}

function repeatOf(detail) {
  if (!detail.repeat) return null;
  const repeat = detail.repeat;
  const first = button(`#${repeat.of}`, "quiet", () => select(repeat.of, true));
  const iat = repeat.same_iat ? "the same" : `a new one, ${Math.abs(repeat.issued_later)} s ${repeat.issued_later > 0 ? "later" : "earlier"}`;
  return section("A repeat", `delivery ${repeat.delivery} of one message`, pairs([
    ["first delivery", first],
    ["jti", repeat.same_jti ? "the same" : "a new one"],
    ["iat", iat],
    ["body", repeat.same_body ? "the same" : "changed"],
  ], ""));
}

function payloadOf(detail) {
  const whole = detail.body_shown < detail.body_bytes ? `${detail.body_bytes} bytes, the first ${detail.body_shown} shown` : `${detail.body_bytes} bytes`;
  if (detail.body_bytes === 0) {
    const query = detail.target.split("?")[1] ?? "";
    if (query === "") return section("Body", "empty");
    const list = query.split("&").map((pair) => {
      const [name, ...value] = pair.split("=");
      return [decoded(name), decoded(value.join("="))];
    });
    return section("Query", detail.verdict.accepted ? "signed" : "not verified", pairs(list, "fields"));
  }
  if (detail.body.text === undefined) return section("Body", `${whole}, no text: shown in base64`, code(detail.body.base64, false));
  const json = isJson(detail.body.text);
  const box = section("Body", whole);
  if (json) {
    const choose = (text, raw) => {
      const element = button(text, "", () => { state.raw = raw; drawDetail(); });
      element.setAttribute("aria-pressed", String(state.raw === raw));
      return element;
    };
    const choice = el("div", "switch", choose("laid out", false), choose("raw", true));
    choice.setAttribute("role", "group");
    choice.setAttribute("aria-label", "How to show the body");
    box.querySelector("h3").append(choice);
  }
  box.append(code(json && !state.raw ? layOut(detail.body.text) : detail.body.text, json));
  return box;
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function forwardedOf(detail) {
  const forwarded = detail.forwarded;
  if (!forwarded) return null;
  if (forwarded.fault) {
    return section("Your application", "", pairs([["address", forwarded.url], ["trouble", forwarded.fault]], ""));
  }
  const parts = [pairs([["address", forwarded.url], ["status", String(forwarded.status)], ["took", `${forwarded.took_ms} ms`]], "")];
  const text = forwarded.body.text;
  if (text) parts.push(el("p", "line", "Its answer:"), code(isJson(text) ? layOut(text) : text, isJson(text)));
  return section("Your application", "", ...parts);
}

function drawDetail() {
  const detail = state.detail;
  if (!detail) return drawEmpty();
  const actions = el("div", "actions",
    button("Replay with a fresh signature", "main", () => replay("resign")),
    button("Send again as it came", "", () => replay("resend")),
    button("Copy as curl", "", copyCurl));
  const line = el("p", "line", el("code", "", `${detail.method} ${detail.target}`));
  const facts = [day.format(new Date(detail.at))];
  if (detail.verdict.api_key) facts.push(`account ${detail.verdict.api_key}${detail.verdict.key_label ? "" : " (not proven)"}`);
  if (detail.verdict.key_label) facts.push(`secret ${detail.verdict.key_label}`);
  if (detail.verdict.age !== null) facts.push(`signed ${detail.verdict.age} s before it came`);
  if (detail.captured) facts.push(`captured as ${detail.captured}`);
  if (!detail.complete) facts.push("the body did not come to its end");
  const told = detail.told;
  const parts = [
    button("← All requests", "back", () => { at("panes").dataset.view = "list"; }),
    el("div", "title", el("h2", "", detail.event?.includes("/") ? `${detail.api} ${detail.event}` : titleOf(detail)), el("span", "number", `#${detail.id}`), badge(detail)),
    line,
    el("p", "line", facts.join(" · ")),
    actions,
    verdictOf(detail),
    mistakesOf(detail.explanation),
    repeatOf(detail),
    checksOf(detail.explanation),
    payloadOf(detail),
    forwardedOf(detail),
    detail.verdict.claims ? section("Claims", "signed", code(layOut(detail.verdict.claims), true)) : null,
    told ? folded("Event", told.signed ? "typed, signed" : "typed; nobody has signed it", code(layOut(told.json), true)) : null,
    folded("Header fields", plural(detail.headers.length, "field", "fields"),
      pairs(detail.headers.map(([name, text, base64]) => [name, text ?? `base64: ${base64}`]), "fields")),
  ];
  const open = [...at("detail").querySelectorAll("details[open] > summary")].map((summary) => summary.firstChild.textContent);
  at("detail").replaceChildren(...parts.filter(Boolean));
  for (const summary of at("detail").querySelectorAll("summary")) {
    if (open.includes(summary.firstChild.textContent)) summary.parentElement.open = true;
  }
}

function drawEmpty() {
  const about = state.about;
  if (!about || state.requests.size > 0) {
    at("detail").replaceChildren(el("p", "line", about ? "Choose a request." : ""));
    return;
  }
  const step = (text, command) => el("li", "", text, command ? el("pre", "", command) : null);
  const steps = el("ol", "",
    step("Send a signed sample from a second terminal:", about.send),
    step("See what a forgery looks like:", `${about.send} --variant tampered,unsigned`),
    step(about.public
      ? "For the vendor's own webhooks, start again with your account's secret, and point a tunnel at the address above:"
      : "For the vendor's own webhooks, point a tunnel at the address above and name its public address in the dashboard.",
    about.public ? "HOOKPROOF_API_KEY=a1b2c3d4 hookproof listen --secret-file secret.txt" : null));
  at("detail").replaceChildren(el("div", "empty",
    el("h2", "", "Nothing has come yet"),
    el("p", "", `Webhooks sent to ${about.address} appear here as they come, with the verdict and every check.`),
    steps));
}

async function replay(how) {
  if (state.selected === null) return;
  try {
    const sent = await ask(`requests/${state.selected}/${how}`, "POST");
    say(`Sent as #${sent.request}: answered ${sent.status}`);
  } catch (error) {
    say(error.message);
  }
}

async function copyCurl() {
  if (state.selected === null) return;
  try {
    const { curl } = await ask(`requests/${state.selected}/curl`);
    await navigator.clipboard.writeText(curl);
    say("Copied as curl");
  } catch (error) {
    say(`Not copied: ${error.message}`);
  }
}

// ---- what is new

function take(news) {
  const kept = new Set(news.kept);
  for (const id of state.requests.keys()) if (!kept.has(id)) state.requests.delete(id);
  for (const request of news.requests) state.requests.set(request.id, request);
  state.place = news.place;
  const repeats = news.repeats.repeats;
  at("sums").textContent = news.count === 0 ? "" : [
    plural(news.count, "request", "requests"),
    `${news.accepted} accepted`,
    `${news.count - news.accepted} refused`,
    repeats > 0 ? plural(repeats, "repeat", "repeats") : null,
  ].filter(Boolean).join(" · ");
  at("clear").disabled = state.requests.size === 0;
  document.title = news.count === 0 ? "hookproof listen" : `(${news.count}) hookproof listen`;
  drawList();
  if (state.selected === null && state.requests.size > 0) select(shown()[0]?.id ?? news.kept.at(-1), false);
  else if (state.requests.size === 0) {
    state.selected = null;
    state.detail = null;
    drawDetail();
  }
  if (news.uncaptured > 0) notice(`${plural(news.uncaptured, "request", "requests")} could not be captured: see the terminal.`);
}

async function follow() {
  for (;;) {
    try {
      if (!state.about) {
        state.about = await ask("about");
        at("address").textContent = state.about.forward ? `${state.about.address} → ${state.about.forward}` : state.about.address;
        drawDetail();
        take(await ask("requests?after=none"));
      }
      link("live", "live");
      if (at("notice").dataset.lost) {
        delete at("notice").dataset.lost;
        notice("");
      }
      take(await ask(`requests?after=${state.place}`));
    } catch (error) {
      if (error.status === 401) {
        link("lost", "no access");
        notice("This address has no valid token: open the one that the terminal shows. A new run has a new one.");
        return;
      }
      link("lost", "not running");
      at("notice").dataset.lost = "1";
      notice("hookproof listen does not answer: start it again, and open the address that it shows.");
      await new Promise((wake) => { setTimeout(wake, RETRY_MS); });
    }
  }
}

at("filter").addEventListener("input", drawList);
at("which").addEventListener("change", drawList);
at("clear").addEventListener("click", async () => {
  try {
    await ask("clear", "POST");
  } catch (error) {
    say(error.message);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    at("panes").dataset.view = "list";
    if (typing) event.target.blur();
  }
  if (typing) return;
  const inList = at("requests").contains(event.target);
  const acts = { j: () => step(1), k: () => step(-1), r: () => replay("resign"), c: copyCurl, "/": () => at("filter").focus() };
  if (inList) Object.assign(acts, { ArrowDown: () => step(1), ArrowUp: () => step(-1) });
  if (acts[event.key]) {
    event.preventDefault();
    acts[event.key]();
  }
});
follow();
