"""Writes failure-rates.json: python generate.py FOLDER, which holds the circuits named below.

stim 1.16.0, pymatching 2.4.0: how many of a million shots PyMatching takes for what they are not.
"""

import json
import pathlib
import sys

import pymatching
import stim

SHOTS = 1_000_000
CIRCUITS = [(d, p) for d in (5, 7) for p in ("0.005", "0.008")]

folder = pathlib.Path(sys.argv[1])
found = []
for distance, p in CIRCUITS:
    name = f"surface_code_rotated_memory_x_{distance}_{p}.stim"
    circuit = stim.Circuit.from_file(folder / name)
    model = circuit.detector_error_model(decompose_errors=True)
    matching = pymatching.Matching.from_detector_error_model(model)
    failures = 0
    for batch in range(10):
        sampler = circuit.compile_detector_sampler(seed=batch)
        fired, flipped = sampler.sample(SHOTS // 10, separate_observables=True)
        failures += int((matching.decode_batch(fired) != flipped).sum())
    found.append({"circuit": name, "shots": SHOTS, "failures": failures})
target = pathlib.Path(__file__).with_name("failure-rates.json")
target.write_text(json.dumps(found, indent=2) + "\n")
