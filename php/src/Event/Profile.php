<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A person, as a channel knows them.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Profile extends Record
{
    /** @internal */
    public const FIELDS = [
        'name' => ['name', 'plain'],
        'username' => ['username', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The name they show. */
        public ?string $name = null,
        /** Their user name. */
        public ?string $username = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
