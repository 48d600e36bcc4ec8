<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A caller has pressed keys or spoken: the response is the call control object to go on with.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VoiceInput extends Record
{
    /** @internal */
    public const FIELDS = [
        'conversation_uuid' => ['conversationUuid', 'plain'],
        'dtmf' => ['dtmf', ['either', ['record', DtmfInput::class], 'plain']],
        'timed_out' => ['timedOut', 'plain'],
        'speech' => ['speech', ['record', Speech::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The conversation. */
        public ?string $conversationUuid = null,
        /**
         * The keys.
         *
         * @var DtmfInput|string|null
         */
        public DtmfInput|string|null $dtmf = null,
        /** Whether the wait for keys ran out, in the older form. */
        public ?bool $timedOut = null,
        /** The speech. */
        public ?Speech $speech = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
