/**
 * Has a process end in order, once, when it is told to: Ctrl-C reaches every process of a terminal, a supervisor sends its own signal after it,
 * and one that was killed can send none, but its channel ends.
 */
export function endWhenTold(close: (why: string) => void): void {
  let isTold = false;
  const tell = (why: string): void => {
    if (!isTold) close(why);
    isTold = true;
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => tell(signal));
  process.on('disconnect', () => tell(GONE));
  // Gone before anybody listened: Node has no channel then, and still the way to send.
  if (process.send && !process.connected) tell(GONE);
}

const GONE = 'the supervisor is gone';

/** Tells the supervisor, where there is one still: to one that is gone a word is an error, which would end the process before it has closed. */
export function tellSupervisor(word: Readonly<{ kind: string }>): void {
  if (process.connected) process.send?.(word);
}
