<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Something happened in a conversation.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class ConversationEvent extends Record
{
    /** @internal */
    public const FIELDS = [
        'event_type' => ['eventType', 'plain'],
        'conversation_id' => ['conversationId', 'plain'],
        'application_id' => ['applicationId', 'plain'],
        'body' => ['body', 'any'],
        'state' => ['state', 'any'],
        'href' => ['href', 'plain'],
        'embedded' => ['embedded', 'any'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** What happened: the event of the whole. */
        public ?string $eventType = null,
        /** The conversation. */
        public ?string $conversationId = null,
        /** The application. */
        public ?string $applicationId = null,
        /** What belongs to this type of event. */
        public mixed $body = null,
        /** Its state. */
        public mixed $state = null,
        /** Its address. */
        public ?string $href = null,
        /** What it brings along. */
        public mixed $embedded = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
