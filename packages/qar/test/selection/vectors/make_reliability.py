"""Writes reliability.json: what scikit-learn and statsmodels make of seeded forecasts.

pip install numpy==2.4.6 scikit-learn==1.9.1 statsmodels==0.15.0
python make_reliability.py > reliability.json
"""

import json

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss
from statsmodels.stats.proportion import proportion_confint

random = np.random.default_rng(20261121)


def logistic(z):
    return 1 / (1 + np.exp(-z))


def diagram(count):
    # Too sure of themselves, rounded so that many are equal, and off the edges of the bins, which
    # scikit-learn puts into the bin below.
    truth = random.beta(2, 3, count)
    forecasts = np.round(np.round(np.clip(0.5 + 1.7 * (truth - 0.5), 0, 0.99), 2) + 0.005, 3)
    happened = (random.random(count) < truth).astype(int)
    fitted = IsotonicRegression().fit(forecasts, happened).predict(forecasts)
    recalibrated = brier_score_loss(happened, fitted)
    score = brier_score_loss(happened, forecasts)
    rate = happened.mean()
    frequency, mean = calibration_curve(happened, forecasts, n_bins=10, strategy="uniform")
    return {
        "forecasts": forecasts.tolist(),
        "happened": happened.tolist(),
        "brierScore": score,
        "miscalibration": score - recalibrated,
        "discrimination": rate * (1 - rate) - recalibrated,
        "uncertainty": rate * (1 - rate),
        "frequency": frequency.tolist(),
        "meanForecast": mean.tolist(),
    }


def regression(count):
    values = np.round(np.sin(np.arange(count)) + np.arange(count) / count, 4)
    weights = np.round(1 + random.random(count), 3)
    fitted = IsotonicRegression().fit_transform(np.arange(count), values, sample_weight=weights)
    return {"values": values.tolist(), "weights": weights.tolist(), "fitted": fitted.tolist()}


def posterior(count):
    """The most probable intercept and slope, whose priors are normal with these deviations."""
    evidence = np.round(random.normal(1, 1, count).clip(-0.69, 7), 4)
    happened = (random.random(count) < logistic(-0.4 + 0.5 * (evidence - 1))).astype(int)
    deviations = np.array([np.pi / np.sqrt(3), 0.25])
    columns = np.column_stack([np.ones(count), evidence - 1]) * deviations
    model = LogisticRegression(C=1, fit_intercept=False, tol=1e-12, max_iter=10000)
    intercept, slope = model.fit(columns, happened).coef_[0] * deviations
    return {
        "evidence": evidence.tolist(),
        "happened": happened.tolist(),
        "intercept": intercept,
        "slope": slope,
    }


intervals = []
for happened, count in ((0, 7), (3, 10), (50, 81), (20, 20)):
    low, high = proportion_confint(happened, count, alpha=0.05, method="wilson")
    intervals.append({"happened": happened, "count": count, "low": low, "high": high})

print(
    json.dumps(
        {
            "diagrams": [diagram(60), diagram(400)],
            "regressions": [regression(30), regression(75)],
            "posterior": posterior(1500),
            "intervals": intervals,
        }
    )
)
