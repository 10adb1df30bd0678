-- Replays prepared requests, one after the other and round again. They stand in the file named by the first argument,
-- each with a NUL behind it.
local requests, at = {}, 0

function init(args)
   local file = assert(io.open(args[1], "rb"))
   local all, from = file:read("*a"), 1
   file:close()
   while true do
      local to = string.find(all, "\0", from, true)
      if not to then break end
      requests[#requests + 1] = string.sub(all, from, to - 1)
      from = to + 1
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function done(summary, latency, _)
   local e = summary.errors
   io.write(string.format('\n{"requests":%d,"us":%d,"failed":%d,"broken":%d,"p50":%.3f,"p90":%.3f,"p99":%.3f}\n',
      summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
      latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000))
end
