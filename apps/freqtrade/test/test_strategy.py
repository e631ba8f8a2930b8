"""The strategy file alone: real freqtrade classes, and a service that answers as it is told."""

import json
import math
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from freqtrade.enums import RunMode
from freqtrade.exceptions import OperationalException
from freqtrade.resolvers import StrategyResolver

STRATEGIES = Path(__file__).parent.parent / "user_data" / "strategies"
PAIR = "BTC/USDT"
ROWS = 300
WINDOW = 256


class Service:
    """A loopback service; `answers` maps a path to what it says, or to a function of the body."""

    def __init__(self):
        self.answers = {
            "/v1/capabilities": {"windowCandles": WINDOW},
            "/v1/signals": signals,
            "/v1/risk": {"trading": "ACTIVE"},
            "/v1/outcomes": {"status": "taken"},
        }
        self.asked = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                path = self.path.split("?")[0]
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length)) if length else None
                service.asked.append((path, body, self.headers.get("Authorization")))
                answer = service.answers[path]
                if callable(answer):
                    answer = answer(body)
                status = answer.get("status_code", 200) if isinstance(answer, dict) else 200
                text = answer if isinstance(answer, str) else json.dumps(answer)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def signals(body):
    """Long on the last row, at one hundredth of the wallet; nothing before the first window."""
    times = body["columns"]["time"]
    rows = len(times)
    known = [None] * (WINDOW - 1) + ["flat"] * (rows - WINDOW) + ["long"]
    has = [action is not None for action in known]
    return {
        "model": "m1",
        "snapshot": "m1",
        "windowCandles": WINDOW,
        "lastTime": times[-1],
        "columns": {
            "action": known,
            "confidence": [0.9 if h else None for h in has],
            "regime": ["stable" if h else None for h in has],
            "stake": [0.01 if action == "long" else (0 if action else None) for action in known],
            "id": [f"d{row}" if h else None for row, h in enumerate(has)],
        },
    }


def candles(rows=ROWS):
    date = pd.date_range("2026-01-01", periods=rows, freq="1min", tz="UTC")
    price = [100 + math.sin(i / 7) for i in range(rows)]
    columns = {name: price for name in ("open", "high", "low", "close")}
    return pd.DataFrame({"date": date, **columns, "volume": 1.0})


@pytest.fixture
def service():
    running = Service()
    yield running
    running.stop()


def strategy(url, runmode=RunMode.DRY_RUN, **settings):
    config = {
        "strategy": "SemaQuantumEnhanced",
        "strategy_path": str(STRATEGIES),
        "user_data_dir": STRATEGIES.parent,
        "runmode": runmode,
        "dry_run": True,
        "sema": {"url": url, "token": "t0", "model": "m1", **settings},
    }
    loaded = StrategyResolver.load_strategy(config)
    analysed = {}
    loaded.dp = SimpleNamespace(
        runmode=runmode,
        current_whitelist=lambda: [PAIR],
        get_analyzed_dataframe=lambda pair, _: (analysed.get(pair, pd.DataFrame()), None),
    )
    loaded.wallets = SimpleNamespace(get_total_stake_amount=lambda: 10_000.0)
    loaded.analysed = analysed
    return loaded


def analyse(subject, frame=None):
    frame = candles() if frame is None else frame
    frame = subject.populate_indicators(frame, {"pair": PAIR})
    frame = subject.populate_entry_trend(frame, {"pair": PAIR})
    frame = subject.populate_exit_trend(frame, {"pair": PAIR})
    subject.analysed[PAIR] = frame
    return frame


def confirm(subject, tag, side="long"):
    now = datetime.now(UTC)
    return subject.confirm_trade_entry(PAIR, "limit", 1, 100, "GTC", now, tag, side)


def stake(subject, tag, least=5.0, most=1000.0):
    now = datetime.now(UTC)
    return subject.custom_stake_amount(PAIR, now, 100, 50, least, most, 1, tag, "long")


def loop(subject):
    subject._tell_outcomes = lambda: None
    subject.bot_loop_start(datetime.now(UTC))


def test_decisions_become_entries_exits_tags_and_stakes(service):
    subject = strategy(service.url)
    frame = analyse(subject)
    assert len(frame) == ROWS
    assert frame["enter_long"].tolist() == [0] * (ROWS - 1) + [1]
    assert frame["enter_tag"].iloc[-1] == f"d{ROWS - 1}"
    assert frame["exit_long"].sum() == ROWS - WINDOW
    loop(subject)
    assert stake(subject, f"d{ROWS - 1}") == 100.0
    assert confirm(subject, f"d{ROWS - 1}") is True
    path, body, authorization = service.asked[0]
    assert (path, body["pair"], body["interval"]) == ("/v1/signals", PAIR, "1m")
    assert len(body["columns"]["time"]) == ROWS
    assert authorization == "Bearer t0"


def test_one_call_a_pair_whatever_its_length(service):
    subject = strategy(service.url)
    analyse(subject, candles(2000))
    assert [path for path, _, _ in service.asked] == ["/v1/signals"]


def wrong(change):
    def answer(body):
        good = signals(body)
        change(good)
        return good

    return answer


RUBBISH = {
    "no json": "rubbish",
    "no object": [],
    "an error": {"status_code": 503, "code": "HALTED", "detail": "halted"},
    "refused": {"status_code": 401},
    "too short": wrong(lambda a: a["columns"]["action"].pop()),
    "no model": wrong(lambda a: a.pop("model")),
    "no columns": wrong(lambda a: a.pop("columns")),
    "a missing column": wrong(lambda a: a["columns"].pop("stake")),
    "another model": wrong(lambda a: a.update(model="m2")),
    "a model that has learned nothing": wrong(lambda a: a.update(snapshot=None)),
    "other window": wrong(lambda a: a.update(windowCandles=10)),
    "stale": wrong(lambda a: a.update(lastTime=a["lastTime"] - 60_000)),
    "unknown action": wrong(lambda a: a["columns"]["action"].__setitem__(-1, "buy")),
    "boolean stake": wrong(lambda a: a["columns"]["stake"].__setitem__(-1, True)),
    "stake above 1": wrong(lambda a: a["columns"]["stake"].__setitem__(-1, 7)),
    "infinite": wrong(lambda a: a["columns"]["confidence"].__setitem__(-1, math.inf)),
    "not a number": wrong(lambda a: a["columns"]["stake"].__setitem__(-1, math.nan)),
    "long tag": wrong(lambda a: a["columns"]["id"].__setitem__(-1, "x" * 256)),
}


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_enters_nothing(service, name):
    subject = strategy(service.url)
    service.answers["/v1/signals"] = RUBBISH[name]
    frame = analyse(subject)
    assert len(frame) == ROWS
    assert frame["enter_long"].sum() == 0
    assert frame["exit_long"].sum() == 0
    loop(subject)
    assert confirm(subject, f"d{ROWS - 1}") is False
    assert stake(subject, f"d{ROWS - 1}") == 0.0


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_ends_a_backtest(service, name):
    subject = strategy(service.url, RunMode.BACKTEST)
    service.answers["/v1/signals"] = RUBBISH[name]
    with pytest.raises(OperationalException, match="Sema cannot decide"):
        analyse(subject)


def test_a_service_that_is_down_enters_nothing_and_recovers(service):
    subject = strategy("http://127.0.0.1:9")
    assert analyse(subject)["enter_long"].sum() == 0
    subject._url = service.url
    assert analyse(subject)["enter_long"].sum() == 1


def test_a_slow_service_enters_nothing(service):
    subject = strategy(service.url, timeout=0.05)
    service.answers["/v1/signals"] = lambda body: time.sleep(1) or signals(body)
    assert analyse(subject)["enter_long"].sum() == 0


@pytest.mark.parametrize("timeout", [0, -1, 61, math.nan, math.inf])
def test_a_timeout_that_is_none_is_refused(timeout):
    with pytest.raises(OperationalException, match="sema.timeout"):
        strategy("http://127.0.0.1:9", timeout=timeout)


@pytest.mark.parametrize("state", ["REDUCING", "HALTED", "KILLED"])
def test_a_halted_service_confirms_no_entry_and_leaves_open_trades(service, state):
    subject = strategy(service.url)
    analyse(subject)
    service.answers["/v1/risk"] = {"trading": state}
    loop(subject)
    assert confirm(subject, f"d{ROWS - 1}") is False
    assert subject.custom_exit(PAIR, None, None, 100, 0) == "sema_reduce"


def test_an_unknown_risk_state_confirms_no_entry_and_keeps_open_trades(service):
    subject = strategy(service.url)
    analyse(subject)
    assert confirm(subject, f"d{ROWS - 1}") is False
    for answer in ({"trading": None}, {}, "rubbish"):
        service.answers["/v1/risk"] = answer
        loop(subject)
        assert confirm(subject, f"d{ROWS - 1}") is False
        assert subject.custom_exit(PAIR, None, None, 100, 0) is None


def test_an_old_risk_state_confirms_no_entry(service):
    subject = strategy(service.url)
    analyse(subject)
    loop(subject)
    state, learned = subject._risk[PAIR]
    subject._risk[PAIR] = (state, learned - 31)
    assert confirm(subject, f"d{ROWS - 1}") is False


def test_another_model_in_mid_run_enters_nothing(service):
    subject = strategy(service.url)
    assert analyse(subject)["enter_long"].sum() == 1
    service.answers["/v1/signals"] = wrong(lambda a: a.update(model="m2"))
    assert analyse(subject)["enter_long"].sum() == 0


def test_a_model_that_is_asked_for_is_the_only_one(service):
    subject = strategy(service.url, model="m7")
    assert analyse(subject)["enter_long"].sum() == 0
    assert service.asked[0][1]["model"] == "m7"


def test_without_a_named_model_the_strategy_does_not_load():
    with pytest.raises(OperationalException):
        strategy("http://127.0.0.1:9", model="")


def test_a_long_frame_goes_in_parts_that_make_the_same_columns(service, monkeypatch):
    service.answers["/v1/signals"] = by_window
    subject = strategy(service.url)
    whole = analyse(subject, candles(1100))
    monkeypatch.setitem(type(subject)._signals.__globals__, "MOST_ROWS", 300)
    parts = analyse(subject, candles(1100))
    pd.testing.assert_frame_equal(parts, whole)
    assert max(len(body["columns"]["time"]) for _, body, _ in service.asked[1:]) == 300


def by_window(body):
    """Signals that depend on the window's candles and nothing else, as the service's do."""
    answer = signals(body)
    times = body["columns"]["time"]
    columns = answer["columns"]
    for row in range(WINDOW - 1, len(times)):
        columns["id"][row] = f"{times[row - WINDOW + 1]}-{times[row]}"
        columns["action"][row] = "long" if times[row] // 60_000 % 3 else "flat"
        columns["stake"][row] = 0.01 if columns["action"][row] == "long" else 0
    return answer


def test_a_tag_that_is_not_the_latest_decision_is_no_entry(service):
    subject = strategy(service.url)
    analyse(subject)
    loop(subject)
    assert confirm(subject, "d1") is False
    assert confirm(subject, None) is False
    assert stake(subject, "d1") == 0.0
    assert confirm(subject, f"d{ROWS - 1}", side="short") is False


@pytest.mark.parametrize("broken", [None, float("nan"), "rubbish"])
def test_callbacks_that_fail_refuse(service, broken):
    subject = strategy(service.url)
    analyse(subject)
    loop(subject)
    subject.wallets = SimpleNamespace(get_total_stake_amount=lambda: broken)
    assert stake(subject, f"d{ROWS - 1}") == 0.0
    subject.dp = SimpleNamespace(runmode=RunMode.DRY_RUN)
    assert confirm(subject, f"d{ROWS - 1}") is False


def test_a_stake_stays_within_what_the_exchange_and_the_settings_allow(service):
    subject = strategy(service.url, position_fraction=0.005)
    analyse(subject)
    assert stake(subject, f"d{ROWS - 1}") == 50.0
    assert stake(subject, f"d{ROWS - 1}", most=20.0) == 20.0
    assert stake(subject, f"d{ROWS - 1}", least=60.0) == 0.0


@pytest.mark.parametrize("fraction", [0, -0.01, 0.06, math.nan])
def test_a_position_beyond_the_ladder_is_refused(fraction):
    with pytest.raises(OperationalException):
        strategy("http://127.0.0.1:9", position_fraction=fraction)


def test_each_regime_but_the_stable_one_has_its_shade(service):
    subject = strategy(service.url)

    def crisis(body):
        answer = signals(body)
        answer["columns"]["regime"][-10:-5] = ["crisis"] * 5
        return answer

    service.answers["/v1/signals"] = crisis
    frame = analyse(subject)
    shades = subject.plot_annotations(PAIR, None, None, frame)
    assert [(shade["start"], shade["end"]) for shade in shades] == [
        (frame["date"].iloc[-10], frame["date"].iloc[-6])
    ]


def closed_trade(number):
    opened = datetime(2026, 1, 1, 0, number, tzinfo=UTC)
    return SimpleNamespace(
        id=number,
        pair=PAIR,
        enter_tag=f"d{number}",
        open_date_utc=opened,
        close_date_utc=opened,
        close_date=opened,
        open_rate=100.0,
        close_rate=101.0,
        close_profit=0.01,
        exit_reason="exit_signal",
    )


def test_closed_trades_are_told_until_they_are_taken(service, monkeypatch):
    subject = strategy(service.url)
    trades = [closed_trade(1), closed_trade(2)]
    globals_ = type(subject)._tell_outcomes.__globals__
    monkeypatch.setitem(globals_, "Trade", SimpleNamespace(get_trades_proxy=lambda is_open: trades))
    service.answers["/v1/outcomes"] = {"status_code": 503}
    subject.bot_loop_start(datetime.now(UTC))
    service.answers["/v1/outcomes"] = {"status": "taken"}
    subject.bot_loop_start(datetime.now(UTC))
    subject.bot_loop_start(datetime.now(UTC))
    told = [body["id"] for path, body, _ in service.asked if path == "/v1/outcomes"]
    first, second = f"freqtrade-1-{1767225660000}", f"freqtrade-2-{1767225720000}"
    assert told == [first, first, second]


def test_a_trade_that_is_refused_does_not_keep_the_others_waiting(service, monkeypatch):
    subject = strategy(service.url)
    trades = [closed_trade(1), closed_trade(2)]
    globals_ = type(subject)._tell_outcomes.__globals__
    monkeypatch.setitem(globals_, "Trade", SimpleNamespace(get_trades_proxy=lambda is_open: trades))
    service.answers["/v1/outcomes"] = lambda body: (
        {"status_code": 409} if body["id"].startswith("freqtrade-1-") else {"status": "taken"}
    )
    subject.bot_loop_start(datetime.now(UTC))
    subject.bot_loop_start(datetime.now(UTC))
    told = [body["id"] for path, body, _ in service.asked if path == "/v1/outcomes"]
    assert [id.split("-")[1] for id in told] == ["1", "2"]


def test_a_restart_tells_again_under_the_same_ids(service, monkeypatch):
    trades = [closed_trade(1)]
    for _ in range(2):
        subject = strategy(service.url)
        globals_ = type(subject)._tell_outcomes.__globals__
        monkeypatch.setitem(
            globals_, "Trade", SimpleNamespace(get_trades_proxy=lambda is_open: trades)
        )
        subject.bot_loop_start(datetime.now(UTC))
    told = [body["id"] for path, body, _ in service.asked if path == "/v1/outcomes"]
    assert len(told) == 2 and len(set(told)) == 1
