export { orderedStream } from './pipeline/ordered-stream.ts';
export { signingStream, verifyingStream } from './pipeline/signing-streams.ts';
export type {
  SignedMessage,
  SignWork,
  VerifiedMessage,
  VerifyWork,
} from './pipeline/signing-streams.ts';
