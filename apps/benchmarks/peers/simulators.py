"""Runs native state-vector simulators on OpenQASM 2 circuits and times them in this process.

Reads one JSON request a line and answers each with one line. What is timed is a run from |0...0> with
everything parsed, planned and allocated before. Qubit 0 is the least significant bit.
"""

import json
import math
import os
import sys
import time

THREADS = int(os.environ.get("OMP_NUM_THREADS", "2"))


# A run of more qubits takes seconds, so that one is enough to choose the better of two ways.
LARGE_QUBITS = 22


def timed(run, repeat):
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return seconds


class Qulacs:
    """Qulacs in double precision; the better of the plain circuit and its own optimiser's."""

    def __init__(self, qubits, gates, precision):
        from qulacs import QuantumCircuit, QuantumState, gate
        from qulacs.circuit import QuantumCircuitOptimizer

        def controlled_phase(angle, control, target):
            phase = gate.to_matrix_gate(gate.U1(target, angle))
            phase.add_control_qubit(control, 1)
            return phase

        # Qulacs turns RX, RY and RZ the other way round.
        make = {
            "h": lambda a, q: gate.H(q[0]),
            "cp": lambda a, q: controlled_phase(a[0], q[0], q[1]),
            "swap": lambda a, q: gate.SWAP(q[0], q[1]),
            "u": lambda a, q: gate.U3(q[0], a[0], a[1], a[2]),
            "cz": lambda a, q: gate.CZ(q[0], q[1]),
            "cx": lambda a, q: gate.CNOT(q[0], q[1]),
            "rx": lambda a, q: gate.RX(q[0], -a[0]),
            "ry": lambda a, q: gate.RY(q[0], -a[0]),
            "rz": lambda a, q: gate.RZ(q[0], -a[0]),
            "rzz": lambda a, q: gate.PauliRotation([q[0], q[1]], [3, 3], -a[0]),
        }
        self.state = QuantumState(qubits)
        variants = []
        for optimise in (False, True):
            circuit = QuantumCircuit(qubits)
            for name, angles, where in gates:
                circuit.add_gate(make[name](angles, where))
            if optimise:
                QuantumCircuitOptimizer().optimize_light(circuit)
            variants.append(circuit)
        repeat = 1 if qubits > LARGE_QUBITS else 2
        self.circuit = min(variants, key=lambda one: min(timed(lambda: self.apply(one), repeat)))

    def apply(self, circuit):
        self.state.set_zero_state()
        circuit.update_quantum_state(self.state)

    def run(self):
        self.apply(self.circuit)

    def amplitudes(self):
        return self.state.get_vector()


class Lightning:
    """PennyLane Lightning; its wire 0 is the most significant bit."""

    def __init__(self, qubits, gates, precision):
        import numpy
        import pennylane as qml
        from pennylane_lightning.lightning_qubit._state_vector import LightningStateVector

        make = {
            "h": lambda a, w: qml.Hadamard(w[0]),
            "cp": lambda a, w: qml.ControlledPhaseShift(a[0], wires=w),
            "swap": lambda a, w: qml.SWAP(wires=w),
            "u": lambda a, w: qml.QubitUnitary(u3_matrix(*a), wires=w[0]),
            "cz": lambda a, w: qml.CZ(wires=w),
            "cx": lambda a, w: qml.CNOT(wires=w),
            "rx": lambda a, w: qml.RX(a[0], wires=w[0]),
            "ry": lambda a, w: qml.RY(a[0], wires=w[0]),
            "rz": lambda a, w: qml.RZ(a[0], wires=w[0]),
            "rzz": lambda a, w: qml.IsingZZ(a[0], wires=w),
        }
        dtype = numpy.complex128 if precision == "f64" else numpy.complex64
        self.vector = LightningStateVector(num_wires=qubits, dtype=dtype)
        # U3 has no kernel of its own there; a dense 2 × 2 matrix is its fastest form.
        self.operations = [
            make[name](angles, [qubits - 1 - q for q in where]) for name, angles, where in gates
        ]

    def run(self):
        self.vector.reset_state()
        self.vector.apply_operations(self.operations)

    def amplitudes(self):
        return self.vector.state


class Aer:
    """Qiskit Aer with its default fusion; the time is the one it measures around the simulation."""

    def __init__(self, qubits, gates, precision):
        from qiskit import QuantumCircuit, transpile
        from qiskit_aer import AerSimulator

        circuit = QuantumCircuit(qubits)
        for name, angles, where in gates:
            getattr(circuit, name)(*angles, *where)
        self.backend = AerSimulator(
            method="statevector",
            precision="double" if precision == "f64" else "single",
            max_parallel_threads=THREADS,
        )
        self.circuit = transpile(circuit, self.backend, optimization_level=0)
        # Something has to be saved; one amplitude costs next to nothing.
        self.timed = self.circuit.copy()
        self.timed.save_amplitudes([0])

    def run(self):
        return self.backend.run(self.timed, shots=1).result().results[0].time_taken

    def amplitudes(self):
        circuit = self.circuit.copy()
        circuit.save_statevector()
        return self.backend.run(circuit, shots=1).result().get_statevector().data


class Qsim:
    """qsim in single precision at the best of four fusion widths; its qubit 0 comes first."""

    def __init__(self, qubits, gates, precision):
        import cirq
        import qsimcirq

        line = cirq.LineQubit.range(qubits)
        make = {
            "h": lambda a: cirq.H,
            "cp": lambda a: cirq.CZPowGate(exponent=a[0] / math.pi),
            "swap": lambda a: cirq.SWAP,
            "u": lambda a: cirq.MatrixGate(u3_matrix(*a)),
            "cz": lambda a: cirq.CZ,
            "cx": lambda a: cirq.CNOT,
            "rx": lambda a: cirq.rx(a[0]),
            "ry": lambda a: cirq.ry(a[0]),
            "rz": lambda a: cirq.rz(a[0]),
            "rzz": lambda a: cirq.MatrixGate(rzz_matrix(a[0])),
        }
        # Cirq's first qubit is the most significant bit.
        self.circuit = cirq.Circuit(
            make[name](angles).on(*[line[qubits - 1 - q] for q in where])
            for name, angles, where in gates
        )
        best = None
        for width in (2, 3, 4, 5):
            options = qsimcirq.QSimOptions(max_fused_gate_size=width, cpu_threads=THREADS)
            simulator = qsimcirq.QSimSimulator(options, circuit_memoization_size=2)
            run = lambda: simulator.compute_amplitudes(self.circuit, bitstrings=[0])
            repeat = 1 if qubits > LARGE_QUBITS else 2
            run()
            seconds = min(timed(run, repeat))
            if best is None or seconds < best:
                best, self.simulator = seconds, simulator

    def run(self):
        self.simulator.compute_amplitudes(self.circuit, bitstrings=[0])

    def amplitudes(self):
        return self.simulator.simulate(self.circuit).final_state_vector


def u3_matrix(theta, phi, lam):
    import cmath

    import numpy

    cosine, sine = math.cos(theta / 2), math.sin(theta / 2)
    return numpy.array(
        [
            [cosine, -cmath.exp(1j * lam) * sine],
            [cmath.exp(1j * phi) * sine, cmath.exp(1j * (phi + lam)) * cosine],
        ]
    )


def rzz_matrix(angle):
    import cmath

    import numpy

    same, other = cmath.exp(-0.5j * angle), cmath.exp(0.5j * angle)
    return numpy.diag([same, other, other, same])


ENGINES = {"qulacs": Qulacs, "lightning": Lightning, "aer": Aer, "qsim": Qsim}

# OpenQASM 2 has other names for two of the gates.
RENAMED = {"u3": "u", "cu1": "cp"}


def read_gates(qasm):
    from qiskit import qasm2

    # Qiskit's qelib1 is the paper's; its legacy instructions add the later swap and rzz.
    legacy = qasm2.LEGACY_CUSTOM_INSTRUCTIONS
    circuit = qasm2.loads(qasm, custom_instructions=legacy)
    gates = [
        (
            RENAMED.get(step.operation.name, step.operation.name),
            [float(angle) for angle in step.operation.params],
            [circuit.find_bit(qubit).index for qubit in step.qubits],
        )
        for step in circuit.data
    ]
    return circuit.num_qubits, gates


class Server:
    """Holds the simulators of one circuit, so that their runs can take turns with others."""

    def __init__(self):
        self.simulators = {}

    def load(self, request):
        qubits, gates = read_gates(request["qasm"])
        engine = ENGINES[request["engine"]]
        self.simulators[request["engine"]] = engine(qubits, gates, request["precision"])
        return {}

    def state(self, request):
        """Writes every amplitude to a file, as pairs of doubles."""
        import numpy

        simulator = self.simulators[request["engine"]]
        simulator.run()
        numpy.asarray(simulator.amplitudes(), dtype=numpy.complex128).tofile(request["file"])
        return {}

    def run(self, request):
        """The mean seconds of some runs, and how many threads were at work in them on average."""
        simulator, times = self.simulators[request["engine"]], request["times"]
        start, busy = time.perf_counter(), time.process_time()
        own = [simulator.run() for _ in range(times)]
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
        told = seconds if own[0] is None else sum(own)
        return {"seconds": told / times, "threads": busy / seconds}

    def clear(self, request):
        self.simulators.clear()
        return {}


def main():
    server = Server()
    operations = {
        "load": server.load,
        "state": server.state,
        "run": server.run,
        "clear": server.clear,
    }
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = operations[request["operation"]](request)
        except Exception as error:  # The caller decides what to do without this peer.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
