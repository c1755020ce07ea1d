import { parseArgs } from 'node:util';
import { type Account, readAccount } from './account.ts';
import { DEFAULT_LIFE_SECONDS, LONGEST_LIFE_SECONDS, lifeRule, readLife } from './token-request.ts';

/** What `npm run -s token` is told: for whom, and for how long. */
export type TokenCommand = Readonly<{ account: Account; lifeSeconds: number }>;

export const USAGE = `npm run -s token -- --person <citizen number>
npm run -s token -- --legal-entity <credit code> --person <citizen number>
npm run -s token -- --department <credit code> [--role developer|steward] [--region <division code>]
npm run -s token -- --auditor
and with each: --expires <seconds>, 1 to ${LONGEST_LIFE_SECONDS}; ${DEFAULT_LIFE_SECONDS} when left out`;

const options = {
  person: { type: 'string' },
  'legal-entity': { type: 'string' },
  department: { type: 'string' },
  auditor: { type: 'boolean' },
  role: { type: 'string' },
  region: { type: 'string' },
  expires: { type: 'string' },
} as const;

const optionOf: Readonly<Record<string, string>> = { id_number: '--person', role: '--role', region: '--region' };

/** Reads the command line. @throws Error that says which option is wrong and the rule; it quotes no number. */
export function readCommand(args: readonly string[]): TokenCommand {
  const { values, tokens } = parse(args);
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (given.has(token.name)) throw new Error(`--${token.name} is given twice.`);
    given.add(token.name);
  }
  const kind = kindOf(given);
  const beside = [...given].filter((name) => name !== 'expires' && !allowed[kind].includes(name));
  if (beside.length > 0) throw new Error(`--${beside.join(', --')} cannot be given with --${kind}.`);
  if (kind === 'legal-entity' && values.person === undefined) throw new Error('--legal-entity needs --person: who acts for it.');
  const account = readAccount({
    kind,
    ...(values.person !== undefined && { id_number: values.person }),
    ...(kind === 'legal-entity' && { uscc: values['legal-entity'] }),
    ...(kind === 'department' && { uscc: values.department }),
    ...(values.role !== undefined && { role: values.role }),
    ...(values.region !== undefined && { region: values.region }),
  });
  if ('wrong' in account) throw new Error(`${optionOf[account.wrong] ?? `--${kind}`} ${account.rule}.`);
  const lifeSeconds = readLife(values.expires);
  if (lifeSeconds === null) throw new Error(`--expires ${lifeRule()}.`);
  return { account, lifeSeconds };
}

const allowed: Readonly<Record<Account['kind'], readonly string[]>> = {
  person: ['person'],
  'legal-entity': ['legal-entity', 'person'],
  department: ['department', 'role', 'region'],
  auditor: ['auditor'],
};

function kindOf(given: ReadonlySet<string>): Account['kind'] {
  const kinds = (['legal-entity', 'department', 'auditor', 'person'] as const).filter((kind) => given.has(kind));
  const [first, second] = kinds;
  if (first === undefined) throw new Error('For whom? One of --person, --legal-entity, --department and --auditor must be given.');
  if (second !== undefined && !(first === 'legal-entity' && second === 'person')) {
    throw new Error(`--${first} and --${second} cannot be given together.`);
  }
  return first;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false, tokens: true });
  } catch (error) {
    // Node says which option it does not know or what value is missing; its code says that the message is that.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')) throw new Error(readable(error));
    throw error;
  }
}

/** A value without an option before it may be somebody's number: it is not repeated. */
function readable(error: Error & { code: unknown }): string {
  return error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' ? 'There is a value without an option before it.' : error.message;
}
