<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family application: application.mismatch.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class ApplicationRefused extends WebhookRefused
{
}
