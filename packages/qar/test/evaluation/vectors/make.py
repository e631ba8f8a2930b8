"""Makes golden.json: what arch, skfolio, purgedcv and scipy say on small seeded samples.

    python3 -m venv venv
    venv/bin/pip install arch==8.0.0 skfolio==1.12.2 purgedcv==0.1.11 scipy==1.17.1
    venv/bin/python make.py > golden.json
"""

import itertools
import json
import sys

import numpy as np
import pandas as pd
import purgedcv
from arch.bootstrap import SPA, StationaryBootstrap, optimal_block_length
from scipy import stats
from skfolio.model_selection import CombinatorialPurgedCV, WalkForward

rng = np.random.default_rng(20260101)


def ar1(count, phi, mean=0.0):
    noise = rng.normal(0, 0.01, count)
    values = np.zeros(count)
    for i in range(count):
        values[i] = noise[i] + (phi * values[i - 1] if i else 0.0)
    return np.round(values + mean, 6)


def normal():
    points = [-37.0, -20.0, -8.5, -4.0, -2.5, -2.0, -1.0, -0.1, 0.0, 0.3, 1.96, 2.0, 3.0, 6.0]
    shares = [1e-300, 1e-20, 1e-9, 0.001, 0.025, 0.2, 0.5, 0.8, 0.95, 0.999]
    return {
        "cdf": [[x, float(stats.norm.cdf(x))] for x in points],
        "quantile": [[p, float(stats.norm.ppf(p))] for p in shares],
    }


def sharpe():
    cases = []
    for returns in [ar1(60, 0.0, 0.002), ar1(250, 0.3, 0.001), np.round(rng.standard_t(4, 120) / 50, 6)]:
        full = purgedcv.deflated_sharpe_ratio_full(returns, 40, 0.03**2)
        track = purgedcv.min_track_record_length(full.observed_sr, -0.05, 0.05, full.skew, full.kurt)
        cases.append(
            {
                "returns": returns.tolist(),
                "sharpe": full.observed_sr,
                "skewness": full.skew,
                "kurtosis": full.kurt,
                "probabilistic": purgedcv.probabilistic_sharpe_ratio(returns, 0.02),
                "trials": 40,
                "variance": 0.03**2,
                "expectedMaximum": full.sr_star,
                "deflated": full.dsr,
                "trackRecord": track if np.isfinite(track) else None,
            }
        )
    return cases


def splits():
    cv = CombinatorialPurgedCV(n_folds=6, n_test_folds=2, purged_size=2, embargo_size=3)
    rows = np.zeros((60, 1))
    combinatorial = [
        {"train": train.tolist(), "test": np.concatenate(tests).tolist()} for train, tests in cv.split(rows)
    ]
    forward = WalkForward(train_size=20, test_size=7, purged_size=3)
    expanding = WalkForward(train_size=20, test_size=7, purged_size=3, expand_train=True)
    return {
        "combinatorial": combinatorial,
        "paths": cv.recombined_paths.T.tolist(),
        "rolling": [[train.tolist(), test.tolist()] for train, test in forward.split(rows)],
        "expanding": [[train.tolist(), test.tolist()] for train, test in expanding.split(rows)],
    }


def overfitting():
    cases = []
    for matrix, blocks in [
        (rng.normal(0, 0.01, (12, 96)), 8),
        (rng.normal(0, 0.01, (7, 101)) + np.linspace(-0.004, 0.004, 7)[:, None], 10),
    ]:
        matrix = np.round(matrix, 6)
        result = purgedcv.probability_of_backtest_overfitting(matrix, blocks)
        cases.append(
            {
                "trials": matrix.tolist(),
                "blocks": blocks,
                "probability": result.pbo,
                "slope": result.slope,
                # purgedcv lists the halves by their tested blocks in the same order.
                "logits": result.logits.tolist(),
            }
        )
    return cases


def resampled(count, block, replications, seed):
    """The rows that arch's stationary bootstrap draws."""
    bootstrap = StationaryBootstrap(block, np.arange(count), seed=seed)
    return [data[0][0].astype(int) for data in bootstrap.bootstrap(replications)]


def hansen(gains, rows, block):
    """Hansen (2005) with studentized statistics, straight from his section 3."""
    count, strategies = gains.shape
    mean = gains.mean(0)
    centred = gains - mean
    variance = (centred**2).sum(0) / count
    p = 1 / block
    for lag in range(1, count):
        weight = (1 - lag / count) * (1 - p) ** lag + lag / count * (1 - p) ** (count - lag)
        variance += 2 * weight * (centred[:-lag] * centred[lag:]).sum(0) / count
    unit = np.sqrt(variance / count)
    seen = (mean / unit).max()
    bound = -unit * np.sqrt(2 * np.log(np.log(count)))
    shifts = {"lower": np.maximum(mean, 0), "consistent": mean * (mean >= bound), "upper": mean}
    drawn = np.array([gains[row].mean(0) for row in rows])
    return {name: float((((drawn - shift) / unit).max(1) > seen).mean()) for name, shift in shifts.items()}


def superiority():
    block, replications, seed = 5, 80, 7
    count = 60
    means = [0.0012, 0.0, -0.001, -0.006]
    gains = np.column_stack([ar1(count, 0.2, mean) for mean in means])
    rows = resampled(count, block, replications, seed)
    test = SPA(np.zeros(count), -gains, block_size=block, reps=replications, seed=seed)
    test.compute()
    check = SPA(np.zeros(count), -gains, block_size=block, reps=replications, seed=seed, studentize=False)
    check.compute()
    assert (test.pvalues == check.pvalues).all(), "arch has begun to studentize the statistic"
    return {
        "gains": gains.T.tolist(),
        "meanBlock": block,
        "rows": [row.tolist() for row in rows],
        "plain": {name: float(value) for name, value in check.pvalues.items()},
        "studentized": hansen(gains, rows, block),
    }


def intervals():
    left, right = ar1(50, 0.3, 0.002), ar1(50, 0.0, 0.0)
    block, replications, seed = 4, 60, 11
    rows = resampled(50, block, replications, seed)
    bootstrap = StationaryBootstrap(block, left - right, seed=seed)
    low, high = bootstrap.conf_int(np.mean, reps=replications, method="percentile", size=0.9)[:, 0]
    return {
        "left": left.tolist(),
        "right": right.tolist(),
        "rows": [row.tolist() for row in rows],
        "confidence": 0.9,
        "low": float(low),
        "high": float(high),
    }


def blocks():
    cases = []
    for values in [ar1(200, 0.0), ar1(200, 0.6), ar1(450, 0.9), ar1(60, -0.3)]:
        best = float(optimal_block_length(pd.Series(values))["stationary"].iloc[0])
        cases.append({"values": values.tolist(), "block": best})
    return cases


json.dump(
    {
        "normal": normal(),
        "sharpe": sharpe(),
        "splits": splits(),
        "overfitting": overfitting(),
        "superiority": superiority(),
        "interval": intervals(),
        "blocks": blocks(),
    },
    sys.stdout,
)
