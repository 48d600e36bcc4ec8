<?php

/** A handler that ends in the way that the path names. */

declare(strict_types=1);

use Hookproof\Keyring;
use Hookproof\Received;
use Hookproof\Store\FileStore;
use Hookproof\Verifier;

require __DIR__ . '/../../autoload.php';

ini_set('display_errors', '1');
ini_set('memory_limit', '32M');
$verifier = new Verifier(Keyring::fromJson(file_get_contents(getenv('HOOKPROOF_KEYRING'))));
$store = new FileStore(substr(getenv('HOOKPROOF_REPLAY'), strlen('file:')), budgetMs: 10000);
$log = static function (string $line): void {
    file_put_contents(getenv('LOG'), "$line\n", FILE_APPEND);
    if ($_SERVER['REQUEST_URI'] === '/deaf') {
        throw new LogicException('the log is full');
    }
};
$verifier->handleGlobals($store, static function (Received $received): string|array|int|null {
    echo 'printed ';
    switch ($_SERVER['REQUEST_URI']) {
        case '/exit':
            exit('bye');
        case '/confirm-and-exit':
            $received->confirm();
            exit('bye');
        case '/fatal':
            str_repeat('x', 1 << 30);
            return 'never';
        case '/exhausted':
            for ($all = [];; ) {
                $all[] = new ArrayObject();
            }
        case '/length':
            header('Content-Length: 1000');
            throw new DomainException('away');
        case '/kept-buffer':
            ob_start(null, 0, 0);
            throw new DomainException('away');
        case '/deaf':
            throw new DomainException('away');
        case '/flushed':
            while (ob_get_level() > 0) {
                ob_end_flush();
            }
            flush();
            throw new DomainException('away');
        case '/undefined':
            return undefined_function();
        case '/500':
            http_response_code(500);
            return null;
        case '/422':
            return 422;
        case '/array':
            return ['jti' => $received->webhook->jti()];
        case '/broken-json':
            return ["\xFF"];
        default:
            return 'returned';
    }
}, log: $log);
