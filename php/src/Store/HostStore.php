<?php

declare(strict_types=1);

namespace Hookproof\Store;

use FFI\CData;
use Hookproof\Abi;
use Hookproof\Duplicates;
use Hookproof\Exception\CallException;
use Hookproof\Exception\ConfigException;
use Hookproof\Native;
use Hookproof\Refusals;
use Hookproof\Result;

/**
 * A store of your own. Each method is one atomic statement; what it throws makes the request `replay.store_unavailable`, with
 * the exception as the previous one of the refusal.
 *
 * A store must never forget an identity before its time, neither to make room nor for any other reason: caches that evict,
 * APCu among them, are no stores.
 */
abstract class HostStore extends Store
{
    private readonly Native $native;
    private readonly CData $handle;

    /**
     * @param string $namespace part of every key: 1 to 64 letters, digits, `-`, `_` or `.`. Programs that share it, and the
     *     server, protect each other
     *
     * @throws ConfigException
     */
    public function __construct(public readonly string $namespace = 'default')
    {
        $this->native = Native::get();
        [$status, $handle] = $this->native->newHostStore($namespace);
        $this->handle = $handle ?? throw new CallException(Refusals::sentence($this->native, $status), $status);
        if ($status !== Abi::OK) {
            throw new ConfigException($this->native->text($this->native->ffi->hookproof_store_error($handle)), $status);
        }
    }

    /**
     * Inserts the identity with its owner and the end of its lease, or takes it over if it is there, not done, and its lease
     * is over; else leaves it.
     */
    abstract protected function ask(Question $question, int $now): Answer;

    /** Marks the identity as done, if the owner has it. Whether it has. */
    abstract protected function confirm(string $identity, string $owner, int $now): bool;

    /** Makes the identity free again, if the owner has it and it is not done. Whether that was so. */
    abstract protected function release(string $identity, string $owner, int $now): bool;

    public function extent(): string
    {
        return $this->native->text($this->native->ffi->hookproof_store_extent($this->handle));
    }

    public function take(Result $result, Duplicates $duplicates, int $now, \Closure $clock): array
    {
        $slot = $this->native->claimSlot();
        $status = $this->native->ffi->hookproof_result_receive(
            $result->handle,
            $this->handle,
            $duplicates->value,
            $now,
            $slot,
        );
        $question = $this->settle($result, $status, $now, $clock);
        $replay = $this->native->text($this->native->ffi->hookproof_result_replay($result->handle));
        $claim = $replay !== 'claimed' ? null : new HostClaim(
            fn (int $now): bool => $this->confirm($question->identity, $question->owner, $now),
            fn (int $now): bool => $this->release($question->identity, $question->owner, $now),
        );
        return [$claim, $this->extent()];
    }

    public function record(Result $result, Duplicates $duplicates, int $now, \Closure $clock): string
    {
        $status = $this->native->ffi->hookproof_result_finish_once($result->handle, $this->handle, $duplicates->value, $now);
        $this->settle($result, $status, $now, $clock);
        return $this->extent();
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->native->ffi->hookproof_store_free($this->handle);
        }
    }

    /** Asks, and tells the library what was said. */
    private function settle(Result $result, int $status, int $now, \Closure $clock): Question
    {
        $native = $this->native;
        if ($status !== Abi::PENDING_REPLAY) {
            throw Refusals::of($native, $status, $result->handle);
        }
        $question = new Question(
            $native->text($native->ffi->hookproof_result_replay_identity($result->handle)),
            $native->text($native->ffi->hookproof_result_replay_owner($result->handle)),
            $native->ffi->hookproof_result_replay_lease_seconds($result->handle),
            $native->ffi->hookproof_result_replay_keep_seconds($result->handle),
        );
        $failure = null;
        try {
            $answer = $this->ask($question, $now);
        } catch (\Throwable $failure) {
            $answer = Answer::Unavailable;
        }
        $status = $native->ffi->hookproof_result_answer_replay($result->handle, $answer->value, $clock());
        if ($status !== Abi::OK) {
            throw Refusals::of($native, $status, $result->handle, $failure);
        }
        return $question;
    }
}
