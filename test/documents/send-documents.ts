import { differentDocument, type Known } from './different-documents.ts';

/** Sends the documents of these places, some at once, and counts how they were answered: statuses with their codes. */
export async function sendDocuments(of: {
  url: string;
  known: Known;
  from: number;
  to: number;
  atOnce: number;
}): Promise<ReadonlyMap<string, number>> {
  const answers = new Map<string, number>();
  let next = of.from;
  const send = async (): Promise<void> => {
    while (next < of.to) {
      const { door, body } = differentDocument(next++, of.known);
      const response = await fetch(`${of.url}${door}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const { errors = [] } = (await response.json()) as { errors?: readonly { extensions: { code: string } }[] };
      const answer = [response.status, ...new Set(errors.map(({ extensions }) => extensions.code))].join(' ');
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: of.atOnce }, send));
  return answers;
}
