<?php

declare(strict_types=1);

namespace Hookproof;

/**
 * What belongs to a handle of the library, or holds a secret: neither copied, nor written, nor shown.
 *
 * @internal
 */
trait NotCopied
{
    private function __clone()
    {
    }

    public function __serialize(): array
    {
        throw new \LogicException(self::class . ' cannot be serialized');
    }

    public function __unserialize(array $data): void
    {
        throw new \LogicException(self::class . ' cannot be unserialized');
    }

    public function __debugInfo(): array
    {
        return [];
    }
}
