import type { KeyObject } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import type { Job, JobMessage, JobReply } from '../job.ts';
import { SynthesisCryptoError } from '../errors.ts';
import { PrivateKey } from '../private-key.ts';
import { PublicKey } from '../public-key.ts';

/** Does the jobs that come through a port, one after another. */
export function serve(port: MessagePort): void {
  port.on('message', ({ id, job }: JobMessage) => {
    port.postMessage(replyTo(id, job));
  });
}

function replyTo(id: number, job: Job): JobReply {
  try {
    return { id, ok: true, result: resultOf(job) };
  } catch (error) {
    if (!(error instanceof SynthesisCryptoError)) throw error;
    return { id, ok: false, code: error.code, message: error.message };
  }
}

function resultOf(job: Job): KeyObject | Uint8Array | boolean {
  switch (job.kind) {
    case 'generate': {
      using key = PrivateKey.generate(job.algorithm);
      return key.toKeyObject();
    }
    case 'sign': {
      using key = PrivateKey.fromKeyObject(job.algorithm, job.key);
      return key.sign(job.message, job.options);
    }
    case 'verify': {
      const key = PublicKey.fromRaw(job.algorithm, job.publicKey);
      return key.verify(job.message, job.signature);
    }
  }
}
