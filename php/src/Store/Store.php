<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Duplicates;
use Hookproof\Exception\WebhookRefused;
use Hookproof\NotCopied;
use Hookproof\Result;

/**
 * Remembers which requests were there, so that one that comes twice is worked on once. It never forgets to make room; when
 * it is full it refuses.
 *
 * FileStore serves the processes of one machine, such as the workers of PHP-FPM; RedisStore and PdoStore many machines;
 * MemoryStore the life of one process. Your own is a HostStore.
 */
abstract class Store
{
    use NotCopied;

    /** What the store covers, in words for a log at start-up. */
    abstract public function extent(): string;

    /**
     * @internal
     *
     * @param \Closure(): int $clock the time of the answer
     *
     * @return array{?Claim, string} the claim, if there is one, and the extent
     *
     * @throws WebhookRefused
     */
    abstract public function take(Result $result, Duplicates $duplicates, int $now, \Closure $clock): array;

    /**
     * At most once.
     *
     * @internal
     *
     * @param \Closure(): int $clock the time of the answer
     *
     * @return string the extent
     *
     * @throws WebhookRefused
     */
    abstract public function record(Result $result, Duplicates $duplicates, int $now, \Closure $clock): string;
}
