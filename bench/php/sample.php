<?php

declare(strict_types=1);

use Hookproof\Testing\Signer;

require_once __DIR__ . '/../../php/autoload.php';
require_once __DIR__ . '/hand.php';

const SAMPLE_NOW = 1767225600;

/** @return array{array<string, string>, string, string} a ring of 100 accounts, a header and a body of 612 bytes */
function sample(): array
{
    $secrets = [];
    for ($number = 0; $number < 100; $number++) {
        $secrets[sprintf('acc%05d', $number)] = sprintf('the signature secret of account %05d', $number);
    }
    $body = '{"message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab","text":"';
    $body .= str_repeat('x', 612 - strlen($body) - 2) . '"}';
    $signer = new Signer('acc00042', $secrets['acc00042'], 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab');
    return [$secrets, $signer->sign($body, 'bbbbbbbb-cccc-dddd-eeee-0123456789ab', SAMPLE_NOW), $body];
}
