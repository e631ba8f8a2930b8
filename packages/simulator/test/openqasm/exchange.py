"""Reads programs with Qiskit and Qulacs and writes others with Qiskit, over JSON on stdin/stdout.

Needs qiskit, qiskit-qasm3-import and qulacs.
"""

import json
import sys

from qiskit import qasm2, qasm3
from qiskit.circuit.random import random_circuit
from qiskit.quantum_info import Statevector
from qulacs import QuantumState
from qulacs.converter import convert_QASM_to_qulacs_circuit


def amplitudes(vector):
    return {"real": [x.real for x in vector.tolist()], "imaginary": [x.imag for x in vector.tolist()]}


def qiskit_2(text):
    return qasm2.loads(text, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)


def qulacs_state(text):
    circuit = convert_QASM_to_qulacs_circuit(text.splitlines())
    state = QuantumState(circuit.get_qubit_count())
    circuit.update_quantum_state(state)
    return state.get_vector()


def answer(item):
    return {
        "version2": amplitudes(Statevector(qiskit_2(item["version2"])).data),
        "version3": amplitudes(Statevector(qasm3.loads(item["version3"])).data),
        "qulacs": amplitudes(qulacs_state(item["plain"])),
    }


def question(seed):
    circuit = random_circuit(4, 6, max_operands=3, seed=seed)
    programs = [qasm2.dumps(circuit), qasm3.dumps(circuit)]
    return {"programs": programs, "state": amplitudes(Statevector(circuit).data)}


request = json.load(sys.stdin)
qasm3.loads(request["dynamic"])
json.dump(
    {"answers": [answer(item) for item in request["items"]], "questions": [question(s) for s in range(12)]},
    sys.stdout,
)
