"""Entries and exits decided by a Sema service, one batch call per pair and new candle.

Needs freqtrade's interface 3, pandas, and a running `sema serve`. Settings come from the section
`sema` of freqtrade's configuration:

    "sema": {
        "url": "http://127.0.0.1:8787",
        "token": "…",                  # scopes signals, markets:read and candles:write;
                                       # or the environment variable SEMA_TOKEN
        "model": "…",                  # id of a snapshot: it decides, and no other
        "position_fraction": 0.01,     # of the wallet per trade, at most; what Sema asks caps it
        "timeout": 2.0                 # seconds that a call may take, besides 1 ms a row
    }

It fails closed. Without a fresh, complete answer of the expected model there is no entry; whatever
goes wrong in a callback is logged and answered with the value that refuses. Positions that are open
keep their stop-loss and exits. A backtest stops instead, since results without decisions mislead.
"""

from __future__ import annotations

import json
import logging
import math
import os
import time
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from freqtrade.exceptions import OperationalException
from freqtrade.persistence import Trade
from freqtrade.strategy import IStrategy
from pandas import DataFrame

logger = logging.getLogger(__name__)

# Candles a decision sees, of which the last is its own.
WINDOW = 256
ACTIONS = ("long", "flat", "short")
REGIMES = ("stable", "trending", "volatile", "crisis")
# Seconds: what a service that answers may take, for a call and for each row of it.
CALL_TIMEOUT = 2.0
MOST_TIMEOUT = 60.0
ROW_TIMEOUT = 0.001
# Nothing is lost while a backtest waits.
BACKTEST_PATIENCE = 20
# Rows of one call; a service takes a hundred thousand.
MOST_ROWS = 50_000
# Seconds that a risk state counts as known.
RISK_AGE = 30.0
MOST_BYTES = 256 * 1024 * 1024
# Closed trades that are told, the most recent ones.
MOST_OUTCOMES = 500
# Answers that stay the same however often one asks: bad, unknown, in conflict, unprocessable.
REFUSALS = (400, 404, 409, 422)
COLUMNS = ("sema_action", "sema_confidence", "sema_regime", "sema_stake", "sema_id")
SHADES = {
    "trending": "rgba(0, 114, 178, 0.08)",
    "volatile": "rgba(230, 159, 0, 0.10)",
    "crisis": "rgba(213, 94, 0, 0.14)",
}


class SemaUnavailable(Exception):
    """The service did not give an answer that can be trusted."""


class SemaRefused(SemaUnavailable):
    """The service answered that it will not take this, now or later."""


class SemaQuantumEnhanced(IStrategy):
    INTERFACE_VERSION = 3

    timeframe = "1m"
    can_short = False
    process_only_new_candles = True
    startup_candle_count = WINDOW
    use_exit_signal = True
    # No target: the service says when to leave. The stop-loss holds also when it is down.
    minimal_roi = {"0": 10.0}
    stoploss = -0.05
    ignore_buying_expired_candle_after = 60

    plot_config = {
        "main_plot": {},
        "subplots": {"Confidence": {"sema_confidence": {"color": "#0072b2"}}},
    }

    @property
    def protections(self) -> list[dict[str, Any]]:
        return [
            {"method": "CooldownPeriod", "stop_duration_candles": 2},
            {
                "method": "StoplossGuard",
                "lookback_period_candles": 120,
                "trade_limit": 2,
                "stop_duration_candles": 60,
                "only_per_pair": False,
            },
            {
                "method": "MaxDrawdown",
                "lookback_period_candles": 1440,
                "trade_limit": 5,
                "stop_duration_candles": 240,
                "max_allowed_drawdown": 0.02,
            },
        ]

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        settings = config.get("sema", {})
        self._url = str(settings.get("url", "http://127.0.0.1:8787")).rstrip("/")
        self._token = str(settings.get("token", "")) or os.environ.get("SEMA_TOKEN", "")
        self._model = str(settings.get("model", ""))
        if not self._model:
            raise OperationalException("sema.model names no snapshot that is to decide")
        self._position_fraction = float(settings.get("position_fraction", 0.01))
        if not 0 < self._position_fraction <= 0.05:
            raise OperationalException("sema.position_fraction is not in (0, 0.05]")
        self._timeout = float(settings.get("timeout", CALL_TIMEOUT))
        if not 0 < self._timeout <= MOST_TIMEOUT:
            raise OperationalException(f"sema.timeout is not in (0, {MOST_TIMEOUT:g}]")
        # Per pair: trading state, and when it was learned.
        self._risk: dict[str, tuple[str, float]] = {}
        self._told: set[str] = set()

    # --- what freqtrade calls

    def bot_start(self, **kwargs: Any) -> None:
        """A backtest needs the service from the start; a bot may wait for it without entries."""
        try:
            self._check_service()
        except SemaUnavailable as fault:
            if not self._is_live():
                raise OperationalException(f"Sema cannot decide: {fault}") from fault
            logger.error("Sema cannot decide, so nothing is entered: %s", fault)

    def bot_loop_start(self, current_time: datetime, **kwargs: Any) -> None:
        if not self._is_live():
            return
        for pair in self.dp.current_whitelist() if self.dp else ():
            try:
                self._risk[pair] = (self._trading_state(pair), time.monotonic())
            except SemaUnavailable as fault:
                self._risk.pop(pair, None)
                logger.error("The risk state of %s is unknown: %s", pair, fault)
        try:
            self._tell_outcomes()
        except SemaUnavailable as fault:
            logger.warning("Closed trades wait to be told: %s", fault)

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        try:
            signals = self._signals(dataframe, metadata["pair"])
        except SemaUnavailable as fault:
            if not self._is_live():
                raise OperationalException(f"Sema cannot decide: {fault}") from fault
            logger.error("No decisions on %s: %s", metadata["pair"], fault)
            signals = {name: [None] * len(dataframe) for name in COLUMNS}
        for name in COLUMNS:
            dataframe[name] = signals[name]
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        dataframe["enter_long"] = 0
        goes = (dataframe["sema_action"] == "long") & (dataframe["sema_stake"].astype(float) > 0)
        dataframe.loc[goes, "enter_long"] = 1
        dataframe.loc[goes, "enter_tag"] = dataframe.loc[goes, "sema_id"]
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        dataframe["exit_long"] = 0
        leaves = dataframe["sema_action"].isin(["flat", "short"])
        dataframe.loc[leaves, "exit_long"] = 1
        dataframe.loc[leaves, "exit_tag"] = dataframe.loc[leaves, "sema_id"]
        return dataframe

    def custom_stake_amount(
        self,
        pair: str,
        current_time: datetime,
        current_rate: float,
        proposed_stake: float,
        min_stake: float | None,
        max_stake: float,
        leverage: float,
        entry_tag: str | None,
        side: str,
        **kwargs: Any,
    ) -> float:
        try:
            fraction = min(self._asked_fraction(pair, entry_tag), self._position_fraction)
            stake = fraction * self.wallets.get_total_stake_amount()
            if not math.isfinite(stake) or stake <= 0 or stake < (min_stake or 0.0):
                return 0.0
            return min(stake, max_stake)
        except Exception:
            logger.exception("No stake for %s", pair)
            return 0.0

    def confirm_trade_entry(
        self,
        pair: str,
        order_type: str,
        amount: float,
        rate: float,
        time_in_force: str,
        current_time: datetime,
        entry_tag: str | None,
        side: str,
        **kwargs: Any,
    ) -> bool:
        try:
            if side != "long" or self._asked_fraction(pair, entry_tag) <= 0:
                return False
            if not self._is_live():
                return True
            state, learned = self._risk.get(pair, ("UNKNOWN", -math.inf))
            return state == "ACTIVE" and time.monotonic() - learned <= RISK_AGE
        except Exception:
            logger.exception("No entry into %s", pair)
            return False

    def custom_exit(
        self,
        pair: str,
        trade: Trade,
        current_time: datetime,
        current_rate: float,
        current_profit: float,
        **kwargs: Any,
    ) -> str | None:
        """Leaves when a person or a limit has told the service to reduce."""
        state, _ = self._risk.get(pair, ("UNKNOWN", 0.0))
        return "sema_reduce" if state in ("REDUCING", "HALTED", "KILLED") else None

    def plot_annotations(
        self,
        pair: str,
        start_date: datetime,
        end_date: datetime,
        dataframe: DataFrame,
        **kwargs: Any,
    ) -> list[dict[str, Any]]:
        """A shade behind each run of candles in one regime, the stable ones left white."""
        try:
            return _shades(dataframe[["date", "sema_regime"]])
        except Exception:
            logger.exception("No shades for %s", pair)
            return []

    # --- what the service is asked

    def _check_service(self) -> None:
        capabilities = self._call("GET", "/v1/capabilities")
        window = capabilities.get("windowCandles")
        if window != WINDOW:
            raise SemaUnavailable(f"it decides on {window} candles, this file on {WINDOW}")

    def _trading_state(self, pair: str) -> str:
        state = self._call("GET", f"/v1/risk?pair={urllib.request.quote(pair, safe='')}")
        trading = state.get("trading")
        if not isinstance(trading, str):
            raise SemaUnavailable("the risk state names no trading state")
        return trading

    def _signals(self, dataframe: DataFrame, pair: str) -> dict[str, list[Any]]:
        """A value per row; a frame that is too long goes in parts, each with its window before."""
        signals: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        known = 0
        while known < len(dataframe):
            start = max(0, known - WINDOW + 1)
            part = self._part_signals(dataframe[start : start + MOST_ROWS], pair)
            for name, column in signals.items():
                column.extend(part[name][known - start :])
            known = len(signals["sema_id"])
        return signals

    def _part_signals(self, dataframe: DataFrame, pair: str) -> dict[str, list[Any]]:
        rows = len(dataframe)
        times = dataframe["date"].astype("datetime64[ms, UTC]").astype("int64").tolist()
        names = ("open", "high", "low", "close", "volume")
        question = {
            "pair": pair,
            "interval": self.timeframe,
            "model": self._model,
            "columns": {"time": times, **{name: dataframe[name].tolist() for name in names}},
        }
        timeout = self._timeout + ROW_TIMEOUT * rows
        patience = 1 if self._is_live() else BACKTEST_PATIENCE
        answer = self._call("POST", "/v1/signals", question, timeout * patience)
        signals = _checked_signals(answer, rows, times[-1])
        if answer["model"] != self._model:
            raise SemaUnavailable(f"model {answer['model']} answered, not {self._model}")
        if not isinstance(answer.get("snapshot"), str):
            raise SemaUnavailable(f"model {self._model} has learned nothing about {pair}")
        return signals

    def _tell_outcomes(self) -> None:
        """Closed trades, told until the service has taken them; it takes each id once."""
        closed = sorted(Trade.get_trades_proxy(is_open=False), key=lambda trade: trade.close_date)
        waiting = [t for t in closed[-MOST_OUTCOMES:] if _outcome_id(t) not in self._told]
        for trade in waiting:
            try:
                self._call("POST", "/v1/outcomes", _outcome(trade))
            except SemaRefused as fault:
                # It must not keep the others waiting for ever.
                logger.error("A closed trade is not counted: %s", fault)
            self._told.add(_outcome_id(trade))

    def _call(
        self, method: str, path: str, body: Any = None, timeout: float | None = None
    ) -> dict[str, Any]:
        try:
            data = None if body is None else json.dumps(body, allow_nan=False).encode()
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
            request = urllib.request.Request(self._url + path, data, headers, method=method)
            with urllib.request.urlopen(request, timeout=timeout or self._timeout) as response:
                answer = json.loads(response.read(MOST_BYTES))
        except urllib.error.HTTPError as fault:
            kind = SemaRefused if fault.code in REFUSALS else SemaUnavailable
            raise kind(f"{path}: {fault.code} {_detail(fault)}") from fault
        except (OSError, ValueError) as fault:
            raise SemaUnavailable(f"{path}: {fault}") from fault
        if not isinstance(answer, dict):
            raise SemaUnavailable(f"{path}: the answer is no object")
        return answer

    # --- what is remembered

    def _asked_fraction(self, pair: str, entry_tag: str | None) -> float:
        """Share of the wallet asked for by the decision of this tag; 0 when it is not the latest."""
        dataframe, _ = self.dp.get_analyzed_dataframe(pair, self.timeframe)
        if dataframe.empty:
            return 0.0
        last = dataframe.iloc[-1]
        if last["sema_action"] != "long" or last["sema_id"] != entry_tag:
            return 0.0
        fraction = float(last["sema_stake"])
        return fraction if math.isfinite(fraction) else 0.0

    def _is_live(self) -> bool:
        return bool(self.dp) and self.dp.runmode.value in ("live", "dry_run")


def _checked_signals(answer: dict[str, Any], rows: int, last: int | None) -> dict[str, list[Any]]:
    """The answer's columns, when each has a value of its kind for every row of the question."""
    columns = answer.get("columns")
    if not isinstance(answer.get("model"), str) or not isinstance(columns, dict):
        raise SemaUnavailable("the answer lacks its model or its columns")
    if answer.get("windowCandles") != WINDOW or answer.get("lastTime") != last:
        raise SemaUnavailable("the answer is on other candles")
    kinds = {
        "action": lambda value: value in ACTIONS,
        "confidence": lambda value: _is_share(value),
        "regime": lambda value: value in REGIMES,
        "stake": lambda value: _is_share(value),
        "id": lambda value: isinstance(value, str) and 0 < len(value) <= 255,
    }
    for name, is_valid in kinds.items():
        column = columns.get(name)
        if not isinstance(column, list) or len(column) != rows:
            raise SemaUnavailable(f"column {name} has not {rows} rows")
        if not all(value is None or is_valid(value) for value in column):
            raise SemaUnavailable(f"column {name} has a value that is none")
    return {f"sema_{name}": columns[name] for name in kinds}


def _is_share(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1


def _outcome_id(trade: Trade) -> str:
    opened = int(trade.open_date_utc.timestamp() * 1000)
    return f"freqtrade-{trade.id}-{opened}"


def _outcome(trade: Trade) -> dict[str, Any]:
    return {
        "id": _outcome_id(trade),
        "pair": trade.pair,
        "decisionId": trade.enter_tag,
        "openedAt": int(trade.open_date_utc.timestamp() * 1000),
        "closedAt": int(trade.close_date_utc.timestamp() * 1000),
        "openRate": trade.open_rate,
        "closeRate": trade.close_rate,
        "return": trade.close_profit,
        "exitReason": trade.exit_reason,
    }


def _detail(fault: urllib.error.HTTPError) -> str:
    try:
        problem = json.loads(fault.read(4096))
        return f"{problem['code']}: {problem['detail']}"
    except (OSError, ValueError, KeyError, TypeError):
        return str(fault.reason)


def _shades(dataframe: DataFrame) -> list[dict[str, Any]]:
    runs = (dataframe["sema_regime"] != dataframe["sema_regime"].shift()).cumsum()
    shades = []
    for _, run in dataframe.groupby(runs):
        regime = run["sema_regime"].iloc[0]
        if regime in SHADES:
            start, end = run["date"].iloc[0], run["date"].iloc[-1]
            shades.append({"type": "area", "start": start, "end": end, "color": SHADES[regime]})
    return shades
