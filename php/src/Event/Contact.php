<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Contacts. What a contact consists of is not documented.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Contact extends Record
{
    /** @internal */
    public const FIELDS = [
        'contacts' => ['contacts', ['list', 'any']],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * The contacts.
         *
         * @var list<mixed|null>|null
         */
        public ?array $contacts = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
