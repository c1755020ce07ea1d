import type { FastifyReply } from 'fastify';

/** Adds to what an answer differs by (`Vary`), beside what was said of it before. */
export function addVary(reply: FastifyReply, ...headers: readonly string[]): void {
  const said = String(reply.getHeader('vary') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const isSaid = (header: string) => said.some((each) => each === '*' || each.toLowerCase() === header.toLowerCase());
  const all = [...said, ...headers.filter((header) => !isSaid(header))];
  if (all.length > 0) void reply.header('vary', all.join(', '));
}
