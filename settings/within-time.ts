/** The answer, or what `onTimeout` says, or throws, when it takes longer than so many milliseconds; an answer that comes later is dropped. */
export async function withinTime<Answer, Late>(answer: Promise<Answer>, timeoutMs: number, onTimeout: () => Late): Promise<Answer | Late> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  // What it says after its time was over interests nobody.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, promise.then(onTimeout)]);
  } finally {
    clearTimeout(timer);
  }
}
