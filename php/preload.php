<?php

/**
 * For `opcache.preload`: PHP then allows this package, and no other script, to use FFI under the default `ffi.enable=preload`,
 * and has its classes at hand at each request. The library itself is named in the file of `ffi.preload`, which
 * `hookproof-php header` writes.
 *
 * What is for a framework is not preloaded: its interfaces are not there yet.
 */

declare(strict_types=1);

require_once __DIR__ . '/autoload.php';

foreach (['', 'Exception/', 'Store/', 'Event/'] as $folder) {
    foreach (glob(__DIR__ . "/src/$folder*.php") ?: [] as $file) {
        // That of Predis has an argument of its type.
        if (basename($file) !== 'PredisClient.php') {
            require_once $file;
        }
    }
}
