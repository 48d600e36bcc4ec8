"""Times PyJWT on a header that is no token: reads "garbage N" lines, answers with nanoseconds."""

import sys
import time

import jwt


def main() -> None:
    token = "A" * int(sys.argv[1])
    for line in sys.stdin:
        calls = int(line.split()[1])
        start = time.perf_counter_ns()
        for _ in range(calls):
            try:
                jwt.decode(token, "the signature secret of the dashboard", algorithms=["HS256"])
            except jwt.InvalidTokenError:
                continue
            raise SystemExit("PyJWT took garbage for a token")
        print(time.perf_counter_ns() - start, flush=True)


main()
