<?php

declare(strict_types=1);

namespace Hookproof\Tests;

use Hookproof\Exception\WebhookRefused;
use Hookproof\Testing\Signer;
use Hookproof\Verifier;

/** An account, its signer and its verifier, at a time that stands still. */
final class Fixture
{
    public const API_KEY = 'a1b2c3d4';
    public const SECRET = 'a signature secret for the tests of PHP';
    public const NOW = 1767225600;
    public const BODY = '{"text":"hello"}';

    public static function signer(): Signer
    {
        return new Signer(self::API_KEY, self::SECRET, clock: static fn (): int => self::NOW);
    }

    public static function verifier(mixed ...$options): Verifier
    {
        return new Verifier([self::API_KEY => self::SECRET], ...$options, clock: static fn (): int => self::NOW);
    }

    /** The refusal that a call must end in. */
    public static function refusal(callable $call): WebhookRefused
    {
        try {
            $call();
        } catch (WebhookRefused $refusal) {
            return $refusal;
        }
        throw new \PHPUnit\Framework\AssertionFailedError('the request was accepted');
    }

    /** A folder that is removed when the tests end. */
    public static function folder(): string
    {
        $folder = sys_get_temp_dir() . '/hookproof-php-' . bin2hex(random_bytes(8));
        mkdir($folder, 0700);
        register_shutdown_function(static function () use ($folder): void {
            exec('rm -rf ' . escapeshellarg($folder));
        });
        return $folder;
    }

    /** A free port of the loopback. */
    public static function port(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr(strrchr(stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        return $port;
    }
}
