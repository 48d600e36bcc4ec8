<?php

/**
 * Loads the classes of this package where there is no Composer.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Hookproof\\')) {
        $file = __DIR__ . '/src/' . strtr(substr($class, strlen('Hookproof\\')), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
