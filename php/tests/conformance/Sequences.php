<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Request;
use Hookproof\Testing\Signer;
use Hookproof\Verifier;

/** `signed-webhook-replay/1`: sequences of steps, each against one store. */
final class Sequences
{
    public const FORMAT = 'signed-webhook-replay/1';

    private const CONFIG = ['leeway', 'max_age', 'lease', 'capacity', 'store', 'store_down', 'cold_start',
        'expected_application_id'];

    /** The account of the requests that floods are made of. */
    private const FLOOD_ACCOUNT = 'a1b2c3d4';

    private const MEMBERS = [
        'verify' => ['request', 'now', 'expect', 'codes', 'reason', 'process'],
        'confirm' => ['step', 'now', 'expect'],
        'release' => ['step', 'now', 'expect'],
        'flood' => ['now', 'iat', 'prefix', 'count'],
        'flood_again' => ['now', 'iat', 'prefix', 'count', 'expect_accepts'],
        'store' => ['state'],
        'restart' => ['now'],
        'concurrent' => ['request', 'now', 'count', 'processes', 'expect_accepts'],
    ];

    /**
     * @param array<string, mixed> $file
     *
     * @return iterable<Finding>
     */
    public static function run(array $file): iterable
    {
        $file = new Entry('?', $file);
        foreach ($file->list('sequences') as $sequence) {
            $id = $file->with($sequence)->text('id');
            yield self::finding(new Entry($id, $file->value), new Entry($id, $sequence));
        }
    }

    private static function finding(Entry $file, Entry $sequence): Finding
    {
        $own = $sequence->object('config')->only(...self::CONFIG);
        $config = $sequence->with(array_merge(
            $file->object('default_config')->only(...self::CONFIG)->members(),
            $own->members(),
        ));
        $inMemory = self::choice($config, 'store', 'memory', 'file', 'shared') === 'memory';
        // The room of a file is that of the disk.
        $isApplicable = $inMemory || !array_key_exists('capacity', $own->members());
        $requests = self::requests($sequence);
        foreach ($sequence->list('steps') as $number => $step) {
            $isApplicable = self::check($sequence, $number, $requests, $inMemory) && $isApplicable;
        }
        // The file's keyring, unless the sequence has one of its own.
        $accounts = ($sequence->optional('keyring') === null ? $file : $sequence)->keyring();
        $applicationId = $config->optionalText('expected_application_id');
        $clock = new Clock();
        $isFlagged = self::choice($config, 'store_down', 'refuse', 'accept_and_flag') === 'accept_and_flag';
        $verifier = Trial::verifier($accounts, $applicationId, [
            'leeway' => $config->count('leeway'),
            'maxAge' => $config->count('max_age'),
            'lease' => $config->count('lease'),
            'clock' => $clock->now(...),
            'dangerouslyAcceptAndFlagStoreFailures' => $isFlagged,
        ]) ?? throw $sequence->fault('the keyring is refused');
        $secret = $accounts[self::FLOOD_ACCOUNT][0] ?? throw $sequence->fault('the keyring has no secret for floods');
        $player = new Player(
            $sequence,
            $verifier,
            $clock,
            $requests,
            new Signer(self::FLOOD_ACCOUNT, $secret, $applicationId),
            $inMemory ? $config->count('capacity') : null,
            self::choice($config, 'cold_start', 'allow', 'refuse') === 'refuse',
        );
        return $isApplicable
            ? $player->finding($sequence->optional('debatable') === true)
            : Finding::notApplicable($sequence->id);
    }

    private static function choice(Entry $config, string $name, string ...$words): string
    {
        $word = $config->text($name);
        return in_array($word, $words, true) ? $word : throw $config->fault("$name $word is not known");
    }

    /** @return array<array-key, Request> */
    private static function requests(Entry $sequence): array
    {
        return array_map(static function (mixed $request) use ($sequence): Request {
            $request = $sequence->with($request)->only('authorization', 'body');
            $header = $request->authorization();
            $body = $request->base64($request->parts($request->member('body'), 'body'), 'body');
            return new Request($body, is_array($header) ? ['Authorization' => $header] : $header);
        }, $sequence->object('requests')->members());
    }

    /**
     * Whether this door can do a step. One that passed over a member would judge another case than the one in the file.
     *
     * @param array<array-key, Request> $requests
     */
    private static function check(Entry $sequence, int $number, array $requests, bool $inMemory): bool
    {
        $steps = $sequence->list('steps');
        $step = $sequence->with($steps[$number]);
        $what = $step->text('do');
        if ($what === 'fork') {
            return false;
        }
        $step->only('do', 'why', ...(self::MEMBERS[$what] ?? throw $step->fault("step $what is not known")));
        if (in_array($what, ['verify', 'concurrent'], true) && !isset($requests[$step->text('request')])) {
            throw $step->fault("there is no request {$step->text('request')}");
        }
        if (in_array($what, ['confirm', 'release'], true)) {
            $of = $step->count('step');
            if ($of >= $number || $steps[$of]['do'] !== 'verify') {
                throw $step->fault("step $of claims nothing");
            }
            // A claim keeps the memory store that made it: there is no other process to end it in.
            $between = array_column(array_slice($steps, $of, $number - $of), 'do');
            return !$inMemory || !in_array('restart', $between, true);
        }
        return match ($what) {
            // A memory store cannot be switched off; and PHP has no threads, so that what is concurrent are processes.
            'store', 'concurrent' => !$inMemory,
            default => true,
        };
    }
}
