<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A user of WhatsApp.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class WhatsappUser extends Record
{
    /** @internal */
    public const FIELDS = [
        'user_id' => ['userId', 'plain'],
        'parent_user_id' => ['parentUserId', 'plain'],
        'wa_id' => ['waId', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The business-scoped id. */
        public ?string $userId = null,
        /** The id in the parent business. */
        public ?string $parentUserId = null,
        /** The number. */
        public ?string $waId = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
