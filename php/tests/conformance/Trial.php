<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Exception\ConfigException;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Keyring;
use Hookproof\Reason;
use Hookproof\Received;
use Hookproof\Request;
use Hookproof\Secret;
use Hookproof\Store\MemoryStore;
use Hookproof\Store\Store;
use Hookproof\Testing\Signer;
use Hookproof\Verifier;

/** A request, and what it is judged by; no verifier where its configuration is refused. */
final readonly class Trial
{
    /** The smallest pieces, one that divides nothing, and the whole body. */
    public const CHUNKS = [1, 7, PHP_INT_MAX];

    private const LARGE_BODY = 65536;
    private const LARGE_PIECE = 4097;

    /** @param list<array{string, string}> $seen */
    public function __construct(
        public ?Verifier $verifier,
        public Request $request,
        public int $now,
        public array $seen = [],
    ) {
    }

    /**
     * @param array<array-key, list<string>> $accounts
     * @param array<string, mixed> $options
     */
    public static function verifier(array $accounts, ?string $applicationId, array $options): ?Verifier
    {
        try {
            $rings = [];
            $applications = [];
            foreach ($accounts as $apiKey => $secrets) {
                foreach ($secrets as $number => $secret) {
                    $rings[$apiKey][] = new Secret("key-$number", $secret);
                }
                if ($secrets !== [] && $applicationId !== null) {
                    $applications[$apiKey] = $applicationId;
                }
            }
            return new Verifier(new Keyring($rings, $applications), ...$options);
        } catch (ConfigException) {
            return null;
        }
    }

    /** Judges it in every way there is. */
    public function finding(string $id, Expectation $expectation, bool $isDisputed): Finding
    {
        [$reason, $code] = $this->answer(null);
        foreach ($this->verifier === null ? [] : self::CHUNKS as $piece) {
            [$other] = $this->answer($piece);
            if ($other !== $reason) {
                $got = sprintf('one-shot %s, streamed in pieces of %d %s', $reason ?: 'ok', $piece, $other ?: 'ok');
                $verdict = $reason === '' ? 'accept' : 'reject';
                return new Finding($id, $verdict, $reason, 'failed', 'one verdict in every way', $got);
            }
        }
        [$verdict, $got] = $reason === '' ? ['accept', 'accept'] : ['reject', 'reject ' . Word::of($reason) . " ($reason)"];
        return match (true) {
            $isDisputed => new Finding($id, $verdict, $reason, 'disputed'),
            $expectation->holds($reason, $code) => new Finding($id, $verdict, $reason),
            default => new Finding($id, $verdict, $reason, 'failed', (string) $expectation, $got),
        };
    }

    /** Receives a request whole, or streamed in pieces. */
    public static function claim(Verifier $verifier, Request $request, Store $store, int $now, ?int $piece): Received
    {
        return $piece === null
            ? $verifier->claim($request, $store, now: $now)
            : self::stream($verifier, $request, $now, $piece)->claim($store, now: $now);
    }

    /** @return array{string, int} the reason, empty when accepted, and its number */
    private function answer(?int $piece): array
    {
        if ($this->verifier === null) {
            return ['config_error', 0];
        }
        try {
            if ($this->seen !== []) {
                self::claim($this->verifier, $this->request, $this->store(), $this->now, $piece);
            } elseif ($piece === null) {
                $this->verifier->verify($this->request, now: $this->now);
            } else {
                self::stream($this->verifier, $this->request, $this->now, $piece)->finish($this->now);
            }
            return ['', 0];
        } catch (WebhookRefused $refusal) {
            return [$refusal->reasonName, $refusal->getCode()];
        }
    }

    private static function stream(Verifier $verifier, Request $request, int $now, int $piece): \Hookproof\PendingBody
    {
        $length = strlen($request->body);
        if ($piece === 1 && $length > self::LARGE_BODY) {
            $piece = self::LARGE_PIECE;
        }
        // A body in one piece comes with its length, the others without: both are ways of their own.
        $pending = $verifier->begin($request, $piece >= $length ? $length : null, now: $now);
        for ($start = 0; $start < $length; $start += $piece) {
            $pending->update(substr($request->body, $start, $piece));
            if ($piece >= $length) {
                break;
            }
        }
        return $pending;
    }

    /** A store that has seen what the case says: webhooks of these identities, from a signer of their own. */
    private function store(): MemoryStore
    {
        $store = new MemoryStore(count($this->seen) + 1);
        foreach ($this->seen as [$apiKey, $jti]) {
            try {
                $signer = new Signer($apiKey, 'seen', clock: fn (): int => $this->now);
                // The widest window, so that nothing of it is forgotten meanwhile.
                $verifier = new Verifier([$apiKey => 'seen'], maxAge: 7 * 24 * 3600);
                $verifier->verifyOnce($signer->request('', $jti), $store, now: $this->now);
            } catch (ConfigException | WebhookRefused) {
                // An identity that is there already, or that no webhook can have: its refusal is not the case's.
            }
        }
        return $store;
    }
}
