<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A reaction to a message.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Reaction extends Record
{
    /** @internal */
    public const FIELDS = [
        'action' => ['action', 'plain'],
        'emoji' => ['emoji', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * Whether it comes or goes.
         *
         * @var 'react'|'unreact'|string|null
         */
        public ?string $action = null,
        /** The emoji. */
        public ?string $emoji = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
