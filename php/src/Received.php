<?php

declare(strict_types=1);

namespace Hookproof;

use Hookproof\Exception\StoreException;
use Hookproof\Store\Claim;

/** A request that passed every check and is claimed: do the work, then confirm or release. */
final class Received
{
    use NotCopied;

    /** Why the claim could not be ended, after the work: the answer was sent all the same. */
    public ?StoreException $storeFailure = null;

    private ?int $httpStatus = null;
    private bool $isConfirmed = false;

    /** @internal */
    public function __construct(
        /** The proof, and what the webhook says. */
        public readonly Webhook $webhook,
        private readonly ?Claim $claim,
        private readonly \Closure $clock,
    ) {
    }

    /** Whether the request is claimed and the claim has not been ended. The lease may be over all the same. */
    public function isOpen(): bool
    {
        return $this->claim?->isOpen() ?? false;
    }

    /**
     * Says which HTTP status the request is answered with. Other than 200 to 205, the claim is released at the end of the
     * work: it has failed.
     */
    public function answer(int $httpStatus): void
    {
        $this->httpStatus = $httpStatus;
    }

    /**
     * The work is done: a repeat is a duplicate from now on. False: the lease was over and another owner has the request, or
     * there is no claim; answer as if all were well, and count it.
     *
     * @throws StoreException if the store did not answer: the work is done, so send the answer
     */
    public function confirm(): bool
    {
        return $this->isConfirmed = $this->claim?->confirm(($this->clock)()) ?? false;
    }

    /** Whether confirm() has taken effect. */
    public function isConfirmed(): bool
    {
        return $this->isConfirmed;
    }

    /**
     * The work failed: the sender's retry shall be worked on. False: the claim had ended before, or there was none.
     *
     * @throws StoreException if the store did not answer: the claim ends with its lease
     */
    public function release(): bool
    {
        return $this->claim?->release(($this->clock)()) ?? false;
    }

    /**
     * Does the work, and ends the claim by its outcome.
     *
     * @template T
     *
     * @param callable(self): T $work
     *
     * @return T
     */
    public function run(callable $work): mixed
    {
        try {
            $value = $work($this);
        } catch (\Throwable $failure) {
            $this->end(false);
            throw $failure;
        }
        $this->end($this->httpStatus === null || in_array($this->httpStatus, Abi::PROCESSED, true));
        return $value;
    }

    /**
     * Confirms, or releases; what goes wrong with that does not stop the answer, and is kept.
     *
     * @internal
     */
    public function end(bool $isDone): void
    {
        if (!$this->isOpen()) {
            return;
        }
        try {
            $effect = $isDone ? $this->confirm() : $this->release();
            if (!$effect) {
                error_log('hookproof: a claim\'s lease was over before its work: another request may have done it too'
                    . ' (raise lease)');
            }
        } catch (StoreException $failure) {
            $this->storeFailure = $failure;
            error_log('hookproof: a claim could not be ended, its lease will: ' . $failure->getMessage());
        }
    }
}
