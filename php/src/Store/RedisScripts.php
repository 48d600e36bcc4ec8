<?php

declare(strict_types=1);

namespace Hookproof\Store;

/**
 * The scripts and the key layout of the Redis store, the same in every language. Generated from stores/src/scripts
 * (`cargo xtask php`).
 *
 * @internal
 */
final class RedisScripts
{
    public const KEY = 'hookproof:1:';

    public const CLAIM = <<<'LUA'
local owner, lease, keep = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local held = redis.call('GET', KEYS[1])
if held then
  local left = redis.call('PTTL', KEYS[1])
  local done = string.sub(held, 1, 1) == 'd'
  -- The lease is over when the key has no more than its rest left to live.
  if done or left > tonumber(string.sub(held, 36)) then
    -- The same claim once more, sent again or late: what it led to must not be undone.
    if string.sub(held, 3, 34) == owner then
      return 'claimed'
    end
    return done and 'duplicate' or 'in_progress'
  end
  -- Whoever asked for the longer time gets it.
  keep = math.max(keep, left)
end
local value = 'd:' .. owner
if lease > 0 then
  value = string.format('c:%s:%.0f', owner, keep - lease)
end
local set = redis.pcall('SET', KEYS[1], value, 'PX', string.format('%.0f', keep))
return set.err and set or 'claimed'

LUA;

    public const CONFIRM = <<<'LUA'
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 3, 34) ~= ARGV[1] then
  return 'no_effect'
end
if string.sub(held, 1, 1) == 'c' then
  local done = 'd:' .. ARGV[1]
  local set = redis.pcall('SET', KEYS[1], done, 'KEEPTTL')
  if set.err then
    -- A full server. It lets a script go on that has written, and this needs no memory: what is done must be recorded.
    redis.call('PEXPIRE', KEYS[1], redis.call('PTTL', KEYS[1]))
    redis.call('SET', KEYS[1], done, 'KEEPTTL')
  end
end
return 'done'

LUA;

    public const RELEASE = <<<'LUA'
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, 34) ~= 'c:' .. ARGV[1] then
  return 'no_effect'
end
redis.call('DEL', KEYS[1])
return 'done'

LUA;
}
