<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A message to one of your numbers, pages or services, in the older form.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class LegacyInbound extends Record
{
    /** @internal */
    public const FIELDS = [
        'message' => ['message', ['record', LegacyMessage::class]],
        'direction' => ['direction', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The message. */
        public ?LegacyMessage $message = null,
        /** The direction: `inbound`. */
        public ?string $direction = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
