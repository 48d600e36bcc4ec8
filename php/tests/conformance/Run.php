<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Exception\HookproofException;

/** A run over any number of files. What it prints is the same in every language, so that two runs can be compared. */
final class Run
{
    private const KINDS = ['passed', 'failed', 'disputed', 'not_applicable'];

    /** @var array<string, int> */
    private array $all;
    private bool $hasUnknown = false;

    public function __construct(private readonly bool $asJson)
    {
        $this->all = array_fill_keys(self::KINDS, 0);
    }

    /**
     * @param list<string> $paths
     *
     * @return int the exit status
     */
    public function files(array $paths): int
    {
        foreach ($paths as $path) {
            try {
                $this->file($path);
            } catch (Unreadable | \JsonException | HookproofException | \TypeError $fault) {
                fwrite(STDERR, "conformance: $path: {$fault->getMessage()}\n");
                return 3;
            }
        }
        $this->line("{$this->all['passed']} passed, {$this->all['failed']} failed");
        return $this->all['failed'] > 0 || $this->hasUnknown ? 1 : 0;
    }

    private function file(string $path): void
    {
        $text = is_file($path) ? file_get_contents($path) : false;
        if ($text === false) {
            throw new Unreadable('cannot be read');
        }
        $name = basename($path);
        $file = json_decode($text, true, 512, JSON_THROW_ON_ERROR);
        $cases = self::cases($file);
        if ($cases === null) {
            fwrite(STDERR, "$name: the format is not known to this door yet\n");
            $this->hasUnknown = true;
            return;
        }
        $sums = array_fill_keys(self::KINDS, 0);
        foreach ($cases as $finding) {
            $sums[$finding->countsAs]++;
            if ($this->asJson) {
                $this->json($name, $finding);
            }
            if ($finding->countsAs === 'failed') {
                $this->line("{$finding->id} expected {$finding->expected} got {$finding->got}");
            }
        }
        $said = [];
        foreach ($sums as $kind => $sum) {
            $this->all[$kind] += $sum;
            $said[] = "$sum " . strtr($kind, '_', ' ');
        }
        $this->line("$name:\n" . implode(', ', $said));
    }

    /** @return iterable<Finding>|null the cases of a file; null if its format is not known */
    private static function cases(mixed $file): ?iterable
    {
        return match (true) {
            !is_array($file) => null,
            ($file['format'] ?? '') === Attacks::FORMAT => Attacks::run($file),
            ($file['format'] ?? '') === Sequences::FORMAT => Sequences::run($file),
            array_key_exists('api', $file) && array_key_exists('payload', $file) => Payloads::run($file),
            array_is_list($file) && isset($file[0]['kind']) => Vendor::run($file),
            default => null,
        };
    }

    private function json(string $file, Finding $finding): void
    {
        $line = json_encode([
            'file' => $file,
            'id' => $finding->id,
            'verdict' => $finding->verdict,
            'reason' => $finding->reason,
            'code' => Word::of($finding->reason),
        ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_LINE_TERMINATORS);
        // The event as it came: its keys have an order of their own.
        echo $finding->event === null ? $line : substr($line, 0, -1) . ",\"event\":{$finding->event}}", "\n";
    }

    private function line(string $line): void
    {
        fwrite($this->asJson ? STDERR : STDOUT, "$line\n");
    }
}
