<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The records of the kinds of events. Generated from the core's description of the events (`cargo xtask php`).
 *
 * @internal
 */
final class Kinds
{
    /** @var array<string, class-string<Record>> */
    public const RECORDS = [
        'SmsInbound' => SmsInbound::class,
        'SmsReceipt' => SmsReceipt::class,
        'VoiceAnswer' => VoiceAnswer::class,
        'VoiceFallback' => VoiceFallback::class,
        'VoiceCall' => VoiceCall::class,
        'VoiceRecording' => VoiceRecording::class,
        'VoiceTranscription' => VoiceTranscription::class,
        'VoiceInput' => VoiceInput::class,
        'VoiceTransfer' => VoiceTransfer::class,
        'VoiceNotify' => VoiceNotify::class,
        'VoiceError' => VoiceError::class,
        'MessagesInbound' => MessagesInbound::class,
        'MessagesStatus' => MessagesStatus::class,
        'LegacyInbound' => LegacyInbound::class,
        'LegacyStatus' => LegacyStatus::class,
        'DispatchReport' => DispatchReport::class,
        'VerifyEvent' => VerifyEvent::class,
        'VerifySummary' => VerifySummary::class,
        'NumberInsight' => NumberInsight::class,
        'VideoSession' => VideoSession::class,
        'VideoArchive' => VideoArchive::class,
        'ConversationEvent' => ConversationEvent::class,
        'MeetingsEvent' => MeetingsEvent::class,
    ];
}
