<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Something happened in a meeting.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class MeetingsEvent extends Record
{
    /** @internal */
    public const FIELDS = [
        'event' => ['event', 'plain'],
        'session_id' => ['sessionId', 'plain'],
        'room_id' => ['roomId', 'plain'],
        'participant_id' => ['participantId', 'plain'],
        'name' => ['name', 'plain'],
        'participant_type' => ['participantType', 'plain'],
        'is_host' => ['isHost', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** What happened: the event of the whole. */
        public ?string $event = null,
        /** The session. */
        public ?string $sessionId = null,
        /** The room. */
        public ?string $roomId = null,
        /** The participant. */
        public ?string $participantId = null,
        /** The participant's name. */
        public ?string $name = null,
        /** What kind of participant it is. */
        public ?string $participantType = null,
        /** Whether the participant is the host. */
        public ?bool $isHost = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
