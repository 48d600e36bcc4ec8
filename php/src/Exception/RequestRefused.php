<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family request: request.unsupported.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class RequestRefused extends WebhookRefused
{
}
