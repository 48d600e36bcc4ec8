<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * What only an SMS has.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class SmsDetail extends Record
{
    /** @internal */
    public const FIELDS = [
        'num_messages' => ['numMessages', 'plain'],
        'keyword' => ['keyword', 'plain'],
        'count_total' => ['countTotal', 'plain'],
        'segments' => ['segments', ['list', ['record', Segment::class]]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** How many parts the inbound message came in. */
        public ?int $numMessages = null,
        /** The first word of the inbound message, in upper case. */
        public ?string $keyword = null,
        /** How many parts the message has. */
        public ?int $countTotal = null,
        /**
         * What became of each part.
         *
         * @var list<Segment|null>|null
         */
        public ?array $segments = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
