<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Exception\StoreException;
use Hookproof\NotCopied;

/**
 * A claim in a store that PHP asks.
 *
 * @internal
 */
final class HostClaim implements Claim
{
    use NotCopied;

    /** What a call has made of it: `confirmed`, `released` or `lost`. */
    private ?string $ended = null;

    /**
     * @param \Closure(int): bool $confirm
     * @param \Closure(int): bool $release
     */
    public function __construct(private readonly \Closure $confirm, private readonly \Closure $release)
    {
    }

    public function isOpen(): bool
    {
        return $this->ended === null;
    }

    public function confirm(int $now): bool
    {
        return $this->ended === null ? $this->end('confirmed', $this->confirm, $now) : $this->ended === 'confirmed';
    }

    public function release(int $now): bool
    {
        return $this->ended === null && $this->end('released', $this->release, $now);
    }

    private function end(string $how, \Closure $statement, int $now): bool
    {
        try {
            $effect = $statement($now);
        } catch (\Throwable $failure) {
            // Without its text, which may hold what belongs to the application.
            throw new StoreException('the store did not answer (' . $failure::class . ')', 0, $failure);
        }
        $this->ended = $effect ? $how : 'lost';
        return $effect;
    }
}
