<?php

/**
 * One request under PHP-FPM, where every request makes its own verifier: nanoseconds of ours and of the one by hand, from
 * nothing to the verdict. The half of the requests begins with the one, the other half with the other.
 */

declare(strict_types=1);

use Hookproof\Request;
use Hookproof\Verifier;

[$secret, $header, $body, $isFirst] = unserialize(base64_decode(file_get_contents('php://input')), ['allowed_classes' => false]);

$ours = static function () use ($secret, $header, $body): int {
    $start = hrtime(true);
    require_once __DIR__ . '/../../php/autoload.php';
    (new Verifier(['acc00042' => $secret]))->verify(Request::post($header, $body), now: 1767225600);
    return hrtime(true) - $start;
};
$hand = static function () use ($secret, $header, $body): int {
    $start = hrtime(true);
    require_once __DIR__ . '/hand.php';
    (new HandVerifier(['acc00042' => $secret]))->verify($header, $body, 1767225600) ?? throw new LogicException('refused');
    return hrtime(true) - $start;
};
$times = $isFirst ? [$ours(), $hand()] : array_reverse([$hand(), $ours()]);
echo json_encode($times);
