<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The content of a message.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class LegacyContent extends Record
{
    /** @internal */
    public const FIELDS = [
        'content_type' => ['contentType', 'plain'],
        'text' => ['text', 'plain'],
        'image' => ['image', ['record', Media::class]],
        'audio' => ['audio', ['record', Media::class]],
        'video' => ['video', ['record', Media::class]],
        'file' => ['file', ['record', Media::class]],
        'location' => ['location', 'any'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** What kind of message it is. */
        public ?string $contentType = null,
        /** The text. */
        public ?string $text = null,
        /** A picture. */
        public ?Media $image = null,
        /** A sound. */
        public ?Media $audio = null,
        /** A film. */
        public ?Media $video = null,
        /** A file. */
        public ?Media $file = null,
        /** A place. Its form is not documented. */
        public mixed $location = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
