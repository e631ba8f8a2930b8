import { spawnSync } from 'node:child_process';
import process from 'node:process';

interface Need {
  /** What has to be there, for whoever reads why a block was skipped. */
  readonly what: string;
  isMet(): boolean;
}

/** What a block may say it needs, as `sh needs=docker`. It runs where that is there. */
export const NEEDS: Readonly<Record<string, Need>> = {
  account: { what: 'an account at an exchange, and the wish to trade', isMet: () => false },
  docker: { what: 'docker', isMet: () => answers('docker', 'info') },
  freqtrade: {
    what: 'freqtrade and downloads of candles: SEMA_DOCS_FREQTRADE=1 with both at hand',
    isMet: () => isSet('SEMA_DOCS_FREQTRADE'),
  },
  minutes: {
    what: 'minutes, Python and a network: SEMA_DOCS_MINUTES=1 with all at hand',
    isMet: () => isSet('SEMA_DOCS_MINUTES'),
  },
  nats: { what: 'nats-server', isMet: () => answers('nats-server', '--version') },
  registry: {
    what: 'the packages in an npm registry: SEMA_DOCS_REGISTRY=1 with npm set to one',
    isMet: () => isSet('SEMA_DOCS_REGISTRY'),
  },
};

function isSet(variable: string): boolean {
  const value = process.env[variable];
  return value !== undefined && value !== '';
}

function answers(program: string, argument: string): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;
}
