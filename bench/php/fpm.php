<?php

/**
 * Measures one request under PHP-FPM, where nothing is warm but PHP's caches, in each setting of FFI: rows for bench/run.
 */

declare(strict_types=1);

require __DIR__ . '/sample.php';

const REQUESTS = 400;
const WARM_UP = 40;

[$secrets, $header, $body] = sample();
foreach (['preload' => 'PHP-FPM request, preloaded', 'true' => 'PHP-FPM request, ffi.enable=true'] as $ffi => $what) {
    $serve = proc_open(
        [__DIR__ . '/../../examples/php/serve', '--keyring', '/dev/null', '--workers', '1', '--ffi', $ffi, '--script', __DIR__ . '/request.php'],
        [['file', '/dev/null', 'r'], ['pipe', 'w'], STDERR],
        $pipes,
    );
    try {
        if (preg_match('/^listening on (\S+)$/', (string) fgets($pipes[1]), $found) !== 1) {
            throw new RuntimeException('serve did not start');
        }
        $ours = $theirs = $ratios = [];
        for ($number = 0; $number < REQUESTS; $number++) {
            $context = stream_context_create(['http' => [
                'method' => 'POST',
                'header' => 'Content-Type: application/octet-stream',
                'content' => base64_encode(serialize([$secrets['acc00042'], $header, $body, $number % 2 === 0])),
            ]]);
            $answer = json_decode((string) file_get_contents("http://$found[1]/", false, $context), true, flags: JSON_THROW_ON_ERROR);
            if ($number >= WARM_UP) {
                [$ours[], $theirs[]] = $answer;
                $ratios[] = $answer[1] / $answer[0];
            }
        }
    } finally {
        proc_terminate($serve);
        proc_close($serve);
    }
    sort($ours);
    sort($theirs);
    sort($ratios);
    $half = intdiv(count($ratios), 2);
    $quarter = intdiv(count($ratios), 4);
    printf(
        "%s\t%.0f ns\tby hand %.0f ns\t%.3f\t%.3f .. %.3f\t-\t-\t-\n",
        $what,
        $ours[$half],
        $theirs[$half],
        $ratios[$half],
        $ratios[$quarter],
        $ratios[count($ratios) - 1 - $quarter],
    );
}
