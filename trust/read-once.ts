/** Reads when it is first asked for, and keeps that; a reading that failed is tried again by whoever asks next. */
export function readOnce<Read>(read: () => Promise<Read>): () => Promise<Read> {
  let reading: Promise<Read> | null = null;
  return () => {
    reading ??= read().catch((error: unknown) => {
      reading = null;
      throw error;
    });
    return reading;
  };
}
