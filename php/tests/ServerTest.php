<?php

declare(strict_types=1);

namespace Hookproof\Tests;

use PHPUnit\Framework\TestCase;

/** The example behind nginx and Apache with PHP-FPM, under PHP's own restriction of FFI and without it. */
final class ServerTest extends TestCase
{
    private ?RunningServer $server = null;

    protected function tearDown(): void
    {
        $this->server?->stop();
    }

    /** @return iterable<string, array{string, string}> */
    public static function settings(): iterable
    {
        yield 'nginx, ffi.enable=preload' => ['nginx', 'preload'];
        yield 'nginx, ffi.enable=true' => ['nginx', 'true'];
        yield 'Apache, ffi.enable=preload' => ['apache', 'preload'];
    }

    /** @dataProvider settings */
    public function testEveryKindOfRequest(string $front, string $ffi): void
    {
        $server = $this->server = new RunningServer('--server', $front, '--ffi', $ffi);
        $header = 'Authorization: ' . RunningServer::signer()->sign(Fixture::BODY, 'genuine');
        self::assertSame([200, ''], array_slice($server->post(Fixture::BODY, [$header]), 0, 2));
        self::assertSame(200, $server->post(Fixture::BODY, [$header])[0]);

        // Every refusal looks the same to the sender.
        $tampered = $server->post('{"text":"other"}', [$header]);
        $unsigned = $server->post(Fixture::BODY);
        foreach ([$tampered, $unsigned] as [$status, $body, $fields]) {
            self::assertSame([503, '', '5'], [$status, $body, $fields['retry-after']]);
        }
        $forged = 'Authorization: ' . (new \Hookproof\Testing\Signer(Fixture::API_KEY, 'x'))->sign(Fixture::BODY);
        self::assertSame(503, $server->post(Fixture::BODY, [$forged])[0]);
        self::assertSame(401, $server->post(Fixture::BODY, ['Authorization: Basic eDp5'])[0]);

        // A body that is large, and one that is too large, whether or not somebody says so.
        $large = '{"text":"' . str_repeat('x', 1_000_000) . '"}';
        self::assertSame(200, $server->send('large', $large)[0]);
        self::assertSame(413, $server->send('larger', $large . str_repeat(' ', 5_000_000))[0]);

        // Work that failed is done with the sender's retry.
        touch("{$server->folder}/outage");
        $retry = 'Authorization: ' . RunningServer::signer()->sign(Fixture::BODY, 'retried');
        self::assertSame([503, '5'], [($answer = $server->post(Fixture::BODY, [$retry]))[0], $answer[2]['retry-after'] ?? '']);
        unlink("{$server->folder}/outage");
        self::assertSame(200, $server->post(Fixture::BODY, [$retry])[0]);

        // A Voice answer is given again, and its work is not done again.
        $call = 'Authorization: ' . RunningServer::signer()->sign(Fixture::BODY, 'call');
        $first = $server->post(Fixture::BODY, [$call], '/voice/answer');
        self::assertSame([200, $first[1]], array_slice($server->post(Fixture::BODY, [$call], '/voice/answer'), 0, 2));
        self::assertStringContainsString('"talk"', $first[1]);

        self::assertSame(['genuine', 'large', 'retried', 'call'], $server->journal('handled'));
        self::assertSame(['genuine', 'large', 'retried', 'call'], $server->journal('confirmed'));
        preg_match_all('/^server: \d+ (\S+) /m', $server->log(), $verdicts);
        self::assertSame([
            'ok', 'replay.duplicate', 'payload.mismatch', 'header.missing', 'signature.invalid', 'header.malformed', 'ok',
            'payload.too_large', 'handler.failed', 'ok', 'ok', 'ok',
        ], $verdicts[1]);
        self::assertStringNotContainsString(substr($header, 30), $server->log());
    }

    public function testAGetIsReadAsItWasSent(): void
    {
        $server = $this->server = new RunningServer();
        $query = 'from=447700900000&text=%7e+%2B&x=';
        $path = "/hook?$query";
        $header = 'Authorization: ' . RunningServer::signer()->signQuery($query, 'get');
        $context = stream_context_create(['http' => ['method' => 'GET', 'header' => $header, 'ignore_errors' => true]]);
        $url = (new \ReflectionProperty($server, 'url'))->getValue($server);
        self::assertSame('', file_get_contents("$url$path", false, $context), $server->log());
        self::assertSame(['get'], $server->journal('confirmed'));
    }

    /** @return iterable<string, array{string, string, string}> */
    public static function strippers(): iterable
    {
        yield 'Apache' => ['apache', 'CGIPassAuth Off', 'CGIPassAuth On'];
        yield 'nginx' => ['nginx', 'fastcgi_pass_request_headers off;', 'fastcgi_param HTTP_AUTHORIZATION'];
    }

    /** @dataProvider strippers */
    public function testAServerThatTakesTheHeaderAwayIsNamed(string $front, string $directive, string $cure): void
    {
        $server = $this->server = new RunningServer('--server', $front, '--extra', $directive);
        self::assertSame(503, $server->send('stripped')[0]);
        self::assertStringContainsString('header.missing', $server->log());
        self::assertStringContainsString($cure, $server->log());
    }

    public function testTheCuresOfTheLogWork(): void
    {
        $server = $this->server = new RunningServer(
            '--server',
            'apache',
            '--extra',
            "CGIPassAuth Off\nSetEnvIf Authorization \"(.+)\" HTTP_AUTHORIZATION=\$1",
        );
        self::assertSame(200, $server->send('by the environment')[0], $server->log());
        $server->stop();
        $server = $this->server = new RunningServer(
            '--extra',
            "fastcgi_pass_request_headers off;\nfastcgi_param HTTP_AUTHORIZATION \$http_authorization if_not_empty;",
        );
        self::assertSame(200, $server->send('by a parameter')[0], $server->log());
    }

    public function testFfiThatIsRestrictedIsNamed(): void
    {
        $server = $this->server = new RunningServer('--ffi', 'default');
        self::assertSame([503, ''], array_slice($server->send('restricted'), 0, 2));
        foreach (['ffi.enable=preload', 'ffi.preload = ', 'opcache.preload = ', 'ffi.enable = true'] as $word) {
            self::assertStringContainsString($word, $server->log());
        }
    }

    public function testPreloadingAllowsFfiToThePackageAlone(): void
    {
        $server = $this->server = new RunningServer('--script', __DIR__ . '/scripts/restricted.php');
        self::assertSame('ffi.preload, FFI\Exception', $server->post('')[1]);
    }

    public function testAHandlerThatEndsTheScriptLosesNothing(): void
    {
        $server = $this->server = new RunningServer('--script', __DIR__ . '/scripts/ending.php');
        foreach (['/exit', '/fatal', '/exhausted', '/length', '/deaf', '/undefined', '/500', '/broken-json'] as $path) {
            [$status, $body, $fields] = $server->send('ending', path: $path);
            self::assertSame([503, '', '5'], [$status, $body, $fields['retry-after'] ?? ''], $path . $server->log());
            self::assertArrayNotHasKey('content-length', $fields, "$path: the length of a body that is not sent");
        }
        self::assertSame(503, $server->send('ending', path: '/kept-buffer')[0], 'a buffer that cannot be removed');
        // What has been sent cannot be taken back; the log says so, and the claim is free.
        self::assertSame([200, 'printed '], array_slice($server->send('ending', path: '/flushed'), 0, 2));
        self::assertStringContainsString('the answer 503 could not be given: output had begun in', $server->log());
        self::assertSame(422, $server->send('ending', path: '/422')[0]);
        [$status, $body, $fields] = $server->send('ending', path: '/array');
        self::assertSame([200, 'printed {"jti":"ending"}'], [$status, $body]);
        self::assertStringStartsWith('application/json', $fields['content-type']);
        // A repeat, and so not worked on.
        self::assertSame([200, ''], array_slice($server->send('ending', path: '/'), 0, 2));
        self::assertSame([200, 'printed returned'], array_slice($server->send('another', path: '/'), 0, 2));
        $path = '/confirm-and-exit';
        self::assertSame([200, 'printed bye'], array_slice($server->send('confirmed', path: $path), 0, 2));
        self::assertSame([200, ''], array_slice($server->send('confirmed', path: $path), 0, 2));
        self::assertSame(3, substr_count($server->log(), 'the handler ended the script'));
    }

    public function testOneRequestFiftyTimesAtOnce(): void
    {
        $server = $this->server = new RunningServer('--workers', '8', '--work', '20');
        $header = 'Authorization: ' . RunningServer::signer()->sign(Fixture::BODY, 'once');
        $answers = $server->parallel(array_fill(0, 50, [Fixture::BODY, [$header]]));
        self::assertSame(['once'], $server->journal('handled'));
        self::assertSame(['once'], $server->journal('confirmed'));
        self::assertSame([], array_diff(array_column($answers, 0), [200, 503]));
        self::assertSame(200, $server->post(Fixture::BODY, [$header])[0]);
    }

    /** Ten webhooks, five times each, while workers are killed; the sender repeats what is not answered with 200. */
    public function testWorkersThatAreKilled(): void
    {
        $server = $this->server = new RunningServer('--workers', '8', '--work', '30', '--lease', '2');
        $pending = [];
        for ($number = 0; $number < 50; $number++) {
            $name = 'kill-' . $number % 10;
            $pending[$name] ??= [Fixture::BODY, ['Authorization: ' . RunningServer::signer()->sign(Fixture::BODY, $name)]];
        }
        $requests = array_merge(...array_fill(0, 5, array_values($pending)));
        self::assertCount(50, $requests);
        $killer = pcntl_fork();
        if ($killer === 0) {
            for ($round = 0; $round < 12; $round++) {
                usleep(60_000);
                $workers = $server->workers();
                if ($workers !== []) {
                    posix_kill($workers[array_rand($workers)], SIGKILL);
                }
            }
            posix_kill(posix_getpid(), SIGKILL);
        }
        $before = $server->workers();
        for ($round = 0; $round < 60 && $requests !== []; $round++) {
            $answers = $server->parallel($requests);
            $requests = array_values(array_filter(
                $requests,
                static fn (int $number): bool => $answers[$number][0] !== 200,
                ARRAY_FILTER_USE_KEY,
            ));
            usleep(200_000);
        }
        pcntl_waitpid($killer, $status);
        self::assertSame([], $requests, $server->log());
        self::assertNotSame([], array_diff($before, $server->workers()), 'no worker was killed');
        // Done, each, and never counted as done twice: that the work of a killed worker is done again is meant so.
        $confirmed = array_count_values($server->journal('confirmed'));
        self::assertSame(array_fill_keys(array_keys($confirmed), 1), $confirmed);
        $names = array_keys($pending);
        sort($names);
        $handled = array_unique($server->journal('handled'));
        sort($handled);
        self::assertSame($names, $handled);
        // A worker that was killed between its confirm and its note leaves no note; a repeat then says that it is done.
        foreach (array_diff($names, array_keys($confirmed)) as $name) {
            self::assertSame(200, $server->post(...$pending[$name])[0]);
        }
        self::assertGreaterThan(5, count($confirmed));
    }
}
