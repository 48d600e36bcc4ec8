<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * An archive has a new status.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VideoArchive extends Record
{
    /** @internal */
    public const FIELDS = [
        'event' => ['event', 'plain'],
        'session_id' => ['sessionId', 'plain'],
        'application_id' => ['applicationId', 'plain'],
        'created_at' => ['createdAt', 'time'],
        'duration' => ['duration', 'plain'],
        'size' => ['size', 'plain'],
        'name' => ['name', 'plain'],
        'url' => ['url', 'plain'],
        'reason' => ['reason', 'plain'],
        'resolution' => ['resolution', 'any'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** `archive`. */
        public ?string $event = null,
        /** The session. */
        public ?string $sessionId = null,
        /** The application; a project on the older platform. */
        public ?string $applicationId = null,
        /** When the archive began. */
        public ?\DateTimeImmutable $createdAt = null,
        /** How long it is, in seconds. */
        public ?int $duration = null,
        /** How long it is, in bytes. */
        public ?int $size = null,
        /** Its name. */
        public ?string $name = null,
        /** Where it is. */
        public ?string $url = null,
        /** Why it ended or failed. */
        public ?string $reason = null,
        /** The resolution. */
        public mixed $resolution = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
