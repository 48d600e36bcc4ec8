<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

/** The time of the step. */
final class Clock
{
    public ?int $time = null;

    public function now(): int
    {
        return $this->time ?? throw new Unreadable('no step has a time yet');
    }
}
