export { createAdaptiveToken, verifyAdaptiveToken } from './adaptive-token.ts';
export type {
  AdaptiveToken,
  TokenExpectations,
  TokenRefusal,
  TokenRequest,
  TokenVerdict,
} from './adaptive-token.ts';
export { ALGORITHM_NAMES } from './algorithms/algorithm.ts';
export type { AlgorithmName, BackendName, Jwk, SignOptions } from './algorithms/algorithm.ts';
export { ecdsaFromDer, ecdsaToDer } from './algorithms/ecdsa-der.ts';
export { capabilities } from './algorithms/registry.ts';
export type { Capability } from './algorithms/registry.ts';
export { fromBase64url, toBase64url } from './base64url.ts';
export {
  MAX_BATCH_ITEMS,
  signBatch,
  verifyBatch,
  verifyBatchSignature,
  verifyItem,
} from './batch-signature.ts';
export type { BatchSignature, BatchVerifier, ItemProof, SignedBatch } from './batch-signature.ts';
export { canonicalBytes, MAX_CANONICAL_BYTES, MAX_CANONICAL_DEPTH } from './canonical-bytes.ts';
export type { CanonicalValue } from './canonical-bytes.ts';
export { determineCryptographicComplexity } from './cryptographic-complexity.ts';
export type { CryptographicComplexity, Situation } from './cryptographic-complexity.ts';
export { calculateEnergyLevel } from './energy-level.ts';
export { SynthesisCryptoError } from './errors.ts';
export type { SynthesisCryptoErrorCode } from './errors.ts';
export { ItemVerifier } from './item-verifier.ts';
export type { GeneralJws, Jws } from './jws.ts';
export { monadHash, MonadHasher } from './monad-hash.ts';
export { DEFAULT_POLICY, definePolicy, SECURITY_CLASSES } from './policy.ts';
export type { Policy, PolicyRules, SecurityClass, Thresholds } from './policy.ts';
export { PrivateKey } from './private-key.ts';
export { PublicKey } from './public-key.ts';
export type { BackendChoice, VerifyOptions } from './public-key.ts';
export { createQuantumInformedKeyPair } from './quantum-key-pair.ts';
export type { KeyPairRequest, KeySource, QuantumInformedKeyPair } from './quantum-key-pair.ts';
export { createQuantumDependentSignature, verifyQuantumSignature } from './quantum-signature.ts';
export type { QuantumDependentSignature, SignatureRequest } from './quantum-signature.ts';
export { quantize } from './quantize.ts';
export type { QuantizeOptions } from './quantize.ts';
export { createRekeyStatement, verifyRekeyStatement } from './rekey-statement.ts';
export type { RekeyExpectations, RekeyRequest } from './rekey-statement.ts';
export { ReplayGuard } from './replay-guard.ts';
export { SigningKey } from './signing-key.ts';
export type { TokenClaims } from './token-claims.ts';
export {
  generateQuantumVerificationCode,
  verifyQuantumVerificationCode,
} from './verification-code.ts';
export { MAX_MESSAGE_BYTES, VerifyingKey } from './verifying-key.ts';
export { AdaptiveThresholds } from './throughput/adaptive-thresholds.ts';
export { AlgorithmChooser } from './throughput/algorithm-chooser.ts';
export type { ChooserOptions, CostedOperation } from './throughput/algorithm-chooser.ts';
export { HashRing } from './throughput/hash-ring.ts';
export { KeyPool } from './throughput/key-pool.ts';
export type { KeyPoolMetrics, WaterMarks } from './throughput/key-pool.ts';
export { LatencyHistogram } from './throughput/latency-histogram.ts';
export type { LatencyBucket } from './throughput/latency-histogram.ts';
export { PerformanceMonitor } from './throughput/performance-monitor.ts';
export type {
  Clock,
  MonitorOptions,
  OperationSummary,
  PerformanceReport,
  Surroundings,
} from './throughput/performance-monitor.ts';
export { ResultCache } from './throughput/result-cache.ts';
export type { CacheLimits, CacheMetrics } from './throughput/result-cache.ts';
export { WorkloadPredictor } from './throughput/workload-predictor.ts';
export type { PredictionError, PredictorOptions } from './throughput/workload-predictor.ts';
export { classesOf } from './throughput/batch-classes.ts';
export { MetadataRecords } from './throughput/metadata-records.ts';
export type { TokenMetadata } from './throughput/metadata-records.ts';
