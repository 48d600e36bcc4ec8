<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family time: time.stale, time.future, time.expired, time.not_yet_valid.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class TimeRefused extends WebhookRefused
{
}
