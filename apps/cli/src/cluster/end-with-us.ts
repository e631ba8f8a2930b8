import type { ChildProcess } from 'node:child_process';
import process from 'node:process';

/** Takes a process away when this one ends before it could stop it, as when its reader is gone. */
export function endWithUs(child: ChildProcess): void {
  const end = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
}
