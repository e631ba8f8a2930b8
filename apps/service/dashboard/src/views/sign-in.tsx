import { useState } from 'preact/hooks';
import type { Dashboard, DashboardState } from '../data/dashboard.ts';
import { Mark } from './mark.tsx';

interface SignInProps {
  readonly dashboard: Dashboard;
  readonly state: DashboardState;
}

export function SignIn({ dashboard, state }: SignInProps) {
  const [token, setToken] = useState('');
  const { sessionProblem: problem, session } = state;
  const isChecking = session === 'checking';
  return (
    <main class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void dashboard.signIn(token.trim());
        }}
      >
        <h1>
          <Mark /> Sema
        </h1>
        <p>What it decides, why, and how to stop it.</p>
        <label for="token">Access token</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          aria-describedby="token-help"
          aria-invalid={problem !== undefined}
          value={token}
          onInput={(event) => {
            setToken(event.currentTarget.value);
          }}
        />
        <p class="note" id="token-help">
          The service showed one when it first started; <code>sema token</code> makes more. It stays
          in this tab until you close it.
        </p>
        <p role="alert" class="refusal">
          {problem === undefined ? '' : REFUSALS[problem.code]}
        </p>
        <button class="primary" type="submit" disabled={isChecking}>
          {isChecking ? 'Checking …' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}

const REFUSALS = {
  SIGNED_OUT: 'The service does not take this token: it may be mistyped, expired or withdrawn.',
  NOT_ALLOWED: 'This token may not read markets.',
  REFUSED: 'The service refused to answer. Its log says why.',
  UNREACHABLE: 'The service does not answer. Check that it runs.',
  UNREADABLE: 'What answered is not this service.',
} as const;
