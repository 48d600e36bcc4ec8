<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Who a number belongs to.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class CallerIdentity extends Record
{
    /** @internal */
    public const FIELDS = [
        'caller_type' => ['callerType', 'plain'],
        'caller_name' => ['callerName', 'plain'],
        'first_name' => ['firstName', 'plain'],
        'last_name' => ['lastName', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** `business`, `consumer` or `unknown`. */
        public ?string $callerType = null,
        /** The whole name. */
        public ?string $callerName = null,
        /** The first name. */
        public ?string $firstName = null,
        /** The last name. */
        public ?string $lastName = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
