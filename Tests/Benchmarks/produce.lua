-- What wrk sends: produce requests to one topic, the same for Curlew and for the limit.
--
-- wrk … -s produce.lua URL -- TOPIC FORM PARTITIONS
--   FORM        single: one event as application/json
--               batch:  a hundred as application/vnd.kafka.json.v2+json
--   PARTITIONS  0: the server chooses; N: spread over partition=0 to N-1

local RECORDS = 100

-- One event of about 170 bytes.
local function event(number)
  return string.format(
    '{"id":"9f3c52e8-0000-4000-8000-%012d","type":"order.created","region":"DE-BE",' ..
      '"customer":%d,"total":%.2f,"currency":"EUR","items":[{"sku":"C-%05d","count":%d}]}',
    number, 100000 + number % 90000, 10 + number % 90 + 0.95, number % 100000, 1 + number % 9)
end

local function single()
  return "application/json", event(1)
end

local function batch()
  local records = {}
  for i = 1, RECORDS do
    records[i] = '{"value":' .. event(i) .. "}"
  end
  return "application/vnd.kafka.json.v2+json", '{"records":[' .. table.concat(records, ",") .. "]}"
end

-- Requests are formatted once and sent in turn, so that the generator costs as little as it can.
local requests, turn = {}, 0

function init(arguments)
  local topic, form, partitions = arguments[1], arguments[2], tonumber(arguments[3])
  local kind, body = (form == "batch" and batch or single)()
  local headers = { ["Content-Type"] = kind }
  if partitions == 0 then
    requests[1] = wrk.format("POST", "/topics/" .. topic, headers, body)
  end
  for i = 1, partitions do
    local path = "/topics/" .. topic .. "?partition=" .. (i - 1)
    requests[i] = wrk.format("POST", path, headers, body)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50_us":%d,"p99_us":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
