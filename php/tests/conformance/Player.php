<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Exception\StoreException;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Received;
use Hookproof\Request;
use Hookproof\Store\Store;
use Hookproof\Testing\Signer;
use Hookproof\Verifier;

/** Plays a sequence, in every way to hand over a body and each time from the beginning. */
final class Player
{
    private const FLOOD_BODY = '{"event":"x"}';

    private Processes $processes;
    /** @var array<int, Received> */
    private array $claims;
    /** @var list<string> */
    private array $answers;
    /** Why the last request that was refused was. */
    private string $refused;
    /** @var array{string, string}|null what was expected of the first step that was not as expected, and what it said */
    private ?array $failed;
    private ?int $piece;

    /** @param array<array-key, Request> $requests */
    public function __construct(
        private readonly Entry $sequence,
        private readonly Verifier $verifier,
        private readonly Clock $clock,
        private readonly array $requests,
        private readonly Signer $signer,
        private readonly ?int $capacity,
        private readonly bool $refusesCold,
    ) {
    }

    public function finding(bool $isDisputed): Finding
    {
        $id = $this->sequence->id;
        $this->perform(null);
        [$verdict, $reason, $failed] = [implode(' ', $this->answers), $this->refused, $this->failed];
        foreach (Trial::CHUNKS as $piece) {
            $this->perform($piece);
            $other = implode(' ', $this->answers);
            if ($other !== $verdict) {
                $got = "one-shot $verdict, streamed in pieces of $piece $other";
                return new Finding($id, $verdict, $reason, 'failed', 'one verdict in every way', $got);
            }
        }
        return match (true) {
            $isDisputed => new Finding($id, $verdict, $reason, 'disputed'),
            $failed === null => new Finding($id, $verdict, $reason),
            default => new Finding($id, $verdict, $reason, 'failed', ...$failed),
        };
    }

    private function perform(?int $piece): void
    {
        $this->processes = new Processes($this->capacity);
        [$this->claims, $this->answers, $this->refused, $this->failed] = [[], [], '', null];
        [$this->clock->time, $this->piece] = [null, $piece];
        try {
            foreach ($this->sequence->list('steps') as $number => $step) {
                $this->play($number, $this->sequence->with($step));
            }
        } finally {
            $this->claims = [];
            $this->processes->end();
        }
    }

    private function play(int $number, Entry $step): void
    {
        $now = $step->optional('now');
        // The time goes on for the steps without one; claims are ended at it too.
        $this->clock->time = $now === null ? $this->clock->time : $step->asInteger($now, 'now');
        match ($step->text('do')) {
            'verify' => $this->verify($number, $step),
            'confirm' => $this->end($step, static fn (Received $received): bool => $received->confirm()),
            'release' => $this->end($step, static fn (Received $received): bool => $received->release()),
            'flood' => $this->flood($step),
            'flood_again' => $this->count($this->pour($this->floodOf($step))[0], $step->count('expect_accepts')),
            'store' => $this->switch($step->text('state') === 'up'),
            'restart' => $this->restart(),
            'concurrent' => $this->race($step),
            default => throw $step->fault('the step is not known'),
        };
    }

    private function verify(int $number, Entry $step): void
    {
        $expectation = Expectation::read($step, 'codes');
        $store = $this->processes->store($step->optional('process') ?? 0);
        [$received, $reason, $code] = $this->receive($this->requests[$step->text('request')], $store);
        $text = $reason === '' ? 'accept' : "reject:$reason";
        $mark = $this->processes->isDown() ? 'unavailable' : 'claimed';
        if ($received !== null) {
            $this->claims[$number] = $received;
            // An acceptance must say what it knows of repeats.
            $text .= $received->webhook->replay() === $mark ? '' : ':' . $received->webhook->replay();
        } else {
            $this->refused = $reason;
        }
        $holds = $expectation->holds($reason, $code) && !str_starts_with($text, 'accept:');
        $this->note($text, $holds ? null : (string) $expectation);
    }

    /** @param \Closure(Received): bool $how */
    private function end(Entry $step, \Closure $how): void
    {
        $expected = $step->optionalText('expect');
        $received = $this->claims[$step->count('step')] ?? null;
        if ($received === null) {
            $text = '-';
        } else {
            try {
                $text = $how($received) ? 'done' : 'no_effect';
            } catch (StoreException) {
                $text = 'error';
            }
        }
        $holds = $expected === null ? in_array($text, ['done', 'no_effect'], true) : $text === $expected;
        $this->note($text, $holds ? null : $expected ?? 'done or no_effect');
    }

    private function flood(Entry $step): void
    {
        [, $refused] = $this->pour($this->floodOf($step));
        if ($refused !== '') {
            $this->refused = $refused;
        }
        $this->note($refused === '' ? 'done' : "reject:$refused", $refused === '' ? null : 'done');
    }

    /** @var array{string, int, int} the last flood: prefix, issue time, count */
    private array $lastFlood = ['', 0, 0];

    /** @return array{string, int, int} */
    private function floodOf(Entry $step): array
    {
        if ($step->optional('prefix') !== null || $step->text('do') === 'flood') {
            $this->lastFlood = [
                $step->text('prefix'),
                $step->asInteger($step->member('iat'), 'iat'),
                $step->count('count'),
            ];
        }
        return $this->lastFlood;
    }

    /**
     * Receives and confirms all requests of a flood.
     *
     * @param array{string, int, int} $flood
     *
     * @return array{int, string} how many went well, and why the first of the others did not
     */
    private function pour(array $flood): array
    {
        [$prefix, $issuedAt, $count] = $flood;
        $store = $this->processes->store(0);
        $accepted = 0;
        $refused = '';
        for ($number = 0; $number < $count; $number++) {
            $request = $this->signer->request(self::FLOOD_BODY, sprintf('%s%06d', $prefix, $number), $issuedAt);
            [$received, $reason] = $this->receive($request, $store);
            if ($received !== null && $received->confirm()) {
                $accepted++;
            } elseif ($refused === '') {
                $refused = $reason !== '' ? $reason : 'replay.store_unavailable';
            }
        }
        return [$accepted, $refused];
    }

    private function switch(bool $isUp): void
    {
        $this->processes->switch($isUp);
        $this->note('-', null);
    }

    private function restart(): void
    {
        $this->processes->restart($this->refusesCold ? $this->clock->now() : null);
        $this->note('-', null);
    }

    /** Many processes receive one request at the same moment. */
    private function race(Entry $step): void
    {
        $request = $this->requests[$step->text('request')];
        $processes = max(1, $step->optional('processes') ?? 1);
        $stores = array_map($this->processes->store(...), range(0, $processes - 1));
        $expected = $step->count('expect_accepts');
        $accepted = 0;
        foreach (Race::run($step->count('count'), fn (int $number): string => $this->receive(
            $request,
            $stores[$number % $processes],
        )[1]) as $reason) {
            if ($reason === '') {
                $accepted++;
            } elseif (!in_array($reason, ['replay.in_progress', 'replay.duplicate'], true)) {
                $this->refused = $reason;
                $this->note("reject:$reason", "accepts:$expected");
                return;
            }
        }
        $this->count($accepted, $expected);
    }

    private function count(int $accepted, int $expected): void
    {
        $this->note("accepts:$accepted", $accepted === $expected ? null : "accepts:$expected");
    }

    /** @return array{?Received, string, int} what was received, or why not */
    private function receive(Request $request, Store $store): array
    {
        try {
            return [Trial::claim($this->verifier, $request, $store, $this->clock->now(), $this->piece), '', 0];
        } catch (WebhookRefused $refusal) {
            return [null, $refusal->reasonName, $refusal->getCode()];
        }
    }

    private function note(string $answer, ?string $expected): void
    {
        if ($expected !== null && $this->failed === null) {
            $this->failed = ['in step ' . count($this->answers) . " $expected", $answer];
        }
        $this->answers[] = $answer;
    }
}
