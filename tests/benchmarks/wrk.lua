-- Sends the requests of a file, given with the words "once" or "again" after it, and tells what came of it as one line.
local requests, next_one, once = {}, 0, false

function init(arguments)
    local file = assert(io.open(arguments[1], "rb"))
    for request in file:read("*a"):gmatch("[^\30]+") do
        requests[#requests + 1] = request
    end
    file:close()
    once = arguments[2] == "once"
end

function request()
    next_one = next_one + 1
    if next_one > #requests then
        if once then
            wrk.thread:stop()
        end
        next_one = 1
    end
    return requests[next_one]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "slowest": %d, "refused": %d, '
            .. '"unconnected": %d, "broken": %d, "late": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
        errors.status, errors.connect, errors.read + errors.write, errors.timeout
    ))
end
