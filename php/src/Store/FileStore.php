<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Abi;
use Hookproof\Exception\ConfigException;
use Hookproof\Native;

/**
 * Remembers in one file, for the processes of one machine: the workers of PHP-FPM, and servers in other languages that use
 * the same path. It survives restarts.
 */
final class FileStore extends LibraryStore
{
    /**
     * @param string $path in a directory that exists and is writable for the workers, on a file system of this machine
     * @param bool $survivesPowerLoss wait for the disk at each answer
     * @param int|null $budgetMs how long one answer may take, in milliseconds: 1 to 60000; 50 unless given
     *
     * @throws ConfigException
     */
    public function __construct(string $path, bool $survivesPowerLoss = false, ?int $budgetMs = null)
    {
        $native = Native::get();
        $durability = $survivesPowerLoss ? Abi::DURABILITY_POWER_LOSS : Abi::DURABILITY_PROCESS_CRASH;
        $this->own($native, $native->newFileStore($path, $durability));
        if ($budgetMs !== null) {
            $fits = $budgetMs > 0 && $budgetMs <= Abi::MAX_STORE_BUDGET_MS;
            if (!$fits || $native->ffi->hookproof_store_set_budget_ms($this->handle, $budgetMs) !== Abi::OK) {
                throw new ConfigException('budgetMs: must be 1 to ' . Abi::MAX_STORE_BUDGET_MS);
            }
        }
    }
}
