<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Exception\StoreException;

/**
 * The right to work on one request.
 *
 * @internal
 */
interface Claim
{
    public function isOpen(): bool;

    /** @throws StoreException */
    public function confirm(int $now): bool;

    /** @throws StoreException */
    public function release(int $now): bool;
}
