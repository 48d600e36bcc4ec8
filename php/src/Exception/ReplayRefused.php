<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family replay: replay.duplicate, replay.in_progress, replay.store_unavailable, replay.store_full.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class ReplayRefused extends WebhookRefused
{
}
