<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Abi;
use Hookproof\Exception\ConfigException;
use Hookproof\Native;

/**
 * Remembers for the life of this object, in this process alone.
 *
 * NOT for PHP-FPM, CGI or mod_php, where each worker is a process of its own and each request begins anew: a repeat would
 * pass. It is for tests, and for servers in PHP that run in one process (RoadRunner or Swoole with one worker, ReactPHP).
 */
final class MemoryStore extends LibraryStore
{
    /**
     * @param int $capacity how many identities it can hold, in memory that is taken at once
     * @param int|null $refuseIssuedUntil refuses what was issued at that time or before, in Unix seconds: another process
     *     may have accepted it before a restart
     *
     * @throws ConfigException
     */
    public function __construct(int $capacity = Abi::DEFAULT_STORE_CAPACITY, ?int $refuseIssuedUntil = null)
    {
        if ($capacity < 1) {
            throw new ConfigException('capacity: must be 1 or more');
        }
        $native = Native::get();
        $coldStart = $refuseIssuedUntil === null ? Abi::COLD_START_ALLOW : Abi::COLD_START_REFUSE;
        $this->own($native, $native->newMemoryStore($capacity, $coldStart, $refuseIssuedUntil ?? 0));
    }
}
