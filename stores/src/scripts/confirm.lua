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
