"""Decodes shots by PyMatching: reads one JSON object, writes one.

In:  {"circuit": text, "shots": file of b8 detectors, "rounds": how often to time it}
Out: {"seconds": [...], "observables": [0 or 1 of each shot]}
"""

import json
import sys
import time

import numpy
import pymatching
import stim

request = json.load(sys.stdin)
model = stim.Circuit(request["circuit"]).detector_error_model(decompose_errors=True)
matching = pymatching.Matching.from_detector_error_model(model)
shots = stim.read_shot_data_file(
    path=request["shots"], format="b8", num_detectors=model.num_detectors
).astype(numpy.uint8)
found = matching.decode_batch(shots)
seconds = []
for _ in range(request["rounds"]):
    start = time.perf_counter()
    found = matching.decode_batch(shots)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "observables": found[:, 0].tolist()}))
