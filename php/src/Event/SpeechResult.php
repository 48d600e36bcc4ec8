<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * One reading of what a caller has said.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class SpeechResult extends Record
{
    /** @internal */
    public const FIELDS = [
        'text' => ['text', 'plain'],
        'confidence' => ['confidence', 'decimal'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The words. */
        public ?string $text = null,
        /**
         * How sure it is, from 0 to 1.
         *
         * @var numeric-string|null
         */
        public ?string $confidence = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
