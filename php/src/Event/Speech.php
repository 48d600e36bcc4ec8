<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * What a caller has said.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Speech extends Record
{
    /** @internal */
    public const FIELDS = [
        'timeout_reason' => ['timeoutReason', 'plain'],
        'results' => ['results', ['list', ['record', SpeechResult::class]]],
        'error' => ['error', 'plain'],
        'recording_url' => ['recordingUrl', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * Why listening ended.
         *
         * @var 'end_on_silence_timeout'|'max_duration'|'start_timeout'|string|null
         */
        public ?string $timeoutReason = null,
        /**
         * What it may have been, the likeliest first.
         *
         * @var list<SpeechResult|null>|null
         */
        public ?array $results = null,
        /** Why nothing was understood. */
        public ?string $error = null,
        /** Where the recording of it is. */
        public ?string $recordingUrl = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
