<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A message to one of your numbers, pages or services.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class MessagesInbound extends Record
{
    /** @internal */
    public const FIELDS = [
        'message_type' => ['messageType', 'plain'],
        'text' => ['text', 'plain'],
        'image' => ['image', ['record', Media::class]],
        'audio' => ['audio', ['record', Media::class]],
        'video' => ['video', ['record', Media::class]],
        'file' => ['file', ['record', Media::class]],
        'vcard' => ['vcard', ['record', Media::class]],
        'sticker' => ['sticker', ['record', Media::class]],
        'content' => ['content', ['list', ['record', Attachment::class]]],
        'location' => ['location', ['record', Location::class]],
        'contact' => ['contact', ['record', Contact::class]],
        'reply' => ['reply', ['record', Reply::class]],
        'button' => ['button', ['record', Button::class]],
        'order' => ['order', ['record', Order::class]],
        'reaction' => ['reaction', ['record', Reaction::class]],
        'profile' => ['profile', ['record', Profile::class]],
        'context' => ['context', ['record', Context::class]],
        'context_status' => ['contextStatus', 'plain'],
        'provider_message' => ['providerMessage', 'plain'],
        'usage' => ['usage', ['record', Usage::class]],
        'origin' => ['origin', ['record', Network::class]],
        'sms' => ['sms', ['record', SmsDetail::class]],
        'mms' => ['mms', 'any'],
        'whatsapp' => ['whatsapp', ['record', Whatsapp::class]],
        'self_link' => ['selfLink', ['record', Link::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * What kind of message it is. An SMS may come without.
         *
         * @var 'text'|'image'|'audio'|'video'|'file'|'vcard'|'content'|'sticker'|'location'|'contact'|'reply'|'button'|'order'|'reaction'|'unsupported'|string|null
         */
        public ?string $messageType = null,
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
        /** A business card. */
        public ?Media $vcard = null,
        /** A sticker. */
        public ?Media $sticker = null,
        /**
         * Several attachments of one message.
         *
         * @var list<Attachment|null>|null
         */
        public ?array $content = null,
        /** A place. */
        public ?Location $location = null,
        /** Contacts. */
        public ?Contact $contact = null,
        /** What was chosen from a list or from suggestions. */
        public ?Reply $reply = null,
        /** The button that was pressed. */
        public ?Button $button = null,
        /** An order from a catalogue. */
        public ?Order $order = null,
        /** A reaction to a message. */
        public ?Reaction $reaction = null,
        /** Who wrote the message, as the channel knows them. */
        public ?Profile $profile = null,
        /** The message that this one is about. */
        public ?Context $context = null,
        /**
         * Whether [`MessagesInbound::context`] is there.
         *
         * @var 'none'|'available'|'unavailable'|string|null
         */
        public ?string $contextStatus = null,
        /** The channel's own text for a message that is not supported. */
        public ?string $providerMessage = null,
        /** What the message costs. */
        public ?Usage $usage = null,
        /** The network that it came from. */
        public ?Network $origin = null,
        /** What only an SMS has. */
        public ?SmsDetail $sms = null,
        /**
         * What only an MMS has.
         *
         * @var array<string, mixed>|null
         */
        public ?array $mms = null,
        /** What only a WhatsApp message has. */
        public ?Whatsapp $whatsapp = null,
        /** This message's own address. */
        public ?Link $selfLink = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
