export { openPorts } from './ports/open-ports.ts';
export { runSigner } from './signing/signer.ts';
export type { SignerFigures, SignerOptions, SigningPorts } from './signing/signer.ts';
export { SigningClient } from './signing/signing-client.ts';
export type { FreshKey, FreshKeyTerms, SigningClientOptions } from './signing/signing-client.ts';
export { SigningError } from './signing/signing-error.ts';
export type { SigningErrorCode } from './signing/signing-error.ts';
export { certificateBytes } from './signing/signing-message.ts';
export type { KeyCertificate } from './signing/signing-message.ts';
