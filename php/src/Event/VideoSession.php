<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Something happened in a session.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VideoSession extends Record
{
    /** @internal */
    public const FIELDS = [
        'event' => ['event', 'plain'],
        'session_id' => ['sessionId', 'plain'],
        'application_id' => ['applicationId', 'plain'],
        'connection' => ['connection', ['record', VideoConnection::class]],
        'stream' => ['stream', ['record', VideoStream::class]],
        'reason' => ['reason', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** What happened: the event of the whole. */
        public ?string $event = null,
        /** The session. */
        public ?string $sessionId = null,
        /** The application; a project on the older platform. */
        public ?string $applicationId = null,
        /** The connection that came or went. */
        public ?VideoConnection $connection = null,
        /** The stream that came or went. */
        public ?VideoStream $stream = null,
        /** Why it went. */
        public ?string $reason = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
