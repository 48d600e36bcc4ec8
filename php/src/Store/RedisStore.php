<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Exception\ConfigException;

/**
 * Remembers on a Redis (6.2 or later) or Valkey server, for many machines, through the application's own client: Redis
 * (phpredis), Predis or a RedisClient. Servers in other languages that use the same namespace there are protected together.
 *
 * The client must have a read timeout: a server that does not answer would hold up requests for long. The server must be a
 * primary that evicts nothing (`maxmemory-policy noeviction`), which is asked at the first use and after each failure. Time
 * is the server's. All verifiers of a namespace should have one maxAge.
 */
final class RedisStore extends HostStore
{
    private readonly RedisClient $client;
    private bool $isChecked = false;

    /**
     * @param object $client a \Redis, a Predis client or a RedisClient
     *
     * @throws ConfigException
     */
    public function __construct(object $client, string $namespace = 'default')
    {
        parent::__construct($namespace);
        $this->client = match (true) {
            $client instanceof RedisClient => $client,
            $client instanceof \Redis => new PhpRedisClient($client),
            $client instanceof \Predis\ClientInterface => new PredisClient($client),
            default => throw new ConfigException('client: must be a \Redis, a Predis client or a RedisClient'),
        };
    }

    public function extent(): string
    {
        return "all machines that use this Redis server and the namespace {$this->namespace}; a restart of the server keeps"
            . ' what its persistence keeps, and a fail-over may lose the last writes';
    }

    protected function ask(Question $question, int $now): Answer
    {
        try {
            $answer = $this->script(
                RedisScripts::CLAIM,
                $question->identity,
                $question->owner,
                (string) ($question->leaseSeconds * 1000),
                (string) ($question->keepSeconds * 1000),
            );
        } catch (\Throwable $failure) {
            if (str_starts_with($failure->getMessage(), 'OOM')) {
                return Answer::Full;
            }
            throw $failure;
        }
        return match ($answer) {
            'claimed' => Answer::Claimed,
            'in_progress' => Answer::InProgress,
            'duplicate' => Answer::Duplicate,
            default => throw $this->nonsense(),
        };
    }

    protected function confirm(string $identity, string $owner, int $now): bool
    {
        return $this->effect($this->script(RedisScripts::CONFIRM, $identity, $owner));
    }

    protected function release(string $identity, string $owner, int $now): bool
    {
        return $this->effect($this->script(RedisScripts::RELEASE, $identity, $owner));
    }

    private function effect(mixed $answer): bool
    {
        return match ($answer) {
            'done' => true,
            'no_effect' => false,
            default => throw $this->nonsense(),
        };
    }

    private function nonsense(): \Throwable
    {
        $this->isChecked = false;
        return new \UnexpectedValueException('the server gave no answer that is known');
    }

    private function script(string $text, string $identity, string ...$arguments): mixed
    {
        $key = RedisScripts::KEY . "{$this->namespace}:$identity";
        try {
            if (!$this->isChecked) {
                $this->check();
            }
            try {
                return $this->client->command('EVALSHA', sha1($text), '1', $key, ...$arguments);
            } catch (\Throwable $failure) {
                // A server that does not know the script yet, or has lost it in a restart.
                if (!str_starts_with($failure->getMessage(), 'NOSCRIPT')) {
                    throw $failure;
                }
            }
            return $this->client->command('EVAL', $text, '1', $key, ...$arguments);
        } catch (\Throwable $failure) {
            // The next connection may be to another server.
            $this->isChecked = false;
            throw $failure;
        }
    }

    /** A server that evicts would let repeats pass, and one that is no primary may not know them. */
    private function check(): void
    {
        $policy = $this->information('memory', 'maxmemory_policy');
        if ($policy !== 'noeviction') {
            throw new \RuntimeException("the server's maxmemory-policy is $policy and must be noeviction");
        }
        $role = $this->information('replication', 'role');
        if ($role !== 'master') {
            throw new \RuntimeException("the server's role is $role and must be master");
        }
        $this->isChecked = true;
    }

    private function information(string $section, string $name): string
    {
        $text = $this->client->command('INFO', $section);
        return is_string($text) && preg_match("/^$name:(\\S+)/m", $text, $found) === 1 ? $found[1] : 'unknown';
    }
}
