<?php

/**
 * A webhook server in PHP, to start from: the one script that nginx hands every request to. serve runs it behind nginx and
 * PHP-FPM, with nginx.conf and fpm.conf beside it.
 *
 *     HOOKPROOF_KEYRING   the keyring, as JSON
 *     HOOKPROOF_REPLAY    file:PATH, or redis://HOST:PORT
 *     REPLAY_BUDGET       how long a file may take for one answer, in milliseconds; 50 unless given
 *     LEASE               how long a request is a worker's, in seconds: longer than any work takes; 30 unless given
 *     FAIL_WHILE          while this file is there the work fails; JOURNAL and LOG are where the work and the answers are noted
 */

declare(strict_types=1);

use Hookproof\Duplicates;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Keyring;
use Hookproof\Received;
use Hookproof\Store\FileStore;
use Hookproof\Store\RedisStore;
use Hookproof\Store\Store;
use Hookproof\Verifier;

require __DIR__ . '/../../php/autoload.php'; // with Composer: vendor/autoload.php

/** Which requests were there, for all workers of this machine or of many. */
function store(string $where): Store
{
    if (str_starts_with($where, 'file:')) {
        return new FileStore(substr($where, strlen('file:')), budgetMs: (int) getenv('REPLAY_BUDGET') ?: null);
    }
    $redis = new Redis();
    // A store that is away must not hold up requests: half a second to connect, and for each answer.
    $redis->connect((string) parse_url($where, PHP_URL_HOST), (int) parse_url($where, PHP_URL_PORT), 0.5, null, 0, 0.5);
    return new RedisStore($redis, 'hookproof');
}

/** Where your work goes. An exception releases the claim, and the sender tries again. */
function handle(Received $received): ?string
{
    $webhook = $received->webhook;
    $content = path() === '/voice/answer' ? '[{"action":"talk","text":"Hello"}]' : null;
    if ($webhook->isDuplicate()) {
        return $content;
    }
    if (is_file((string) getenv('FAIL_WHILE'))) {
        throw new RuntimeException('the database is away');
    }
    usleep(1000 * (int) getenv('WORK_MS'));
    note('JOURNAL', "handled {$webhook->jti()}");
    return $content;
}

function path(): string
{
    return explode('?', $_SERVER['REQUEST_URI'], 2)[0];
}

/** One write, so that the lines of several workers do not mix. */
function note(string $where, string $line): void
{
    $file = getenv($where);
    if (is_string($file) && $file !== '') {
        file_put_contents($file, "$line\n", FILE_APPEND);
    }
}

$label = preg_replace('/[^\x21-\x7E]/', '?', "{$_SERVER['REQUEST_METHOD']} ") . preg_replace('/[^\x21-\x7E]/', '?', path());
$log = static function (string $line, ?Throwable $failure = null) use ($label): void {
    [$status, $name] = $failure instanceof WebhookRefused
        ? [$failure->httpStatus, $failure->reasonName]
        : [503, 'handler.failed'];
    note('LOG', "server: $status $name $label (body bytes): $line");
};

try {
    $verifier = new Verifier(
        Keyring::fromJson((string) file_get_contents((string) getenv('HOOKPROOF_KEYRING'))),
        lease: (int) getenv('LEASE') ?: null,
    );
    $store = store((string) getenv('HOOKPROOF_REPLAY'));
} catch (Throwable $failure) {
    // A mistake of ours must not cost a message: the sender keeps it.
    http_response_code(503);
    header('Retry-After: 5');
    $log($failure->getMessage(), $failure);
    exit;
}

$received = null;
$isAccepted = $verifier->handleGlobals(
    $store,
    static function (Received $given) use (&$received): ?string {
        $received = $given;
        return handle($given);
    },
    // A Voice answer has content, which a retry must get again.
    duplicates: path() === '/voice/answer' ? Duplicates::HandOn : Duplicates::Refuse,
    log: $log,
);
if ($isAccepted) {
    $webhook = $received->webhook;
    $size = strlen((string) $webhook->body());
    note('LOG', "server: 200 ok $label ($size body bytes, {$webhook->replay()}): accepted");
    if ($received->isConfirmed()) {
        note('JOURNAL', "confirmed {$webhook->jti()}");
    }
}
