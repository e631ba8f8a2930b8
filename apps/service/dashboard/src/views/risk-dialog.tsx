import { useEffect, useRef, useState } from 'preact/hooks';
import type { RiskCommand } from '../data/contract.ts';
import { ServiceProblem } from '../data/service-problem.ts';

interface RiskDialogProps {
  readonly command: RiskCommand;
  /** @throws {ServiceProblem} when the service refuses. */
  readonly onGive: (order: { readonly reason: string; readonly who: string }) => Promise<void>;
  readonly onEnd: () => void;
}

const WORDS: Readonly<
  Record<RiskCommand, { readonly title: string; readonly effect: string; readonly button: string }>
> = {
  halt: {
    title: 'Halt trading?',
    effect: 'What is open is closed at the next candle, and nothing is opened until you resume.',
    button: 'Halt trading',
  },
  reduce: {
    title: 'Only reduce?',
    effect: 'Nothing is opened until you resume; what is open is closed when decisions say so.',
    button: 'Reduce only',
  },
  resume: {
    title: 'Resume trading?',
    effect: 'Positions are opened again, and draw-down is measured anew from the present equity.',
    button: 'Resume trading',
  },
  kill: {
    title: 'Kill trading?',
    effect: 'Nothing is done any more, not even to close: you take over what is open.',
    button: 'Kill trading',
  },
};

/** Asks for the reason and the person before a command is given; both go into the audit log. */
export function RiskDialog({ command, onGive, onEnd }: RiskDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const [who, setWho] = useState('');
  const [refusal, setRefusal] = useState('');
  const [isGiving, setGiving] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const give = async (): Promise<void> => {
    setGiving(true);
    try {
      await onGive({ reason: reason.trim(), who: who.trim() });
      dialog.current?.close();
    } catch (problem) {
      if (!(problem instanceof ServiceProblem)) throw problem;
      setRefusal(problem.message);
      setGiving(false);
    }
  };
  const { title, effect, button } = WORDS[command];
  const isGrave = command === 'halt' || command === 'kill';
  return (
    <dialog ref={dialog} onClose={onEnd} aria-labelledby="order-title" aria-describedby="effect">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void give();
        }}
      >
        <h2 id="order-title">{title}</h2>
        <p id="effect">{effect}</p>
        <Field label="Reason" value={reason} most={500} onInput={setReason} />
        <Field label="Your name" value={who} most={100} onInput={setWho} />
        <p class="note">Both are kept in the audit log.</p>
        <p role="alert" class="refusal">
          {refusal}
        </p>
        <div class="commands">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={isGrave ? 'primary alarm' : 'primary'} disabled={isGiving}>
            {button}
          </button>
        </div>
      </form>
    </dialog>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  /** Characters that the service takes. */
  readonly most: number;
  readonly onInput: (value: string) => void;
}

function Field({ label, value, most, onInput }: FieldProps) {
  return (
    <label>
      {label}
      <input
        required
        maxLength={most}
        value={value}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
    </label>
  );
}
