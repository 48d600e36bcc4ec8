<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The messages of a failover.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class DispatchLinks extends Record
{
    /** @internal */
    public const FIELDS = [
        'messages' => ['messages', ['list', ['record', DispatchedMessage::class]]],
        'self_link' => ['selfLink', ['record', Link::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * The messages.
         *
         * @var list<DispatchedMessage|null>|null
         */
        public ?array $messages = null,
        /** The report's own address. */
        public ?Link $selfLink = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
