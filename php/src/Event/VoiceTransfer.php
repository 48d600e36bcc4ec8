<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A call leg went to another conversation.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VoiceTransfer extends Record
{
    /** @internal */
    public const FIELDS = [
        'conversation_uuid_from' => ['conversationUuidFrom', 'plain'],
        'conversation_uuid_to' => ['conversationUuidTo', 'plain'],
        'event_type' => ['eventType', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The conversation that it left. */
        public ?string $conversationUuidFrom = null,
        /** The conversation that it went to. */
        public ?string $conversationUuidTo = null,
        /** `transfer`. */
        public ?string $eventType = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
