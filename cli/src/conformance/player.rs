//! Plays a sequence, in every way to hand over a body and each time from the beginning.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Barrier};
use std::thread;

use hookproof::replay::{self, Claim, StoreFailure};
use hookproof::{Reason, Received, Refusal};

use super::door::{self, Answer, Request, Way};
use super::finding::{Finding, Judgement};
use super::processes::{Process, Processes};
use super::sequence::{Ending, Flood, Outcome, Script, Sequence, Step, When};

/// Plays a sequence. A fault is one of the sequence or of the machine, not of the door.
pub(super) fn play(sequence: &Sequence, chunks: &[NonZeroUsize]) -> Result<Finding, String> {
    let Some(script) = &sequence.script else { return Ok(Finding::not_applicable(&sequence.id)) };
    let fault = |what: String| format!("case {}: {what}", sequence.id);
    let mut first: Option<Performance> = None;
    let mut disagreement = None;
    for way in door::ways(chunks) {
        let performance = perform(script, way).map_err(fault)?;
        match &first {
            None => first = Some(performance),
            Some(first) if first.verdict() != performance.verdict() => {
                disagreement = Some(format!("{} {}, {way} {}", Way::Whole, first.verdict(), performance.verdict()));
                break;
            }
            Some(_) => {}
        }
    }
    let performance = first.unwrap_or_default();
    let judgement = match (disagreement, &performance.failed) {
        // Two sound verifiers may differ on a disputed case, but one must not differ with itself.
        (Some(got), _) => Judgement::Failed { expected: "one verdict in every way".to_owned(), got },
        (None, _) if sequence.disputed => Judgement::Disputed,
        (None, None) => Judgement::Passed,
        (None, Some(failed)) => {
            let Failed { step, expected, got } = failed;
            Judgement::Failed { expected: format!("in step {step} {expected}"), got: got.clone() }
        }
    };
    let reason = performance.refused.map_or_else(String::new, |reason| reason.name().to_owned());
    Ok(Finding { id: sequence.id.clone(), verdict: performance.verdict(), reason, judgement, event: None })
}

/// What came of all steps.
#[derive(Default)]
struct Performance {
    answers: Vec<String>,
    /// Why the last request that was refused was.
    refused: Option<Reason>,
    /// The first step that was not as expected.
    failed: Option<Failed>,
}

struct Failed {
    step: usize,
    expected: String,
    got: String,
}

impl Performance {
    fn verdict(&self) -> String {
        self.answers.join(" ")
    }

    /// Notes the answer to the next step.
    fn note(&mut self, answer: &str, expected: Option<String>) {
        if let (Some(expected), None) = (expected, &self.failed) {
            self.failed = Some(Failed { step: self.answers.len(), expected, got: answer.to_owned() });
        }
        self.answers.push(answer.to_owned());
    }
}

/// One performance under way.
struct Stage<'s> {
    script: &'s Script,
    way: Way,
    processes: Processes,
    claims: BTreeMap<usize, Claim<Arc<Process>>>,
    now: When,
    performance: Performance,
}

fn perform(script: &Script, way: Way) -> Result<Performance, String> {
    let processes = Processes::new(script.store)?;
    let performance = Performance::default();
    let mut stage = Stage { script, way, processes, claims: BTreeMap::new(), now: None, performance };
    for (number, step) in script.steps.iter().enumerate() {
        stage.play(number, step)?;
    }
    Ok(stage.performance)
}

impl Stage<'_> {
    fn play(&mut self, number: usize, step: &Step) -> Result<(), String> {
        match step {
            Step::Verify { request, now, expectation, process } => {
                let now = self.time(*now)?;
                let store = self.processes.get(*process)?;
                let received = self.receive(self.request(request)?, store, now);
                let answer = Answer::from(&received);
                let text = self.text_of(&received);
                // An acceptance must say what it knows of repeats.
                let holds = expectation.holds(answer) && !text.starts_with("accept:");
                match received {
                    Ok(received) => drop(self.claims.insert(number, received.into_parts().1)),
                    Err(refusal) => self.performance.refused = Some(refusal.reason()),
                }
                self.performance.note(&text, (!holds).then(|| expectation.to_string()));
            }
            Step::End { step, how, now, expectation } => {
                let now = self.time(*now)?;
                // Without a claim there is no answer, and one was expected.
                let effect = self.claims.get_mut(step).map(|claim| end(claim, *how, now));
                let holds = match expectation {
                    Some(expected) => effect == Some(*expected),
                    None => matches!(effect, Some(Outcome::Done | Outcome::NoEffect)),
                };
                let text = effect.map_or("-", Outcome::name);
                let expected = expectation.map_or("done or no_effect", Outcome::name);
                self.performance.note(text, (!holds).then(|| expected.to_owned()));
            }
            Step::Flood { flood, now } => match self.flood(flood, *now)? {
                (_, None) => self.performance.note("done", None),
                (_, Some(reason)) => {
                    self.performance.refused = Some(reason);
                    self.performance.note(&format!("reject:{}", reason.name()), Some("done".to_owned()));
                }
            },
            Step::FloodAgain { flood, now, accepts } => {
                let (accepted, _) = self.flood(flood, *now)?;
                self.count(accepted, *accepts);
            }
            Step::Store { up } => {
                self.processes.switch(*up);
                self.performance.note("-", None);
            }
            Step::Restart { now } => {
                let cold_until = if self.script.refuses_cold { Some(self.time(*now)?) } else { None };
                self.now = now.or(self.now);
                self.processes.restart(cold_until)?;
                self.performance.note("-", None);
            }
            Step::Concurrent { request, now, count, processes, accepts } => {
                let now = self.time(*now)?;
                match self.race(request, now, *count, *processes)? {
                    Ok(accepted) => self.count(accepted, *accepts),
                    Err(stray) => {
                        self.performance.refused = Some(stray);
                        self.performance.note(&format!("reject:{}", stray.name()), Some(format!("accepts:{accepts}")));
                    }
                }
            }
        }
        Ok(())
    }

    /// The time of a step, which goes on for the steps without one.
    fn time(&mut self, now: When) -> Result<i64, String> {
        self.now = now.or(self.now);
        self.now.ok_or_else(|| "no step has a time yet".to_owned())
    }

    fn request(&self, name: &str) -> Result<&Request, String> {
        self.script.requests.get(name).ok_or_else(|| format!("there is no request {name}"))
    }

    fn receive(&self, request: &Request, store: Arc<Process>, now: i64) -> Result<Received<Arc<Process>>, Refusal> {
        door::receive(&self.script.verifier, request, store, now, self.way)
    }

    /// `accept` or `reject:` and the reason; an acceptance that is not marked as it should be has its mark behind it.
    fn text_of(&self, received: &Result<Received<Arc<Process>>, Refusal>) -> String {
        let mark = if self.processes.is_down() { "unavailable" } else { "claimed" };
        match received {
            Ok(received) if received.verified().replay().name() == mark => "accept".to_owned(),
            Ok(received) => format!("accept:{}", received.verified().replay().name()),
            Err(refusal) => format!("reject:{}", refusal.reason().name()),
        }
    }

    /// Receives and confirms all requests of a flood: how many went well, and why the first of the others did not.
    fn flood(&mut self, flood: &Flood, now: When) -> Result<(usize, Option<Reason>), String> {
        let now = self.time(now)?;
        let store = self.processes.get(0)?;
        let (mut accepted, mut refused) = (0, None);
        for request in flood.requests(&self.script.signer) {
            match self.receive(&request, Arc::clone(&store), now) {
                Ok(mut received) => {
                    let confirmed = received.confirm(now) == Ok(replay::Effect::Done);
                    accepted += usize::from(confirmed);
                    if !confirmed {
                        refused = refused.or(Some(Reason::ReplayStoreUnavailable));
                    }
                }
                Err(refusal) => refused = refused.or(Some(refusal.reason())),
            }
        }
        Ok((accepted, refused))
    }

    /// Many threads receive one request at the same moment: how many were accepted, if all others were told that it is a
    /// repeat.
    fn race(&mut self, request: &str, now: i64, count: usize, processes: u64) -> Result<Result<usize, Reason>, String> {
        let stores: Result<Vec<Arc<Process>>, String> =
            (0..processes).map(|number| self.processes.get(number)).collect();
        let stores = stores?;
        let request = self.request(request)?;
        let start = Barrier::new(count);
        let stage = &*self;
        let receive = |store: Arc<Process>| {
            start.wait();
            (&door::receive(&stage.script.verifier, request, store, now, stage.way)).into()
        };
        let receive = &receive;
        let answers: Vec<Answer> = thread::scope(|scope| {
            let stores = stores.iter().cycle().take(count);
            let threads: Vec<_> = stores.map(|store| scope.spawn(move || receive(Arc::clone(store)))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or(Answer::Misconfigured)).collect()
        });
        let mut accepted = 0;
        for answer in answers {
            match answer {
                Answer::Accepted => accepted += 1,
                Answer::Refused(Reason::ReplayInProgress | Reason::ReplayDuplicate) => {}
                Answer::Refused(stray) => return Ok(Err(stray)),
                Answer::Misconfigured => return Err("a thread panicked".to_owned()),
            }
        }
        Ok(Ok(accepted))
    }

    fn count(&mut self, accepted: usize, expected: usize) {
        let expected = (accepted != expected).then(|| format!("accepts:{expected}"));
        self.performance.note(&format!("accepts:{accepted}"), expected);
    }
}

fn end(claim: &mut Claim<Arc<Process>>, how: Ending, now: i64) -> Outcome {
    let effect: Result<replay::Effect, StoreFailure> = match how {
        Ending::Confirm => claim.confirm(now),
        Ending::Release => claim.release(now),
    };
    match effect {
        Ok(replay::Effect::Done) => Outcome::Done,
        Ok(replay::Effect::NoEffect) => Outcome::NoEffect,
        Err(_) => Outcome::Error,
    }
}
