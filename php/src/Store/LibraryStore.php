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
 * A store that the library asks itself.
 *
 * @internal
 */
abstract class LibraryStore extends Store
{
    protected readonly Native $native;
    protected readonly CData $handle;

    /** @param array{int, ?CData} $made */
    protected function own(Native $native, array $made): void
    {
        [$status, $handle] = $made;
        $this->native = $native;
        $this->handle = $handle ?? throw new CallException(Refusals::sentence($native, $status), $status);
        if ($status !== Abi::OK) {
            throw new ConfigException($native->text($native->ffi->hookproof_store_error($handle)), $status);
        }
    }

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
        $claim = $slot[0] === null ? null : new LibraryClaim($this->native, $slot[0]);
        if ($status !== Abi::OK) {
            throw Refusals::of($this->native, $status, $result->handle);
        }
        return [$claim, $this->extent()];
    }

    public function record(Result $result, Duplicates $duplicates, int $now, \Closure $clock): string
    {
        $status = $this->native->ffi->hookproof_result_finish_once($result->handle, $this->handle, $duplicates->value, $now);
        if ($status !== Abi::OK) {
            throw Refusals::of($this->native, $status, $result->handle);
        }
        return $this->extent();
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->native->ffi->hookproof_store_free($this->handle);
        }
    }
}
