"""Writes nist.json beside this file.

The vectors come out of three crates, whose folders are the arguments: pqcrypto-std 0.3.1 (NIST
ACVP, ML-DSA key generation), fips205 0.4.1 (NIST ACVP, SLH-DSA key generation; signatures of the
SPHINCS+ reference implementation) and ml-dsa 0.1.2 (the keys of RFC 9881, appendix C). Long
outputs are kept as their SHA-256.

    python3 collect_nist.py pqcrypto-std-0.3.1 fips205-0.4.1 ml-dsa-0.1.2
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ML_DSA = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]
SLH_DSA = {"SLH-DSA-SHA2-128f": "sha2_128f", "SLH-DSA-SHA2-128s": "sha2_128s"}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def groups(path: Path) -> dict:
    found = json.loads(path.read_text())["testGroups"]
    return {group["parameterSet"]: group["tests"] for group in found}


def ml_dsa_keys(crate: Path) -> dict:
    tests = groups(crate / "tests/mldsa-keygen.json")
    return {
        name: [
            {"seed": test["seed"].lower(), "publicKeySha256": digest(bytes.fromhex(test["pk"]))}
            for test in tests[name]
        ]
        for name in ML_DSA
    }


def slh_dsa_keys(crate: Path) -> dict:
    path = crate / "tests/nist_acvp_vectors/SLH-DSA-keyGen-FIPS205/internalProjection.json"
    tests = groups(path)
    return {
        name: [
            {
                "seed": (test["skSeed"] + test["skPrf"] + test["pkSeed"]).lower(),
                "secretKey": test["sk"].lower(),
                "publicKey": test["pk"].lower(),
            }
            for test in tests[name]
        ]
        for name in SLH_DSA
        if name in tests
    }


def slh_dsa_signatures(crate: Path) -> dict:
    source = (crate / "tests/py_vectors.rs").read_text()
    found = {}
    for name, function in SLH_DSA.items():
        body = source.split(f"fn vector_slh_dsa_{function}()")[1].split("\nfn ")[0]
        value = lambda what: re.search(rf'let {what} = (?:decode\()?"([0-9A-F]+)"', body)[1].lower()
        found[name] = {
            "seed": value("sk_seed") + value("sk_prf") + value("pk_seed"),
            "message": value("m"),
            "randomness": value("opt_rand"),
            "signatureSha256": digest(bytes.fromhex(value("sig_exp"))),
        }
    return found


def pem_keys(crate: Path) -> dict:
    folder = crate / "tests/examples"
    return {
        name: {
            "privatePem": (folder / f"{name}-seed.priv").read_text(),
            "publicPemSha256": digest((folder / f"{name}.pub").read_bytes()),
        }
        for name in ML_DSA
    }


def main() -> None:
    pqcrypto, fips205, ml_dsa = map(Path, sys.argv[1:])
    vectors = {
        "mlDsaKeys": ml_dsa_keys(pqcrypto),
        "mlDsaPemKeys": pem_keys(ml_dsa),
        "slhDsaKeys": slh_dsa_keys(fips205),
        "slhDsaSignatures": slh_dsa_signatures(fips205),
    }
    text = json.dumps(vectors, indent=2) + "\n"
    Path(__file__).with_name("nist.json").write_text(text)


main()
