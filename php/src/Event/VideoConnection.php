<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A connection to a session.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VideoConnection extends Record
{
    /** @internal */
    public const FIELDS = [
        'id' => ['id', 'plain'],
        'created_at' => ['createdAt', 'time'],
        'data' => ['data', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its id. */
        public ?string $id = null,
        /** When it came. */
        public ?\DateTimeImmutable $createdAt = null,
        /** What the token of the client had with it. */
        public ?string $data = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
