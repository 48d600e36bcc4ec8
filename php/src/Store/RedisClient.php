<?php

declare(strict_types=1);

namespace Hookproof\Store;

/** What RedisStore needs of a client. Redis (phpredis) and Predis are wrapped by RedisStore itself. */
interface RedisClient
{
    /**
     * Sends one command as it is, without a prefix before its keys, and returns the server's answer.
     *
     * @throws \Throwable for an error of the server, whose text the message begins with, and for a connection that failed
     */
    public function command(string ...$words): mixed;
}
