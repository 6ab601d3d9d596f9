/** What the Redis server does in one step: record, settle, queue again, delete, lease. */

/*
 * Every key begins with KEYS[1], `wa-hook:{name}`: the braces keep a store in one slot of a cluster.
 *
 * - `:count` the number of the newest delivery; its entry in the stream `:log` has the id `<number>-0`
 * - `:seen:<key>` when an event was first received, for seven days
 * - `:forwards` a hash: `t<id>` the app, `s<id>` the state unless it is pending, `r<id>` the result
 * - `:pending:<app>`, `:failed:<app>` sorted sets of forwards; `:apps` the set of all apps
 * - `:rejected` the numbers and sizes of rejected deliveries; `:bytes` the size of all, `:rejected-bytes` of those
 * - `:lease:<app>` which listener forwards to that app
 */

/** The apps of a delivery: the id of a forward is the number of the delivery times this, plus the index of the app. */
export const APPS = 16;

const FORWARD_ID = `local function forwardId(n, index) return string.format('%.0f', n * ${APPS} + index) end`;

/**
 * ARGV: time, headers, body, reason, kept rejected deliveries, their bytes, seven days, answered state, its result, 1 for an imported one,
 * number of keys, keys, apps.
 */
export const RECORD = `
local base, at, headers, body, reason = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
${FORWARD_ID}
-- The first write: without memory it fails, and nothing is changed.
local n = redis.call('INCR', base .. ':count')
local id = string.format('%.0f-0', n)
local size = #headers + #body
local keys = tonumber(ARGV[11])
local verdict = 'accepted'
if reason ~= '' then
  verdict = 'rejected'
else
  local fresh = keys == 0
  for index = 1, keys do
    local key = ARGV[11 + index]
    if key == '' then fresh = true else
      local seen = base .. ':seen:' .. key
      if redis.call('SET', seen, at, 'NX', 'PX', ARGV[7]) then fresh = true
      elseif tonumber(at) - tonumber(redis.call('GET', seen)) > tonumber(ARGV[7]) then
        redis.call('SET', seen, at, 'PX', ARGV[7])
        fresh = true
      end
    end
  end
  if not fresh then verdict = 'duplicate' end
end
local entry = {'t', at, 'h', headers, 'b', body, 'v', verdict, 'r', reason}
if ARGV[10] == '1' then
  entry[11], entry[12] = 'i', '1'
end
redis.call('XADD', base .. ':log', id, unpack(entry))
redis.call('INCRBY', base .. ':bytes', size)
local forwards = 0
if verdict == 'accepted' then
  for index = 12 + keys, #ARGV do
    local forward, app = forwardId(n, forwards), ARGV[index]
    redis.call('SADD', base .. ':apps', app)
    redis.call('HSET', base .. ':forwards', 't' .. forward, app)
    if forwards == 0 and ARGV[8] ~= '' then
      redis.call('HSET', base .. ':forwards', 's' .. forward, ARGV[8], 'r' .. forward, ARGV[9])
      if ARGV[8] == 'failed' then redis.call('ZADD', base .. ':failed:' .. app, forward, forward) end
    else
      redis.call('ZADD', base .. ':pending:' .. app, forward, forward)
    end
    forwards = forwards + 1
  end
elseif verdict == 'rejected' then
  redis.call('RPUSH', base .. ':rejected', id .. ' ' .. size)
  local held = redis.call('INCRBY', base .. ':rejected-bytes', size)
  local count = redis.call('LLEN', base .. ':rejected')
  while count > tonumber(ARGV[5]) or (held > tonumber(ARGV[6]) and count > 1) do
    local oldest, bytes = string.match(redis.call('LPOP', base .. ':rejected'), '(%S+) (%d+)')
    held = redis.call('DECRBY', base .. ':rejected-bytes', bytes)
    count = count - 1
    if redis.call('XDEL', base .. ':log', oldest) == 1 then redis.call('DECRBY', base .. ':bytes', bytes) end
  end
end
return {n, verdict, forwards}
`;

/** ARGV: forward, state, result. A late result does not undo a delivery. */
export const SETTLE = `
local base, id, state = KEYS[1], ARGV[1], ARGV[2]
local app = redis.call('HGET', base .. ':forwards', 't' .. id)
if not app or (state ~= 'delivered' and redis.call('HGET', base .. ':forwards', 's' .. id) == 'delivered') then return 0 end
redis.call('HSET', base .. ':forwards', 'r' .. id, ARGV[3])
if state == 'pending' then
  redis.call('HDEL', base .. ':forwards', 's' .. id)
  redis.call('ZADD', base .. ':pending:' .. app, id, id)
else
  redis.call('HSET', base .. ':forwards', 's' .. id, state)
  redis.call('ZREM', base .. ':pending:' .. app, id)
end
if state == 'failed' then redis.call('ZADD', base .. ':failed:' .. app, id, id)
else redis.call('ZREM', base .. ':failed:' .. app, id) end
return 1
`;

/** ARGV: only this app or '', 1 for failed ones only, numbers of deliveries. Returns the app of each forward. */
export const REQUEUE = `
local base, wanted = KEYS[1], ARGV[1]
${FORWARD_ID}
local found = {}
for index = 3, #ARGV do
  local n, free, has = tonumber(ARGV[index]), nil, false
  for place = 0, ${APPS - 1} do
    local id = forwardId(n, place)
    local app = redis.call('HGET', base .. ':forwards', 't' .. id)
    if not app then free = id break end
    local state = redis.call('HGET', base .. ':forwards', 's' .. id)
    if (wanted == '' and (ARGV[2] ~= '1' or state == 'failed')) or wanted == app then
      redis.call('HDEL', base .. ':forwards', 's' .. id, 'r' .. id)
      redis.call('ZADD', base .. ':pending:' .. app, id, id)
      redis.call('ZREM', base .. ':failed:' .. app, id)
      found[#found + 1] = app
      has = true
    end
  end
  if wanted ~= '' and not has and free then
    redis.call('SADD', base .. ':apps', wanted)
    redis.call('HSET', base .. ':forwards', 't' .. free, wanted)
    redis.call('ZADD', base .. ':pending:' .. wanted, free, free)
    found[#found + 1] = wanted
  end
end
return found
`;

/** ARGV: received before, size of the store, deliveries to look at. Returns what was deleted: deliveries, bytes, pending forwards. */
export const PRUNE = `
local base = KEYS[1]
${FORWARD_ID}
local held = tonumber(redis.call('GET', base .. ':bytes') or '0')
local deliveries, bytes, pending, last = 0, 0, 0, nil
for _, entry in ipairs(redis.call('XRANGE', base .. ':log', '-', '+', 'COUNT', ARGV[3])) do
  local field = {}
  for index = 1, #entry[2], 2 do field[entry[2][index]] = entry[2][index + 1] end
  local size = #(field.h or '') + #(field.b or '')
  if (tonumber(field.t or '') or 0) >= tonumber(ARGV[1]) and held <= tonumber(ARGV[2]) then break end
  local n = tonumber(string.match(entry[1], '^%d+'))
  held, bytes, deliveries, last = held - size, bytes + size, deliveries + 1, n
  for place = 0, ${APPS - 1} do
    local id = forwardId(n, place)
    local app = redis.call('HGET', base .. ':forwards', 't' .. id)
    if not app then break end
    pending = pending + redis.call('ZREM', base .. ':pending:' .. app, id)
    redis.call('ZREM', base .. ':failed:' .. app, id)
    redis.call('HDEL', base .. ':forwards', 't' .. id, 's' .. id, 'r' .. id)
  end
end
if last then
  redis.call('XTRIM', base .. ':log', 'MINID', string.format('%.0f-0', last + 1))
  redis.call('DECRBY', base .. ':bytes', string.format('%.0f', bytes))
  local rejected = redis.call('LINDEX', base .. ':rejected', 0)
  while rejected do
    local n, size = string.match(rejected, '^(%d+)%S* (%d+)')
    if tonumber(n) > last then break end
    redis.call('LPOP', base .. ':rejected')
    redis.call('DECRBY', base .. ':rejected-bytes', size)
    rejected = redis.call('LINDEX', base .. ':rejected', 0)
  end
end
return {deliveries, bytes, pending}
`;

/**
 * ARGV: after this number, received before, bytes to delete at least, deliveries to look at. Changes nothing. Returns what `PRUNE` would
 * delete of them, deliveries and bytes, and the number of the last one, or 0 when nothing after it would be deleted.
 */
export const PLAN = `
local deliveries, bytes, last = 0, 0, 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1] .. ':log', '(' .. ARGV[1] .. '-0', '+', 'COUNT', ARGV[4])) do
  local field = {}
  for index = 1, #entry[2], 2 do field[entry[2][index]] = entry[2][index + 1] end
  if (tonumber(field.t or '') or 0) >= tonumber(ARGV[2]) and bytes >= tonumber(ARGV[3]) then
    last = 0
    break
  end
  deliveries, bytes = deliveries + 1, bytes + #(field.h or '') + #(field.b or '')
  last = tonumber(string.match(entry[1], '^%d+'))
end
return {deliveries, bytes, last}
`;

/** Returns the number of the newest delivery, the id of the oldest one, and those of rejected ones with their sizes. */
export const NEWS = `
local base = KEYS[1]
local oldest = redis.call('XRANGE', base .. ':log', '-', '+', 'COUNT', 1)[1]
return {redis.call('GET', base .. ':count'), oldest and oldest[1] or '0-0', redis.call('LRANGE', base .. ':rejected', 0, -1)}
`;

/** ARGV: app, who, milliseconds. Returns 1 when the lease is theirs, new or once more. */
export const LEASE = `
local key = KEYS[1] .. ':lease:' .. ARGV[1]
local holder = redis.call('GET', key)
if holder and holder ~= ARGV[2] then return 0 end
redis.call('SET', key, ARGV[2], 'PX', ARGV[3])
return 1
`;

/** ARGV: app, who. */
export const RELEASE = `
local key = KEYS[1] .. ':lease:' .. ARGV[1]
if redis.call('GET', key) == ARGV[2] then return redis.call('DEL', key) end
return 0
`;
