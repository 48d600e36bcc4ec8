<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A WhatsApp conversation.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Conversation extends Record
{
    /** @internal */
    public const FIELDS = [
        'id' => ['id', 'plain'],
        'origin' => ['origin', ['record', ConversationOrigin::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its id. */
        public ?string $id = null,
        /** Why it began. */
        public ?ConversationOrigin $origin = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
