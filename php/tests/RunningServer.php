<?php

declare(strict_types=1);

namespace Hookproof\Tests;

use Hookproof\Testing\Signer;

/** examples/php/serve: nginx or Apache with PHP-FPM, on a free port of the loopback. */
final class RunningServer
{
    public readonly string $folder;
    private readonly string $url;

    /** @var resource|null */
    private mixed $process;

    public function __construct(string ...$options)
    {
        $this->folder = Fixture::folder();
        file_put_contents("{$this->folder}/keyring.json", json_encode(['version' => 1, 'accounts' => [
            ['api_key' => Fixture::API_KEY, 'secrets' => [['label' => 'test', 'secret' => Fixture::SECRET]]],
        ]]));
        $command = [dirname(__DIR__, 2) . '/examples/php/serve', '--keyring', "{$this->folder}/keyring.json",
            '--replay', "file:{$this->folder}/seen.db", '--journal', "{$this->folder}/journal",
            '--fail-while', "{$this->folder}/outage",
            // A busy machine must not read as a store that is away.
            '--replay-budget', '10000', ...$options];
        touch("{$this->folder}/journal");
        $log = ['file', "{$this->folder}/log", 'a'];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], $log], $pipes);
        $this->process = $process ?: throw new \RuntimeException('serve did not start');
        register_shutdown_function($this->stop(...));
        stream_set_timeout($pipes[1], 20);
        $line = (string) fgets($pipes[1]);
        if (preg_match('/^listening on (\S+)$/', $line, $found) !== 1) {
            throw new \RuntimeException('serve did not start: ' . $this->log());
        }
        $this->url = "http://$found[1]";
    }

    public static function signer(): Signer
    {
        return new Signer(Fixture::API_KEY, Fixture::SECRET);
    }

    /**
     * @param list<string> $fields
     *
     * @return array{int, string, array<string, string>} status, body, header fields
     */
    public function post(string $body, array $fields = [], string $path = '/hook'): array
    {
        return $this->parallel([[$body, $fields, $path]])[0];
    }

    /** A signed request. */
    public function send(string $jti, string $body = Fixture::BODY, string $path = '/hook'): array
    {
        return $this->post($body, ['Authorization: ' . self::signer()->sign($body, $jti)], $path);
    }

    /**
     * All at the same moment.
     *
     * @param list<array{string, list<string>, 2?: string}> $requests body, fields and path
     *
     * @return list<array{int, string, array<string, string>}>
     */
    public function parallel(array $requests): array
    {
        $multi = curl_multi_init();
        $handles = [];
        $headers = [];
        foreach ($requests as $number => $request) {
            $headers[$number] = [];
            $handles[$number] = $handle = curl_init($this->url . ($request[2] ?? '/hook'));
            curl_setopt_array($handle, [
                CURLOPT_POSTFIELDS => $request[0],
                CURLOPT_HTTPHEADER => ['Content-Type: application/json', 'Expect:', ...$request[1]],
                CURLOPT_RETURNTRANSFER => true,
                CURLOPT_TIMEOUT => 30,
                CURLOPT_PROXY => '',
                CURLOPT_HEADERFUNCTION => static function (mixed $handle, string $line) use (&$headers, $number): int {
                    [$name, $value] = explode(':', $line, 2) + [1 => ''];
                    $headers[$number][strtolower($name)] = trim($value);
                    return strlen($line);
                },
            ]);
            curl_multi_add_handle($multi, $handle);
        }
        do {
            curl_multi_exec($multi, $running);
            curl_multi_select($multi, 0.1);
        } while ($running > 0);
        $answers = [];
        foreach ($handles as $number => $handle) {
            $answers[] = [curl_getinfo($handle, CURLINFO_RESPONSE_CODE), (string) curl_multi_getcontent($handle), $headers[$number]];
        }
        return $answers;
    }

    public function log(): string
    {
        return (string) file_get_contents("{$this->folder}/log");
    }

    /** @return list<string> the lines of the journal that begin with a word, without it */
    public function journal(string $word): array
    {
        preg_match_all("/^$word (\\S+)$/m", (string) file_get_contents("{$this->folder}/journal"), $found);
        return $found[1];
    }

    /** @return list<int> the processes of PHP-FPM that answer requests */
    public function workers(): array
    {
        $children = static fn (int $pid): array => array_map(intval(...), preg_split(
            '/\s+/',
            implode(' ', array_map(file_get_contents(...), glob("/proc/$pid/task/*/children"))),
            flags: PREG_SPLIT_NO_EMPTY,
        ));
        foreach ($children(proc_get_status($this->process)['pid']) as $child) {
            if (str_contains((string) @file_get_contents("/proc/$child/cmdline"), 'fpm')) {
                return $children($child);
            }
        }
        return [];
    }

    public function stop(): void
    {
        if ($this->process !== null) {
            proc_terminate($this->process);
            proc_close($this->process);
            $this->process = null;
        }
    }
}
