<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * What was chosen.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Reply extends Record
{
    /** @internal */
    public const FIELDS = [
        'id' => ['id', 'plain'],
        'title' => ['title', 'plain'],
        'description' => ['description', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The id that your message gave it. */
        public ?string $id = null,
        /** What it says. */
        public ?string $title = null,
        /** What it says beneath. */
        public ?string $description = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
