<?php

declare(strict_types=1);

namespace Hookproof\Event;

/** A part of an event. A field that was not sent, and one that was sent as null, are null. */
abstract readonly class Record
{
    /** @param list<string> $nulls the fields that were sent as null */
    public function __construct(public array $nulls = [])
    {
    }
}
