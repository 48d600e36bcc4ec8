<?php

declare(strict_types=1);

namespace Hookproof;

use FFI\CData;

/**
 * The owner of a result of the library.
 *
 * @internal
 */
final class Result
{
    use NotCopied;

    public function __construct(public readonly Native $native, public readonly CData $handle)
    {
    }

    public function __destruct()
    {
        $this->native->ffi->hookproof_result_free($this->handle);
    }
}
