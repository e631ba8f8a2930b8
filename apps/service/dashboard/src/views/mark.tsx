/** Two overlapping circles: two states, one sign. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 24" width="32" height="24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" />
      <circle class="second" cx="20" cy="12" r="9" />
    </svg>
  );
}
