<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * What the user's device must do.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class CheckAction extends Record
{
    /** @internal */
    public const FIELDS = [
        'action_type' => ['actionType', 'plain'],
        'check_url' => ['checkUrl', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** `check`. */
        public ?string $actionType = null,
        /** Where the device must go. */
        public ?string $checkUrl = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
