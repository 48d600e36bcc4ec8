<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * What only an SMS has.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class LegacySms extends Record
{
    /** @internal */
    public const FIELDS = [
        'num_messages' => ['numMessages', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** How many parts the message came in. */
        public ?int $numMessages = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
