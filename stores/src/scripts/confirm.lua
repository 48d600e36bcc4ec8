local owner = ARGV[1]
local value = redis.call('GET', KEYS[1])
if not value or string.sub(value, 3, 34) ~= owner then
  return 'no_effect'
end
if string.sub(value, 1, 1) == 'c' then
  redis.call('SET', KEYS[1], 'd:' .. owner, 'KEEPTTL')
end
return 'done'
