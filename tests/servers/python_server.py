"""The example server in Python with the store that an address names: file:PATH or redis://HOST:PORT."""

import runpy
import sys
from pathlib import Path

import redis
from hookproof import FileStore
from hookproof.stores import RedisStore

address, namespace = sys.argv[1:]
example = Path(__file__).resolve().parents[2] / "examples/python/server.py"
server = runpy.run_path(str(example))
# The functions of the module read it there.
variables = server["receive"].__globals__
if address.startswith("redis:"):
    variables["store"] = RedisStore(redis.Redis.from_url(address, socket_timeout=2), namespace)
else:
    variables["store"] = FileStore(address.removeprefix("file:"), budget=2)

server["logging"].basicConfig(level="INFO", stream=sys.stderr)
with server["make_server"]("127.0.0.1", 0, server["application"], server["Server"]) as running:
    print(f"listening on 127.0.0.1:{running.server_port}", flush=True)
    running.serve_forever()
