<?php

/** Where the package's library came from, and what becomes of a script that wants to use FFI by itself. */

declare(strict_types=1);

require __DIR__ . '/../../autoload.php';

echo Hookproof\Native::get()->origin, ', ';
try {
    FFI::cdef('int getpid(void);');
    echo 'allowed';
} catch (Throwable $failure) {
    echo $failure::class;
}
