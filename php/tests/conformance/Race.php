<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

/** Processes that do the same at the same moment. */
final class Race
{
    private const SECONDS = 60;

    /**
     * @param \Closure(int): string $run what each does, by its number
     *
     * @return list<string> what each said
     */
    public static function run(int $count, \Closure $run): array
    {
        $start = self::pair();
        $lines = [];
        $children = [];
        for ($number = 0; $number < $count; $number++) {
            $ends = self::pair();
            $child = pcntl_fork();
            if ($child === 0) {
                self::child($start, $ends, static fn (): string => $run($number));
            }
            fclose($ends[1]);
            $lines[] = $ends[0];
            $children[] = $child;
        }
        fclose($start[1]);
        fclose($start[0]);
        $said = array_map(static function (mixed $line): string {
            stream_set_timeout($line, self::SECONDS);
            return trim((string) stream_get_contents($line));
        }, $lines);
        foreach ($children as $child) {
            // A child that is stuck has said nothing, which is no answer that anybody expects.
            posix_kill($child, SIGKILL);
            pcntl_waitpid($child, $status);
        }
        return array_map(
            static fn (string $line): string => str_starts_with($line, '=') ? substr($line, 1) : "no answer: $line",
            $said,
        );
    }

    /**
     * @param array{resource, resource} $start
     * @param array{resource, resource} $ends
     */
    private static function child(array $start, array $ends, \Closure $run): never
    {
        // The pair ends when the parent closes its side: all begin then.
        fclose($start[1]);
        fclose($ends[0]);
        fread($start[0], 1);
        try {
            fwrite($ends[1], '=' . $run());
        } catch (\Throwable $failure) {
            fwrite($ends[1], $failure::class);
        }
        fclose($ends[1]);
        // At once: what the parent owns is not this process's to clean up.
        posix_kill(posix_getpid(), SIGKILL);
        exit(1);
    }

    /** @return array{resource, resource} */
    private static function pair(): array
    {
        $pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        return $pair !== false ? $pair : throw new \RuntimeException('no pair of sockets');
    }
}
