<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A recording is ready.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VoiceRecording extends Record
{
    /** @internal */
    public const FIELDS = [
        'conversation_uuid' => ['conversationUuid', 'plain'],
        'recording_url' => ['recordingUrl', 'plain'],
        'start_time' => ['startTime', 'time'],
        'end_time' => ['endTime', 'time'],
        'size' => ['size', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The conversation. */
        public ?string $conversationUuid = null,
        /** Where the recording is. It needs the application's own credentials. */
        public ?string $recordingUrl = null,
        /** When the recording began. */
        public ?\DateTimeImmutable $startTime = null,
        /** When the recording ended. */
        public ?\DateTimeImmutable $endTime = null,
        /** How long the recording is, in bytes. */
        public ?int $size = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
