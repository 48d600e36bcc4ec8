<?php

declare(strict_types=1);

require __DIR__ . '/../autoload.php';
// Debian's packages of the libraries that the glue is for.
require '/usr/share/php/Nyholm/Psr7/autoload.php';
require '/usr/share/php/Symfony/Component/HttpFoundation/autoload.php';
require '/usr/share/php/Symfony/Component/HttpKernel/autoload.php';
require '/usr/share/php/Symfony/Component/EventDispatcher/autoload.php';
require '/usr/share/php/Predis/autoload.php';
// The interfaces that Debian has no package of.
require __DIR__ . '/stubs/interfaces.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . strtr(substr($class, strlen('Hookproof\\Tests\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'Hookproof\\Tests\\') && is_file($file)) {
        require $file;
    }
});
