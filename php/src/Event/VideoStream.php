<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A stream of a session.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VideoStream extends Record
{
    /** @internal */
    public const FIELDS = [
        'id' => ['id', 'plain'],
        'connection' => ['connection', ['record', VideoConnection::class]],
        'created_at' => ['createdAt', 'time'],
        'name' => ['name', 'plain'],
        'video_type' => ['videoType', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its id. */
        public ?string $id = null,
        /** Whose it is. */
        public ?VideoConnection $connection = null,
        /** When it came. */
        public ?\DateTimeImmutable $createdAt = null,
        /** Its name. */
        public ?string $name = null,
        /** `camera`, `screen` or `custom`. */
        public ?string $videoType = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
