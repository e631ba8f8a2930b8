"""Lets a market of a Sema service learn from candles that freqtrade has downloaded.

    python sema_train.py user_data/data/binance/BTC_USDT-1m.feather --pair BTC/USDT --timeframe 1m

prints the id of a snapshot, for `sema.model` in freqtrade's configuration. Candles that the market
has are passed over, so the same command later adds the new ones, and prints the id of a new
snapshot; the old one stays as it is. Hold back the candles that you backtest on: --until.

The token, with the scopes markets:write and candles:write, is in the variable SEMA_TOKEN.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import urllib.error
import urllib.request
from typing import Any

import pandas as pd

COLUMNS = ("open", "high", "low", "close", "volume")
CANDLES_A_CALL = 2000
TIMEOUT = 120


def main() -> int:
    options = _options()
    pair, timeframe = options.pair, options.timeframe
    frame = pd.read_feather(options.candles)
    if options.until:
        frame = frame[frame["date"] < pd.Timestamp(options.until, tz="UTC")]
    market = re.sub(r"[^a-z0-9]+", "-", f"{pair}-{timeframe}".lower())
    interval_ms = int(pd.Timedelta(timeframe.replace("m", "min")).total_seconds() * 1000)
    try:
        made = {"id": market, "pair": pair, "intervalMs": interval_ms, "decideAt": "close"}
        if options.settings:
            made["settings"] = json.loads(options.settings)
        ask(options.url, "/v1/markets", made)
        taken = 0
        for start in range(0, len(frame), CANDLES_A_CALL):
            candles = rows(frame[start : start + CANDLES_A_CALL])
            answer = ask(options.url, f"/v1/markets/{market}/candles", {"candles": candles})
            taken += sum(one["verdict"]["kind"] == "next" for one in answer["answers"])
        answer = ask(options.url, f"/v1/markets/{market}/snapshots", None)
    except urllib.error.HTTPError as fault:
        print(f"{fault.url}: {fault.read(4096).decode()}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"{options.url}: {fault}", file=sys.stderr)
        return 1
    print(f"{market} learned from {taken} new candles", file=sys.stderr)
    print(answer["snapshot"]["id"])
    return 0


def rows(frame: pd.DataFrame) -> list[dict[str, float]]:
    times = frame["date"].astype("datetime64[ms, UTC]").astype("int64").tolist()
    columns = [frame[name].astype(float).tolist() for name in COLUMNS]
    return [dict(zip(("time", *COLUMNS), row)) for row in zip(times, *columns)]


def ask(url: str, path: str, body: Any) -> dict[str, Any]:
    headers = {
        "Authorization": f"Bearer {os.environ.get('SEMA_TOKEN', '')}",
        "Content-Type": "application/json",
    }
    data = b"" if body is None else json.dumps(body, allow_nan=False).encode()
    request = urllib.request.Request(url.rstrip("/") + path, data, headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        return json.loads(response.read())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("candles", help="a feather file of freqtrade")
    parser.add_argument("--pair", required=True, help="such as BTC/USDT")
    parser.add_argument("--timeframe", required=True, help="such as 1m")
    parser.add_argument("--until", help="leave out candles from this date on")
    parser.add_argument("--settings", help="settings of the engine, as JSON; the defaults without")
    parser.add_argument("--url", default="http://127.0.0.1:8787", help="of the service")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
