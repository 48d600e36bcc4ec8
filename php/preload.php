<?php

/**
 * For `opcache.preload`: PHP then allows this package, and no other script, to use FFI under the default `ffi.enable=preload`.
 * The library itself is named in the file of `ffi.preload`, which `hookproof-php header` writes.
 *
 * Only the class that touches FFI must be preloaded; the rest is loaded as it is needed, from the cache.
 */

declare(strict_types=1);

require_once __DIR__ . '/src/NotCopied.php';
require_once __DIR__ . '/src/Native.php';
