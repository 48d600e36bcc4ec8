<?php

declare(strict_types=1);

namespace Hookproof\Store;

/**
 * The package predis/predis.
 *
 * @internal
 */
final class PredisClient implements RedisClient
{
    public function __construct(private readonly \Predis\ClientInterface $client)
    {
    }

    public function command(string ...$words): mixed
    {
        // Not through the client's own methods, which put its prefix before the keys.
        $answer = $this->client->executeRaw($words, $isError);
        if ($isError) {
            throw new \RuntimeException((string) $answer);
        }
        return $answer;
    }
}
