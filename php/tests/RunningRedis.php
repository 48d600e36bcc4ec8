<?php

declare(strict_types=1);

namespace Hookproof\Tests;

/** A Redis server of the tests' own, on a free port of the loopback. */
final class RunningRedis
{
    public readonly int $port;

    /** @var resource|null */
    private mixed $process;

    public function __construct(string ...$options)
    {
        $this->port = Fixture::port();
        $command = ['redis-server', '--port', (string) $this->port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no',
            '--repl-diskless-sync-delay', '0', ...$options];
        $null = ['file', '/dev/null', 'a'];
        $this->process = proc_open($command, [$null, $null, $null], $pipes, Fixture::folder()) ?: null;
        register_shutdown_function($this->stop(...));
        for ($round = 0; $round < 100; $round++) {
            try {
                $this->extension()->ping();
                return;
            } catch (\RedisException) {
                usleep(50_000);
            }
        }
        throw new \RuntimeException('redis-server did not start');
    }

    public function extension(): \Redis
    {
        $client = new \Redis();
        $client->connect('127.0.0.1', $this->port, 2.0, null, 0, 2.0);
        return $client;
    }

    /** @param array<string, mixed> $options */
    public function predis(array $options = []): \Predis\Client
    {
        return new \Predis\Client(['host' => '127.0.0.1', 'port' => $this->port, 'read_write_timeout' => 2], $options);
    }

    public function stop(): void
    {
        if ($this->process !== null) {
            proc_terminate($this->process, SIGKILL);
            proc_close($this->process);
            $this->process = null;
        }
    }
}
