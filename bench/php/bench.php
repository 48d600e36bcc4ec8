<?php

/**
 * Measures the package with a warm handle against the verifier of hand.php, in interleaved rounds: rows of tabs for bench/run.
 */

declare(strict_types=1);

use Hookproof\Request;
use Hookproof\Verifier;

require __DIR__ . '/sample.php';

const ROUNDS = 101;
const SLICE_NS = 2_000_000;

/** Nanoseconds of one call, over a slice of them. */
function slice(Closure $call): float
{
    static $calls = [];
    $key = spl_object_id($call);
    $count = $calls[$key] ?? 16;
    $start = hrtime(true);
    for ($number = 0; $number < $count; $number++) {
        $call();
    }
    $each = (hrtime(true) - $start) / $count;
    $calls[$key] = max(1, (int) (SLICE_NS / $each));
    return $each;
}

function median(array $values): float
{
    sort($values);
    return $values[intdiv(count($values), 2)];
}

function row(string $what, array $ours, string $peer, array $theirs, ?float $bar): void
{
    $ratios = array_map(static fn (float $our, float $their): float => $their / $our, $ours, $theirs);
    sort($ratios);
    $ratio = median($ratios);
    $quarter = intdiv(count($ratios), 4);
    printf(
        "%s\t%.0f ns\t%s %.0f ns\t%.3f\t%.3f .. %.3f\t%s\t-\t%s\n",
        $what,
        median($ours),
        $peer,
        median($theirs),
        $ratio,
        $ratios[$quarter],
        $ratios[count($ratios) - 1 - $quarter],
        $bar === null ? '-' : ">= $bar",
        $bar === null ? '-' : ($ratio >= $bar ? 'yes' : 'NO'),
    );
}

[$secrets, $header, $body] = sample();
$verifier = new Verifier($secrets);
$hand = new HandVerifier($secrets);
$large = '{"x":"' . str_repeat('x', 65536 - 8) . '"}';
$largeHeader = (new Hookproof\Testing\Signer('acc00042', $secrets['acc00042']))->sign($large, 'large', SAMPLE_NOW);

$candidates = [
    'ours' => static fn (): object => $verifier->verify(new Request($body, $header), now: SAMPLE_NOW),
    'by hand' => static fn (): array => $hand->verify($header, $body, SAMPLE_NOW) ?? throw new LogicException('refused'),
    'read' => static fn (): string => $verifier->verify(new Request($body, $header), now: SAMPLE_NOW)->apiKey(),
    'ours, large' => static fn (): object => $verifier->verify(new Request($large, $largeHeader), now: SAMPLE_NOW),
    'by hand, large' => static fn (): array => $hand->verify($largeHeader, $large, SAMPLE_NOW) ?? throw new LogicException('refused'),
];
$times = array_fill_keys(array_keys($candidates), []);
$names = array_keys($candidates);
foreach ($candidates as $call) {
    slice($call);
    slice($call);
}
for ($round = 0; $round < ROUNDS; $round++) {
    foreach ($names as $name) {
        $times[$name][] = slice($candidates[$name]);
    }
    $names[] = array_shift($names);
}
row('PHP, warm handle', $times['ours'], 'by hand', $times['by hand'], 3);
row('PHP, and its api_key read', $times['read'], 'by hand', $times['by hand'], null);
row('PHP, 64 KiB body', $times['ours, large'], 'by hand', $times['by hand, large'], null);
