import { MarketDataError, QarError } from '@sema/qar';
import { SerializerError } from '@sema/serializer';
import { portErrorCode } from './broker-ports.ts';
import { CliError, errorCode, EXIT } from './cli-error.ts';

export interface Explanation {
  /** The code, what is wrong, and what to do next, on one line. */
  readonly line: string;
  readonly exitCode: number;
}

/** What an error means to the person at the terminal. */
export function explain(error: unknown): Explanation {
  if (error instanceof CliError) {
    return explanation(error.code, error.message, error.next, error.exitCode);
  }
  if (error instanceof MarketDataError) {
    const next = 'correct the file and run again; nothing was written';
    return explanation(error.code, error.message, next, EXIT.badInput);
  }
  if (error instanceof QarError) return explainQar(error);
  const portCode = portErrorCode(error);
  if (portCode !== undefined && error instanceof Error) {
    const next = 'check the broker, and that SEMA_NATS_URL names a user who may do this';
    return explanation(portCode, error.message, next, EXIT.badInput);
  }
  if (error instanceof SerializerError) {
    const message = `the snapshot is damaged: ${error.message}`;
    return explanation(error.code, message, 'start the run again without --resume', EXIT.badInput);
  }
  const message = error instanceof Error ? error.message : String(error);
  const next = 'run again with SEMA_DEBUG=1 and report what it prints';
  return explanation(errorCode(error) ?? 'INTERNAL', message, next, EXIT.internal);
}

function explainQar({ code, message }: QarError): Explanation {
  switch (code) {
    case 'BAD_CONFIGURATION':
      return explanation(code, message, 'see --help for the options', EXIT.usage);
    case 'NOT_ENOUGH_CANDLES':
      return explanation(
        code,
        message,
        'give a longer file: a decision needs 256 candles',
        EXIT.badInput,
      );
    case 'BAD_SNAPSHOT':
      return explanation(code, message, 'start the run again without --resume', EXIT.badInput);
    case 'BAD_JOURNAL':
      return explanation(code, message, 'run `sema verify` on the journal', EXIT.badInput);
    case 'SESSION_IN_USE':
      return explanation(code, message, 'end that process, or use another folder', EXIT.badInput);
    default:
      return explanation(
        code,
        message,
        'run again with SEMA_DEBUG=1 and report what it prints',
        EXIT.internal,
      );
  }
}

function explanation(code: string, message: string, next: string, exitCode: number): Explanation {
  const oneLine = message.replaceAll(/\s*\n\s*/g, ' ');
  return { line: `error ${code}: ${oneLine}. Next: ${next}.`, exitCode };
}
