import type { ApolloServerPlugin } from '@apollo/server';
import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { inChinese } from '@longyuan/schema/src/words/in-chinese.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import Negotiator from 'negotiator';

/** English is for programs that say nothing. */
const SPOKEN: readonly Language[] = ['en', 'zh'];
/** Characters of the header that are looked at: nobody speaks so many languages. */
const READ = 500;
/** Fields of the graph say sentences too, so that every answer of these may be another one. */
const QUESTIONS: ReadonlySet<string | undefined> = new Set(['/graphql', '/public/graphql']);

/** The language that `Accept-Language` asks for (RFC 9110, 12.5.4); English where it asks for none that is spoken, or cannot be read. */
export function readLanguage(header: string | undefined): Language {
  if (!header) return 'en';
  const [first] = new Negotiator({ headers: { 'accept-language': header.slice(0, READ) } }).languages([...SPOKEN]);
  return first === 'zh' ? 'zh' : 'en';
}

/** The errors of an answer, each with its sentence in a language; nothing else of them differs. */
export function wordErrors(errors: readonly GraphQLFormattedError[], language: Language): readonly GraphQLFormattedError[] {
  if (language === 'en') return errors;
  return errors.map((error) => {
    const code = error.extensions?.['code'];
    // Clients look for this very message before they send the text.
    if (code === 'PERSISTED_QUERY_NOT_FOUND') return error;
    return { ...error, message: inChinese(error.message, isErrorCode(code) ? code : 'INTERNAL') };
  });
}

/** Words the errors of what is asked over GraphQL, as the last thing that is done with an answer. */
export const wordAnswers: ApolloServerPlugin<{ language: Language }> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { http, body }, contextValue: { language } }) => {
      if (body.kind !== 'single' || !body.singleResult.errors) return;
      body.singleResult.errors = wordErrors(body.singleResult.errors, language);
      http.headers.set('content-language', language);
    },
  }),
};

/** Words what Apollo Server refuses before there is an operation, and says where the language may change an answer. */
export function wordRefusals(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (QUESTIONS.has(request.routeOptions.url)) addVary(reply, 'Accept-Language');
    const isRefusal = reply.statusCode >= 400 && typeof payload === 'string' && payload.startsWith('{"errors":');
    return isRefusal && !reply.hasHeader('content-language') ? inLanguageOf(reply, payload) : payload;
  });
}

/** The body of a refusal, which the hub itself wrote as JSON, in the language of the request that it answers; the headers say so. */
export function inLanguageOf(reply: FastifyReply, body: string): string {
  const language = readLanguage(reply.request.headers['accept-language']);
  addVary(reply, 'Accept-Language');
  void reply.header('content-language', language);
  if (language === 'en') return body;
  const { errors, ...rest }: { errors: readonly GraphQLFormattedError[] } = JSON.parse(body);
  return JSON.stringify({ errors: wordErrors(errors, language), ...rest });
}

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
