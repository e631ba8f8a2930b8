"""Writes stim.json beside this file with Stim 1.16.0 (pip install stim==1.16.0):

    python generate.py DATA_FOLDER/qec && pnpm exec prettier --write stim.json

gates: what each Clifford gate maps X and Z of its qubits to.
circuits: counts, error counts and firing rates of each .stim file.
models: counts of each .dem file and the rate at which each detector and observable fires.
wide: a random circuit of 70 qubits and the stabilizers of its final state.
generated: circuits written by stim.Circuit.generated, with their models.
"""

import json
import pathlib
import random
import sys

import stim

HERE = pathlib.Path(__file__).parent


def gates():
    table = {}
    for name, data in stim.gate_data().items():
        if not data.is_unitary or name.startswith("SPP"):
            continue
        tableau = data.tableau
        images = []
        for q in range(len(tableau)):
            images.append(str(tableau.x_output(q)).replace("_", "I"))
            images.append(str(tableau.z_output(q)).replace("_", "I"))
        table[name] = {"aliases": data.aliases, "images": images}
    return table


def errors(model):
    """[probability, detectors, observables] of every error, blocks unrolled."""
    found = []
    for instruction in model.flattened():
        if instruction.type != "error":
            continue
        detectors, observables = set(), set()
        for target in instruction.targets_copy():
            if target.is_relative_detector_id():
                detectors ^= {target.val}
            elif target.is_logical_observable_id():
                observables ^= {target.val}
        found.append([instruction.args_copy()[0], sorted(detectors), sorted(observables)])
    return found


def rates(model):
    """How often each detector and each observable fires: (1 - product of (1 - 2p)) / 2."""
    detectors = [1.0] * model.num_detectors
    observables = [1.0] * model.num_observables
    for p, flipped, logical in errors(model):
        for d in flipped:
            detectors[d] *= 1 - 2 * p
        for l in logical:
            observables[l] *= 1 - 2 * p
    return {
        "detectors": [round((1 - x) / 2, 12) for x in detectors],
        "observables": [round((1 - x) / 2, 12) for x in observables],
    }


def counts(circuit):
    return {
        "qubits": circuit.num_qubits,
        "measurements": circuit.num_measurements,
        "detectors": circuit.num_detectors,
        "observables": circuit.num_observables,
    }


def rounded(found):
    return [[float(f"{p:.15g}"), d, l] for p, d, l in found]


def model_counts(model):
    return {
        "detectors": model.num_detectors,
        "observables": model.num_observables,
        "errors": model.num_errors,
    }


def wide(qubits=70, seed=5):
    """A random circuit over three words of qubits, its open outcomes 0, and where it ends."""
    rng = random.Random(seed)
    names = [n for n, d in stim.gate_data().items() if d.is_unitary and not n.startswith("SPP")]
    simulator = stim.TableauSimulator()
    simulator.set_num_qubits(qubits)
    lines = []
    for _ in range(600):
        if rng.random() < 0.1:
            q = rng.randrange(qubits)
            if simulator.peek_z(q) == 0:
                simulator.postselect_z(q, desired_value=0)
            lines.append(f"M {q}")
            continue
        name = rng.choice(names)
        size = 2 if stim.gate_data(name).is_two_qubit_gate else 1
        line = f"{name} {' '.join(map(str, rng.sample(range(qubits), size)))}"
        simulator.do(stim.Circuit(line))
        lines.append(line)
    stabilizers = [str(p).replace("_", "I") for p in simulator.canonical_stabilizers()]
    return {"text": "\n".join(lines), "stabilizers": stabilizers}


def main():
    folder = pathlib.Path(sys.argv[1])
    circuits, models, generated = {}, {}, {}
    for path in sorted(folder.glob("*.stim")):
        circuit = stim.Circuit.from_file(path)
        model = circuit.detector_error_model(flatten_loops=True)
        entry = counts(circuit) | {"errors": model.num_errors, "rates": rates(model)}
        circuits[path.name] = entry
    for path in sorted(folder.glob("*.dem")):
        model = stim.DetectorErrorModel.from_file(path)
        models[path.name] = model_counts(model) | {"rates": rates(model)}
    for task, distance, rounds in [
        ("repetition_code:memory", 3, 4),
        ("surface_code:rotated_memory_x", 3, 2),
        ("surface_code:unrotated_memory_z", 2, 2),
        ("color_code:memory_xyz", 3, 2),
    ]:
        circuit = stim.Circuit.generated(
            task,
            distance=distance,
            rounds=rounds,
            after_clifford_depolarization=0.01,
            before_round_data_depolarization=0.02,
            before_measure_flip_probability=0.03,
            after_reset_flip_probability=0.04,
        )
        model = circuit.detector_error_model(flatten_loops=True)
        generated[task] = counts(circuit) | {
            "text": str(circuit),
            "errors": rounded(errors(model)),
        }
    mixed = stim.Circuit(MIXED)
    generated["mixed instructions"] = counts(mixed) | {
        "text": str(mixed),
        "errors": rounded(errors(mixed.detector_error_model(flatten_loops=True))),
    }
    tutorial = {}
    for name, noise in {
        "before_round_data_depolarization=0.03": {"before_round_data_depolarization": 0.03},
        "before_round_data_depolarization=0.13, before_measure_flip_probability=0.01": {
            "before_round_data_depolarization": 0.13,
            "before_measure_flip_probability": 0.01,
        },
    }.items():
        circuit = stim.Circuit.generated(
            "repetition_code:memory", distance=9, rounds=100, **noise
        )
        tutorial[name] = {"text": str(circuit), "rates": rates(circuit.detector_error_model(flatten_loops=True))}
    golden = {
        "stim": stim.__version__,
        "gates": gates(),
        "circuits": circuits,
        "models": models,
        "generated": generated,
        "tutorial": tutorial,
        "wide": wide(),
    }
    (HERE / "stim.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


MIXED = """
RX 0 1
RY 2
R 3 4
MPP(0.01) X0*X1 !Y2 Z3*Z4
XCY 0 3
SQRT_ZZ 1 4
ISWAP 2 3
C_XYZ 0 1
DEPOLARIZE1(0.01) 0 2
DEPOLARIZE2(0.02) 1 4
E(0.05) X0 Y3 Z4
C_ZYX 0 1
ISWAP_DAG 2 3
SQRT_ZZ_DAG 1 4
XCY 0 3
Y_ERROR(0.02) 4
MR(0.02) 3
CX rec[-1] 4
MXX(0.03) 0 1
MY !2
MZZ 3 4
DETECTOR rec[-3] rec[-7]
DETECTOR rec[-2] rec[-6]
DETECTOR rec[-4] rec[-5]
DETECTOR rec[-1]
OBSERVABLE_INCLUDE(2) rec[-4]
MRX 0
DEPOLARIZE1(0.1) 0
M(0.25) 3 !4
MX 0
OBSERVABLE_INCLUDE(0) rec[-1]
DETECTOR(1, 2) rec[-3]
"""

if __name__ == "__main__":
    main()
