local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, 34) ~= 'c:' .. ARGV[1] then
  return 'no_effect'
end
redis.call('DEL', KEYS[1])
return 'done'
