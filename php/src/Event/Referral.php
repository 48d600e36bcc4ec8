<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The advertisement that led to a message.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Referral extends Record
{
    /** @internal */
    public const FIELDS = [
        'body' => ['body', 'plain'],
        'headline' => ['headline', 'plain'],
        'source_id' => ['sourceId', 'plain'],
        'source_type' => ['sourceType', 'plain'],
        'source_url' => ['sourceUrl', 'plain'],
        'media_type' => ['mediaType', 'plain'],
        'image_url' => ['imageUrl', 'plain'],
        'video_url' => ['videoUrl', 'plain'],
        'thumbnail_url' => ['thumbnailUrl', 'plain'],
        'ctwa_clid' => ['ctwaClid', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its text. */
        public ?string $body = null,
        /** Its headline. */
        public ?string $headline = null,
        /** Its id. */
        public ?string $sourceId = null,
        /** `ad` or `post`. */
        public ?string $sourceType = null,
        /** Where it is. */
        public ?string $sourceUrl = null,
        /** What it shows. */
        public ?string $mediaType = null,
        /** Its picture. */
        public ?string $imageUrl = null,
        /** Its film. */
        public ?string $videoUrl = null,
        /** The small picture of its film. */
        public ?string $thumbnailUrl = null,
        /** The id of the click. */
        public ?string $ctwaClid = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
