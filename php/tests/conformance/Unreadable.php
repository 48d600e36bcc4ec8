<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

/** A file that is not what its format says. */
final class Unreadable extends \RuntimeException
{
}
