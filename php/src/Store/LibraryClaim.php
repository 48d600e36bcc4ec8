<?php

declare(strict_types=1);

namespace Hookproof\Store;

use FFI\CData;
use Hookproof\Abi;
use Hookproof\Exception\StoreException;
use Hookproof\Native;
use Hookproof\NotCopied;

/**
 * A claim in a store of the library.
 *
 * @internal
 */
final class LibraryClaim implements Claim
{
    use NotCopied;

    public function __construct(private readonly Native $native, private readonly CData $handle)
    {
    }

    public function isOpen(): bool
    {
        return $this->native->ffi->hookproof_claim_is_open($this->handle);
    }

    public function confirm(int $now): bool
    {
        return $this->done($this->native->ffi->hookproof_claim_confirm($this->handle, $now));
    }

    public function release(int $now): bool
    {
        return $this->done($this->native->ffi->hookproof_claim_release($this->handle, $now));
    }

    public function __destruct()
    {
        $this->native->ffi->hookproof_claim_free($this->handle);
    }

    private function done(int $status): bool
    {
        if ($status !== Abi::OK && $status !== Abi::NO_EFFECT) {
            throw new StoreException($this->native->text($this->native->ffi->hookproof_claim_error($this->handle)), $status);
        }
        return $status === Abi::OK;
    }
}
