<?php

/**
 * Runs vector files through the PHP package, as every other language does through its own interface.
 *
 *     php conformance.php [--json] FILE...
 *
 * Prints a line for each failing case and the sums of each file, or with --json one object for each case. Exit status: 0 all
 * passed, 1 a case failed or a format is not known, 2 usage, 3 a file could not be read.
 */

declare(strict_types=1);

use Hookproof\Tests\Conformance\Run;

require __DIR__ . '/../autoload.php';
spl_autoload_register(static function (string $class): void {
    $prefix = 'Hookproof\\Tests\\Conformance\\';
    if (str_starts_with($class, $prefix)) {
        require __DIR__ . '/conformance/' . substr($class, strlen($prefix)) . '.php';
    }
});

ini_set('memory_limit', '1G');
$files = array_slice($argv, 1);
$asJson = ($files[0] ?? '') === '--json';
if ($asJson) {
    array_shift($files);
}
if ($files === []) {
    fwrite(STDERR, "usage: conformance.php [--json] FILE...\n");
    exit(2);
}
exit((new Run($asJson))->files($files));
