"""Prints the seconds that Stim takes to sample the detectors of a circuit: FILE SHOTS ROUNDS."""

import json
import sys
import time

import stim

file, shots, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sampler = stim.Circuit.from_file(file).compile_detector_sampler(seed=1)
sampler.sample(shots)
seconds = []
for _ in range(rounds):
    start = time.perf_counter()
    fired = sampler.sample(shots)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "rate": float(fired.mean())}))
