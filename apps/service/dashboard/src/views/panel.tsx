import type { ComponentChildren } from 'preact';
import type { Loadable } from '../data/loadable.ts';
import type { ServiceProblem } from '../data/service-problem.ts';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** A few words to the right of the title. */
  readonly note?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** One part of the page, which the navigation and screen readers find by its title. */
export function Panel({ id, title, note, children }: PanelProps) {
  return (
    <section class={`panel panel-${id}`} id={id} aria-labelledby={`${id}-title`} tabIndex={-1}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {note === undefined ? null : <p class="note">{note}</p>}
      </header>
      {children}
    </section>
  );
}

/** What stands where there is nothing yet to draw. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

/** What went wrong, and what can be done about it. */
export function Problem({ problem }: { readonly problem: ServiceProblem }) {
  return (
    <div class="empty problem">
      <p>{sentence(problem.message)}</p>
      <p class="note">
        {ADVICE[problem.code]}
        {problem.requestId === undefined ? null : (
          <>
            {' '}
            Request <code>{problem.requestId}</code>
          </>
        )}
      </p>
    </div>
  );
}

const ADVICE = {
  SIGNED_OUT: 'Sign in again.',
  NOT_ALLOWED: 'Use a token that has this scope.',
  REFUSED: 'The service’s log says more.',
  UNREACHABLE: 'Check that the service runs; the page goes on as soon as it answers.',
  UNREADABLE: 'Reload the page: it may be older than the service.',
} as const;

interface WhenReadyProps<Value> {
  readonly of: Loadable<Value>;
  /** What is being read, for the words meanwhile. */
  readonly what: string;
  readonly children: (value: Value) => ComponentChildren;
}

/** The value drawn when it is there, and otherwise what became of it. */
export function WhenReady<Value>({ of, what, children }: WhenReadyProps<Value>) {
  if (of.kind === 'ready') return <>{children(of.value)}</>;
  if (of.kind === 'failed') return <Problem problem={of.problem} />;
  return (
    <div class="empty loading" aria-busy="true">
      <p>Reading {what} …</p>
    </div>
  );
}

function sentence(text: string): string {
  const end = /[.!?]$/.test(text) ? '' : '.';
  return text.charAt(0).toUpperCase() + text.slice(1) + end;
}
