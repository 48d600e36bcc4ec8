<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Exception\ConfigException;

/**
 * The extension redis.
 *
 * @internal
 */
final class PhpRedisClient implements RedisClient
{
    public function __construct(private readonly \Redis $redis)
    {
        if ($redis->isConnected() && !($redis->getReadTimeout() > 0)) {
            throw new ConfigException(
                'client: must have a read timeout ($redis->setOption(\Redis::OPT_READ_TIMEOUT, 0.05) or that of connect()):'
                . ' a server that hangs would hold up requests',
            );
        }
    }

    public function command(string ...$words): mixed
    {
        if ($this->redis->getMode() !== \Redis::ATOMIC) {
            throw new \LogicException('the client is inside multi() or pipeline()');
        }
        $this->redis->clearLastError();
        try {
            // Neither a prefix nor a serializer of the application's touches a raw command.
            $answer = $this->redis->rawCommand(...$words);
        } catch (\RedisException $failure) {
            // An answer that comes after its time-out would be read as that of the next command, about another request. The
            // extension connects again by itself.
            $this->redis->close();
            throw $failure;
        }
        $error = $this->redis->getLastError();
        if ($error !== null) {
            $this->redis->clearLastError();
            throw new \RuntimeException($error);
        }
        return $answer;
    }
}
