<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Abi;
use Hookproof\Store\FileStore;
use Hookproof\Store\MemoryStore;
use Hookproof\Store\Store;

/** The processes of a sequence: each has a store of its own, or its own way to the one file of all. */
final class Processes
{
    /** @var array<int, Store> */
    private array $begun = [];
    private ?string $directory = null;
    private bool $isDown = false;
    private ?int $coldUntil = null;

    /** @param int|null $capacity of the memory stores; null: one file for all */
    public function __construct(private readonly ?int $capacity)
    {
        if ($capacity === null) {
            $this->directory = sys_get_temp_dir() . '/hookproof-replay-' . bin2hex(random_bytes(8));
            mkdir($this->directory, 0700);
            // The file is there before anything can move it.
            $this->open();
        }
    }

    /** The process of that number; it begins when it is first asked for. */
    public function store(int $number): Store
    {
        return $this->begun[$number] ??= $this->open();
    }

    /** Ends every process, and begins it anew. */
    public function restart(?int $coldUntil): void
    {
        $this->coldUntil = $coldUntil;
        $numbers = array_keys($this->begun);
        $this->begun = [];
        foreach ($numbers as $number) {
            $this->store($number);
        }
    }

    /** Lets the file be where the stores look for it, or not. */
    public function switch(bool $isUp): void
    {
        if ($this->isDown === $isUp) {
            [$from, $to] = $isUp ? ['away', 'replay'] : ['replay', 'away'];
            rename("{$this->directory}/$from", "{$this->directory}/$to");
            $this->isDown = !$isUp;
        }
    }

    public function isDown(): bool
    {
        return $this->isDown;
    }

    public function end(): void
    {
        $this->begun = [];
        if ($this->directory !== null) {
            array_map(unlink(...), glob("{$this->directory}/*"));
            rmdir($this->directory);
            $this->directory = null;
        }
    }

    private function open(): Store
    {
        if ($this->capacity !== null) {
            return new MemoryStore($this->capacity, $this->coldUntil);
        }
        // While the file is away it is made by nobody: a process that begins then looks at it where it belongs, and finds it
        // gone like the others when it first asks it.
        $isDown = $this->isDown;
        if ($isDown) {
            $this->switch(true);
        }
        // What is tested is who gets the claim, and not how fast a machine full of other tests is.
        $store = new FileStore("{$this->directory}/replay", budgetMs: Abi::MAX_STORE_BUDGET_MS);
        if ($isDown) {
            $this->switch(false);
        }
        return $store;
    }
}
