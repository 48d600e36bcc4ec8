<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The transcription of a recording is ready.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VoiceTranscription extends Record
{
    /** @internal */
    public const FIELDS = [
        'conversation_uuid' => ['conversationUuid', 'plain'],
        'transcription_type' => ['transcriptionType', 'plain'],
        'transcription_url' => ['transcriptionUrl', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The conversation. */
        public ?string $conversationUuid = null,
        /** What was transcribed: `record`. */
        public ?string $transcriptionType = null,
        /** Where the transcription is. It needs the application's own credentials. */
        public ?string $transcriptionUrl = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
