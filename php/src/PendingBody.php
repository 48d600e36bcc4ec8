<?php

declare(strict_types=1);

namespace Hookproof;

use Hookproof\Exception\WebhookRefused;
use Hookproof\Store\Store;

use function strlen;

/** A request whose head has passed and whose body is on its way. It never holds the body. */
final class PendingBody
{
    use NotCopied;

    /** @internal */
    public function __construct(private readonly Result $result, private readonly \Closure $clock)
    {
    }

    /** The label of the secret that signed the token. */
    public function keyLabel(): string
    {
        $native = $this->result->native;
        return $native->text($native->ffi->hookproof_result_key_label($this->result->handle));
    }

    /**
     * Takes the next bytes.
     *
     * @throws WebhookRefused once the body is larger than the verifier allows
     */
    public function update(#[\SensitiveParameter] string $chunk): void
    {
        $native = $this->result->native;
        $status = $native->ffi->hookproof_result_update($this->result->handle, $chunk, strlen($chunk));
        if ($status !== Abi::PENDING_BODY) {
            throw Refusals::of($native, $status, $this->result->handle);
        }
    }

    /**
     * Judges the body, and the age once more. No store is asked: the request may be a repeat.
     *
     * @throws WebhookRefused
     */
    public function finish(?int $now = null): Webhook
    {
        return Webhook::of($this->judged($now ?? ($this->clock)()), null);
    }

    /**
     * Judges the body, claims the request and calls `$work`: see Verifier::receive().
     *
     * @template T
     *
     * @param callable(Received): T $work
     *
     * @return T
     *
     * @throws WebhookRefused
     */
    public function receive(
        Store $store,
        callable $work,
        Duplicates $duplicates = Duplicates::Refuse,
        ?int $now = null,
    ): mixed {
        return $this->claim($store, $duplicates, $now)->run($work);
    }

    /**
     * Judges the body and claims the request: see Verifier::claim(). `$body`: what was fed, if it was kept, so that the
     * webhook has it.
     *
     * @throws WebhookRefused
     */
    public function claim(
        Store $store,
        Duplicates $duplicates = Duplicates::Refuse,
        ?int $now = null,
        #[\SensitiveParameter] ?string $body = null,
    ): Received {
        $time = $now ?? ($this->clock)();
        $result = $this->judged($time);
        [$claim, $extent] = $store->take($result, $duplicates, $time, $now === null ? $this->clock : static fn (): int => $now);
        return new Received(Webhook::of($result, $body, $extent), $claim, $this->clock);
    }

    /**
     * Judges the body and records the request as done: see Verifier::verifyOnce().
     *
     * @throws WebhookRefused
     */
    public function finishOnce(Store $store, Duplicates $duplicates = Duplicates::Refuse, ?int $now = null): Webhook
    {
        $time = $now ?? ($this->clock)();
        $result = $this->judged($time);
        $extent = $store->record($result, $duplicates, $time, $now === null ? $this->clock : static fn (): int => $now);
        return Webhook::of($result, null, $extent);
    }

    private function judged(int $now): Result
    {
        $native = $this->result->native;
        $status = $native->ffi->hookproof_result_finish($this->result->handle, $now);
        if ($status !== Abi::OK) {
            throw Refusals::of($native, $status, $this->result->handle);
        }
        return $this->result;
    }
}
