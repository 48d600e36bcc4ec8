<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The keys that a caller has pressed.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class DtmfInput extends Record
{
    /** @internal */
    public const FIELDS = [
        'digits' => ['digits', 'plain'],
        'timed_out' => ['timedOut', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The keys; null if none was pressed. */
        public ?string $digits = null,
        /** Whether the wait for keys ran out. */
        public ?bool $timedOut = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
