local owner, lease, keep = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local held = redis.call('GET', KEYS[1])
if held then
  -- The same claim once more, sent again or late: what it led to must not be undone.
  if string.sub(held, 3, 34) == owner then
    return 'claimed'
  end
  if string.sub(held, 1, 1) == 'd' then
    return 'duplicate'
  end
  -- The lease is over when the key has no more than this left to live.
  if redis.call('PTTL', KEYS[1]) > tonumber(string.sub(held, 36)) then
    return 'in_progress'
  end
end
local value = 'd:' .. owner
if lease > 0 then
  value = string.format('c:%s:%.0f', owner, keep - lease)
end
redis.call('SET', KEYS[1], value, 'PX', ARGV[3])
return 'claimed'
