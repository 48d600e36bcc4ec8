<?php

declare(strict_types=1);

namespace Hookproof;

use FFI\CData;
use Hookproof\Event\Event;
use Hookproof\Exception\CallException;
use Hookproof\Exception\PayloadRefused;

/** Proof that a request passed every check. Everything it tells is covered by the signature. */
final class Webhook
{
    use NotCopied;

    private ?Event $event = null;

    private string $extent = 'not checked';

    /** Frees the handle; without one this does. */
    private ?Result $owner = null;

    /** @internal */
    public function __construct(
        private readonly Native $native,
        private readonly CData $handle,
        /** The raw body; null where it was streamed and never kept. */
        #[\SensitiveParameter] private readonly ?string $body,
    ) {
    }

    /** @internal */
    public static function of(Result $result, #[\SensitiveParameter] ?string $body, ?string $extent = null): self
    {
        $webhook = new self($result->native, $result->handle, $body);
        $webhook->owner = $result;
        $webhook->extent = $extent ?? $webhook->extent;
        return $webhook;
    }

    public function __destruct()
    {
        if ($this->owner === null) {
            $this->native->ffi->hookproof_result_free($this->handle);
        }
    }

    /** The account: the claim api_key, or the route with a profile that chooses the secret by it. */
    public function apiKey(): string
    {
        return $this->text('api_key');
    }

    /** The unique id of the token. */
    public function jti(): string
    {
        return $this->text('jti');
    }

    /** The claim iat, in Unix seconds. */
    public function issuedAt(): int
    {
        return $this->native->ffi->hookproof_result_issued_at($this->handle);
    }

    /** Seconds from iat to the check; negative when the token came from the future, within the leeway. */
    public function ageSeconds(): ?int
    {
        return $this->native->age($this->handle);
    }

    public function applicationId(): ?string
    {
        $id = $this->text('application_id');
        return $id === '' ? null : $id;
    }

    /**
     * All claims.
     *
     * @return array<string, mixed>
     */
    public function claims(): array
    {
        return json_decode($this->claimsJson(), true, 64, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
    }

    /** All claims, as the JSON text that was signed. */
    public function claimsJson(): string
    {
        return $this->text('claims_json');
    }

    /** The label of the secret that signed the token. */
    public function keyLabel(): string
    {
        return $this->text('key_label');
    }

    /** Which keyring of the verifier judged it: 1 for the first; null for one that came with the call. */
    public function keyringGeneration(): ?int
    {
        return $this->native->ffi->hookproof_result_keyring_generation($this->handle) ?: null;
    }

    /** What the signature covered: `body`, `query` or another form. */
    public function payloadForm(): string
    {
        return $this->text('payload_form');
    }

    /** The raw body; null where it was streamed and never kept. */
    public function body(): ?string
    {
        return $this->body;
    }

    /**
     * The decoded parameters of a GET in their order, which are what its signature covers: use them, and not $_GET. Empty
     * for a request with a body.
     *
     * @return list<array{string, string}>
     */
    public function query(): array
    {
        $native = $this->native;
        $pairs = [];
        for ($index = 0; $index < $native->ffi->hookproof_result_query_count($this->handle); $index++) {
            $pairs[] = [
                $native->text($native->ffi->hookproof_result_query_name($this->handle, $index)),
                $native->text($native->ffi->hookproof_result_query_value($this->handle, $index)),
            ];
        }
        return $pairs;
    }

    public function queryValue(string $name): ?string
    {
        foreach ($this->query() as [$found, $value]) {
            if ($found === $name) {
                return $value;
            }
        }
        return null;
    }

    /** What is known about repeats: `not_checked`, `claimed`, `recorded`, `duplicate` or `unavailable`. */
    public function replay(): string
    {
        return $this->text('replay');
    }

    /** What the store that was asked covers, in words; `not checked` without one. */
    public function replayExtent(): string
    {
        return $this->extent;
    }

    /** A repeat of what is done, handed on to be answered again: do not do the work again. */
    public function isDuplicate(): bool
    {
        return $this->native->ffi->hookproof_result_is_duplicate($this->handle);
    }

    /** What the webhook says, as typed values. Of a streamed body: see readEvent(). */
    public function event(): Event
    {
        if ($this->body === null) {
            throw new CallException('the body was streamed and not kept: call readEvent() with it');
        }
        return $this->event ??= $this->readEvent($this->body);
    }

    /**
     * The event of a streamed body, given again: it is hashed and compared, so that nothing unverified can be read.
     *
     * @throws PayloadRefused if it is another body
     */
    public function readEvent(#[\SensitiveParameter] string $body): Event
    {
        $native = $this->native;
        [$status, $event] = $native->newEvent($this->handle, $body);
        if ($event === null) {
            $reason = Reason::ofCode($status);
            throw $reason === Reason::PayloadMismatch
                ? new PayloadRefused(
                    'payload.mismatch: this is not the body that was verified',
                    $status,
                    $reason,
                    $reason->value,
                    $native->ffi->hookproof_status_http_status($status),
                    true,
                    $native->ffi->hookproof_result_retry_after(null) ?: null,
                    $reason->hint(),
                    null,
                    null,
                    null,
                    null,
                    [],
                )
                : new CallException(Refusals::sentence($native, $status), $status);
        }
        return Event::take($native, $event);
    }

    private function text(string $what): string
    {
        $native = $this->native;
        return $native->text($native->ffi->{"hookproof_result_$what"}($this->handle));
    }
}
